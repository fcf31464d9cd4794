/**
 * Ticks to steps of a grid: the one place where timing is rounded.
 *
 * The rule: a time goes to the nearest step, and half a step goes to the later
 * one. A note's start and release are rounded each on its own, so that notes
 * which touch still touch, and no note is shorter than one step. Notes of one
 * part and pitch that fall on one step become one note, with the loudest
 * velocity and the latest release. Of several tempi, meters or keys on one
 * step the last one holds.
 *
 * Twelve steps to the quarter hold sixteenths (3 steps) and triplets (4 steps)
 * exactly; at 75 qpm a step is 67 ms, so that a played note moves by 17 ms on
 * average and by 33 ms at most.
 */

import {
  columnsOf,
  lastEnd,
  NoteColumns,
  notesOf,
  type SequenceFields,
  sequenceOf,
} from "./note_columns.ts";
import { gridColumns } from "./note_kernels.ts";
import type { Note, NoteSequence } from "./note_sequence.ts";
import { sortColumns } from "./sort_notes.ts";

/** Steps in a quarter note unless told otherwise. */
export const STEPS_PER_QUARTER = 12;

/**
 * Moves every time of a piece to a grid, by the rule at the head of this
 * module.
 *
 * @param sequence Any piece.
 * @param stepsPerQuarter Steps in a quarter note, a whole number from 1 to 960.
 * @returns A piece whose ticks are steps: `ticksPerQuarter` is `stepsPerQuarter`.
 * @throws {RangeError} If `stepsPerQuarter` is out of range.
 *
 * @example
 * ```ts
 * import { emptySequence, quantize } from "immersic/music/music.ts";
 * const played = {
 *   ...emptySequence(480),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 170, endTicks: 475, part: 0 }],
 *   totalTicks: 475,
 * };
 * const { notes } = quantize(played, 12); // 40 ticks to a step
 * console.assert(notes[0]?.startTicks === 4 && notes[0].endTicks === 12);
 * ```
 */
export function quantize(
  sequence: NoteSequence,
  stepsPerQuarter: number = STEPS_PER_QUARTER,
): NoteSequence {
  const notes = quantizeColumns(sequence, stepsPerQuarter);
  const fields = quantizeFields(sequence, stepsPerQuarter);
  const totalTicks = Math.max(lastEnd(notes), fields.totalTicks);
  const step = stepOf(sequence, stepsPerQuarter);
  const controls = eventsOnGrid(sequence.controls, step);
  return sequenceOf({ ...fields, controls, totalTicks }, notes);
}

/**
 * All of a piece but its notes and controllers on a grid, as {@linkcode quantize} has
 * it.
 *
 * @example
 * ```ts
 * import { emptySequence, quantizeFields } from "immersic/music/music.ts";
 * const { totalTicks } = quantizeFields({ ...emptySequence(480), totalTicks: 99 }, 12);
 * console.assert(totalTicks === 2);
 * ```
 */
export function quantizeFields(
  sequence: Omit<SequenceFields, "controls">,
  stepsPerQuarter: number,
): Omit<SequenceFields, "controls"> {
  const step = stepOf(sequence, stepsPerQuarter);
  const onGrid = <T extends { readonly ticks: number }>(events: readonly T[]) =>
    eventsOnGrid(events, step);
  return {
    ticksPerQuarter: stepsPerQuarter,
    parts: sequence.parts,
    tempos: lastOfEachStep(onGrid(sequence.tempos)),
    timeSignatures: lastOfEachStep(onGrid(sequence.timeSignatures)),
    keySignatures: lastOfEachStep(onGrid(sequence.keySignatures)),
    ...sequence.markers && { markers: onGrid(sequence.markers) },
    totalTicks: step(sequence.totalTicks),
  };
}

/** A note that its maker may still change. */
export type MutableNote = { -readonly [K in keyof Note]: Note[K] };

/**
 * The notes of a piece on a grid, as {@linkcode quantize} has them, for those who
 * go on working on them.
 *
 * @param sequence Any piece.
 * @param stepsPerQuarter Steps in a quarter note, a whole number from 1 to 960.
 * @param newParts By part, the part that its notes go to; those of one pitch and
 * step that meet there become one.
 * @param ends When each note ends, as `sustainedEnds()` has it; by default its own end.
 * @returns New columns, sorted; the caller may change them.
 * @throws {RangeError} If `stepsPerQuarter` is out of range.
 *
 * @example
 * ```ts
 * import { emptySequence, quantizeColumns } from "immersic/music/music.ts";
 * const note = { pitch: 60, velocity: 80, startTicks: 170, endTicks: 475 };
 * const played = {
 *   ...emptySequence(480),
 *   parts: [0, 1].map(() => ({ name: "", program: 0, isDrum: false })),
 *   notes: [{ ...note, part: 0 }, { ...note, part: 1 }],
 *   totalTicks: 475,
 * };
 * console.assert(quantizeColumns(played, 12).length === 2);
 * console.assert(quantizeColumns(played, 12, [0, 0]).length === 1);
 * ```
 */
