// Notes in the order of a sequence: by start, part, pitch and end; notes alike in all
// four stay as they were. All four of a note are one number, and so its place, so that
// nothing else is compared.

import { long, take, word } from "./memory";

/** Bits of a place, a pitch, a part and a start, in a number of 64. */
const PLACE_BITS: u64 = 18, PITCH_BITS: u64 = 7, PART_BITS: u64 = 11;
const START_BITS: u64 = 28;
const PLACES: u64 = (1 << PLACE_BITS) - 1;
/** More notes or parts than these have no number. */
export const MOST_NOTES: i32 = 1 << 18, MOST_PARTS: i32 = 1 << 11;

/** Places that a number is moved back within a run; one of more begins the next run. */
const MOST_MOVES: i32 = 32;

/** Bytes of a note in five columns: three numbers of 64 bits, two of 32. */
export const NOTE_BYTES: usize = 32;

/** Where columns are; as in note_columns.ts. */
@unmanaged
export class Columns {
  starts: usize;
  ends: usize;
  velocities: usize;
  pitches: usize;
  parts: usize;
}

/** Sets where columns with room for some notes are, one after the other. */
export function lay(columns: Columns, at: usize, room: usize): void {
  columns.starts = at;
  columns.ends = at + 8 * room;
  columns.velocities = at + 16 * room;
  columns.pitches = at + 24 * room;
  columns.parts = at + 28 * room;
}

@inline
function at(numbers: usize, i: i32): u64 {
  return load<u64>(long(numbers, i));
}

/** Numbers [count] in order, here or elsewhere. They mostly are, or in a few runs. */
export function sortNumbers(numbers: usize, count: i32): usize {
  let sorted = 1;
  while (sorted < count && at(numbers, sorted - 1) <= at(numbers, sorted)) {
    sorted++;
  }
  if (sorted >= count) return numbers;
  const ends = take((<usize> (count / MOST_MOVES) + 2) << 2);
  let runs = sortRuns(numbers, count, sorted, ends);
  if (runs == 1) return numbers;
  let from = numbers, to = take(<usize> count << 3);
  while (runs > 1) {
    let merged = 0, start = 0;
    for (let run = 0; run < runs; run += 2) {
      const middle = load<i32>(word(ends, run));
      const end = run + 1 < runs ? load<i32>(word(ends, run + 1)) : middle;
      merge(from, to, start, middle, end);
      store<i32>(word(ends, merged++), end);
      start = end;
    }
    const swapped = from;
    from = to;
    to = swapped;
    runs = merged;
  }
  return from;
}

/** Sorts neighbours, in place. Gives the number of sorted runs, which end at `ends`. */
function sortRuns(numbers: usize, count: i32, sorted: i32, ends: usize): i32 {
  let runs = 0, start = 0;
  for (let i = sorted; i < count; i++) {
    const number = at(numbers, i);
    if (at(numbers, i - 1) <= number) continue;
    const least = max(start, i - MOST_MOVES);
    let place = i - 1;
    while (place > least && at(numbers, place - 1) > number) place--;
    if (place == least && least > start) {
      store<i32>(word(ends, runs++), i);
      start = i;
    } else {
      const from = long(numbers, place);
      for (let to = long(numbers, i); to > from; to -= 8) {
        store<u64>(to, load<u64>(to - 8));
      }
      store<u64>(from, number);
    }
  }
  store<i32>(word(ends, runs++), count);
  return runs;
}

/** Merges the two runs of a stretch. */
function merge(
  from: usize,
  to: usize,
  start: i32,
  middle: i32,
  end: i32,
): void {
  let a = long(from, start), b = long(from, middle);
  const aEnd = b, bEnd = long(from, end);
  to = long(to, start);
  while (a < aEnd && b < bEnd) {
    const one = load<u64>(a), other = load<u64>(b);
    const takesFirst = one <= other;
    store<u64>(to, takesFirst ? one : other);
    a += <usize> takesFirst << 3;
    b += <usize> !takesFirst << 3;
    to += 8;
  }
  memory.copy(to, a, aEnd - a);
  memory.copy(to + (aEnd - a), b, bEnd - b);
}

/**
 * Writes notes in order to columns of their own. There are fewer than MOST_NOTES, of
 * fewer than MOST_PARTS parts, and their times are whole numbers below 2^28.
 */
