// Passages of silence in a piece, and lists without them, as silence.ts in lib/music/
// has them.

import { long, mark, take } from "../../music/assembly/memory";
import { PACKED_BYTES } from "../../music/assembly/order";
import { barAt, startOfBar } from "./bars";

/** Reasons of a cut. */
export const BEFORE: i32 = 0, BETWEEN: i32 = 1, AFTER: i32 = 2, HELD: i32 = 3;
const MAX_HELD_BARS: i32 = 256;

/** Passages to cut, 16 bytes each: first tick, tick after the last, ticks cut before. */
const PASSAGE_BYTES: usize = 16;
export let passages: usize = 0;
export let passageCount: i32 = 0;

/** Bars cut for each reason, and the reasons in the order in which they come, plus one. */
export const barsCut = memory.data(8 * 4);
export const reasons = memory.data(4 * 4);

function add(from: i32, to: i32, bars: f64, reason: i32): void {
  const at = passages + <usize> (passageCount++) * PASSAGE_BYTES;
  const before = at > passages ? at - PASSAGE_BYTES : 0;
  store<i32>(at, from);
  store<i32>(at, to, 4);
  store<i32>(
    at,
    before == 0
      ? 0
      : load<i32>(before, 8) + load<i32>(before, 4) - load<i32>(before),
    8,
  );
  const sum = long(barsCut, reason);
  store<f64>(sum, load<f64>(sum) + bars);
  for (let i = 0; i < 4; i++) {
    const place = reasons + (<usize> i << 2), known = load<i32>(place);
    if (known == reason + 1) break;
    if (known == 0) {
      store<i32>(place, reason + 1);
      break;
    }
  }
}

function cut(fromBar: f64, toBar: f64, reason: i32): void {
  const from = <i32> startOfBar(fromBar), to = <i32> startOfBar(toBar);
  if (from < to) add(from, to, toBar - fromBar, reason);
}

/** The bar some bars after another, and as many quarters at least. */
function later(bar: f64, bars: f64, ticksPerQuarter: i32): f64 {
  const ticks = startOfBar(bar) + bars * <f64> ticksPerQuarter;
  return max(bar + bars, barAt(max<f64>(0, ticks - 1)) + 1);
}

/**
 * Finds the passages.
 *
 * @param ends When notes end with the pedal.
 * @param count Of notes, 1 or more.
 * @param barCount Of the piece.
 */
export function findPassages(
  notes: usize,
  ends: usize,
  count: i32,
  ticksPerQuarter: i32,
  totalTicks: i32,
  maxGapBars: i32,
  barCount: f64,
): void {
  // There are as many as notes at most, and one before and one after them.
  passages = take(<usize> (count + 2) * PASSAGE_BYTES);
  passageCount = 0;
  memory.fill(barsCut, 0, 32);
  memory.fill(reasons, 0, 16);
  const gap = maxGapBars * ticksPerQuarter;
  const heldGap = MAX_HELD_BARS * ticksPerQuarter;
  cut(0, barAt(<f64> load<i32>(notes)), BEFORE);
  let started = load<i32>(notes), keysUp = 0, ringsUntil = 0;
  let note = notes;
  for (let i = 0; i <= count; i++, note += PACKED_BYTES) {
    const isLast = i == count;
    const start = isLast ? 0 : load<i32>(note);
    if (
      isLast || i > 0 && start > keysUp + gap || start > started + heldGap
    ) {
      const up = <f64> keysUp;
      let silent = barAt(up - 1) + 1;
      if (ringsUntil > keysUp) {
        silent = min(
          barAt(<f64> ringsUntil - 1) + 1,
          later(silent, maxGapBars, ticksPerQuarter),
        );
      }
      const held = later(
        barAt(<f64> started) + 1,
        MAX_HELD_BARS,
        ticksPerQuarter,
      );
      if (isLast) {
        const bar = min(silent, held), from = <i32> startOfBar(bar);
        if (from < totalTicks) {
          add(from, i32.MAX_VALUE, barCount - bar, held < silent ? HELD : AFTER);
        }
        break;
      }
      const bar = barAt(<f64> start);
      if (start > keysUp) {
        silent = later(silent, maxGapBars, ticksPerQuarter);
        cut(min(silent, held), bar, held < silent ? HELD : BETWEEN);
      } else cut(held, bar, HELD);
    }
    started = start;
    const end = load<i32>(note, 4);
    keysUp = max(keysUp, max(end, start + 1));
    ringsUntil = max(ringsUntil, load<i32>(ends + (<usize> i << 2)));
  }
}

/** A time, in no passage or anywhere in one, without the passages. */
export function placeOf(ticks: i32): i32 {
  let low = 0, high = passageCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    const from = load<i32>(passages + <usize> middle * PASSAGE_BYTES);
    if (from <= ticks) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return ticks;
  const passage = passages + <usize> (low - 1) * PASSAGE_BYTES;
  const from = load<i32>(passage), to = load<i32>(passage, 4);
  const before = load<i32>(passage, 8);
  return ticks < to ? from - before : ticks - before - (to - from);
}

// What goes through a list in turn: the passage that comes next or that it is in.
let next: usize = 0, passagesEnd: usize = 0;

/**
 * Moves tempi or meters, in place: the last of a passage holds after it.
 *
 * @returns How many are left.
 */
