// What goes through all notes of a piece, on columns as in note_columns.ts, which
// `place` makes room for. What it is for is told where it is called.

import { long, mark, releaseAll, releaseTo, take, word } from "./memory";
import {
  Columns,
  lay,
  MOST_NOTES,
  MOST_PARTS,
  NOTE_BYTES,
  sortNumbers,
  writeInOrder,
} from "./order";

const notes = changetype<Columns>(memory.data(offsetof<Columns>()));
const others = changetype<Columns>(memory.data(offsetof<Columns>()));
const results = changetype<Columns>(memory.data(offsetof<Columns>()));
let count: i32 = 0;
/** Where the memory after the notes begins. */
let afterNotes: usize = 0;

/** Room for the notes that all below is about; all else is forgotten. */
export function place(length: i32): usize {
  releaseAll();
  count = length;
  const at = take(NOTE_BYTES * length);
  lay(notes, at, length);
  afterNotes = mark();
  return at;
}

/** Forgets all but the notes. */
export function rewind(): void {
  releaseTo(afterNotes);
}

/** Room for what a function below is given. */
export function room(bytes: i32): usize {
  return take(bytes);
}

@inline
function startOf(i: i32): f64 {
  return load<f64>(long(notes.starts, i));
}
@inline
function endOf(i: i32): f64 {
  return load<f64>(long(notes.ends, i));
}
@inline
function pitchOf(i: i32): i32 {
  return load<i32>(word(notes.pitches, i));
}
@inline
function partOf(i: i32): i32 {
  return load<i32>(word(notes.parts, i));
}
@inline
function isDrum(drums: usize, i: i32): bool {
  return load<u8>(drums + partOf(i)) != 0;
}

/**
 * Ends [count] of notes as the pedal has them, see sustain.ts.
 *
 * @param parts Of each part: the number of its channel, the place of its first turn of
 * the pedal, and how many there are.
 * @param turns Times at which a pedal goes down and lifts, in turn.
 */
export function sustainedEnds(
  partCount: i32,
  parts: usize,
  turns: usize,
  channels: i32,
  totalTicks: f64,
): usize {
  const ends = take(<usize> count << 3);
  const nextStart = take(<usize> channels << 10);
  for (let i = 0; i < channels << 7; i++) {
    store<f64>(long(nextStart, i), Infinity);
  }
  const found = take(<usize> partCount << 2);
  for (let i = 0; i < partCount; i++) {
    store<i32>(word(found, i), load<i32>(word(parts, 3 * i + 2)));
  }
  for (let i = count - 1; i >= 0; i--) {
    const part = partOf(i), end = endOf(i);
    const length = load<i32>(word(parts, 3 * part + 2));
    const next = long(
      nextStart,
      load<i32>(word(parts, 3 * part)) << 7 | pitchOf(i),
    );
    let sustained = end;
    if (length > 0) {
      const own = long(turns, load<i32>(word(parts, 3 * part + 1)));
      // The pedal is down while an odd number of turns lie before the release.
      const near = load<i32>(word(found, part));
      const before = firstNotBelow(own, length, end, near);
      store<i32>(word(found, part), before);
      if (before & 1) {
        const lift = before < length
          ? load<f64>(long(own, before))
          : totalTicks;
        sustained = max(end, min(lift, load<f64>(next)));
      }
    }
    store<f64>(long(ends, i), sustained);
    store<f64>(next, startOf(i));
  }
  return ends;
}

