import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadCorpus, preprocess } from "../corpus/corpus.ts";
import { Generator } from "../generation/generation.ts";
import { untrained } from "../generation/testing.ts";
import { decodeChords } from "../tokens/chord/chord.ts";
import { writeMidi } from "../midi/midi.ts";
import { judgeMade } from "./made.ts";
import { type HeldOutReport, predictHeldOut } from "./held_out.ts";

const TOKENS = ["C4", "0.4.7", "D4", "E4", "5.9.0", "G4", "A4", "7.11.2"];

/** A corpus of as many pieces of chords, and an untrained model of its tokens. */
async function measure<T>(
  pieces: number,
  shares: { validShare?: number; testShare?: number },
  report: (
    ...given: Parameters<typeof predictHeldOut>
  ) => T | Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    for (let i = 0; i < pieces; i++) {
      const tokens = [...TOKENS.slice(i), ...TOKENS.slice(0, i), TOKENS[i]!];
      const bytes = writeMidi(decodeChords(tokens));
      await Deno.writeFile(join(folder, `${i}.mid`), bytes);
    }
    const outFolder = join(folder, "corpus");
    await preprocess({
      midiFolder: folder,
      outFolder,
      tokenizer: "chord",
      ...shares,
    });
    const corpus = await loadCorpus(outFolder);
    const checkpoint = untrained("chord", corpus.vocabulary.toJSON());
    using generator = await Generator.open(checkpoint);
    return await report(generator, corpus);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const models = ({ rows }: HeldOutReport) => rows.map(({ model }) => model);

Deno.test("predictHeldOut() measures all models where there are test and validation pieces", async () => {
  const report = await measure(3, {}, predictHeldOut);
  assert.equal(report.rows.length, 6);
  assert.ok(report.rows.every(({ perToken }) => perToken > 0));
  assert.deepEqual(report.missing, []);
});

Deno.test("predictHeldOut() without test pieces says so", async () => {
  for (const pieces of [1, 2]) {
    const report = await measure(pieces, {}, predictHeldOut);
    assert.deepEqual(models(report), []);
    assert.equal(report.missing.length, 1);
    assert.match(report.missing[0]!, /no test piece/);
  }
});

Deno.test("predictHeldOut() without validation pieces needs no n-gram", async () => {
  const shares = { validShare: 0, testShare: 0.3 };
  const report = await measure(4, shares, predictHeldOut);
  assert.deepEqual(models(report), ["uniform", "unigram", "network"]);
  assert.equal(report.belowBestNgram, undefined);
  assert.match(report.missing[0]!, /no validation piece/);
});

Deno.test("judgeMade() judges what a corpus of one piece allows", async () => {
  const made = await measure(
    1,
    {},
    (generator, corpus) => judgeMade(generator, corpus, { pieces: 1 }),
  );
  assert.equal(made.pieces.length, 1);
  assert.equal(made.music.likeness, undefined);
  assert.ok(made.music.copying.generated !== undefined);
  assert.match(made.music.missing.join(), /two held-out pieces/);
});
