import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { polyphonyOf, sumsOf } from "./measures.ts";
import { columnsOf, columnsOfNotes, notesOf } from "./note_columns.ts";
import { gridColumns, moveColumns } from "./note_kernels.ts";
import {
  emptySequence,
  type Note,
  type NoteSequence,
} from "./note_sequence.ts";
import { quantizeNotes } from "./quantize.ts";
import { sustainedEnds } from "./sustain.ts";

const PARTS = [false, true, false].map((isDrum, channel) => (
  { name: "", program: channel, isDrum, channel }
));

/** A piece of few different values, so that many notes are alike. */
function pieceOf(random: Random, later = 0): NoteSequence {
  const notes = Array.from({ length: random.int(300) }, (_, i): Note => {
    const startTicks = later + 7 * i + random.int(40);
    return {
      startTicks,
      endTicks: startTicks + random.int(90),
      pitch: 50 + random.int(4),
      velocity: 1 + random.int(127),
      part: random.int(3),
    };
  });
  notes.sort((a, b) =>
    a.startTicks - b.startTicks || a.part - b.part || a.pitch - b.pitch ||
    a.endTicks - b.endTicks
  );
  const end = notes.reduce((most, note) => Math.max(most, note.endTicks), 0);
  return {
    ...emptySequence(48),
    parts: PARTS,
    notes,
    controls: Array.from({ length: 20 }, (_, i) => (
      { ticks: 97 * i, part: i % 2 * 2, controller: 64, value: i % 3 * 60 }
    )),
    totalTicks: end,
  };
}

Deno.test("gridColumns() puts notes on the grid as what takes notes of any time does", () => {
  const random = new Random(3), late = 2 ** 34;
  for (let i = 0; i < 100; i++) {
    const grid = { stepsPerQuarter: 12, ticksPerQuarter: 48 };
    const piece = pieceOf(random), newParts = [0, 1, random.int(2)];
    const quick = gridColumns(columnsOf(piece), grid, newParts)!;
    const notes = piece.notes.map((note) => ({
      ...note,
      startTicks: note.startTicks + late,
      endTicks: note.endTicks + late,
    }));
    const other = columnsOfNotes(notes);
    assert.equal(gridColumns(other, grid, newParts), undefined, "too late");
    const slow = quantizeNotes({ ...piece, notes }, 12, newParts);
    assert.deepEqual(
      notesOf(quick),
      slow.map((note) => ({
        ...note,
        startTicks: note.startTicks - late / 4,
        endTicks: note.endTicks - late / 4,
      })),
    );
  }
});

Deno.test("sumsOf() and polyphonyOf() count what the notes say", () => {
  const random = new Random(4);
  for (let i = 0; i < 20; i++) {
    const piece = pieceOf(random), { notes } = piece;
    const pitched = notes.filter(({ part }) => part !== 1);
    const sum = (all: readonly Note[], of: (note: Note) => number) =>
      all.reduce((sum, note) => sum + of(note), 0);
    const sums = sumsOf(piece);
    assert.equal(sums.pitched, pitched.length);
    assert.equal(sums.pitches, sum(pitched, ({ pitch }) => pitch));
    assert.equal(sums.velocities, sum(notes, ({ velocity }) => velocity));
    assert.deepEqual(
      sums.notesOfPart,
      [0, 1, 2].map((one) => notes.filter(({ part }) => part === one).length),
    );
    // Tick for tick.
    let all = 0, any = 0;
    for (let tick = 0; tick < piece.totalTicks; tick++) {
      const sounding = pitched.filter(({ startTicks, endTicks }) =>
        startTicks <= tick && tick < endTicks
      ).length;
      all += sounding;
      if (sounding > 0) {
        any++;
      }
    }
    const { polyphony } = polyphonyOf(piece, { countsUnisons: true });
    assert.equal(polyphony, all / any);
  }
});

Deno.test("sustainedEnds() holds notes to the lift of the pedal or the next of their pitch", () => {
  const random = new Random(5);
  for (let i = 0; i < 20; i++) {
    const piece = pieceOf(random), { notes, controls } = piece;
    const ends = sustainedEnds(piece)!;
    for (const [n, { part, pitch, endTicks }] of notes.entries()) {
      let isDown = false, lift = piece.totalTicks;
      for (const { ticks, part: own, value } of controls) {
        if (own !== part) continue;
        if (ticks < endTicks) isDown = value >= 64;
        else if (isDown && value < 64) {
          lift = ticks;
          break;
        }
      }
      const next = notes.slice(n + 1).find((other) =>
        other.part === part && other.pitch === pitch
      );
      const held = Math.min(lift, next?.startTicks ?? Infinity);
      const expected = isDown && part !== 1
        ? Math.max(endTicks, held)
        : endTicks;
      assert.equal(ends[n], expected, `note ${n}`);
    }
  }
});

Deno.test("moveColumns() leaves the notes that it is given as they are", () => {
  const piece = pieceOf(new Random(6)), columns = columnsOf(piece);
  const moved = moveColumns(columns, 5), again = moveColumns(columns, 7);
  assert.deepEqual(notesOf(columns), piece.notes);
  for (const [i, { startTicks, endTicks }] of piece.notes.entries()) {
    assert.equal(moved.startTicks[i], startTicks + 5);
    assert.equal(again.endTicks[i], endTicks + 7);
  }
});
