import assert from "node:assert/strict";
import { emptySequence, type Note } from "../music/music.ts";
import { asLines, linesOf } from "./redo_lines.ts";

const note = (pitch: number, from: number, to: number, part = 0): Note => ({
  pitch,
  velocity: 80,
  startTicks: from,
  endTicks: to,
  part,
});
const piece = (notes: readonly Note[], program = 40) => ({
  ...emptySequence(480),
  parts: [{ name: "", program, isDrum: false }],
  notes: [...notes],
  totalTicks: 1920,
});
const stretch = { from: 0, to: 960, parts: new Set([0]) };

Deno.test("linesOf() finds parts of single notes, of instruments that play lines", () => {
  const line = [note(60, 0, 480), note(62, 480, 960)];
  const chord = [note(60, 0, 480), note(64, 0, 480)];
  assert.deepEqual(linesOf(piece(line), stretch), [0]);
  assert.deepEqual(linesOf(piece(chord), stretch), []);
  assert.deepEqual(linesOf(piece(line, 0), stretch), []);
});

Deno.test("asLines() keeps the highest of new notes, each up to the next", () => {
  const later = [note(60, 960, 1440), note(64, 960, 1440)];
  const made = asLines(
    piece([
      note(60, 0, 480),
      note(67, 0, 720),
      note(65, 480, 1200),
      ...later,
    ]),
    stretch,
    [0],
  );
  assert.deepEqual(made.notes, [
    note(67, 0, 480),
    note(65, 480, 960),
    ...later,
  ]);
});
