import assert from "node:assert/strict";
import { type Corpus, loadCorpus, preprocess } from "../../corpus/corpus.ts";
import { ATTRIBUTE_NAMES } from "../../music/music.ts";
import { withScales } from "./testing.ts";
import { attributeCosts, heldOutNats, presenceCost } from "./held_out_nats.ts";
import { RemiAlphabet } from "../../tokens/remi/remi.ts";

async function withCorpus(
  test: (corpus: Corpus) => Promise<void>,
): Promise<void> {
  await withScales(async (midiFolder, folder) => {
    await preprocess({ midiFolder, outFolder: folder });
    await test(await loadCorpus(folder));
  });
}

Deno.test("heldOutNats() counts tokens after the attributes, notes, and what the network is told costs", () =>
  withCorpus(async (corpus) => {
    const skip = ATTRIBUTE_NAMES.length;
    const test = corpus.pieces.filter(({ split }) => split === "test");
    const { tokenNats, toldNats, tokens, notes } = await heldOutNats(
      corpus,
      // Attributes that the network predicts badly must not count.
      (ids) =>
        Promise.resolve(
          Float64Array.from(ids, (_, i) => i < skip ? 1000 : 0.5),
        ),
    );
    assert.deepEqual(
      notes,
      test.map(({ description }) => description!.notes),
    );
    assert.equal(
      tokens,
      test.reduce((sum, { ids }) => sum + ids.length - skip, 0),
    );
    assert.equal(tokenNats, tokens / 2);
    const costs = attributeCosts(
      corpus.pieces.filter(({ split }) => split === "train")
        .map(({ ids }) => ids),
    );
    const attributes = test.flatMap(({ ids }) =>
      costs.map((cost, place) => cost(ids[place]!))
    ).reduce((a, b) => a + b);
    // All training pieces have 8 bars, of 1 to 16 that are possible.
    const train = corpus.manifest.splits.train.pieces;
    const bars = -Math.log((train + 1) / (train + 16));
    const { Program, Kit } = RemiAlphabet.of(corpus.vocabulary).ids;
    const players = presenceCost(
      [...Program, ...Kit],
      corpus.pieces.filter(({ split }) => split === "train")
        .map(({ ids }) => ids),
    );
    const told = attributes + test.length * bars +
      test.reduce((sum, { ids }) => sum + players(ids), 0);
    assert.ok(Math.abs(toldNats - told) < 1e-9);
    assert.ok(attributes > 0);
  }));

Deno.test("attributeCosts() gives probabilities that sum to one over an attribute's values", () => {
  const places = ATTRIBUTE_NAMES.length;
  const pieces = [1, 1, 1, 2].map((id) => new Int32Array(places).fill(id));
  const mode = attributeCosts(pieces)[ATTRIBUTE_NAMES.indexOf("Mode")]!;
  assert.ok(Math.abs(Math.exp(-mode(1)) + Math.exp(-mode(2)) - 1) < 1e-12);
  assert.ok(mode(1) < mode(2));
});
