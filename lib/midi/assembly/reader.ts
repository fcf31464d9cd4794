// Standard MIDI Files of the plain kind, in which nothing is to be put right, to notes
// and events in columns. Files of any other kind are for `chunks.ts` and `events.ts`,
// which say what is read and why; here a doubt is enough to leave a file to them.

import { long, releaseAll, take, word } from "../../music/assembly/memory";
import {
  MOST_PARTS,
  PACKED_BYTES,
  packInOrder,
  sortNumbers,
} from "../../music/assembly/order";

const CHANNELS: i32 = 16, KEYS: i32 = 128;
const MAX_TICKS: i32 = 0x0fffffff;
const MAX_NAME_BYTES: i32 = 1000;
const MAX_TRACKS: i32 = 256;
const BANK_MSB: i32 = 0, BANK_LSB: i32 = 32, PARAMETER_LSB: i32 = 100;
/** The parameter that begins an MPE zone. */
const MPE_CONFIGURATION: i32 = 6;

// Kinds of events that are given one by one, see plain.ts.
export const TEMPO: i32 = 0, METER: i32 = 1, PROGRAM: i32 = 3;
export const BANK: i32 = 4, EXCLUSIVE: i32 = 6;
const KEY: i32 = 2, MARKER: i32 = 5;

/** Numbers of 32 bits of each track, voice and event. */
const TRACK_FIELDS: usize = 12,
  VOICE_FIELDS: usize = 3,
  EVENT_FIELDS: usize = 5;

/**
 * A note: start, end, voice, pitch and velocity as one number, and the open note of its
 * channel and key that began after it.
 */
export const READ_NOTE_BYTES: usize = 16;

// By channel and key: where the oldest and the youngest open note are; 0 for none.
const oldest = memory.data(4 * CHANNELS * KEYS);
const youngest = memory.data(4 * CHANNELS * KEYS);
// By channel: the voice of its notes, and the last program change, in this track.
const voiceOf = memory.data(4 * CHANNELS);
const changeOf = memory.data(4 * CHANNELS);

export let input: usize = 0;
let inputEnd: usize = 0;
export let notes: usize = 0, controls: usize = 0;
let tracks: usize = 0, voices: usize = 0, events: usize = 0;
export let trackCount: i32 = 0, noteCount: i32 = 0, controlCount: i32 = 0;
export let voiceCount: i32 = 0, eventCount: i32 = 0;
/**
 * By channel: when its program last changes in any track, and when notes first begin in
 * a track that has not set it.
 */
const lastChange = memory.data(4 * CHANNELS);
const firstUnset = memory.data(4 * CHANNELS);

/** Where numbers of a track, a voice and an event are. */
export function trackAt(i: i32): usize {
  return tracks + <usize> i * (TRACK_FIELDS << 2);
}
export function voiceAt(i: i32): usize {
  return voices + <usize> i * (VOICE_FIELDS << 2);
}
export function eventAt(i: i32): usize {
  return events + <usize> i * (EVENT_FIELDS << 2);
}

/** Where the bytes of a file go, all else is forgotten. */
export function begin(bytes: usize): usize {
  releaseAll();
  input = take(bytes);
  inputEnd = input + bytes;
  return input;
}

export function getTracks(): usize {
  return tracks;
}
export function getTrackCount(): i32 {
  return trackCount;
}
export function getVoices(): usize {
  return voices;
}
export function getVoiceCount(): i32 {
  return voiceCount;
}
export function getEvents(): usize {
  return events;
}
export function getNoteCount(): i32 {
  return noteCount;
}
export function getControlCount(): i32 {
  return controlCount;
}

function big32(at: usize): u32 {
  return bswap<u32>(load<u32>(at));
}

function big16(at: usize): i32 {
  return <i32> load<u8>(at) << 8 | <i32> load<u8>(at, 1);
}

/** Reads the file. Gives its division, or 0 where it is not plain. */
export function read(): i32 {
  const bytes = inputEnd - input;
  if (
    bytes < 22 || load<u32>(input) != 0x6468544d || big32(input + 4) != 6
  ) return 0;
  const format = big16(input + 8), announced = big16(input + 10);
  const division = big16(input + 12);
  if (
    format > 1 || announced == 0 || announced > MAX_TRACKS ||
    format == 0 && announced > 1 || division == 0 || division >= 0x8000
  ) return 0;
  // A note takes three bytes at least and another event two.
  const most = bytes / 3 + 1;
  notes = take(READ_NOTE_BYTES * most);
  controls = take(most << 3);
  voices = take(most * (VOICE_FIELDS << 2));
  events = take((bytes / 2 + 1) * (EVENT_FIELDS << 2));
  tracks = take(<usize> announced * (TRACK_FIELDS << 2));
  trackCount =
    noteCount =
    controlCount =
    voiceCount =
    eventCount =
      0;
  memory.fill(lastChange, 0, 4 * CHANNELS);
  memory.fill(firstUnset, 0x7f, 4 * CHANNELS);
  memory.fill(oldest, 0, 4 * CHANNELS * KEYS);
  let at = input + 14;
  for (; trackCount < announced; trackCount++) {
    if (at + 8 > inputEnd || load<u32>(at) != 0x6b72544d) return 0;
    const length = <usize> big32(at + 4), start = at + 8;
    if (length > inputEnd - start) return 0;
    at = start + length;
    if (!readTrack(start, at)) return 0;
  }
  // Otherwise one voice may have several programs.
  for (let i = 0; i < CHANNELS; i++) {
    if (load<i32>(word(lastChange, i)) > load<i32>(word(firstUnset, i))) {
      return 0;
    }
  }
  return at == inputEnd && voiceCount <= MOST_PARTS ? division : 0;
}

