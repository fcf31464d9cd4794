// What is heard in notes, on packed ones: see group_beats.ts and measures.ts in
// lib/music/.

import { long, mark, releaseTo, take, word } from "../../music/assembly/memory";
import { PACKED_BYTES, sortNumbers } from "../../music/assembly/order";
import { rounded } from "./bars";
import { FIRST_KIT } from "./parts";

let notes: usize = 0, count: i32 = 0, instruments: usize = 0;
let ticksPerQuarter: i32 = 0;

/**
 * Has what follows be about some notes.
 *
 * @param own Instruments by part.
 */
export function hear(at: usize, length: i32, own: usize, quarter: i32): void {
  notes = at;
  count = length;
  instruments = own;
  ticksPerQuarter = quarter;
}

// How a downbeat is heard, see group_beats.ts.
export const BEATS: i32 = 4;
const NEAR: f64 = 0.125, LONGEST: f64 = 4, BASS: f64 = 2, CHANGE: f64 = 5;
const HIGHEST_BASS: i32 = 54;

@inline
function isDrum(sound: i32): bool {
  return load<i32>(word(instruments, sound >> 14)) >= FIRST_KIT;
}

@inline
function weightOf(note: usize): f64 {
  return min(
    LONGEST,
    <f64> (load<i32>(note, 4) - load<i32>(note)) / <f64> ticksPerQuarter,
  );
}

/** Which of the first four beats begins a bar. */
export function downbeat(): i32 {
  const weights = take(32), top = mark();
  memory.fill(weights, 0, 32);
  /** Notes: the lowest on each beat. */
  const basses = take(<usize> count << 2);
  let bassCount = 0, last: f64 = -1;
  let note = notes;
  for (let i = 0; i < count; i++, note += PACKED_BYTES) {
    const sound = load<i32>(note, 8);
    if (isDrum(sound)) continue;
    const beats = <f64> load<i32>(note) / <f64> ticksPerQuarter;
    const beat = rounded(beats);
    if (abs(beats - beat) > NEAR) continue;
    addWeight(weights, beat, weightOf(note));
    if (beat != last) {
      store<usize>(word(basses, bassCount++), note);
      last = beat;
    } else {
      const lowest = word(basses, bassCount - 1);
      const other = load<i32>(load<usize>(lowest), 8);
      if ((sound >> 7 & 0x7f) < (other >> 7 & 0x7f)) store<usize>(lowest, note);
    }
  }
  let lastPitchClass = -1;
  for (let b = 0; b < bassCount; b++) {
    const bass = load<usize>(word(basses, b));
    const pitch = load<i32>(bass, 8) >> 7 & 0x7f;
    const beat = rounded(<f64> load<i32>(bass) / <f64> ticksPerQuarter);
    addWeight(weights, beat, BASS * weightOf(bass));
    if (pitch > HIGHEST_BASS) continue;
    if (pitch % 12 != lastPitchClass) addWeight(weights, beat, CHANGE);
    lastPitchClass = pitch % 12;
  }
  releaseTo(top);
  let best = 0;
  for (let i = 1; i < BEATS; i++) {
    if (load<f64>(long(weights, i)) > load<f64>(long(weights, best))) best = i;
  }
  return best;
}

@inline
function addWeight(weights: usize, beat: f64, weight: f64): void {
  const at = long(weights, <i32> beat % BEATS);
  store<f64>(at, load<f64>(at) + weight);
}

/** Sums: pitched notes, their pitches, velocities, ticks of each pitch class [12]. */
export function sums(at: usize): void {
  memory.fill(at, 0, 15 << 3);
  let pitched = 0, pitches = 0, velocities = 0, note = notes;
  for (let i = 0; i < count; i++, note += PACKED_BYTES) {
    const sound = load<i32>(note, 8);
    velocities += sound & 0x7f;
    if (isDrum(sound)) continue;
    const pitch = sound >> 7 & 0x7f, ofClass = long(at, 3 + pitch % 12);
    const ticks = max(1, load<i32>(note, 4) - load<i32>(note));
    store<f64>(ofClass, load<f64>(ofClass) + <f64> ticks);
    pitches += pitch;
    pitched++;
  }
  store<f64>(at, pitched);
  store<f64>(at, pitches, 8);
  store<f64>(at, velocities, 16);
}

/** Ticks for which pitched notes sound, summed, and in which any does. */
export function soundingTicks(at: usize): void {
  let releases = take(<usize> count << 2 << 1), releaseCount = 0;
  let note = notes;
  for (let i = 0; i < count; i++, note += PACKED_BYTES) {
    if (isDrum(load<i32>(note, 8))) continue;
    store<u64>(long(releases, releaseCount++), <u64> load<i32>(note, 4));
  }
  releases = sortNumbers(releases, releaseCount);
  let sounding = 0, before: i64 = 0, all: i64 = 0, any: i64 = 0, next = 0;
  note = notes;
  for (let i = 0; i <= count; i++, note += PACKED_BYTES) {
    if (i < count && isDrum(load<i32>(note, 8))) continue;
    const ticks = i < count ? <i64> load<i32>(note) : i64.MAX_VALUE;
    for (; next < releaseCount; next++) {
      const release = load<i64>(long(releases, next));
      if (release >= ticks) break;
      const span = release - before;
      all += sounding * span;
      if (sounding > 0) any += span;
      before = release;
      sounding--;
    }
    if (i == count) break;
    const span = ticks - before;
    all += sounding * span;
    if (sounding > 0) any += span;
    before = ticks;
    sounding++;
  }
  store<f64>(at, <f64> all);
  store<f64>(at, <f64> any, 8);
}

/** Numbers [2 count] by which a piece is known, see `twinNumbers` in lib/music/. */
export function twinNumbers(): usize {
  const starts = take(<usize> count << 4), sounds = long(starts, count);
  const first = load<i32>(notes), quarter = <f64> ticksPerQuarter;
  let lowest = 127, note = notes;
  for (let i = 0; i < count; i++, note += PACKED_BYTES) {
    const sound = load<i32>(note, 8);
    if (!isDrum(sound)) lowest = min(lowest, sound >> 7 & 0x7f);
  }
  note = notes;
  for (let i = 0; i < count; i++, note += PACKED_BYTES) {
    const start = load<i32>(note), sound = load<i32>(note, 8);
    const pitch = sound >> 7 & 0x7f;
    const length = <f64> (load<i32>(note, 4) - start);
    store<f64>(
      long(starts, i),
      rounded(96 * <f64> (start - first) / quarter),
    );
    store<f64>(
      long(sounds, i),
      256 * rounded(96 * length / quarter) +
        <f64> (isDrum(sound) ? 128 + pitch : pitch - lowest),
    );
  }
  sortTogether(starts, sounds);
  return starts;
}

function sortTogether(starts: usize, sounds: usize): void {
  const top = mark();
  let from = 0;
  for (let to = 1; to <= count; to++) {
    if (
      to < count && load<f64>(long(starts, to)) == load<f64>(long(starts, from))
    ) continue;
    if (to - from > 1) {
      const own = long(sounds, from), inOrder = sortNumbers(own, to - from);
      if (inOrder != own) memory.copy(own, inOrder, <usize> (to - from) << 3);
      releaseTo(top);
    }
    from = to;
  }
}

