import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { download, type RemoteFile } from "./datasets_download.ts";

const BYTES = Uint8Array.from({ length: 100_000 }, (_, i) => i * i >> 3);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

/** How a server behaves in one request. */
interface Behaviour {
  /** It breaks off after so many bytes. */
  readonly breaksAfter?: number;
  /** The status that it answers with instead. */
  readonly status?: number;
  /** Names the version of the file. @default "one" */
  readonly tag?: string;
  /** It sends everything whatever was asked for. */
  readonly ignoresRange?: boolean;
  /** Of a part it sends so many bytes at most. */
  readonly sendsAtMost?: number;
  /** It says neither how long the file is nor which version. */
  readonly saysNothing?: boolean;
}

/** Serves the file, in each request as told, and lists the ranges asked for. */
async function withServer(
  behaviours: Behaviour[],
  test: (
    file: RemoteFile,
    path: string,
    ranges: (string | null)[],
  ) => Promise<void>,
) {
  const ranges: (string | null)[] = [];
  const folder = await Deno.makeTempDir();
  const server = Deno.serve(
    {
      port: 0,
      hostname: "127.0.0.1",
      onListen: () => {},
      onError: () => new Response(),
    },
    ({ headers }) => {
      const behaviour = behaviours.shift() ?? {};
      const { breaksAfter, status, tag = "one", ignoresRange } = behaviour;
      ranges.push(headers.get("range"));
      if (status !== undefined) return new Response("no", { status });
      const asked = headers.get("range")?.match(/\d+/)?.[0];
      const isSame = [null, `"${tag}"`].includes(headers.get("if-range"));
      const start = asked && isSame && !ignoresRange ? Number(asked) : 0;
      if (start >= BYTES.length) {
        return new Response(null, {
          status: 416,
          headers: { "content-range": `bytes */${BYTES.length}` },
        });
      }
      const rest = BYTES.subarray(
        start,
        start + (behaviour.sendsAtMost ?? 1e9),
      );
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (breaksAfter === undefined) {
            controller.enqueue(rest);
            return controller.close();
          }
          controller.enqueue(rest.slice(0, breaksAfter));
          // Later, so that what was sent arrives.
          setTimeout(() => controller.error(new Error("broken")), 30);
          return new Promise(() => {});
        },
      });
      if (behaviour.saysNothing) return new Response(body);
      return new Response(body, {
        status: start > 0 ? 206 : 200,
        headers: {
          "etag": `"${tag}"`,
          "content-length": `${rest.length}`,
          ...start > 0 && {
            "content-range": `bytes ${start}-${
              start + rest.length - 1
            }/${BYTES.length}`,
          },
        },
      });
    },
  );
  try {
    const { port } = server.addr;
    const url = `http://127.0.0.1:${port}/some%20file.zip`;
    await test({ url }, join(folder, "file"), ranges);
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

async function assertWhole(path: string) {
  assert.deepEqual(await Deno.readFile(path), BYTES);
  await assert.rejects(Deno.stat(`${path}.part`), Deno.errors.NotFound);
  await assert.rejects(Deno.stat(`${path}.part.version`), Deno.errors.NotFound);
}

Deno.test("download() goes on by itself where the connection broke", async () => {
  await withServer(
    [{ breaksAfter: 10_000 }, { status: 503 }, { breaksAfter: 5_000 }],
    async (file, path, ranges) => {
      const seen: number[] = [];
      await download({ ...file, bytes: BYTES.length, sha256: SHA256 }, path, {
        waits: [1, 1],
        onProgress: (bytes, total) => {
          assert.equal(total, BYTES.length);
          seen.push(bytes);
        },
      });
      await assertWhole(path);
      assert.deepEqual(ranges, [
        ...[null, "bytes=10000-", "bytes=10000-", "bytes=15000-"],
      ]);
      assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
      assert.equal(seen.at(-1), BYTES.length);
    },
  );
});

Deno.test("download() keeps what has come for the next call", async () => {
  await withServer(
    [{ breaksAfter: 40_000 }, {}],
    async (file, path, ranges) => {
      await assert.rejects(download(file, path, { waits: [] }), {
        name: "DownloadError",
        message: /What has come is in .*file\.part; the same command goes on/,
      });
      assert.equal((await Deno.stat(`${path}.part`)).size, 40_000);
      await download(file, path);
      await assertWhole(path);
      assert.deepEqual(ranges, [null, "bytes=40000-"]);
      // What is there is not asked for again.
      await download(file, path);
      assert.equal(ranges.length, 2);
    },
  );
});

Deno.test("download() begins anew where the server's file has changed, or it sends all", async () => {
  for (const second of [{ tag: "two" }, { ignoresRange: true }]) {
    await withServer(
      [{ breaksAfter: 40_000 }, second],
      async (file, path) => {
        await download(file, path, { waits: [1] });
        await assertWhole(path);
      },
    );
  }
});

Deno.test("download() takes a part that is whole", async () => {
  await withServer([{}, {}], async (file, path, ranges) => {
    await Deno.writeFile(`${path}.part`, BYTES);
    await Deno.writeTextFile(`${path}.part.version`, '"one"');
    await download(file, path);
    await assertWhole(path);
    assert.deepEqual(ranges, [`bytes=${BYTES.length}-`]);
  });
});

Deno.test("download() takes a part of the published size without asking for more", async () => {
  await withServer([], async (file, path, ranges) => {
    await Deno.writeFile(`${path}.part`, BYTES);
    await download({ ...file, bytes: BYTES.length, sha256: SHA256 }, path);
    await assertWhole(path);
    assert.deepEqual(ranges, []);
  });
});

Deno.test("download() begins anew where a part is longer than the file, or of no known version", async () => {
  const longer = BYTES.length + 5;
  await withServer([{}, {}], async (file, path, ranges) => {
    await Deno.writeFile(`${path}.part`, new Uint8Array(longer));
    await Deno.writeTextFile(`${path}.part.version`, '"one"');
    await download(file, path);
    await assertWhole(path);
    assert.deepEqual(ranges, [`bytes=${longer}-`, null]);
  });
  await withServer(
    [{ saysNothing: true, breaksAfter: 10_000 }, { saysNothing: true }],
    async (file, path, ranges) => {
      const onProgress = (_: number, total: number | undefined) =>
        assert.equal(total, undefined);
      await download(file, path, { waits: [1], onProgress });
      await assertWhole(path);
      assert.deepEqual(ranges, [null, null]);
    },
  );
});

Deno.test("download() asks for the rest where a server sends a stretch at a time", async () => {
  const stretch = { sendsAtMost: 40_000 };
  await withServer(
    [{ breaksAfter: 10_000 }, stretch, stretch, stretch],
    async (file, path, ranges) => {
      await download(file, path, { waits: [1] });
      await assertWhole(path);
      assert.deepEqual(ranges, [
        ...[null, "bytes=10000-", "bytes=50000-", "bytes=90000-"],
      ]);
    },
  );
});

Deno.test("download() refuses another size or hash, and removes the file", async () => {
  const wrong = [
    { bytes: 99, message: /it should have 99 bytes, current value is 100000/ },
    { sha256: "0".repeat(64), message: /its sha256 should be 0{64}, current/ },
    {
      sha1: "0".repeat(40),
      message: /its sha1 should be 0{40}, current value/,
    },
  ];
  for (const { message, ...published } of wrong) {
    await withServer([{}], async (file, path) => {
      await assert.rejects(download({ ...file, ...published }, path), {
        name: "DownloadError",
        message,
      });
      await assert.rejects(Deno.stat(`${path}.part`), Deno.errors.NotFound);
    });
  }
});

Deno.test("download() gives up at once where the server refuses for good", async () => {
  await withServer([{ status: 403 }], async (file, path, ranges) => {
    await assert.rejects(download(file, path), { message: /answered 403\.$/ });
    assert.equal(ranges.length, 1);
  });
});