export function quantizeColumns(
  sequence: NoteSequence,
  stepsPerQuarter: number,
  newParts?: ArrayLike<number>,
  ends?: ArrayLike<number>,
): NoteColumns {
  const step = stepOf(sequence, stepsPerQuarter), all = columnsOf(sequence);
  const { ticksPerQuarter, parts } = sequence;
  const grid = { stepsPerQuarter, ticksPerQuarter };
  const partOf = newParts ?? parts.map((_, part) => part);
  const quick = gridColumns(all, grid, partOf, ends);
  if (quick) return quick;
  const { length, pitch, velocity, startTicks, endTicks, part } = all;
  const notes = new NoteColumns(length);
  for (let i = 0; i < length; i++) {
    const start = step(startTicks[i]!);
    const end = step(ends ? ends[i]! : endTicks[i]!);
    notes.add(
      pitch[i]!,
      velocity[i]!,
      start,
      Math.max(end, start + 1),
      partOf[part[i]!]!,
    );
  }
  return mergeUnisons(sortColumns(notes));
}

/** As {@linkcode quantizeColumns}, a new object for each note. */
export function quantizeNotes(
  sequence: NoteSequence,
  stepsPerQuarter: number,
  newParts?: ArrayLike<number>,
): MutableNote[] {
  return notesOf(quantizeColumns(sequence, stepsPerQuarter, newParts));
}

/**
 * The step of a time.
 *
 * @example
 * ```ts
 * import { emptySequence, quantizeTicks } from "immersic/music/music.ts";
 * console.assert(quantizeTicks(170, emptySequence(480), 12) === 4);
 * ```
 */
export function quantizeTicks(
  ticks: number,
  sequence: Pick<NoteSequence, "ticksPerQuarter">,
  stepsPerQuarter: number,
): number {
  return stepOf(sequence, stepsPerQuarter)(ticks);
}

/** The rounding rule itself: ticks of `sequence` to steps. */
function stepOf(
  sequence: Pick<NoteSequence, "ticksPerQuarter">,
  stepsPerQuarter: number,
) {
  if (
    !Number.isInteger(stepsPerQuarter) || stepsPerQuarter < 1 ||
    stepsPerQuarter > 960
  ) {
    throw new RangeError(
      `Cannot quantize: stepsPerQuarter must be a whole number from 1 to 960, current value is ${stepsPerQuarter}.`,
    );
  }
  // Multiplied first: the product of two integers is exact, a ratio is not.
  return (ticks: number) =>
    Math.floor(ticks * stepsPerQuarter / sequence.ticksPerQuarter + 0.5);
}

function eventsOnGrid<T extends { readonly ticks: number }>(
  events: readonly T[],
  step: (ticks: number) => number,
): T[] {
  return events.map((event) => ({ ...event, ticks: step(event.ticks) }));
}

/** Makes one of the notes with the same part, pitch and start, in place. */
function mergeUnisons(notes: NoteColumns): NoteColumns {
  const { length, pitch, velocity, startTicks, endTicks, part } = notes;
  let last = -1;
  for (let i = 0; i < length; i++) {
    if (
      last >= 0 && startTicks[last] === startTicks[i] &&
      part[last] === part[i] && pitch[last] === pitch[i]
    ) {
      velocity[last] = Math.max(velocity[last]!, velocity[i]!);
      endTicks[last] = Math.max(endTicks[last]!, endTicks[i]!);
    } else if (++last < i) {
      pitch[last] = pitch[i]!;
      velocity[last] = velocity[i]!;
      startTicks[last] = startTicks[i]!;
      endTicks[last] = endTicks[i]!;
      part[last] = part[i]!;
    }
  }
  notes.length = last + 1;
  return notes;
}

function lastOfEachStep<T extends { readonly ticks: number }>(
  events: readonly T[],
): T[] {
  return events.filter((event, i) => event.ticks !== events[i + 1]?.ticks);
}
