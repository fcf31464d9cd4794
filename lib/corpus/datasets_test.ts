import assert from "node:assert/strict";
import { join } from "@std/path";
import { tar, zip } from "./archive_fixtures.ts";
import { type Dataset, DATASETS } from "./datasets.ts";
import {
  datasetState,
  hashOfHashes,
  installDataset,
} from "./datasets_install.ts";
import { hashOf } from "./format.ts";
import { PROJECT_FOLDER, STARTER_FOLDER } from "../base/base.ts";

/** What a data set states of files with these contents. */
function contentHash(texts: readonly string[]): string {
  const bytes = texts.map((text) => new TextEncoder().encode(text));
  return hashOfHashes(bytes.map(hashOf));
}

const FILES: [string, string][] = [
  ["top/samples/a.mid", "one"],
  ["top/b.mid", "two"],
];
const DATASET: Dataset = {
  name: "tiny",
  description: "two files",
  licence: "CC0",
  size: "two files",
  page: "http://127.0.0.1:1/",
  downloads: [{ url: "http://127.0.0.1:1/tiny.zip" }],
  pattern: /\.mid$/,
  files: 2,
  hash: contentHash(FILES.map(([, text]) => text)),
};
/** The data set, to be downloaded from an address. */
const from = (url: string): Dataset => ({ ...DATASET, downloads: [{ url }] });
const ARCHIVE = zip([["top/readme.txt", "not this"], ...FILES]);

async function withFolder(test: (folder: string) => Promise<void>) {
  const root = await Deno.makeTempDir();
  try {
    await test(join(root, "tiny"));
    const left = Array.from(Deno.readDirSync(root), ({ name }) => name);
    assert.deepEqual(
      left.filter((name) => /\.(?:tmp|download)$/.test(name)),
      [],
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Serves some bytes to a test. */
async function withServer(
  status: number,
  bytes: Uint8Array,
  test: (url: string) => Promise<void>,
) {
  const body = bytes.slice();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(body, { status }),
  );
  try {
    await test(`http://127.0.0.1:${server.addr.port}/tiny.archive`);
  } finally {
    await server.shutdown();
  }
}

async function assertInstalled(folder: string) {
  assert.equal(await Deno.readTextFile(join(folder, "samples/a.mid")), "one");
  assert.equal(await Deno.readTextFile(join(folder, "b.mid")), "two");
  assert.equal(await datasetState(DATASET, folder), "whole");
}

Deno.test("installDataset() fetches an archive and keeps what belongs to the set", async () => {
  for (const archive of [ARCHIVE, tar(FILES)]) {
    await withFolder((folder) =>
      withServer(200, archive, async (url) => {
        assert.equal(await datasetState(DATASET, folder), "absent");
        await installDataset(from(url), folder);
        await assertInstalled(folder);
        await assert.rejects(Deno.stat(join(folder, "readme.txt")));
      })
    );
  }
});

Deno.test("installDataset() takes local archives, folders and single files", async () => {
  await withFolder(async (folder) => {
    const source = `${folder}-source`;
    const archive = join(source, "top.zip");
    await Deno.mkdir(join(source, "top", "samples"), { recursive: true });
    await Deno.writeFile(archive, ARCHIVE);
    await installDataset(DATASET, folder, { from: archive });
    await assertInstalled(folder);

    for (const [path, text] of FILES) {
      await Deno.writeTextFile(join(source, path), text);
    }
    await installDataset(DATASET, `${folder}2`, { from: join(source, "top") });
    await assertInstalled(`${folder}2`);

    const single = { ...DATASET, files: 1, hash: contentHash(["one"]) };
    const file = join(source, "top", "samples", "a.mid");
    await installDataset(single, `${folder}3`, { from: file });
    assert.equal(await datasetState(single, `${folder}3`), "whole");
  });
});

Deno.test("installDataset() goes on with a download that broke off", async () => {
  await withFolder(async (folder) => {
    let requests = 0;
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      ({ headers }) => {
        const start = Number(headers.get("range")?.match(/\d+/)?.[0] ?? 0);
        const isFirst = requests++ === 0;
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(ARCHIVE.slice(start, isFirst ? 100 : undefined));
            if (!isFirst) return controller.close();
            setTimeout(() => controller.error(new Error("broken")), 30);
          },
        });
        const last = ARCHIVE.length - 1;
        return new Response(body, {
          status: start > 0 ? 206 : 200,
          headers: {
            etag: '"one"',
            "content-length": `${ARCHIVE.length - start}`,
            ...start > 0 &&
              { "content-range": `bytes ${start}-${last}/${ARCHIVE.length}` },
          },
        });
      },
    );
    try {
      const dataset = from(`http://127.0.0.1:${server.addr.port}/tiny.zip`);
      await assert.rejects(
        installDataset(dataset, folder, { waits: [] }),
        { message: /the same command goes on from there\.$/ },
      );
      assert.equal(
        await datasetState(dataset, folder),
        "partly downloaded, 0.0 MB",
      );
      await installDataset(dataset, folder);
      await assertInstalled(folder);
      assert.equal(requests, 2);
    } finally {
      await server.shutdown();
    }
  });
});

