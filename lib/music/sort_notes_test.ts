import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import type { Note } from "./note_sequence.ts";
import { sortNotes } from "./sort_notes.ts";

/** The plain way. */
function sorted(notes: readonly Note[]): Note[] {
  return notes.toSorted((a, b) =>
    a.startTicks - b.startTicks || a.part - b.part || a.pitch - b.pitch ||
    a.endTicks - b.endTicks
  );
}

/** Notes of few different values, so that many are alike; velocities tell them. */
function notesOf(random: Random, startOf: (i: number) => number): Note[] {
  return Array.from({ length: random.int(400) }, (_, velocity) => {
    const startTicks = startOf(velocity), endTicks = startTicks + random.int(2);
    return {
      ...{ pitch: random.int(3), velocity, startTicks, endTicks },
      part: random.int(2),
    };
  });
}

Deno.test("sortNotes() sorts any notes as Array.sort does, and leaves those alike", () => {
  const random = new Random(1);
  for (let round = 0; round < 200; round++) {
    for (
      const notes of [
        notesOf(random, () => random.int(300)),
        notesOf(random, (i) => i + random.int(40)),
        notesOf(random, (i) => (i % 100) * 2),
        notesOf(random, (i) => -i),
      ]
    ) {
      const before = notes.slice();
      assert.deepEqual(sortNotes(notes), sorted(notes));
      assert.deepEqual(notes, before);
    }
  }
});
