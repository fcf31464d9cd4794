import assert from "node:assert/strict";
import { emptySequence } from "./note_sequence.ts";
import { sortNotes } from "./sort_notes.ts";
import { piece, rowsOf } from "./testing.ts";

Deno.test("emptySequence() refuses a division that is no positive integer", () => {
  for (const ticksPerQuarter of [0, -1, 1.5, NaN]) {
    assert.throws(() => emptySequence(ticksPerQuarter), RangeError);
  }
});

Deno.test("sortNotes() sorts by start, part, pitch and end, and copies", () => {
  const { notes } = piece([
    [60, 480, 500, 0],
    [62, 0, 480, 0],
    [60, 0, 480, 1],
    [60, 0, 480, 0],
    [60, 0, 240, 0],
  ]);
  const before = structuredClone(notes);
  assert.deepEqual(rowsOf({ ...piece([]), notes: sortNotes(notes) }), [
    [60, 0, 240, 0],
    [60, 0, 480, 0],
    [62, 0, 480, 0],
    [60, 0, 480, 1],
    [60, 480, 500, 0],
  ]);
  assert.deepEqual(notes, before);
});