export function moveChanges(
  list: usize,
  count: i32,
  bytes: usize,
  totalTicks: i32,
): i32 {
  next = passages;
  passagesEnd = passages + <usize> passageCount * PASSAGE_BYTES;
  let to = list, inside: usize = 0;
  const end = list + <usize> count * bytes;
  for (let from = list; from < end; from += bytes) {
    const ticks = load<i32>(from);
    while (next < passagesEnd && ticks >= load<i32>(next, 4)) {
      if (inside != 0) {
        memory.copy(to, inside, bytes);
        store<i32>(to, load<i32>(next) - load<i32>(next, 8));
        to += bytes;
        inside = 0;
      }
      next += PASSAGE_BYTES;
    }
    if (next < passagesEnd && ticks >= load<i32>(next)) {
      inside = from;
      continue;
    }
    memory.copy(to, from, bytes);
    store<i32>(to, ticks - shift());
    to += bytes;
  }
  if (inside != 0) {
    memory.copy(to, inside, bytes);
    store<i32>(to, load<i32>(next) - load<i32>(next, 8));
    to += bytes;
  }
  return lastOfEach(list, <i32> ((to - list) / bytes), bytes, totalTicks);
}

/** Ticks cut before the passage that comes next. */
function shift(): i32 {
  if (next < passagesEnd) return load<i32>(next, 8);
  const last = passagesEnd - PASSAGE_BYTES;
  return load<i32>(last, 8) + load<i32>(last, 4) - load<i32>(last);
}

/** Of changes at one tick the last, and none from a tick on. Gives how many are left. */
export function lastOfEach(
  list: usize,
  count: i32,
  bytes: usize,
  totalTicks: i32,
): i32 {
  let to = list;
  const end = list + <usize> count * bytes;
  for (let from = list; from < end; from += bytes) {
    const ticks = load<i32>(from), after = from + bytes;
    if (ticks >= totalTicks || after < end && load<i32>(after) == ticks) {
      continue;
    }
    if (to != from) memory.copy(to, from, bytes);
    to += bytes;
  }
  return <i32> ((to - list) / bytes);
}

const CHANNELS: i32 = 16;

/**
 * Moves changes of pedals (tick, part and value), as `cutControls` does.
 *
 * @param channelOf By part.
 * @param to Where they go.
 * @returns How many there are.
 */
export function movePedals(
  pedals: usize,
  count: i32,
  channelOf: usize,
  to: usize,
  pedalDown: i32,
): i32 {
  next = passages;
  passagesEnd = passages + <usize> passageCount * PASSAGE_BYTES;
  const top = to;
  const lasts = take(CHANNELS << 2), lifts = take(CHANNELS << 2);
  const order = take(CHANNELS << 2);
  let seen = 0;
  const end = pedals + <usize> count * PACKED_BYTES;
  memory.fill(lasts, 0, CHANNELS << 2);
  memory.fill(lifts, 0, CHANNELS << 2);
  for (let from = pedals; from <= end; from += PACKED_BYTES) {
    const isEnd = from == end;
    const ticks = isEnd ? i32.MAX_VALUE : load<i32>(from);
    while (next < passagesEnd && (isEnd || ticks >= load<i32>(next, 4))) {
      const at = load<i32>(next) - load<i32>(next, 8);
      for (let i = 0; i < seen; i++) {
        const channel = <usize> load<i32>(order + (<usize> i << 2)) << 2;
        const last = load<usize>(lasts + channel);
        const lift = load<usize>(lifts + channel);
        if (lift != 0 && lift != last) {
          store<i32>(to, at);
          store<i32>(to, load<i32>(last, 4), 4);
          store<i32>(to, load<i32>(lift, 8), 8);
          to += PACKED_BYTES;
        }
        store<i32>(to, at);
        store<i32>(to, load<i32>(last, 4), 4);
        store<i32>(to, load<i32>(last, 8), 8);
        to += PACKED_BYTES;
        store<usize>(lasts + channel, 0);
        store<usize>(lifts + channel, 0);
      }
      seen = 0;
      next += PASSAGE_BYTES;
    }
    if (isEnd) break;
    if (next < passagesEnd && ticks >= load<i32>(next)) {
      const own = load<i32>(channelOf + (<usize> load<i32>(from, 4) << 2));
      const channel = <usize> own << 2;
      if (load<usize>(lasts + channel) == 0) {
        store<i32>(order + (<usize> (seen++) << 2), own);
      }
      store<usize>(lasts + channel, from);
      if (load<i32>(from, 8) < pedalDown) store<usize>(lifts + channel, from);
      continue;
    }
    memory.copy(to, from, PACKED_BYTES);
    store<i32>(to, ticks - shift());
    to += PACKED_BYTES;
  }
  const moved = <i32> ((to - top) / PACKED_BYTES);
  sortPedals(top, moved);
  return moved;
}

/** By tick and part; they mostly are. */
function sortPedals(list: usize, count: i32): void {
  const held = take(PACKED_BYTES);
  for (let i = 1; i < count; i++) {
    const at = list + <usize> i * PACKED_BYTES;
    let place = at;
    while (place > list && comesAfter(place - PACKED_BYTES, at)) {
      place -= PACKED_BYTES;
    }
    if (place == at) continue;
    memory.copy(held, at, PACKED_BYTES);
    memory.copy(place + PACKED_BYTES, place, at - place);
    memory.copy(place, held, PACKED_BYTES);
  }
}

function comesAfter(a: usize, b: usize): bool {
  const one = load<i32>(a), other = load<i32>(b);
  return one > other || one == other && load<i32>(a, 4) > load<i32>(b, 4);
}
