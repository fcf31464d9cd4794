import assert from "node:assert/strict";
import { chordOf } from "./check_chords.ts";
import { outcome, type SmallNote, type SmallPiece, times } from "./testing.ts";

/** Chords by their pitches, a bar each or so many quarters. */
const chords = (quarters: number, ...all: number[][]): SmallPiece => ({
  parts: [[
    0,
    all.flatMap((pitches, i) =>
      pitches.map((pitch): SmallNote => [i * quarters, quarters, pitch])
    ),
  ]],
});
const AM = [57, 60, 64], F = [53, 57, 60], C = [48, 52, 55], G = [55, 59, 62];
const asked = {
  is: "chords",
  progression: ["Am", "F", "C", "G"],
} as const;

Deno.test("chords come round in their order, a bar or more or less each", () => {
  assert.equal(outcome(chords(4, AM, F, C, G, AM, F, C, G), asked), "met");
  assert.equal(outcome(chords(2, AM, F, C, G, AM, F, C, G), asked), "met");
  assert.equal(outcome(chords(8, AM, F, C, G, AM, F, C, G), asked), "met");
  assert.equal(outcome(chords(4, AM, G, C, F, AM, G, C, F), asked), "missed");
  assert.equal(
    outcome(chords(4, AM, F, C, G, AM, F, C, G, AM), asked),
    "met",
  );
});

Deno.test("chords need their third, and most of the sound in them", () => {
  const fifths = [[57, 64], [53, 60], [48, 55], [55, 62]];
  assert.equal(outcome(chords(4, ...fifths), asked), "missed");
  const over = (melody: SmallNote[]): SmallPiece => ({
    parts: [...chords(4, AM, F, C, G).parts, [73, melody]],
  });
  // Passing tones are steps between tones of the chord.
  const passing = times(16, 1, (i): SmallNote => [0, 1, i % 4 === 1 ? 71 : 72]);
  assert.equal(outcome(over(passing.slice(0, 4)), asked), "met");
  const clashing = times(48, 1 / 3, (): SmallNote => [0, 4, 66]);
  assert.equal(outcome(over(clashing), asked), "missed");
});

Deno.test("chords of one root stay on it", () => {
  const one = { is: "chords", count: 1 } as const;
  assert.equal(outcome(chords(4, AM, AM, AM, AM), one), "met");
  assert.equal(outcome(chords(4, AM, F, C, G), one), "contradicted");
});

Deno.test("harmony of sevenths has one in half of the chords", () => {
  const sevenths = { is: "harmony", value: "sevenths" } as const;
  const am7 = [...AM, 67], fmaj7 = [...F, 64];
  assert.equal(outcome(chords(4, am7, fmaj7, C, G), sevenths), "met");
  assert.equal(outcome(chords(4, am7, F, C, G), sevenths), "missed");
});

Deno.test("chordOf() reads qualities, sevenths and suspensions", () => {
  const tones = (symbol: string) => chordOf(symbol).tones.slice(0, 4);
  assert.deepEqual(tones("Cmaj7"), [0, 4, 7, 11]);
  assert.deepEqual(tones("F#m7"), [6, 9, 1, 4]);
  assert.deepEqual(tones("Bbdim7"), [10, 1, 4, 7]);
  assert.deepEqual(tones("G7"), [7, 11, 2, 5]);
  assert.equal(chordOf("Dsus4").third, 7);
  assert.equal(chordOf("Dmin").third, 5);
  assert.ok(chordOf("Dm9").tones.includes(4));
  assert.throws(() => chordOf("H7"), /must be a letter/);
});
