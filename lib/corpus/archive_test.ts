import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import { join } from "@std/path";
import { Random } from "../base/base.ts";
import { archiveEntries, unpack } from "./archive.ts";
import { tar, zip } from "./archive_fixtures.ts";

async function shown(bytes: Uint8Array): Promise<string[]> {
  return (await unpack(bytes)).map(({ path, bytes }) =>
    `${path}: ${new TextDecoder().decode(bytes)}`
  );
}

const LONG = "x".repeat(2000);

Deno.test("unpack() reads stored and deflated files of a ZIP", async () => {
  const bytes = zip([
    ["top/", "", 0],
    ["top/a.mid", "one", 0],
    ["top/b/c.mid", LONG],
    ["empty", ""],
  ]);
  const expected = ["top/a.mid: one", `top/b/c.mid: ${LONG}`, "empty: "];
  assert.deepEqual(await shown(bytes), expected);
});

Deno.test("unpack() reads a TAR, gzipped or not", async () => {
  const bytes = tar([
    ["pax_global_header", "26 comment=0123456789abcde\n", "g"],
    ["top/", "", "5"],
    ["top/a.mid", "one"],
    ["link", "", "2"],
    ["top/b.mid", LONG],
  ]);
  const expected = ["top/a.mid: one", `top/b.mid: ${LONG}`];
  assert.deepEqual(await shown(bytes), expected);
  assert.deepEqual(await shown(gzipSync(bytes)), expected);
});

Deno.test("unpack() reads the long paths of a TAR", async () => {
  const long = `${"folder/".repeat(30)}name.mid`;
  const split = tar([["name.mid", "ustar"]]);
  split.set(new TextEncoder().encode("some/folder"), 345);
  const table: [Uint8Array, string][] = [
    [
      tar([["././@LongLink", `${long}\0`, "L"], ["cut", "gnu"]]),
      `${long}: gnu`,
    ],
    [tar([["x", `230 path=${long}\n`, "x"], ["cut", "pax"]]), `${long}: pax`],
    [split, "some/folder/name.mid: ustar"],
  ];
  for (const [bytes, expected] of table) {
    assert.deepEqual(await shown(bytes), [expected]);
  }
});

Deno.test("unpack() refuses bytes that are no archive, truncated or compressed otherwise", async () => {
  const zipped = zip([["a", LONG]]), tarred = tar([["a", LONG]]);
  const gzipped = new Uint8Array(gzipSync(tarred));
  const bad = [
    new Uint8Array(),
    new TextEncoder().encode("PK is no magic on its own"),
    new TextEncoder().encode("neither of them".repeat(100)),
    zipped.subarray(0, zipped.length - 10),
    zipped.subarray(10),
    tarred.subarray(0, 1000),
    gzipped.subarray(0, gzipped.length - 20),
  ];
  for (const bytes of bad) {
    await assert.rejects(unpack(bytes), {
      name: "ArchiveError",
      message: new RegExp(`its ${bytes.length} bytes are no whole ZIP`),
    });
  }
});

Deno.test("unpack() names what it does not read", async () => {
  const text: [string, string][] = [["a", "text"]];
  const stored: [string, string, number][] = [["a", "text", 0]];
  const table: [Uint8Array, RegExp][] = [
    [
      zip([["a", "text", 12]], { size: 4 }),
      /"a" of .*: it must be stored or deflated, current method is 12\. Unpack it with/,
    ],
    [
      zip(text, { flags: 1 }),
      /"a" of .*: it is encrypted\. Unpack it with another/,
    ],
    [zip(stored, { size: 3 }), /no whole ZIP/],
    [zip(text, { size: 2 ** 31 }), /1073741824 bytes together at most/],
  ];
  for (const [bytes, message] of table) {
    await assert.rejects(unpack(bytes), { message });
  }
});

