import assert from "node:assert/strict";
import { type Corpus, loadCorpus, preprocess } from "../../corpus/corpus.ts";
import { ATTRIBUTE_NAMES } from "../../music/music.ts";
import { withScales } from "./testing.ts";
import { attributeCosts, heldOutNats } from "./held_out_nats.ts";

async function withCorpus(test: (corpus: Corpus) => void): Promise<void> {
  await withScales(async (midiFolder, folder) => {
    await preprocess({ midiFolder, outFolder: folder });
    test(await loadCorpus(folder));
  });
}

Deno.test("heldOutNats() counts tokens after the attributes, notes, and what attributes cost", () =>
  withCorpus((corpus) => {
    const skip = ATTRIBUTE_NAMES.length;
    const test = corpus.pieces.filter(({ split }) => split === "test");
    const { tokenNats, attributeNats, tokens, notes } = heldOutNats(
      corpus,
      // Attributes that the network predicts badly must not count.
      (ids) => Float64Array.from(ids, (_, i) => i < skip ? 1000 : 0.5),
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
    const expected = test.flatMap(({ ids }) =>
      costs.map((cost, place) => cost(ids[place]!))
    ).reduce((a, b) => a + b);
    assert.ok(Math.abs(attributeNats - expected) < 1e-9);
    assert.ok(attributeNats > 0);
  }));

Deno.test("attributeCosts() gives probabilities that sum to one over an attribute's values", () => {
  const places = ATTRIBUTE_NAMES.length;
  const pieces = [1, 1, 1, 2].map((id) => new Int32Array(places).fill(id));
  const mode = attributeCosts(pieces)[ATTRIBUTE_NAMES.indexOf("Mode")]!;
  assert.ok(Math.abs(Math.exp(-mode(1)) + Math.exp(-mode(2)) - 1) < 1e-12);
  assert.ok(mode(1) < mode(2));
});