/** After a number in bytes of seven bits that begins at `at`; 0 where it is too long. */
let number: i32 = 0;

function readNumber(at: usize, end: usize): usize {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    if (at >= end) return 0;
    const byte = <i32> load<u8>(at++);
    value = value << 7 | byte & 0x7f;
    if (byte < 0x80) {
      number = value;
      return at;
    }
  }
  return 0;
}

function addEvent(kind: i32, ticks: i32, a: i32, b: i32, c: i32): void {
  const at = events + <usize> (eventCount++) * (EVENT_FIELDS << 2);
  store<i32>(at, kind);
  store<i32>(at, ticks, 4);
  store<i32>(at, a, 8);
  store<i32>(at, b, 12);
  store<i32>(at, c, 16);
}

function addVoice(channel: i32, ticks: i32): i32 {
  const change = load<i32>(word(changeOf, channel));
  if (change < 0) {
    const first = word(firstUnset, channel);
    store<i32>(first, min(load<i32>(first), ticks));
  }
  const at = voices + <usize> voiceCount * (VOICE_FIELDS << 2);
  store<i32>(at, channel);
  store<i32>(at, change, 4);
  store<i32>(at, ticks, 8);
  store<i32>(word(voiceOf, channel), voiceCount);
  return voiceCount++;
}

