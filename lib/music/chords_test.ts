import assert from "node:assert/strict";
import { CHORDS, nameChord } from "./chords.ts";

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
