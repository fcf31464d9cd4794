import assert from "node:assert/strict";
import {
  keyName,
  majorOrMinor,
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

Deno.test("majorOrMinor() goes by a scale's third", () => {
  for (const scale of ["major", "lydian", "majorPentatonic"] as const) {
    assert.equal(majorOrMinor(scale), "major");
  }
  for (const scale of ["minor", "phrygian", "melodicMinor"] as const) {
    assert.equal(majorOrMinor(scale), "minor");
  }
});
