import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadCorpus } from "./folder.ts";
import { piecesIn } from "./format.ts";
import { FILES, midi, withFiles } from "./testing.ts";

Deno.test("loadCorpus() gives the tokens and splits that preprocess() made", async () => {
  await withFiles(FILES, async (run, _, outFolder) => {
    const manifest = await run();
    const corpus = await loadCorpus(outFolder);
    assert.equal(corpus.tokenizer, "chord");
    assert.deepEqual(corpus.manifest, manifest);
    assert.equal(corpus.style?.qpm, 120);
    assert.deepEqual(
      corpus.pieces.map(({ ids }) => corpus.vocabulary.decode(ids).join(" ")),
      ["p60 p67", "p60 p62 p64", "p72"],
    );
    for (const split of ["train", "valid", "test"] as const) {
      const ids = piecesIn(corpus, split);
      assert.equal(ids.length, 1);
      assert.deepEqual(manifest.splits[split], {
        pieces: 1,
        tokens: ids[0]!.length,
      });
    }
  });
});

Deno.test("loadCorpus() takes the original's notes.json, cut in order", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const tokens = Array.from({ length: 20 }, (_, i) => `t${i % 7}`);
    await Deno.writeTextFile(
      join(folder, "notes.json"),
      JSON.stringify(tokens),
    );
    const corpus = await loadCorpus(folder);
    assert.equal(corpus.tokenizer, "chord");
    assert.equal(corpus.vocabulary.size, 7);
    assert.deepEqual(
      corpus.pieces.map(({ file, split, ids }) => [file, split, ids.length]),
      [
        ["notes.json", "train", 16],
        ["notes.json", "valid", 2],
        ["notes.json", "test", 2],
      ],
    );
    assert.deepEqual(
      corpus.pieces.flatMap(({ ids }) => corpus.vocabulary.decode(ids)),
      tokens,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadCorpus() refuses files that are damaged or do not belong together", async () => {
  await withFiles(FILES, async (run, midiFolder, outFolder) => {
    const path = (name: string) => join(outFolder, name);
    const refuses = async (message: RegExp) => {
      await assert.rejects(loadCorpus(outFolder), {
        name: "CorpusError",
        message,
      });
      await Deno.remove(outFolder, { recursive: true });
      await run();
    };
    await run();
    await Deno.writeTextFile(path("vocabulary.json"), '["p60"]');
    await refuses(/another vocabulary, of 5 tokens where this one has 1/);

    await Deno.remove(path("vocabulary.json"));
    await refuses(/there is no vocabulary\.json\. Preprocess/);

    await Deno.remove(path("tokens.bin"));
    await refuses(/tokens\.bin'\. Preprocess/);

    await Deno.writeTextFile(path("vocabulary.json"), '{"p60":0}');
    await refuses(/must be an array of strings, current value is object/);

    await Deno.writeTextFile(path("manifest.json"), "{");
    await refuses(/manifest\.json cannot be read .* Preprocess/);

    await Deno.writeTextFile(path("manifest.json"), '{"version":7}');
    await refuses(
      /version 2 or earlier, current values are undefined and 7\. Preprocess/,
    );

    // An entry less, as JSON all the same, and as older corpora were: without a seal.
    const { pieces, ...rest } = await run();
    const less = { ...rest, pieces: pieces.slice(1) };
    await Deno.writeTextFile(path("manifest.json"), JSON.stringify(less));
    await refuses(/manifest\.json does not end with its sha256/);
    const older = JSON.stringify({ ...less, version: 1 });
    await Deno.writeTextFile(path("manifest.json"), older);
    await refuses(/manifest\.json lists 2 pieces, and tokens\.bin has 3/);

    const text = await Deno.readTextFile(path("manifest.json"));
    const other = text.replace('"kept": 3', '"kept": 4');
    await Deno.writeTextFile(path("manifest.json"), other);
    await refuses(/manifest\.json was changed since it was written/);

    // As if preprocessing was stopped between writing two files.
    const manifest = await Deno.readFile(path("manifest.json"));
    await Deno.writeFile(join(midiFolder, "new.mid"), midi(60));
    await run();
    await Deno.writeFile(path("manifest.json"), manifest);
    await refuses(/tokens\.bin is not the one that manifest\.json/);
  });
  await assert.rejects(loadCorpus("/no/such/folder"), {
    name: "CorpusError",
    message: /neither manifest\.json nor notes\.json in \/no\/such\/folder/,
  });
});
