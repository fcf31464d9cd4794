// The parts of a plain file, as lib/midi/assemble.ts has them, and what is left out.

import {
  BANK,
  eventAt,
  eventCount,
  EXCLUSIVE,
  input,
  PROGRAM,
  trackAt,
  trackCount,
  voiceAt,
  voiceCount,
} from "../../midi/assembly/reader";
import { long, take, word } from "../../music/assembly/memory";

export const CHANNELS: i32 = 16;
/** An instrument from here on is a kit. */
export const FIRST_KIT: i32 = 128;
const DRUM_CHANNEL: i32 = 9;
/** More parts or programs of a track are for others; none have so many. */
const MOST_PARTS: i32 = 256, MOST_OF_TRACK: i32 = 64;

// By part: its program, a kit from FIRST_KIT on, and the number of its channel.
export let instruments: usize = 0, channelOf: usize = 0;
export let partCount: i32 = 0;
// By channel of the file: the number of its channel, plus one, and its first part.
const lineOf = memory.data(4 * CHANNELS);
export const firstPart = memory.data(4 * CHANNELS);
export let lineCount: i32 = 0;

export let partOfVoice: usize = 0;

/** Finds the parts; none but programs tell instruments apart. */
export function findParts(): bool {
  const programOf = take(CHANNELS << 2), changedAt = take(CHANNELS << 2);
  memory.fill(programOf, 0, CHANNELS << 2);
  memory.fill(changedAt, 0, CHANNELS << 2);
  for (let e = 0; e < eventCount; e++) {
    const event = eventAt(e), kind = load<i32>(event);
    if (kind == BANK) return false;
    if (kind != PROGRAM) continue;
    const ticks = load<i32>(event, 4), channel = load<i32>(event, 8);
    if (ticks < load<i32>(word(changedAt, channel))) continue;
    store<i32>(word(changedAt, channel), ticks);
    store<i32>(word(programOf, channel), load<i32>(event, 12));
  }
  partOfVoice = take(<usize> (voiceCount + 1) << 2);
  instruments = take(MOST_PARTS << 2);
  channelOf = take(MOST_PARTS << 2);
  // Of each instrument of a track: channel and program, its first tick, and its part.
  const own = take(MOST_OF_TRACK * 12);
  memory.fill(lineOf, 0, CHANNELS << 2);
  memory.fill(firstPart, 0xff, CHANNELS << 2);
  partCount = lineCount = 0;
  for (let t = 0; t < trackCount; t++) {
    const track = trackAt(t), from = load<i32>(track, 20);
    const to = load<i32>(track, 24);
    let ownCount = 0;
    for (let v = from; v < to; v++) {
      const voice = voiceAt(v), channel = load<i32>(voice);
      const change = load<i32>(voice, 4);
      const program = change < 0
        ? load<i32>(word(programOf, channel))
        : load<i32>(eventAt(change), 12);
      const id = channel << 7 | program;
      let i = 0;
      while (i < ownCount && load<i32>(own + i * 12) != id) i++;
      if (i == ownCount) {
        if (++ownCount > MOST_OF_TRACK) return false;
        store<i32>(own + i * 12, id);
        store<i32>(own + i * 12, load<i32>(voice, 8), 4);
        store<i32>(own + i * 12, -1, 8);
      }
      store<i32>(word(partOfVoice, v), i);
    }
    for (let i = 0; i < ownCount; i++) {
      if (load<i32>(own + i * 12, 8) >= 0) continue;
      const channel = load<i32>(own + i * 12) >> 7;
      addParts(own, ownCount, channel);
      if (partCount > MOST_PARTS - MOST_OF_TRACK) return false;
    }
    for (let v = from; v < to; v++) {
      const part = word(partOfVoice, v);
      store<i32>(part, load<i32>(own + load<i32>(part) * 12, 8));
    }
  }
  return true;
}

/** Adds the parts of a track on one channel, by their starts and programs. */
function addParts(own: usize, ownCount: i32, channel: i32): void {
  const line = word(lineOf, channel);
  if (load<i32>(line) == 0) {
    store<i32>(line, ++lineCount);
    store<i32>(word(firstPart, channel), partCount);
  }
  while (true) {
    let first: usize = 0;
    for (let i = 0; i < ownCount; i++) {
      const one = own + i * 12;
      if (load<i32>(one) >> 7 != channel || load<i32>(one, 8) >= 0) continue;
      if (
        first == 0 || load<i32>(one, 4) < load<i32>(first, 4) ||
        load<i32>(one, 4) == load<i32>(first, 4) &&
          load<i32>(one) < load<i32>(first)
      ) first = one;
    }
    if (first == 0) return;
    const program = load<i32>(first) & 0x7f;
    store<i32>(
      word(instruments, partCount),
      channel == DRUM_CHANNEL ? FIRST_KIT + program : program,
    );
    store<i32>(word(channelOf, partCount), load<i32>(line) - 1);
    store<i32>(first, partCount++, 8);
  }
}

// What is left out: bends, pressures, messages, others, controllers without notes.
const DROPS: i32 = 5;
export const WITHOUT_NOTES: i32 = 4;
export let dropped: usize = 0;
export let dropCount: i32 = 0;

export function drop(kind: i32, number: i32): void {
  if (number == 0) return;
  let i = 0;
  while (i < dropCount && load<i32>(long(dropped, i)) != kind) i++;
  const at = long(dropped, i);
  if (i == dropCount) {
    store<i32>(at, kind);
    store<i32>(at, 0, 4);
    dropCount++;
  }
  store<i32>(at, load<i32>(at, 4) + number, 4);
}

/** Counts what is left out, each kind in the order in which it comes. */
export function countDropped(): bool {
  dropped = take(DROPS << 3);
  dropCount = 0;
  for (let t = 0; t < trackCount; t++) {
    const track = trackAt(t);
    let messages = 0;
    for (let e = load<i32>(track, 28); e < load<i32>(track, 32); e++) {
      const event = eventAt(e);
      if (load<i32>(event) != EXCLUSIVE) continue;
      const data = input + load<i32>(event, 8), length = load<i32>(event, 12);
      const maker = length > 0 ? load<u8>(data) : 0;
      // Those that may say something of drums.
      if (maker == 0x41 || maker == 0x43) return false;
      if (maker == 0x7e && length >= 4 && load<u8>(data, 2) == 9) {
        if (load<u8>(data, 3) == 3) return false;
      } else messages++;
    }
    drop(0, load<i32>(track, 36));
    drop(1, load<i32>(track, 40));
    drop(2, messages);
    drop(3, load<i32>(track, 44));
  }
  return true;
}

