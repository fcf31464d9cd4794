// Notes on a grid to REMI tokens, on columns as in note_columns.ts. What the tokens keep
// of notes is told in quantize.ts, and their order in tokenizer.ts.

import { long, releaseAll, take, word } from "../../../music/assembly/memory";
import {
  Columns,
  lay,
  NOTE_BYTES,
  PACKED_BYTES,
} from "../../../music/assembly/order";

const KEYS: i32 = 128;
const DRUM_STEPS: f64 = 1;
const FIRST_KIT: i32 = 128;

const notes = changetype<Columns>(memory.data(offsetof<Columns>()));
let count: i32 = 0;
/** Lengths that one token can have, rising. */
let durations: usize = 0;
let durationCount: i32 = 0, longest: i32 = 0;

/** Room for the notes that all below is about; all else is forgotten. */
export function place(length: i32): usize {
  releaseAll();
  count = length;
  const at = take(NOTE_BYTES * length);
  lay(notes, at, length);
  return at;
}

/** Room for what a function below is given. */
export function room(bytes: i32): usize {
  return take(bytes);
}

/**
 * Gives notes velocities and durations that tokens can say.
 *
 * @param drums Of each part, whether it is for drums, in bytes.
 * @param end Step after the last bar.
 * @param width Velocities in a bin.
 * @param table Lengths that one token can have, rising.
 * @returns Whether all pitches and velocities are from 0 to 127.
 */
export function bin(
  drums: usize,
  partCount: i32,
  end: f64,
  width: f64,
  table: usize,
  tableLength: i32,
): bool {
  durations = table;
  durationCount = tableLength;
  longest = load<i32>(word(table, tableLength - 1));
  // Start of the next note of each part and pitch.
  const nextStarts = take(<usize> (partCount * KEYS) << 3);
  for (let i = 0; i < partCount * KEYS; i++) {
    store<f64>(long(nextStarts, i), Infinity);
  }
  for (let i = count - 1; i >= 0; i--) {
    const part = load<i32>(word(notes.parts, i));
    const start = load<f64>(long(notes.starts, i));
    const release = load<f64>(long(notes.ends, i));
    const pitch = load<i32>(word(notes.pitches, i));
    const velocity = long(notes.velocities, i), loud = load<f64>(velocity);
    if (<u32> pitch >= <u32> KEYS || !(loud >= 0 && loud < 128)) return false;
    const nextStart = long(nextStarts, part * KEYS + pitch);
    const next = load<f64>(nextStart);
    store<f64>(nextStart, start);
    let steps = DRUM_STEPS;
    if (load<u8>(drums + part) == 0) {
      const limit = min(release <= next ? next : Infinity, end);
      steps = binDuration(
        <i32> (min(release, end) - start),
        <i32> (limit - start),
      );
    }
    store<f64>(velocity, floor(loud / width) * width + width / 2);
    store<f64>(long(notes.ends, i), start + steps);
  }
  return true;
}

/**
 * The same of packed notes.
 *
 * @param instruments By part, a kit from 128 on.
 */
export function binPacked(
  packed: usize,
  length: i32,
  instruments: usize,
  partCount: i32,
  end: i32,
  width: i32,
  table: usize,
  tableLength: i32,
): bool {
  durations = table;
  durationCount = tableLength;
  longest = load<i32>(word(table, tableLength - 1));
  const nextStarts = take(<usize> (partCount * KEYS) << 2);
  for (let i = 0; i < partCount * KEYS; i++) {
    store<i32>(word(nextStarts, i), i32.MAX_VALUE);
  }
  for (let i = length - 1; i >= 0; i--) {
    const note = packed + <usize> i * PACKED_BYTES;
    const start = load<i32>(note), release = load<i32>(note, 4);
    const sound = load<i32>(note, 8), key = sound >> 7;
    const nextStart = word(nextStarts, key), next = load<i32>(nextStart);
    store<i32>(nextStart, start);
    let steps = <i32> DRUM_STEPS;
    if (load<i32>(word(instruments, key >> 7)) < FIRST_KIT) {
      const limit = release <= next ? min(next, end) : end;
      steps = binDuration(min(release, end) - start, limit - start);
    }
    const loud = sound & 0x7f;
    store<i32>(note, key << 7 | (loud / width * width + width / 2), 8);
    store<i32>(note, start + steps, 4);
  }
  return true;
}

/** As in durations.ts. */
function binDuration(steps: i32, limit: i32): i32 {
  // Most notes are short, and those have every length.
  if (
    steps <= limit && <u32> (steps - 1) < <u32> durationCount &&
    load<i32>(word(durations, steps - 1)) == steps
  ) return steps;
  const rest = steps % longest, i = countUpTo(rest);
  const lower = i > 0 ? load<i32>(word(durations, i - 1)) : 0;
  if (lower == rest) return steps;
  const down = steps - rest + lower;
  const up = steps - rest + load<i32>(word(durations, i));
  const nearest = down > 0 && steps - down < up - steps ? down : up;
  if (nearest <= limit) return nearest;
  const left = limit % longest, j = countUpTo(left);
  return limit - left + (j > 0 ? load<i32>(word(durations, j - 1)) : 0);
}

