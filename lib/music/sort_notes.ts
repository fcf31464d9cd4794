/**
 * Notes in order, for lists that mostly are: those of a file, track after track, or
 * those that a grid has moved. Ten times as fast there as `Array.sort`.
 */

import { columnsOfNotes, type NoteColumns } from "./note_columns.ts";
import type { Note } from "./note_sequence.ts";

/** Places that a note is moved back within a run; one of more begins the next run. */
const MOST_MOVES = 32;

/**
 * Notes in the order of {@linkcode NoteSequence.notes}.
 *
 * @param notes Notes in any order.
 * @returns A new array, sorted by `startTicks`, then `part`, `pitch`,
 * `endTicks`; notes alike in all four stay as they were.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sortNotes } from "immersic/music/music.ts";
 * const note = { pitch: 60, velocity: 80, startTicks: 0, endTicks: 480, part: 0 };
 * const [first] = sortNotes([{ ...note, startTicks: 480 }, note]);
 * assert(first?.startTicks === 0);
 * ```
 */
export function sortNotes<T extends Note>(notes: readonly T[]): T[] {
  const order = noteOrder(columnsOfNotes(notes));
  return order ? Array.from(order, (i) => notes[i]!) : notes.slice();
}

/**
 * Columns in the order of {@linkcode NoteSequence.notes}, as {@linkcode sortNotes} has
 * it: the same columns where they are in order.
 */
export function sortColumns(columns: NoteColumns): NoteColumns {
  const order = noteOrder(columns);
  return order ? columns.inOrder(order) : columns;
}

/** The indices of the notes in order; undefined where they are in order. */
function noteOrder(columns: NoteColumns): Int32Array | undefined {
  const { length, startTicks, part, pitch, endTicks } = columns;
  /** Above 0 where note `b` comes first. */
  const compare = (a: number, b: number) =>
    startTicks[a]! - startTicks[b]! || part[a]! - part[b]! ||
    pitch[a]! - pitch[b]! || endTicks[a]! - endTicks[b]!;
  let sorted = 1;
  while (sorted < length && !(compare(sorted - 1, sorted) > 0)) sorted++;
  if (sorted >= length) return undefined;
  const order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  let ends = sortRuns(order, compare);
  let from = order, to = new Int32Array(ends.length > 1 ? length : 0);
  while (ends.length > 1) {
    const merged: number[] = [];
    let start = 0;
    for (let run = 0; run < ends.length; run += 2) {
      const middle = ends[run]!, end = ends[run + 1] ?? middle;
      merge(from, to, { start, middle, end }, compare);
      merged.push(end);
      start = end;
    }
    [from, to] = [to, from];
    ends = merged;
  }
  return from;
}

/** Above 0 where note `b` comes first. */
type Compare = (a: number, b: number) => number;

/**
 * Sorts neighbours, in place.
 *
 * @returns Where runs that are sorted end.
 */
function sortRuns(order: Int32Array, compare: Compare): number[] {
  const ends: number[] = [];
  let start = 0;
  for (let i = 1; i < order.length; i++) {
    const note = order[i]!;
    if (!(compare(order[i - 1]!, note) > 0)) continue;
    const least = Math.max(start, i - MOST_MOVES);
    let place = i - 1;
    while (place > least && compare(order[place - 1]!, note) > 0) place--;
    if (place === least && least > start) {
      ends.push(i);
      start = i;
    } else {
      for (let j = i; j > place; j--) order[j] = order[j - 1]!;
      order[place] = note;
    }
  }
  if (order.length > 0) ends.push(order.length);
  return ends;
}

/** Merges the two runs of a stretch. */
function merge(
  from: Int32Array,
  to: Int32Array,
  { start, middle, end }: { start: number; middle: number; end: number },
  compare: Compare,
): void {
  let a = start, b = middle;
  for (let i = start; i < end; i++) {
    const takesFirst = b >= end ||
      a < middle && !(compare(from[a]!, from[b]!) > 0);
    to[i] = takesFirst ? from[a++]! : from[b++]!;
  }
}