Deno.test("installDataset() says what went wrong and leaves nothing", async () => {
  await withFolder(async (folder) => {
    const rejects = (dataset: Dataset, message: RegExp, from?: string) =>
      assert.rejects(installDataset(dataset, folder, { from, waits: [] }), {
        message,
      });
    await rejects(
      DATASET,
      /^Cannot download http:.*tiny\.zip: the server cannot be reached\. Is this machine online\?.*--from FILE$/,
    );
    await rejects(
      { ...DATASET, downloads: [], byHand: "Kaggle asks for an account." },
      /^Cannot download tiny: Kaggle asks .* From http:.*, then add: --from FILE$/,
    );
    await withServer(
      404,
      ARCHIVE,
      (url) => rejects(from(url), /the server answered 404\.$/),
    );
    await withServer(
      200,
      ARCHIVE.subarray(0, 99),
      (url) => rejects(from(url), /its 99 bytes are no whole ZIP/),
    );
    await withServer(
      200,
      zip(FILES.slice(1)),
      (url) => rejects(from(url), /1 files where 2 should be\.$/),
    );
    await withServer(
      200,
      zip([["top/a.mid", "one"], ["top/b.mid", "changed"]]),
      (url) =>
        rejects(
          from(url),
          /some of its files have other content, of hash [0-9a-f]{64}\.$/,
        ),
    );
    await rejects(DATASET, /\/nowhere.*Is the path right/, "/nowhere");
    await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
  });
});

Deno.test("installDataset() refuses a local file that is not the published one, or holds nothing of the set", async () => {
  await withFolder(async (folder) => {
    const archive = `${folder}.zip`, odd = `${folder}-odd.zip`;
    await Deno.writeFile(archive, ARCHIVE);
    const [{ url }] = DATASET.downloads as [{ url: string }];
    const cut = { ...DATASET, downloads: [{ url, bytes: 999_999 }] };
    await assert.rejects(installDataset(cut, folder, { from: archive }), {
      name: "DatasetError",
      message: /it should have 999999 bytes.*\. Was the download cut short\?$/,
    });
    await Deno.writeFile(odd, zip([["readme.txt", "one"]]));
    await assert.rejects(installDataset(DATASET, folder, { from: odd }), {
      message: /it has no file of this collection\.$/,
    });
    // A name that file systems do not take.
    await Deno.writeFile(odd, zip([[`${"a".repeat(300)}.mid`, "one"]]));
    await assert.rejects(installDataset(DATASET, folder, { from: odd }), {
      name: "FileError",
      message: /^Cannot write .*tiny: its path is too long\.$/,
    });
    await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
  });
});

