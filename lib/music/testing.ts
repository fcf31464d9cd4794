/** Small pieces as tables of numbers, for the tests of this folder. */

import {
  type ControlChange,
  emptySequence,
  type NoteSequence,
} from "./note_sequence.ts";
import { quantize, quantizeTicks, STEPS_PER_QUARTER } from "./quantize.ts";
import { ticksToSeconds } from "./tempo.ts";

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

/** How far {@linkcode quantize} moves the starts of a piece's notes. */
export function quantizationError(
  sequence: NoteSequence,
  stepsPerQuarter: number = STEPS_PER_QUARTER,
) {
  const { notes, ticksPerQuarter } = sequence;
  let maxTicks = 0, sumSeconds = 0;
  for (const { startTicks } of notes) {
    const step = quantizeTicks(startTicks, sequence, stepsPerQuarter);
    const moved = step * ticksPerQuarter / stepsPerQuarter;
    maxTicks = Math.max(maxTicks, Math.abs(moved - startTicks));
    sumSeconds += Math.abs(
      ticksToSeconds(sequence, moved) - ticksToSeconds(sequence, startTicks),
    );
  }
  const left = quantize(sequence, stepsPerQuarter).notes;
  return {
    notes: notes.length,
    /** Notes that became one with another of the same part, pitch and step. */
    mergedNotes: notes.length - left.length,
    maxTicks,
    meanMilliseconds: 1000 * sumSeconds / Math.max(notes.length, 1),
  };
}