export function writeInOrder(columns: Columns, count: i32, to: Columns): void {
  let numbers = take(<usize> count << 3);
  for (let i = 0; i < count; i++) {
    const start = <u64> <i32> load<f64>(long(columns.starts, i));
    const part = <u64> load<i32>(word(columns.parts, i));
    const pitch = <u64> load<i32>(word(columns.pitches, i));
    store<u64>(
      long(numbers, i),
      ((start << PART_BITS | part) << PITCH_BITS | pitch) << PLACE_BITS | i,
    );
  }
  numbers = sortNumbers(numbers, count);
  for (let i = 1; i < count; i++) {
    const number = at(numbers, i) >> PLACE_BITS;
    if (at(numbers, i - 1) >> PLACE_BITS != number) continue;
    let end = i + 1;
    while (end < count && at(numbers, end) >> PLACE_BITS == number) end++;
    sortByEnd(columns.ends, long(numbers, i - 1), end - i + 1);
    i = end;
  }
  for (let i = 0; i < count; i++) {
    const from = <i32> (at(numbers, i) & PLACES);
    const number = at(numbers, i) >> PLACE_BITS;
    store<f64>(
      long(to.starts, i),
      <f64> <i32> (number >> (PITCH_BITS + PART_BITS)),
    );
    store<f64>(long(to.ends, i), load<f64>(long(columns.ends, from)));
    store<f64>(
      long(to.velocities, i),
      load<f64>(long(columns.velocities, from)),
    );
    store<i32>(word(to.pitches, i), <i32> number & 0x7f);
    store<i32>(
      word(to.parts, i),
      <i32> (number >> PITCH_BITS) & (MOST_PARTS - 1),
    );
  }
}

/** Sorts the numbers of notes that are alike in all but their ends. */
function sortByEnd(ends: usize, numbers: usize, count: i32): void {
  const alike = at(numbers, 0) & ~PLACES;
  const byEnd = take(<usize> count << 3);
  for (let i = 0; i < count; i++) {
    const place = at(numbers, i) & PLACES;
    const end = <u64> <i32> load<f64>(long(ends, <i32> place));
    store<u64>(long(byEnd, i), end << PLACE_BITS | place);
  }
  sortAlike(alike, byEnd, numbers, count);
}

/** Puts the places of such notes in the order of the numbers of their ends. */
function sortAlike(
  alike: u64,
  byEnd: usize,
  numbers: usize,
  count: i32,
): void {
  const sorted = sortNumbers(byEnd, count);
  for (let i = 0; i < count; i++) {
    store<u64>(long(numbers, i), alike | at(sorted, i) & PLACES);
  }
}

/** Bytes of a packed note: start, end, and part, pitch and velocity as one number. */
export const PACKED_BYTES: usize = 12;

/**
 * Packs notes in order. The limits are those of {@linkcode writeInOrder}.
 *
 * @param notes Packed, but for their parts, and so many bytes each.
 * @param parts By what each has in place of its part: its part.
 */
export function packInOrder(
  notes: usize,
  bytes: usize,
  count: i32,
  parts: usize,
  to: usize,
): void {
  let numbers = take(<usize> count << 3);
  let note = notes;
  for (let i = 0; i < count; i++, note += bytes) {
    const start = <u64> load<i32>(note), sound = load<i32>(note, 8);
    const part = <u64> load<i32>(word(parts, sound >> 14));
    const pitch = <u64> (sound >> 7 & 0x7f);
    store<u64>(
      long(numbers, i),
      ((start << PART_BITS | part) << PITCH_BITS | pitch) << PLACE_BITS | i,
    );
  }
  numbers = sortNumbers(numbers, count);
  let before: u64 = ~0;
  for (let i = 0; i < count; i++) {
    const number = at(numbers, i) >> PLACE_BITS;
    if (before == number) {
      let end = i + 1;
      while (end < count && at(numbers, end) >> PLACE_BITS == number) end++;
      sortPackedByEnd(notes, bytes, long(numbers, i - 1), end - i + 1);
      i = end - 1;
    }
    before = number;
  }
  for (let i = 0; i < count; i++, to += PACKED_BYTES) {
    const number = at(numbers, i);
    const from = notes + <usize> (number & PLACES) * bytes;
    store<u64>(to, load<u64>(from));
    const sound = <i32> (number >> PLACE_BITS) & 0x3ffff;
    store<i32>(to, sound << 7 | load<i32>(from, 8) & 0x7f, 8);
  }
}

function sortPackedByEnd(
  notes: usize,
  bytes: usize,
  numbers: usize,
  count: i32,
): void {
  const alike = at(numbers, 0) & ~PLACES;
  const byEnd = take(<usize> count << 3);
  for (let i = 0; i < count; i++) {
    const place = at(numbers, i) & PLACES;
    const end = <u64> load<i32>(notes + <usize> place * bytes, 4);
    store<u64>(long(byEnd, i), end << PLACE_BITS | place);
  }
  sortAlike(alike, byEnd, numbers, count);
}