Deno.test("unpack() stops where more comes out than an archive says", async () => {
  const bomb = zip([["a", "0".repeat(10_000_000)]], { size: 10 });
  await assert.rejects(unpack(bomb), { message: /"a" of .* is damaged \(/ });
  const bytes = new Uint8Array(20_000_000);
  bytes.set([0x50, 0x4b]);
  const begun = performance.now();
  await assert.rejects(unpack(bytes), { message: /no whole ZIP/ });
  assert.ok(performance.now() - begun < 1000, "searches only the last 64 KB");
});

Deno.test("unpack() tells which file of a ZIP is damaged", async () => {
  const bytes = zip([["a", "text", 0], ["b", LONG]]);
  bytes[bytes.indexOf("t".charCodeAt(0))]! ^= 1;
  await assert.rejects(unpack(bytes), {
    name: "PackedFileError",
    message: /"a" of the archive: it is damaged \(its checksum is \d+ where/,
  });
});

Deno.test("unpack() refuses sizes that no file has", async () => {
  const sizes: [string | Uint8Array, string][] = [
    ["-1000", "-1000"],
    ["0x10", "0x10"],
    [Uint8Array.of(0xff, ...Array<number>(11).fill(0xff)), ""],
    [Uint8Array.of(0xc0, ...Array<number>(11).fill(0)), ""],
    [Uint8Array.of(0xbf, ...Array<number>(11).fill(0xff)), ""],
  ];
  for (const [size, shown] of sizes) {
    const bytes = tar([["a.mid", "text"]]);
    bytes.fill(0, 124, 136);
    bytes.set(
      typeof size === "string" ? new TextEncoder().encode(size) : size,
      124,
    );
    await assert.rejects(unpack(bytes), {
      name: "ArchiveError",
      message: new RegExp(
        `"a\\.mid" must be a whole number of bytes, 0 or more, current value is "${shown}`,
      ),
    });
  }
  const stated = tar([["x", "15 size=-1000\n", "x"], ["a", ""]]);
  await assert.rejects(unpack(stated), { message: /current value is "-1000"/ });
  // Whole numbers, but far more than there is.
  const absurd = tar([["a.mid", "text"]]);
  absurd.set([0x80, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0], 124);
  await assert.rejects(unpack(absurd), { message: /bytes together at most/ });
  const header = tar([["././@LongLink", "x", "L"], ["a", ""]]);
  header.set(new TextEncoder().encode("77777777777"), 124);
  await assert.rejects(unpack(header), { message: /no whole ZIP/ });
});

Deno.test("archiveEntries() passes over what is not read, in little memory", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "bomb.tar.gz");
    const size = 2 ** 28;
    const header = tar([["zeros", ""], ["a.mid", "one"]]);
    header.set(
      new TextEncoder().encode(size.toString(8).padStart(11, "0")),
      124,
    );
    const gzip = createGzip();
    const file = gzip.pipe(createWriteStream(path));
    gzip.write(header.subarray(0, 512));
    for (let i = 0; i < 256; i++) gzip.write(new Uint8Array(2 ** 20));
    gzip.end(header.subarray(512));
    await finished(file);
    const before = Deno.memoryUsage().rss;
    const seen: string[] = [];
    for await (const entry of archiveEntries(path)) {
      if (entry.size > 1000) seen.push(`${entry.path}: ${entry.size}`);
      else seen.push(new TextDecoder().decode(await entry.read()));
    }
    assert.deepEqual(seen, [`zeros: ${size}`, "one"]);
    const grown = Deno.memoryUsage().rss - before;
    assert.ok(grown < size / 2, `${grown} bytes more`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("archiveEntries() reads ZIP64, and gzips of several parts", async () => {
  const zip64 = zip([["a.mid", "one", 0], ["b.mid", LONG]], { isZip64: true });
  assert.deepEqual(await shown(zip64), ["a.mid: one", `b.mid: ${LONG}`]);
  const bytes = tar([["a.mid", LONG]]);
  const parts = [bytes.subarray(0, 700), bytes.subarray(700)].map((part) =>
    gzipSync(part)
  );
  const gzipped = new Uint8Array(Buffer.concat(parts));
  assert.deepEqual(await shown(gzipped), [`a.mid: ${LONG}`]);
});

Deno.test("archiveEntries() gives back what random archives hold, from memory and the disk, in files longer than its chunks too", async () => {
  const random = new Random(1), folder = await Deno.makeTempDir();
  const letter = () => String.fromCharCode(97 + random.int(26));
  // It reads 2 ** 18 bytes at a time.
  const text = (length: number) => Array.from({ length }, letter).join("");
  try {
    const path = join(folder, "archive");
    for (let i = 0; i < 3; i++) {
      const entries = Array.from(
        { length: 1 + random.int(4) },
        (_, n): [string, string] => [
          `${text(1 + random.int(60))}/${n}.mid`,
          text(random.int(random.next() < 0.5 ? 600 : 600_000)),
        ],
      );
      const stored = entries.map(([path, text]) => [path, text, 0] as const);
      const tarred = tar(entries);
      const archives = [zip(entries), zip(stored), tarred, gzipSync(tarred)];
      const expected = entries.map(([path, text]) => `${path}: ${text}`);
      for (const bytes of archives) {
        assert.deepEqual(await shown(new Uint8Array(bytes)), expected);
        await Deno.writeFile(path, bytes);
        const read: string[] = [];
        for await (const entry of archiveEntries(path)) {
          const content = new TextDecoder().decode(await entry.read());
          read.push(`${entry.path}: ${content}`);
        }
        assert.deepEqual(read, expected);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("unpack() refuses paths outside of the folder", async () => {
  for (
    const path of ["../a", "a/../../b", "/etc/a", "c:\\a", "a\\..\\b", ".."]
  ) {
    for (const bytes of [zip([[path, "x"]]), tar([[path, "x"]])]) {
      // ZIPs of Windows may have "\\" between folders.
      await assert.rejects(unpack(bytes), {
        name: "ArchiveError",
        message: /would not stay in the folder/,
      });
    }
  }
  assert.deepEqual(await shown(tar([["a..b/..c", "x"]])), ["a..b/..c: x"]);
});

Deno.test("archiveEntries() reads no file whose name would change a terminal", async () => {
  for (const path of ["\u001b[2J.mid", "a\nb.mid", "c\u0085.mid"]) {
    for (const bytes of [zip([[path, "x"], ["b", "y"]]), tar([[path, "x"]])]) {
      const [entry] = await Array.fromAsync(archiveEntries(bytes));
      assert.match(entry!.path, /^[^\p{Cc}]*�[^\p{Cc}]*$/u);
      await assert.rejects(entry!.read(), {
        name: "PackedFileError",
        message: /its name has control characters \(shown as �\)/,
      });
    }
  }
});

Deno.test("archiveEntries() reads files whose names have colons", async () => {
  const bytes = tar([["Title: Subtitle.mid", "x"]]);
  assert.deepEqual(await shown(bytes), ["Title: Subtitle.mid: x"]);
});
