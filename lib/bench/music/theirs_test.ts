import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadCorpus, preprocess } from "../../corpus/corpus.ts";
import { readMidi } from "../../midi/midi.ts";
import { RemiTokenizer } from "../../tokens/remi/remi.ts";
import { withScales } from "./testing.ts";
import { writePieces } from "./theirs.ts";

Deno.test("writePieces() writes files that have the tokens of the corpus, in its order", () =>
  withScales(async (midiFolder, folder) => {
    await preprocess({ midiFolder, outFolder: folder });
    const corpus = await loadCorpus(folder);
    const files = join(folder, "files");
    assert.deepEqual(await writePieces(corpus, files), [[4, 4]]);
    const tokenizer = new RemiTokenizer(corpus.manifest.tokenizerOptions);
    for (const split of ["train", "valid", "test"]) {
      const names = [...Deno.readDirSync(join(files, split))]
        .map(({ name }) => name).sort();
      const tokens = names.map((name) =>
        tokenizer.encode(
          readMidi(Deno.readFileSync(join(files, split, name))).sequence,
        )
      );
      const expected = corpus.pieces.filter((piece) => piece.split === split)
        .map(({ ids }) => corpus.vocabulary.decode(ids));
      assert.ok(expected.length > 0);
      assert.deepEqual(tokens, expected);
    }
  }));