/** How many durations are at most `steps`. */
function countUpTo(steps: i32): i32 {
  let low = 0, high = durationCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(word(durations, middle)) <= steps) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Packed notes, whose tokens are written.
let packed: usize = 0, packedCount: i32 = 0;

/** Room for packed notes that all below is about; all else is forgotten. */
export function placePacked(length: i32): usize {
  releaseAll();
  usePacked(take(PACKED_BYTES * length), length);
  return packed;
}

export function usePacked(at: usize, length: i32): void {
  packed = at;
  packedCount = length;
}

/** How many tokens of durations there are beyond the first of each note. */
export function addedDurations(longest: i32): f64 {
  let added: f64 = 0, note = packed;
  for (let i = 0; i < packedCount; i++, note += PACKED_BYTES) {
    const steps = load<i32>(note, 4) - load<i32>(note);
    if (steps > longest) added += (steps - 1) / longest;
  }
  return added;
}

// Tokens so far: the different ones, and each as an index into these.
let ids: usize = 0, alphabet: usize = 0, places: usize = 0;
let idCount: i32 = 0, alphabetCount: i32 = 0;

export function getIds(): usize {
  return ids;
}
export function getIdCount(): i32 {
  return idCount;
}
export function getAlphabet(): usize {
  return alphabet;
}
export function getAlphabetCount(): i32 {
  return alphabetCount;
}

/**
 * Begins a piece.
 *
 * @param numbers More than the number of any token.
 * @param most Tokens at most.
 */
export function beginTokens(numbers: i32, most: i32): void {
  alphabet = take(<usize> numbers << 2);
  places = take(<usize> numbers << 2);
  memory.fill(places, 0, <usize> numbers << 2);
  ids = take(<usize> most << 2);
  idCount = alphabetCount = 0;
}

@inline
function add(token: i32): void {
  const at = word(places, token);
  let place = load<i32>(at);
  if (place == 0) {
    store<i32>(word(alphabet, alphabetCount), token);
    place = ++alphabetCount;
    store<i32>(at, place);
  }
  store<i32>(word(ids, idCount++), place - 1);
}

/** Adds tokens as they are. */
export function addAll(tokens: usize, length: i32): void {
  for (let i = 0; i < length; i++) add(load<i32>(word(tokens, i)));
}

/**
 * Adds the bars of a piece.
 *
 * @param spans Of bars that follow one another: first step, how many, steps in each,
 * and the token of their meter.
 * @param tempos Step and token of each change.
 * @param parts Of each part: whether it is for drums, and its token.
 * @param pitches Tokens [128] of pitches, then of drums, then [129] of velocities.
 * @param lengths Tokens by steps.
 * @param longest Steps of the longest.
 * @param positions Tokens by steps after the bar line.
 */
export function addBars(
  bar: i32,
  spans: usize,
  spanCount: i32,
  tempos: usize,
  tempoCount: i32,
  parts: usize,
  pitches: usize,
  lengths: usize,
  longest: i32,
  positions: usize,
): void {
  const drums = word(pitches, KEYS), velocities = word(drums, KEYS);
  let meter = -1, note = packed, tempo = 0;
  const notesEnd = packed + <usize> packedCount * PACKED_BYTES;
  for (let s = 0; s < spanCount; s++) {
    const span = word(spans, 4 * s);
    const bars = load<i32>(span, 4), steps = load<i32>(span, 8);
    const ownMeter = load<i32>(span, 12);
    let start = load<i32>(span);
    for (let b = 0; b < bars; b++, start += steps) {
      const end = start + steps;
      add(bar);
      if (ownMeter != meter) add(ownMeter);
      meter = ownMeter;
      let part = -1;
      while (true) {
        const noteStep = note < notesEnd ? load<i32>(note) : i32.MAX_VALUE;
        const tempoStep = tempo < tempoCount
          ? load<i32>(word(tempos, 2 * tempo))
          : i32.MAX_VALUE;
        const step = min(noteStep, tempoStep);
        if (step >= end) break;
        const isTempoHere = tempoStep == step;
        // A tempo of the whole bar comes before the bar's positions.
        if (isTempoHere && step == start) {
          add(load<i32>(word(tempos, 2 * tempo + 1)));
        }
        if (noteStep == step || step > start) {
          add(load<i32>(word(positions, step - start)));
        }
        if (isTempoHere && step > start) {
          add(load<i32>(word(tempos, 2 * tempo + 1)));
        }
        if (isTempoHere) tempo++;
        for (; note < notesEnd; note += PACKED_BYTES) {
          if (load<i32>(note) != step) break;
          const sound = load<i32>(note, 8), own = sound >> 14;
          const isDrum = load<i32>(word(parts, 2 * own)) != 0;
          if (own != part) add(load<i32>(word(parts, 2 * own + 1)));
          part = own;
          const pitch = sound >> 7 & 0x7f;
          add(load<i32>(word(isDrum ? drums : pitches, pitch)));
          add(load<i32>(word(velocities, sound & 0x7f)));
          if (isDrum) continue;
          let length = load<i32>(note, 4) - step;
          const ofLongest = load<i32>(word(lengths, longest));
          for (; length > longest; length -= longest) add(ofLongest);
          add(load<i32>(word(lengths, length)));
        }
      }
    }
  }
}