Deno.test("installDataset() takes the set's further files from beside the first, or tells that they are not there", async () => {
  await withFolder(async (folder) => {
    const [one, two] = ["one.zip", "two.zip"].map((name) =>
      `${folder}-${name}`
    );
    const downloads = ["tiny-one.zip", "tiny-two.zip"]
      .map((name) => ({ url: `http://127.0.0.1:1/${name}` }));
    const dataset = { ...DATASET, downloads };
    await Deno.writeFile(one!, zip(FILES.slice(0, 1)));
    const told: string[] = [];
    const install = () =>
      installDataset(dataset, folder, {
        from: one!,
        onProgress: (text) => told.push(text),
      });
    await assert.rejects(install(), { message: /1 files where 2 should be/ });
    assert.match(told[0]!, /^tiny: tiny-two\.zip is not beside .*left out$/);
    await Deno.writeFile(two!, zip(FILES.slice(1)));
    told.length = 0;
    await install();
    assert.equal(await datasetState(dataset, folder), "whole");
    assert.deepEqual(told, []);
  });
});

Deno.test("datasetState() of a set of no known content says only that it is there", async () => {
  await withFolder(async (folder) => {
    const { files: _, hash: __, ...dataset } = DATASET;
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "a.mid"), "anything");
    assert.equal(await datasetState(dataset, folder), "there");
  });
});

Deno.test(
  "installDataset() takes files that links in a folder lead to, and no pipes",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    await withFolder(async (folder) => {
      const source = `${folder}-source`;
      await Deno.mkdir(source);
      await Deno.writeTextFile(`${folder}-elsewhere`, "one");
      await Deno.symlink(`${folder}-elsewhere`, join(source, "a.mid"));
      await Deno.writeTextFile(join(source, "b.mid"), "two");
      const made = await new Deno.Command("mkfifo", {
        args: [join(source, "c.mid")],
      }).output();
      assert.ok(made.success);
      await installDataset(DATASET, folder, { from: source });
      assert.equal(await datasetState(DATASET, folder), "whole");
    });
  },
);

Deno.test("datasetState() says how a set's files differ from the expected ones", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(folder);
    assert.equal(await datasetState(DATASET, folder), "absent");
    await Deno.writeTextFile(join(folder, "a.mid"), "one");
    assert.equal(
      await datasetState(DATASET, folder),
      "1 files where 2 should be",
    );
    await Deno.writeTextFile(join(folder, "renamed.mid"), "two");
    assert.equal(await datasetState(DATASET, folder), "whole");
    await Deno.writeTextFile(join(folder, "a.mid"), "1");
    assert.match(
      await datasetState(DATASET, folder),
      /^some of its files have other content, of hash /,
    );
  });
});

Deno.test("DATASETS knows the starter corpus by its content", async () => {
  // If the corpus was composed again, copy the count and hash of this message.
  const [starter] = DATASETS;
  assert.equal(await datasetState(starter!, STARTER_FOLDER), "whole");
});

Deno.test("DATASETS knows the sets of the shared folder by their content", async (t) => {
  const shared = join(PROJECT_FOLDER, "..", "shared", "data");
  const sources: Record<string, string> = {
    "lofi-samples": join(shared, "lofi-samples"),
    "jsb-chorales": join(shared, "jsb-chorales-quarter.json"),
    "pop909": join(shared, "pop909.zip"),
    "gmd": join(shared, "groove.zip"),
    "classical-csv": join(shared, "classical-csv.zip"),
  };
  for (const dataset of DATASETS) {
    const source = sources[dataset.name];
    if (source === undefined) continue;
    const absent = await Deno.stat(source).then(() => false, () => true);
    await t.step({
      name: absent ? `skipped: ${source} is not here` : dataset.name,
      ignore: absent,
      fn: () =>
        withFolder((folder) =>
          installDataset(dataset, folder, { from: source })
        ),
    });
  }
});
