import assert from "node:assert/strict";
import { emptySequence } from "./note_sequence.ts";
import {
  CHORDS,
  findKey,
  keyName,
  nameChord,
  pitchName,
  type ScaleName,
  scalePitchClasses,
} from "./theory.ts";

Deno.test("pitchName() spells as music21 does", () => {
  const names = Array.from({ length: 12 }, (_, i) => pitchName(60 + i));
  assert.equal(names.join(" "), "C4 C#4 D4 E-4 E4 F4 F#4 G4 G#4 A4 B-4 B4");
  assert.equal(pitchName(0), "C-1");
  assert.equal(pitchName(127), "G9");
});

Deno.test("pitchName() refuses what is no MIDI pitch", () => {
  for (const pitch of [-1, 128, 60.5, NaN]) {
    assert.throws(() => pitchName(pitch), RangeError);
  }
});

Deno.test("keyName() spells minor keys with sharps where they are usual", () => {
  assert.equal(keyName({ tonic: 8, mode: "major" }), "Ab major");
  assert.equal(keyName({ tonic: 8, mode: "minor" }), "G# minor");
  assert.equal(keyName({ tonic: 10, mode: "minor" }), "Bb minor");
});

Deno.test("scalePitchClasses() gives each mode of the white keys", () => {
  const modes: [number, ScaleName][] = [
    [0, "major"],
    [2, "dorian"],
    [4, "phrygian"],
    [5, "lydian"],
    [7, "mixolydian"],
    [9, "minor"],
    [11, "locrian"],
  ];
  for (const [tonic, mode] of modes) {
    const scale = scalePitchClasses(tonic, mode);
    assert.equal(scale[0], tonic);
    assert.deepEqual(scale.sort((a, b) => a - b), [0, 2, 4, 5, 7, 9, 11]);
  }
});

Deno.test("scalePitchClasses() raises the seventh of harmonic minor", () => {
  assert.deepEqual(scalePitchClasses(9, "harmonicMinor"), [
    9,
    11,
    0,
    2,
    4,
    5,
    8,
  ]);
});

Deno.test("scalePitchClasses() refuses an unknown tonic or scale", () => {
  assert.throws(() => scalePitchClasses(12, "major"), /current value is 12/);
  assert.throws(
    () => scalePitchClasses(0, "toString" as ScaleName),
    /one of major, dorian.*current value is toString/,
  );
});

Deno.test("nameChord() names every chord it knows on every root", () => {
  for (const [suffix, intervals] of CHORDS) {
    for (let root = 0; root < 12; root++) {
      const name = nameChord(intervals.map((i) => (root + i) % 12));
      const expected = nameChord([root, (root + 7) % 12])!.slice(0, -1);
      assert.equal(name, expected + suffix);
    }
  }
});

Deno.test("nameChord() names common chords", () => {
  const chords: [number[], string | undefined][] = [
    [[0, 4, 7], "C"],
    [[9, 0, 4], "Am"],
    [[3, 7, 10, 2], "Ebmaj7"],
    [[2, 5, 9, 0, 4], "Dm9"],
    [[7, 0, 2], "Gsus4"],
    [[6, 9, 0, 4], "F#m7b5"],
    [[10, 2, 5, 8], "Bb7"],
    [[4, 7, 0], "C"], // an inversion
    [[0, 4, 9], "Am"], // not C6 without its fifth
    [[0, 4, 11], "Cmaj7"], // without its fifth
    [[7, 9, 0, 4], "Am7"], // the more common of Am7 and C6
    [[0, 0, 4, 7, 4], "C"], // doubled notes
    [[0, 3, 6, 9], "Cdim7"], // symmetrical: the lowest note is the root
    [[9, 0, 3, 6], "Adim7"],
    [[0, 4], undefined],
    [[0, 1, 2], undefined],
    [[0], undefined],
    [[], undefined],
  ];
  for (const [pitchClasses, name] of chords) {
    assert.equal(nameChord(pitchClasses), name, pitchClasses.join());
  }
});

Deno.test("nameChord() refuses pitches", () => {
  assert.throws(() => nameChord([60, 64, 67]), /modulo 12/);
});

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
