import assert from "node:assert/strict";
import { emptySequence, type Note, type NoteSequence } from "../music/music.ts";
import { addMotion } from "./motion.ts";

const span = {
  startTicks: 0,
  endTicks: 1920,
  key: { tonic: 0, mode: "major" },
} as const;

/** A bar at 60 bpm in which one part holds pitches. */
function holding(pitches: readonly number[], program = 0): NoteSequence {
  const notes = pitches.map((pitch): Note => ({
    pitch,
    velocity: 80,
    startTicks: 0,
    endTicks: 1920,
    part: 0,
  }));
  return {
    ...emptySequence(480),
    parts: [{ name: "", program, isDrum: false }],
    notes,
    tempos: [{ ticks: 0, qpm: 60 }],
    totalTicks: 1920,
  };
}

const onsets = ({ notes }: NoteSequence) =>
  new Set(notes.map(({ startTicks }) => startTicks)).size;

Deno.test("addMotion() breaks a chord until so many notes begin in a second", () => {
  const moved = addMotion(holding([60, 64, 67]), span, { onsetsPerSecond: 4 });
  assert.equal(onsets(moved), 16);
  assert(moved.notes.every(({ pitch }) => [60, 64, 67].includes(pitch)));
  const line = moved.notes.filter(({ startTicks }) => startTicks > 0)
    .map(({ pitch }) => pitch);
  assert.deepEqual(line.slice(0, 4), [64, 67, 64, 60]);
});

Deno.test("addMotion() turns about a single note in the scale", () => {
  const { notes } = addMotion(holding([64]), span, { onsetsPerSecond: 2 });
  assert.deepEqual(notes.slice(0, 5).map(({ pitch }) => pitch), [
    64,
    65,
    64,
    62,
    64,
  ]);
});

Deno.test("addMotion() leaves what moves enough, and parts that keep still", () => {
  const piece = holding([60, 64]);
  assert.equal(addMotion(piece, span, { onsetsPerSecond: 0.2 }), piece);
  const still = addMotion(piece, span, { onsetsPerSecond: 4, still: [0] });
  assert.deepEqual(still.notes, piece.notes);
});
