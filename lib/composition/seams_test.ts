import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { lastBefore, leapsAt } from "./seams.ts";

const rows: [pitch: number, start: number, part: number][] = [
  [48, 0, 0],
  [72, 0, 0],
  [60, 1430, 0],
  [76, 1440, 0],
  [40, 1920, 0],
  [52, 1925, 0],
  [36, 0, 1],
  [50, 1920, 1],
  [42, 0, 2],
  [35, 1920, 2],
];
const piece: NoteSequence = {
  ...emptySequence(480),
  parts: [0, 33, 0].map((program, i) => ({
    name: "",
    program,
    isDrum: i === 2,
  })),
  notes: rows.map(([pitch, startTicks, part]) => ({
    pitch,
    velocity: 70,
    startTicks,
    endTicks: startTicks + 100,
    part,
  })).sort((a, b) => a.startTicks - b.startTicks),
  totalTicks: 3840,
};

Deno.test("leapsAt() measures from the highest last note to the highest first one", () => {
  assert.deepEqual(
    leapsAt(piece, [0, 1, 2], [1920]),
    [
      { part: 0, ticks: 1920, semitones: 24, usual: 19 },
      { part: 1, ticks: 1920, semitones: 14, usual: 9 },
    ],
  );
});

Deno.test("leapsAt() finds none at the ends of a part", () => {
  assert.deepEqual(leapsAt(piece, [0, 1], [0, 3840]), []);
});

Deno.test("lastBefore() gives the highest of the last notes of each pitched part", () => {
  assert.deepEqual(lastBefore(piece, [0, 1, 2], 1920), [
    { part: 0, pitch: 76, usual: 19 },
    { part: 1, pitch: 36, usual: 9 },
  ]);
});
