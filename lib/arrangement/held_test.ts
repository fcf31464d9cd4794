import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { holdNotes } from "./held.ts";

const TICKS = 12;
/** Eight bars of 4/4 with a melody on the first part. */
const piece = (programs: readonly number[]): NoteSequence => ({
  ...emptySequence(TICKS),
  parts: programs.map((program) => ({ name: "", program, isDrum: false })),
  notes: [{ pitch: 72, velocity: 80, startTicks: 0, endTicks: 24, part: 0 }],
  totalTicks: 8 * 4 * TICKS,
});
const D = { tonic: 2, mode: "minor" } as const;
const rows = ({ notes }: NoteSequence, part: number) =>
  notes.filter((note) => note.part === part)
    .map(({ pitch, startTicks, endTicks }) => [pitch, startTicks, endTicks]);

Deno.test("holdNotes() has a part hold the tonic in place of what it plays", () => {
  const held = holdNotes(piece([0, 89]), { program: 89 }, D);
  assert.deepEqual(rows(held, 1), [[38, 0, 192], [38, 192, 384]]);
  assert.deepEqual(rows(held, 0), [[72, 0, 24]]);
});

Deno.test("holdNotes() adds a part beside, and strikes in each bar what dies away", () => {
  const held = holdNotes(piece([0]), {
    program: 0,
    pitchClasses: [2, 5, 9],
    isBeside: true,
  }, D);
  assert.equal(held.parts.length, 2);
  assert.equal(rows(held, 1).length, 8 * 3);
  assert.deepEqual(rows(held, 1).slice(0, 3), [
    [50, 0, 48],
    [53, 0, 48],
    [57, 0, 48],
  ]);
});

Deno.test("holdNotes() stays where the instrument can play", () => {
  const held = holdNotes(piece([73]), { program: 73, isBeside: true }, D);
  assert.deepEqual(rows(held, 1)[0], [62, 0, 192]);
});
