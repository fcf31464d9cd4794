import assert from "node:assert/strict";
import { join } from "@std/path";
import { STARTER_FOLDER } from "../base/base.ts";
import { loadCorpus } from "./folder.ts";
import { type Corpus, CorpusError, type Manifest, piecesIn } from "./format.ts";
import { preprocess } from "./preprocess.ts";
import { SPLITS } from "./splits.ts";
import { openCorpus, type StoredCorpus } from "./stored_corpus.ts";

/** Runs a test on a corpus of starter pieces. */
async function onCorpus(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const midiFolder = join(folder, "midi"), outFolder = join(folder, "corpus");
  try {
    await Deno.mkdir(midiFolder);
    let i = 0;
    for await (const { name } of Deno.readDir(STARTER_FOLDER)) {
      if (!name.endsWith(".mid") || ++i > 12) continue;
      // A path that looks like a field, and one that is no ASCII.
      const path = join(midiFolder, `"split": "test" é${i}.mid`);
      await Deno.copyFile(join(STARTER_FOLDER, name), path);
    }
    await preprocess({ midiFolder, outFolder });
    await test(outFolder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertSame(stored: StoredCorpus, loaded: Corpus) {
  const { tokenizer, hash, heldOutHash } = loaded;
  assert.deepEqual(
    [stored.tokenizer, stored.hash, stored.heldOutHash],
    [tokenizer, hash, heldOutHash],
  );
  assert.deepEqual(stored.vocabulary.toJSON(), loaded.vocabulary.toJSON());
  for (const split of SPLITS) {
    assert.deepEqual([...stored.piecesOf(split)], piecesIn(loaded, split));
    assert.ok(stored.piecesOf(split).length > 0);
  }
}

Deno.test("openCorpus() gives what loadCorpus() gives, wherever chunks end", () =>
  onCorpus(async (folder) => {
    const loaded = await loadCorpus(folder);
    for (const chunkBytes of [97, 1000, 4096, undefined]) {
      using stored = await openCorpus(folder, chunkBytes);
      assertSame(stored, loaded);
      const { pieces: _, ...summary } = loaded.manifest;
      assert.deepEqual(stored.manifest, summary);
    }
  }));

Deno.test("openCorpus() reads older manifests, of any layout and order", () =>
  onCorpus(async (folder) => {
    const path = join(folder, "manifest.json");
    const manifest: Manifest = JSON.parse(await Deno.readTextFile(path));
    const loaded = await loadCorpus(folder);
    const { pieces, sha256: _, ...rest } = manifest;
    const summary = { ...rest, version: 1 };
    for (const other of [{ ...summary, pieces }, { pieces, ...summary }]) {
      await Deno.writeTextFile(path, JSON.stringify(other));
      using stored = await openCorpus(folder);
      assertSame(stored, loaded);
    }
  }));

Deno.test("openCorpus() refuses what is damaged, and says what", () =>
  onCorpus(async (folder) => {
    const refuses = (message: RegExp) =>
      assert.rejects(
        async () => (await openCorpus(folder))[Symbol.dispose](),
        (error) => error instanceof CorpusError && message.test(error.message),
      );
    const path = join(folder, "tokens.bin");
    const bytes = await Deno.readFile(path);
    await Deno.writeFile(path, bytes.slice(0, -1));
    await refuses(/length does not fit/);
    await Deno.writeFile(path, bytes.slice(0, 20));
    await refuses(/at least 48 bytes/);
    await Deno.writeFile(path, bytes.with(bytes.length - 4, 9));
    await refuses(/is not the one/);
    await Deno.remove(path);
    await refuses(/Cannot load the corpus/);
    const manifest = join(folder, "manifest.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(
      manifest,
      text.replace('"split": "', '"split":  "'),
    );
    await refuses(/manifest\.json was changed since it was written/);
    await Deno.writeTextFile(manifest, "{");
    await refuses(/manifest\.json cannot be read/);
    await Deno.remove(join(folder, "manifest.json"));
    await refuses(/neither manifest\.json nor notes\.json/);
  }));

Deno.test("openCorpus() keeps its pieces though the folder is preprocessed again", () =>
  onCorpus(async (folder) => {
    using stored = await openCorpus(folder);
    const before = [...stored.piecesOf("train")];
    await preprocess({
      midiFolder: join(folder, "..", "midi"),
      outFolder: folder,
      seed: 2,
    });
    assert.deepEqual([...stored.piecesOf("train")], before);
  }));

Deno.test("openCorpus() tells where its tokens are cut short while they are read", () =>
  onCorpus(async (folder) => {
    using stored = await openCorpus(folder);
    const pieces = stored.piecesOf("train");
    assert.equal(pieces.at(pieces.length), undefined);
    await Deno.truncate(join(folder, "tokens.bin"), 60);
    assert.throws(() => pieces.at(pieces.length - 1), {
      name: "CorpusError",
      message: /Was its token file cut short\? Preprocess .* again\.$/,
    });
  }));

Deno.test("openCorpus() reads the original's notes.json as loadCorpus() does", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const tokens = Array.from({ length: 40 }, (_, i) => `t${i % 7}`);
    await Deno.writeTextFile(
      join(folder, "notes.json"),
      JSON.stringify(tokens),
    );
    using stored = await openCorpus(folder);
    assertSame(stored, await loadCorpus(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
