import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { playDrums } from "./drum_wish.ts";

/** Two bars of hi-hats in eighths and a snare on the second beat, then a bar of rest. */
const PIECE: NoteSequence = {
  ...emptySequence(480),
  parts: [
    { name: "Keys", program: 0, isDrum: false },
    { name: "Drums", program: 0, isDrum: true },
  ],
  notes: [
    { pitch: 36, velocity: 70, startTicks: 0, endTicks: 480, part: 0 },
    ...Array.from({ length: 16 }, (_, i) => ({
      pitch: i % 8 === 2 ? 38 : 42,
      velocity: 60,
      startTicks: 240 * i,
      endTicks: 240 * i + 60,
      part: 1,
    })),
  ],
  timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
  totalTicks: 3 * 1920,
};

/** The beats of the first bars on which one of some drums strikes. */
function beats(piece: NoteSequence, ...pitches: number[]): number[] {
  return piece.notes.filter(({ part, pitch }) =>
    part === 1 && pitches.includes(pitch)
  ).map(({ startTicks }) => startTicks / 480);
}

Deno.test("playDrums() has a kick on every quarter of the bars with drums", () => {
  const made = playDrums(PIECE, { beat: "four-on-the-floor" });
  assert.deepEqual(beats(made, 36), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(made.notes.length, PIECE.notes.length + 8);
});

Deno.test("playDrums() answers on two and four, with claps where they are asked", () => {
  assert.deepEqual(beats(playDrums(PIECE, { beat: "backbeat" }), 38), [
    1,
    3,
    5,
    7,
  ]);
  const claps = playDrums(PIECE, { beat: "backbeat", sounds: [39] });
  assert.deepEqual(beats(claps, 39), [1, 3, 5, 7]);
});

Deno.test("playDrums() has the snare on three alone in half time", () => {
  const made = playDrums(PIECE, { beat: "half-time" });
  assert.deepEqual(beats(made, 38, 39, 40), [2, 6]);
});

Deno.test("playDrums() adds drums that are not heard, and leaves others out", () => {
  const made = playDrums(PIECE, { sounds: [45, 42], without: [38] });
  assert.deepEqual(beats(made, 45), [0, 4]);
  assert.deepEqual(beats(made, 38), []);
  assert.equal(beats(made, 42).length, beats(PIECE, 42).length);
  const keys = { ...PIECE, notes: PIECE.notes.slice(0, 1) };
  assert.deepEqual(playDrums(keys, { beat: "backbeat" }), keys);
});

Deno.test("playDrums() plays sounds alone, and adds none that is to be left out", () => {
  const made = playDrums(PIECE, { sounds: [45], without: [36, 38, 42] });
  assert.deepEqual(beats(made, 45), [0, 4]);
  assert.deepEqual(beats(made, 38, 42), []);
  const silent = playDrums(PIECE, { beat: "backbeat", without: [38, 40] });
  assert.deepEqual(beats(silent, 38, 40), []);
});