/** Index of the first of some rising values that is at least `value`, looked for `near`. */
function firstNotBelow(
  values: usize,
  length: i32,
  value: f64,
  near: i32,
): i32 {
  let low = near, high = near, step = 1;
  // Steps that double, so that one that is far is found as soon as by halving.
  while (low > 0 && load<f64>(long(values, low - 1)) >= value) {
    high = low - 1;
    low = max(0, low - step);
    step <<= 1;
  }
  if (low == near) {
    while (high < length && load<f64>(long(values, high)) < value) {
      low = high + 1;
      high = min(length, high + step);
      step <<= 1;
    }
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(long(values, middle)) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Looks for silences, see silence.ts: notes that begin more than `gap` after all keys
 * are up, or more than `held` after the note before.
 *
 * @param sounding When each note ends with the pedal, or 0 without one.
 * @returns Numbers [4 of each] of such notes, and at the end of the piece: when it
 * begins, when the note before did, when all keys were up, and how long anything rang.
 */
export function silences(sounding: usize, gap: f64, held: f64): usize {
  let started = startOf(0), keysUp: f64 = 0, ringsUntil: f64 = 0;
  const found = mark();
  silenceCount = 0;
  for (let i = 0; i < count; i++) {
    const start = startOf(i), end = endOf(i);
    if (i > 0 && start > keysUp + gap || start > started + held) {
      addSilence(start, started, keysUp, ringsUntil);
    }
    started = start;
    keysUp = max(keysUp, max(end, start + 1));
    const rings = sounding == 0 ? end : load<f64>(long(sounding, i));
    ringsUntil = max(ringsUntil, rings);
  }
  addSilence(Infinity, started, keysUp, ringsUntil);
  return (found + 7) & ~7;
}

let silenceCount: i32 = 0;
export function getSilenceCount(): i32 {
  return silenceCount;
}

function addSilence(
  start: f64,
  started: f64,
  keysUp: f64,
  ringsUntil: f64,
): void {
  const at = take(32);
  store<f64>(at, start);
  store<f64>(at, started, 8);
  store<f64>(at, keysUp, 16);
  store<f64>(at, ringsUntil, 24);
  silenceCount++;
}

/**
 * Moves the notes to where they are without some passages [3 numbers of each: begin,
 * end, ticks cut before it], see silence.ts.
 */
export function cut(passages: usize, passageCount: i32): void {
  const first = load<f64>(passages);
  for (let i = 0; i < count; i++) {
    const start = startOf(i), end = endOf(i);
    if (start >= first) {
      store<f64>(long(notes.starts, i), placeOf(start, passages, passageCount));
    }
    if (end > first) {
      store<f64>(long(notes.ends, i), placeOf(end, passages, passageCount));
    }
  }
}

function placeOf(ticks: f64, passages: usize, passageCount: i32): f64 {
  let low = 0, high = passageCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(long(passages, 3 * middle)) <= ticks) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return ticks;
  const passage = long(passages, 3 * (low - 1));
  const from = load<f64>(passage), to = load<f64>(passage, 8);
  const before = load<f64>(passage, 16);
  return ticks < to ? from - before : ticks - before - (to - from);
}

/** Moves all notes by so many ticks. */
export function move(ticks: f64): void {
  for (let i = 0; i < count; i++) {
    store<f64>(long(notes.starts, i), startOf(i) + ticks);
    store<f64>(long(notes.ends, i), endOf(i) + ticks);
  }
}

@inline
function rounded(x: f64): f64 {
  const up = ceil(x);
  return up - 0.5 > x ? up - 1 : up;
}

/** How a downbeat is heard, see group_beats.ts. */
const BEATS: i32 = 4;
const NEAR: f64 = 0.125, LONGEST: f64 = 4, BASS: f64 = 2, CHANGE: f64 = 5;
const HIGHEST_BASS: i32 = 54;

/** What speaks for each of four beats [4] as the first of a bar, see group_beats.ts. */
export function beatWeights(drums: usize, ticksPerQuarter: f64): usize {
  const weights = take(32);
  memory.fill(weights, 0, 32);
  /** Notes: the lowest on each beat. */
  const basses = take(<usize> count << 2);
  let bassCount = 0, last: f64 = -1;
  for (let i = 0; i < count; i++) {
    if (isDrum(drums, i)) continue;
    const beats = startOf(i) / ticksPerQuarter, beat = rounded(beats);
    if (abs(beats - beat) > NEAR) continue;
    addWeight(weights, beat, weightOf(i, ticksPerQuarter));
    if (beat != last) {
      store<i32>(word(basses, bassCount++), i);
      last = beat;
    } else if (pitchOf(i) < pitchOf(load<i32>(word(basses, bassCount - 1)))) {
      store<i32>(word(basses, bassCount - 1), i);
    }
  }
  let lastPitchClass = -1;
  for (let b = 0; b < bassCount; b++) {
    const note = load<i32>(word(basses, b)), pitch = pitchOf(note);
    const beat = rounded(startOf(note) / ticksPerQuarter);
    addWeight(weights, beat, BASS * weightOf(note, ticksPerQuarter));
    if (pitch > HIGHEST_BASS) continue;
    if (pitch % 12 != lastPitchClass) addWeight(weights, beat, CHANGE);
    lastPitchClass = pitch % 12;
  }
  return weights;
}

function weightOf(note: i32, ticksPerQuarter: f64): f64 {
  return min(LONGEST, (endOf(note) - startOf(note)) / ticksPerQuarter);
}

@inline
function addWeight(weights: usize, beat: f64, weight: f64): void {
  const at = long(weights, <i32> (<i64> beat % BEATS));
  store<f64>(at, load<f64>(at) + weight);
}

/**
 * Sums: pitched notes, of their pitches, of all velocities, ticks of each pitch class
 * [12], then notes of each part.
 */
export function sums(drums: usize, partCount: i32): usize {
  const at = take(<usize> (15 + partCount) << 3);
  memory.fill(at, 0, <usize> (15 + partCount) << 3);
  let pitched = 0, pitches: f64 = 0, velocities: f64 = 0;
  for (let i = 0; i < count; i++) {
    const ofPart = long(at, 15 + partOf(i));
    store<f64>(ofPart, load<f64>(ofPart) + 1);
    velocities += load<f64>(long(notes.velocities, i));
    if (isDrum(drums, i)) continue;
    const pitch = pitchOf(i), ofClass = long(at, 3 + pitch % 12);
    const ticks = max(1, endOf(i) - startOf(i));
    store<f64>(ofClass, load<f64>(ofClass) + ticks);
    pitches += pitch;
    pitched++;
  }
  store<f64>(at, pitched);
  store<f64>(at, pitches, 8);
  store<f64>(at, velocities, 16);
  return at;
}

// What sounds between two changes is constant, see measures.ts.
let sounding: i32 = 0, many: i32 = 0, before: f64 = 0;
let ticksOfAll: f64 = 0, ticksOfAny: f64 = 0, ticksOfMany: f64 = 0;

/** Counts what sounded up to a tick. */
@inline
function goTo(ticks: f64): void {
  const span = ticks - before;
  ticksOfAll += sounding * span;
  if (sounding > 0) ticksOfAny += span;
  if (sounding > many) ticksOfMany += span;
  before = ticks;
}

/**
 * Ticks [3] for which pitched notes sound: summed over all that sound at once, in which
 * any does, and in which more than `threshold` do.
 */
export function soundingTicks(
  drums: usize,
  countsUnisons: bool,
  threshold: i32,
): usize {
  const result = take(24);
  // Numbers from 0 on are in the order of their bits.
  let releases = take(<usize> count << 3), releaseCount = 0;
  for (let i = 0; i < count; i++) {
    if (isDrum(drums, i)) continue;
    store<f64>(long(releases, releaseCount++), 128 * endOf(i) + pitchOf(i));
  }
  releases = sortNumbers(releases, releaseCount);
  const held = take(128 << 2);
  memory.fill(held, 0, 128 << 2);
  sounding = 0;
  many = threshold;
  before = ticksOfAll = ticksOfAny = ticksOfMany = 0;
  let next = 0;
  for (let i = 0; i <= count; i++) {
    if (i < count && isDrum(drums, i)) continue;
    const ticks = i < count ? startOf(i) : Infinity;
    for (; next < releaseCount; next++) {
      const release = load<f64>(long(releases, next));
      const at = floor(release / 128);
      if (at >= ticks) break;
      goTo(at);
      const key = word(held, <i32> (release - 128 * at));
      const left = load<i32>(key) - 1;
      store<i32>(key, left);
      if (countsUnisons || left == 0) sounding--;
    }
    if (i == count) break;
    goTo(ticks);
    const key = word(held, pitchOf(i)), now = load<i32>(key) + 1;
    store<i32>(key, now);
    if (countsUnisons || now == 1) sounding++;
  }
  store<f64>(result, ticksOfAll);
  store<f64>(result, ticksOfAny, 8);
  store<f64>(result, ticksOfMany, 16);
  return result;
}

/**
 * Numbers [2 count] by which a piece is known, see `twinSignature` in the corpus: when
 * each note begins after the first, to a 96th of a quarter; then its length, to the
 * same, and its interval above the lowest, as one number, in order of these where notes
 * begin together.
 */
export function twinNumbers(drums: usize, ticksPerQuarter: f64): usize {
  const starts = take(<usize> count << 4), sounds = long(starts, count);
  const first = count > 0 ? startOf(0) : 0;
  let lowest = 127;
  for (let i = 0; i < count; i++) {
    if (!isDrum(drums, i)) lowest = min(lowest, pitchOf(i));
  }
  for (let i = 0; i < count; i++) {
    const start = startOf(i), pitch = pitchOf(i);
    const sound = isDrum(drums, i) ? 128 + pitch : pitch - lowest;
    store<f64>(
      long(starts, i),
      rounded(96 * (start - first) / ticksPerQuarter),
    );
    store<f64>(
      long(sounds, i),
      256 * rounded(96 * (endOf(i) - start) / ticksPerQuarter) + sound,
    );
  }
  const top = mark();
  let from = 0;
  for (let to = 1; to <= count; to++) {
    const isTogether = to < count &&
      load<f64>(long(starts, to)) == load<f64>(long(starts, from));
    if (isTogether) continue;
    if (to - from > 1) {
      const own = long(sounds, from);
      const inOrder = sortNumbers(own, to - from);
      if (inOrder != own) {
        memory.copy(own, inOrder, <usize> (to - from) << 3);
      }
      releaseTo(top);
    }
    from = to;
  }
  return starts;
}

/**
 * The notes on a grid, see quantize.ts, in columns without gaps, in order, and those of
 * one part, pitch and step as one. Gives 0 where they cannot be put in order.
 *
 * @param newParts By part, the one that its notes go to.
 * @param newEnds When each note ends, or 0 for its own end.
 */
export function quantized(
  stepsPerQuarter: f64,
  ticksPerQuarter: f64,
  partCount: i32,
  newParts: usize,
  newEnds: usize,
): usize {
  if (count >= MOST_NOTES || partCount >= MOST_PARTS) return 0;
  lay(others, take(NOTE_BYTES * count), count);
  const ends = newEnds == 0 ? notes.ends : newEnds;
  for (let i = 0; i < count; i++) {
    const start = floor(startOf(i) * stepsPerQuarter / ticksPerQuarter + 0.5);
    const end = floor(
      load<f64>(long(ends, i)) * stepsPerQuarter / ticksPerQuarter + 0.5,
    );
    if (!(start >= 0 && end < <f64> (1 << 28)) || <u32> pitchOf(i) > 127) {
      return 0;
    }
    store<f64>(long(others.starts, i), start);
    store<f64>(long(others.ends, i), max(end, start + 1));
    store<i32>(word(others.parts, i), load<i32>(word(newParts, partOf(i))));
  }
  others.pitches = notes.pitches;
  others.velocities = notes.velocities;
  const at = take(NOTE_BYTES * count);
  lay(results, at, count);
  writeInOrder(others, count, results);
  mergeUnisons();
  return at;
}

/** How many notes the last result has. */
export function getResultCount(): i32 {
  return resultCount;
}
let resultCount: i32 = 0;

/** Makes one of the notes with the same part, pitch and start. */
function mergeUnisons(): void {
  let last = -1;
  for (let i = 0; i < count; i++) {
    const start = load<f64>(long(results.starts, i));
    const end = load<f64>(long(results.ends, i));
    const velocity = load<f64>(long(results.velocities, i));
    const pitch = load<i32>(word(results.pitches, i));
    const part = load<i32>(word(results.parts, i));
    if (
      last >= 0 && load<f64>(long(results.starts, last)) == start &&
      load<i32>(word(results.parts, last)) == part &&
      load<i32>(word(results.pitches, last)) == pitch
    ) {
      const velocityAt = long(results.velocities, last);
      const endAt = long(results.ends, last);
      store<f64>(velocityAt, max(load<f64>(velocityAt), velocity));
      store<f64>(endAt, max(load<f64>(endAt), end));
    } else if (++last < i) {
      store<f64>(long(results.starts, last), start);
      store<f64>(long(results.ends, last), end);
      store<f64>(long(results.velocities, last), velocity);
      store<i32>(word(results.pitches, last), pitch);
      store<i32>(word(results.parts, last), part);
    }
  }
  resultCount = last + 1;
}
