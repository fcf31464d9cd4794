import assert from "node:assert/strict";
import { recipeFor } from "./recipe.ts";

const corpus = (pieces: number, tokenizer: "remi" | "chord" = "remi") => ({
  tokenizer,
  train: Array.from({ length: pieces }, () => new Int32Array(1000)),
});

Deno.test("recipeFor() shows networks of REMI tokens the music so far, not those of chords", () => {
  assert.equal(recipeFor(corpus(100)).input, "context");
  assert.equal(recipeFor(corpus(100, "chord")).input, "attributes");
});

Deno.test("recipeFor() reads about as many tokens whatever the size of the corpus", () => {
  const epochs = (pieces: number) => recipeFor(corpus(pieces)).epochs;
  assert.equal(epochs(10), 40);
  assert.equal(epochs(200), 20);
  assert.equal(epochs(900), 4);
  // Of a large corpus an epoch reads a part.
  assert.equal(epochs(2000), 8);
  assert.equal(epochs(5000), 8);
});

Deno.test("recipeFor() varies small corpora and not large ones", () => {
  const small = recipeFor(corpus(20)), large = recipeFor(corpus(5000));
  assert.equal(small.relabel, 0.2);
  assert.ok(small.augment && small.dropout > large.dropout);
  assert.ok(!large.augment && large.relabel === 0);
});

Deno.test("recipeFor() takes settings that are given", () => {
  const { epochs, dropout } = recipeFor(corpus(9), { epochs: 3, dropout: 0 });
  assert.deepEqual([epochs, dropout], [3, 0]);
});
