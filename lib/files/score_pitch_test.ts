import assert from "node:assert/strict";
import { spell } from "./score_pitch.ts";

Deno.test("spell() names pitches as is usual in the key", () => {
  const name = (pitch: number, fifths: number) => {
    const { step, alter, octave } = spell(pitch, fifths);
    const sign = alter < 0 ? "b".repeat(-alter) : "#".repeat(alter);
    return step + sign + octave;
  };
  const table: [string, number, number[]][] = [
    // C major, with the raised notes of A minor
    ["C4 C#4 D4 Eb4 E4 F4 F#4 G4 G#4 A4 Bb4 B4", 0, []],
    ["Cb4 C4 Db4 D4 Eb4 Fb4 F4 Gb4 G4 Ab4 A4 Bb4", -6, [-1]],
    ["B#3 C#4 D4 D#4 E4 E#4 F#4 G4 G#4 A4 A#4 B4", 4, []],
  ];
  for (const [names, fifths, [shift = 0]] of table) {
    const spelled = Array.from(
      { length: 12 },
      (_, i) => name(60 + i + shift, fifths),
    );
    assert.equal(spelled.join(" "), names);
  }
});

Deno.test("spell() keeps every pitch in every key", () => {
  const semitones = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
  for (let fifths = -7; fifths <= 7; fifths++) {
    for (let pitch = 0; pitch < 128; pitch++) {
      const { step, alter, octave } = spell(pitch, fifths);
      assert.equal(12 * (octave + 1) + semitones[step] + alter, pitch);
    }
  }
});
