/** Small pieces as tables of numbers, for the tests of this folder. */

import {
  type ControlChange,
  emptySequence,
  type NoteSequence,
} from "./note_sequence.ts";

/** A note: pitch, start and end in ticks, part. Part 1 is drums. */
export type NoteRow = readonly [
  pitch: number,
  startTicks: number,
  endTicks: number,
  part: number,
];

/** A piece of these notes, 480 ticks to the quarter. */
export function piece(
  rows: readonly NoteRow[],
  more: Partial<NoteSequence> = {},
): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [false, true].map((isDrum) => ({ name: "", program: 0, isDrum })),
    notes: rows.map(([pitch, startTicks, endTicks, part]) => (
      { pitch, velocity: 80, startTicks, endTicks, part }
    )),
    totalTicks: Math.max(0, ...rows.map(([, , endTicks]) => endTicks)),
    ...more,
  };
}

/** The notes of a piece as {@linkcode piece} takes them. */
export function rowsOf({ notes }: Pick<NoteSequence, "notes">): NoteRow[] {
  return notes.map((note) => [
    note.pitch,
    note.startTicks,
    note.endTicks,
    note.part,
  ]);
}

/** Changes of the sustain pedal: ticks, value and part, 0 where left out. */
export function pedal(
  rows: readonly (readonly [ticks: number, value: number, part?: number])[],
): ControlChange[] {
  return rows.map(([ticks, value, part = 0]) => (
    { ticks, value, part, controller: 64 }
  ));
}
