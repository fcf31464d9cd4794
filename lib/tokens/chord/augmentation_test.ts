import assert from "node:assert/strict";
import { Random } from "../../base/base.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";
import { ChordAugmenter } from "./augmentation.ts";

Deno.test("ChordAugmenter.random() moves a piece to every key that the vocabulary has, chords going round", () => {
  const vocabulary = Vocabulary.fromTokens([
    "C4",
    "D4",
    "E4",
    "11.2.6",
    "1.4.8",
    "3.6.10",
    "0.4.8",
  ]);
  const augmenter = new ChordAugmenter(vocabulary);
  const piece = vocabulary.encode(["D4", "1.4.8"]);
  const random = new Random(3);
  const seen = new Set(
    Array.from(
      { length: 60 },
      () =>
        vocabulary.decode(Array.from(augmenter.random(piece, random))).join(
          " ",
        ),
    ),
  );
  assert.deepEqual([...seen].sort(), [
    "C4 11.2.6",
    "D4 1.4.8",
    "E4 3.6.10",
  ]);
});

Deno.test("ChordAugmenter.random() with relabel keeps only where tokens come back", () => {
  const tokens = Array.from({ length: 12 }, (_, i) => `${i}.${(i + 4) % 12}`);
  const vocabulary = Vocabulary.fromTokens([...tokens, "C4"]);
  const augmenter = new ChordAugmenter(vocabulary);
  const piece = Int32Array.of(3, 7, 3, 1, 7);
  const random = new Random(5);
  const seen = new Set<string>();
  for (let i = 0; i < 50; i++) {
    const [a, b, c, d, e] = augmenter.random(piece, random, 1);
    assert.ok(a === c && b === e);
    assert.equal(new Set([a, b, d]).size, 3);
    seen.add([a, b, d].join());
  }
  assert.ok(seen.size > 40);
});