/** Reads the events of a track. Gives whether it is plain. */
function readTrack(start: usize, end: usize): bool {
  const track = tracks + <usize> trackCount * (TRACK_FIELDS << 2);
  const firstNote = noteCount, firstVoice = voiceCount, firstEvent = eventCount;
  memory.fill(voiceOf, 0xff, 4 * CHANNELS);
  memory.fill(changeOf, 0xff, 4 * CHANNELS);
  let nameAt = 0, nameBytes = 0, isEnded = false;
  let bends = 0, pressures = 0, others = 0;
  let ticks = 0, status = 0, open = 0;
  let note = notes + <usize> noteCount * READ_NOTE_BYTES;
  let at = start;
  // What is after the end can be read, and is refused with the event that it is in.
  while (at < end) {
    // The time since the event before: in one byte or two, without a branch for each.
    let delta = <i32> load<u8>(at);
    const low = <i32> load<u8>(at, 1), isLong = delta >> 7;
    if (isLong & (low >> 7)) {
      at = readNumber(at, end);
      if (at == 0) return false;
      delta = number;
    } else {
      delta = isLong ? (delta & 0x7f) << 7 | low : delta;
      at += 1 + isLong;
    }
    ticks += delta;
    if (ticks > MAX_TICKS) return false;
    let first = <i32> load<u8>(at);
    if (first < 0xf0) {
      const isStatus = first >> 7;
      status = isStatus ? first : status;
      at += isStatus;
      first = <i32> load<u8>(at);
      const second = <i32> load<u8>(at, 1);
      const kind = status >> 4, channel = status & 0x0f;
      if (status == 0 || first > 0x7f) return false;
      if (kind == 0xc || kind == 0xd) {
        if (++at > end) return false;
        if (kind == 0xd) {
          pressures++;
          continue;
        }
        const last = word(lastChange, channel);
        store<i32>(last, max(load<i32>(last), ticks));
        store<i32>(word(changeOf, channel), eventCount);
        store<i32>(word(voiceOf, channel), -1);
        addEvent(PROGRAM, ticks, channel, first, 0);
        continue;
      }
      at += 2;
      if (second > 0x7f || at > end) return false;
      if (kind <= 0x9) {
        const key = <usize> (channel << 7 | first) << 2;
        if (kind == 0x9 && second > 0) {
          let voice = load<i32>(word(voiceOf, channel));
          if (voice < 0) voice = addVoice(channel, ticks);
          store<i32>(note, ticks);
          store<i32>(note, voice << 14 | first << 7 | second, 8);
          store<usize>(note, 0, 12);
          if (load<usize>(oldest + key) == 0) store<usize>(oldest + key, note);
          else store<usize>(load<usize>(youngest + key), note, 12);
          store<usize>(youngest + key, note);
          note += READ_NOTE_BYTES;
          open++;
        } else {
          const ended = load<usize>(oldest + key);
          if (ended == 0) continue;
          store<i32>(ended, ticks, 4);
          store<usize>(oldest + key, load<usize>(ended, 12));
          open--;
        }
      } else if (kind == 0xb) {
        if (first == PARAMETER_LSB && second == MPE_CONFIGURATION) return false;
        if (first == BANK_MSB || first == BANK_LSB) {
          addEvent(BANK, ticks, channel, first, second);
          continue;
        }
        const control = long(controls, controlCount++);
        store<i32>(control, ticks);
        store<i32>(control, channel << 16 | first << 8 | second, 4);
      } else if (kind == 0xa) pressures++;
      else bends++;
      continue;
    }
    at++;
    if (first != 0xff) {
      if (first != 0xf0 && first != 0xf7) return false;
      at = readNumber(at, end);
      if (at == 0 || <usize> number > end - at) return false;
      if (first == 0xf0) {
        addEvent(EXCLUSIVE, ticks, <i32> (at - input), number, 0);
      }
      at += number;
      continue;
    }
    if (at >= end) return false;
    const type = <i32> load<u8>(at);
    at = readNumber(at + 1, end);
    if (at == 0 || <usize> number > end - at) return false;
    const data = at, length = number;
    at += length;
    if (type == 0x2f) {
      isEnded = true;
      break;
    }
    if (type == 0x51) {
      if (length != 3) return false;
      const tempo = <i32> load<u8>(data) << 16 | big16(data + 1);
      if (tempo == 0) return false;
      addEvent(TEMPO, ticks, tempo, 0, 0);
    } else if (type == 0x58) {
      const beats = <i32> load<u8>(data), power = <i32> load<u8>(data, 1);
      if (length != 4 || beats == 0 || power > 7) return false;
      addEvent(METER, ticks, beats, 1 << power, 0);
    } else if (type == 0x59) {
      const fifths = <i32> load<i8>(data), mode = <i32> load<u8>(data, 1);
      if (length != 2 || abs(fifths) > 7 || mode > 1) return false;
      addEvent(KEY, ticks, fifths, mode, 0);
    } else if (type == 0x03 && nameBytes == 0) {
      if (length > MAX_NAME_BYTES) return false;
      nameAt = <i32> (data - input);
      nameBytes = length;
    } else if (type == 0x06) {
      if (length > MAX_NAME_BYTES) return false;
      addEvent(MARKER, ticks, <i32> (data - input), length, 0);
    } else if (type == 0x21 && length == 1) {
      if (load<u8>(data) != 0) return false;
    } else others++;
  }
  noteCount = <i32> ((note - notes) / READ_NOTE_BYTES);
  store<i32>(track, <i32> (start - 8 - input));
  store<i32>(track, nameAt, 4);
  store<i32>(track, nameBytes, 8);
  store<i32>(track, ticks, 12);
  store<i32>(track, firstNote, 16);
  store<i32>(track, firstVoice, 20);
  store<i32>(track, voiceCount, 24);
  store<i32>(track, firstEvent, 28);
  store<i32>(track, eventCount, 32);
  store<i32>(track, bends, 36);
  store<i32>(track, pressures, 40);
  store<i32>(track, others, 44);
  return isEnded && at == end && open == 0;
}

/** Where to put the part [voices] of each voice, then the part of each channel. */
export function takeParts(): usize {
  return take((<usize> voiceCount + CHANNELS) << 2);
}

/**
 * The notes of all tracks in order, their parts in place of their voices, then the
 * controllers of channels that have a part, by time, part, and the order of the file:
 * packed as in note_columns.ts and control_columns.ts. The number of controllers becomes
 * that of these.
 */
export function inOrder(parts: usize): usize {
  const keys = take(<usize> controlCount << 3);
  const kept = keysOfControls(keys, word(parts, voiceCount));
  controlCount = kept;
  const to = take(PACKED_BYTES * <usize> noteCount + (<usize> kept << 3));
  packInOrder(notes, READ_NOTE_BYTES, noteCount, parts, to);
  const from = sortNumbers(keys, kept);
  let control = to + PACKED_BYTES * <usize> noteCount;
  for (let i = 0; i < kept; i++) {
    const key = load<u64>(long(from, i));
    const packed = load<i32>(long(controls, <i32> (key & 0xfffff)), 4);
    store<i32>(control, <i32> (key >> 36));
    store<i32>(
      control,
      <i32> (key >> 20 & 0xffff) << 14 | (packed >> 8 & 0x7f) << 7 |
        packed & 0x7f,
      4,
    );
    control += 8;
  }
  return to;
}

/** Time, part and place of each controller as one number; gives how many have a part. */
function keysOfControls(keys: usize, partOfChannel: usize): i32 {
  let count = 0;
  for (let i = 0; i < controlCount; i++) {
    const control = long(controls, i);
    const part = load<i32>(word(partOfChannel, load<i32>(control, 4) >> 16));
    if (part < 0) continue;
    const key = <u64> load<i32>(control) << 36 | <u64> part << 20 | <u64> i;
    store<u64>(long(keys, count++), key);
  }
  return count;
}
