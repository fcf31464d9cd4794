import assert from "node:assert/strict";
import { findKey, keysHeard } from "./key_finding.ts";
import { emptySequence } from "./note_sequence.ts";
import { keyName, scalePitchClasses } from "./theory.ts";

Deno.test("findKey() finds the key of a scale with its tonic stressed", () => {
  for (const mode of ["major", "minor"] as const) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const weights = new Array(12).fill(0);
      for (const pitchClass of scalePitchClasses(tonic, mode)) {
        weights[pitchClass] = 1;
      }
      weights[tonic] += 2;
      weights[(tonic + 7) % 12] += 1;
      const key = findKey(weights);
      assert.deepEqual([key.tonic, key.mode], [tonic, mode]);
      assert.ok(key.correlation > 0.8 && key.correlation <= 1);
    }
  }
});

Deno.test("findKey() correlates as the definition says", () => {
  // Weights that are the profile of A minor itself correlate with it fully.
  const weights = Array.from(
    [
      5.38,
      2.6,
      3.53,
      2.54,
      4.75,
      3.98,
      2.69,
      3.34,
      3.17,
      6.33,
      2.68,
      3.52,
    ],
  );
  const key = findKey(weights);
  assert.deepEqual([key.tonic, key.mode], [9, "minor"]);
  assert.ok(Math.abs(key.correlation - 1) < 1e-12);
});

Deno.test("findKey() weighs notes by length and does not hear drums", () => {
  const note = { velocity: 80, startTicks: 0 };
  const key = findKey({
    ...emptySequence(4),
    parts: [
      { name: "", program: 0, isDrum: false },
      { name: "", program: 0, isDrum: true },
    ],
    notes: [
      { ...note, pitch: 62, endTicks: 16, part: 0 },
      { ...note, pitch: 66, endTicks: 8, part: 0 },
      { ...note, pitch: 69, endTicks: 12, part: 0 },
      { ...note, pitch: 65, endTicks: 1, part: 0 },
      { ...note, pitch: 36, endTicks: 99, part: 1 },
    ],
    totalTicks: 99,
  });
  assert.deepEqual([key.tonic, key.mode], [2, "major"]);
});

Deno.test("findKey() finds nothing in silence or in all notes alike", () => {
  const nothing = { tonic: 0, mode: "major", correlation: 0 };
  assert.deepEqual(findKey(emptySequence(4)), nothing);
  assert.deepEqual(findKey(new Array(12).fill(0.1)), nothing);
});

Deno.test("findKey() refuses weights that are no weights", () => {
  assert.throws(() => findKey([1, 2, 3]), /current value is 1, 2, 3/);
  assert.throws(() => findKey(new Array(12).fill(NaN)), RangeError);
  assert.throws(() => findKey(new Array(12).fill(-1)), RangeError);
});

Deno.test("keysHeard() tells where published profiles disagree", () => {
  // A minor, but with much of C major.
  const weights = [5, 0, 4, 0, 5, 3, 0, 4, 0, 6, 0, 3];
  const heard = keysHeard(weights).map(keyName);
  assert.deepEqual(heard, ["A minor", "A minor", "C major", "C major"]);
  assert.equal(heard[0], keyName(findKey(weights)));
  const plain = keysHeard([8, 0, 3, 0, 5, 2, 0, 6, 0, 2, 0, 2]).map(keyName);
  assert.deepEqual(plain, new Array(4).fill("C major"));
});
