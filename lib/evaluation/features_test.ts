import assert from "node:assert/strict";
import { FEATURES, type Features, musicFeatures } from "./features.ts";
import { near, piece, STROKES, TUNE, WALTZ } from "./testing.ts";

/** A vector with these elements, zero elsewhere. */
function sparse(length: number, elements: Record<number, number>): number[] {
  return Array.from({ length }, (_, i) => elements[i] ?? 0);
}

function assertFeatures(actual: Features, expected: Features): void {
  for (const [name, values] of Object.entries(expected)) {
    const vector = actual[name as keyof Features]!;
    assert.equal(vector.length, values.length, name);
    values.forEach((value, i) =>
      assert.ok(near(vector[i]!, value), `${name}[${i}] is ${vector[i]}`)
    );
  }
}

const from = (fromClass: number, toClass: number) => 12 * fromClass + toClass;

// Expected numbers: NumPy, and pretty_midi 0.2.11 for the pitch transitions.
Deno.test("musicFeatures() gives the features of a tune, without its drums", () => {
  assertFeatures(musicFeatures(piece([TUNE], { drums: STROKES })), {
    pitchCount: [9],
    // deno-fmt-ignore
    pitchClassHistogram: [12, 0, 0, 0, 8, 0, 7, 8, 0, 20, 2, 2].map((x) => x / 59),
    // deno-fmt-ignore
    pitchClassTransitionMatrix: sparse(144, {
      [from(0, 0)]: 2 / 17, [from(0, 10)]: 1 / 17, [from(0, 11)]: 1 / 17,
      [from(4, 0)]: 2 / 17, [from(7, 0)]: 2 / 17, [from(9, 0)]: 2 / 17,
      [from(9, 4)]: 2 / 17, [from(9, 7)]: 2 / 17, [from(10, 9)]: 1 / 17,
      [from(11, 9)]: 2 / 17,
    }),
    pitchRange: [15],
    averagePitchInterval: [66 / 13],
    noteCount: [14],
    averageInterOnsetInterval: [5 / 13],
    noteLengthHistogram: sparse(12, { 1: 3 / 14, 2: 7 / 14, 3: 4 / 14 }),
    // deno-fmt-ignore
    noteLengthTransitionMatrix: sparse(144, {
      [from(1, 1)]: 1 / 13, [from(1, 2)]: 1 / 13, [from(2, 1)]: 1 / 13,
      [from(2, 2)]: 4 / 13, [from(2, 3)]: 2 / 13, [from(3, 1)]: 1 / 13,
      [from(3, 2)]: 1 / 13, [from(3, 3)]: 2 / 13,
    }),
  });
});

Deno.test("musicFeatures() takes the bar of the meter as the whole note", () => {
  assertFeatures(musicFeatures(piece([WALTZ], { numerator: 3 })), {
    pitchRange: [27],
    averagePitchInterval: [7.6],
    averageInterOnsetInterval: [0.3375],
    noteLengthHistogram: sparse(12, {
      0: 3 / 11,
      1: 5 / 11,
      2: 1 / 11,
      5: 1 / 11,
      11: 1 / 11,
    }),
    pitchClassTransitionMatrix: sparse(144, {
      [from(0, 10)]: 1 / 6,
      [from(3, 2)]: 1 / 6,
      [from(3, 5)]: 1 / 6,
      [from(7, 10)]: 2 / 6,
      [from(10, 3)]: 1 / 6,
    }),
  });
});

Deno.test("musicFeatures() gives features per bar only when asked, padded with zeros", () => {
  assert.deepEqual(Object.keys(musicFeatures(piece([TUNE]))), [...FEATURES]);
  const features = musicFeatures(piece([WALTZ], { numerator: 3 }), { bars: 4 });
  assert.deepEqual(features.pitchCountPerBar, [4, 3, 2, 0]);
  assert.deepEqual(features.noteCountPerBar, [5, 3, 3, 0]);
  assert.deepEqual(
    features.pitchClassHistogramPerBar!.slice(24),
    [...sparse(12, { 2: 15 / 27, 5: 12 / 27 }), ...sparse(12, {})],
  );
});

Deno.test("musicFeatures() reads intervals within a part, not across parts", () => {
  const two = piece([[[60, 0, 4], [62, 4, 8]], [[36, 0, 4], [36, 4, 8]]]);
  assert.deepEqual(musicFeatures(two).averagePitchInterval, [1]);
});

Deno.test("musicFeatures() gives one lone note no interval and no transition", () => {
  const features = musicFeatures(piece([[[60, 3, 4]]]));
  assert.deepEqual(features.averagePitchInterval, [0]);
  assert.deepEqual(features.averageInterOnsetInterval, [0]);
  assert.deepEqual(features.pitchClassTransitionMatrix, sparse(144, {}));
});

Deno.test("musicFeatures() refuses a piece of drums alone", () => {
  assert.throws(
    () => musicFeatures(piece([], { drums: STROKES })),
    /^RangeError: Cannot compute features: the piece has no pitched note/,
  );
  assert.throws(() => musicFeatures(piece([TUNE]), { bars: 0 }), RangeError);
});
