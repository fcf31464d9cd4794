/**
 * Plain files, in which nothing is to be put right, read by WebAssembly: most files
 * are, and its code is fast from the first file on. `chunks.ts` reads all others; what
 * both can read they read alike.
 */

import {
  ControlColumns,
  type KeySignature,
  type Marker,
  NoteColumns,
  type TempoChange,
  type TimeSignature,
} from "../music/music.ts";
import type { MidiChunks, PlainNotes } from "./chunks.ts";
import { textIn } from "./cursor.ts";
import * as reader from "./reader.wasm";
import { type DrumMessage, readDrumMessage } from "./system_exclusive.ts";
import type { Tally } from "./tally.ts";
import {
  BANK_MSB,
  CHANNELS,
  type ControllerEvent,
  MICROSECONDS_PER_MINUTE,
  type ProgramEvent,
  type Track,
  type Voice,
} from "./track.ts";

/**
 * A note takes three bytes at least, another event two: in smaller files none of the
 * numbers that `reader.wasm` works with, or of `limits.ts`, is too large.
 */
export const MAX_PLAIN_BYTES = 3 * 2 ** 18;

/** Kinds of events, and numbers of each track, voice and event, as reader.ts has them. */
const TEMPO = 0, METER = 1, KEY = 2, PROGRAM = 3, BANK = 4, MARKER = 5;
const TRACK_FIELDS = 12, VOICE_FIELDS = 3, EVENT_FIELDS = 5;

/**
 * Reads a plain file.
 *
 * @param tally Counts what is dropped.
 * @returns Undefined where the file is of another kind.
 */
export function readPlain(
  bytes: Uint8Array,
  tally: Tally,
): MidiChunks | undefined {
  if (bytes.length >= MAX_PLAIN_BYTES) return undefined;
  const at = reader.begin(bytes.length);
  new Uint8Array(reader.memory.buffer).set(bytes, at);
  const ticksPerQuarter = reader.read();
  if (ticksPerQuarter === 0) return undefined;
  const numbers = new Int32Array(reader.memory.buffer);
  const trackCount = reader.getTrackCount();
  const from = reader.getTracks() / 4;
  const tracks: Track[] = [], messages: number[] = [];
  for (let t = 0; t < trackCount; t++) {
    const read = new PlainTrack(bytes, numbers, from + t * TRACK_FIELDS);
    if (read.setsDrums) return undefined;
    tracks.push(read);
    messages.push(read.messages);
  }
  for (let t = 0; t < trackCount; t++) {
    const track = from + t * TRACK_FIELDS;
    tally.offset = numbers[track]!;
    tally.dropOfTrack({
      pitchBends: numbers[track + 9]!,
      pressures: numbers[track + 10]!,
      messages: messages[t]!,
      others: numbers[track + 11]!,
    });
  }
  // Type 0 and 1 differ in nothing else.
  const header = { format: 1, trackCount, ticksPerQuarter };
  return { header, tracks, notes: { inOrder } };
}

/** Notes and controllers of the file that was read last, see {@linkcode PlainNotes}. */
function inOrder(
  partOfVoice: readonly number[],
  partOfChannel: Int32Array,
): ReturnType<PlainNotes["inOrder"]> {
  const parts = reader.takeParts(), count = reader.getControlCount();
  const numbers = new Int32Array(reader.memory.buffer, parts);
  numbers.set(partOfVoice);
  numbers.set(partOfChannel, partOfVoice.length);
  const at = reader.inOrder(parts);
  const noteBytes = NoteColumns.PACKED_BYTES * reader.getNoteCount();
  const controlCount = reader.getControlCount();
  const controlBytes = ControlColumns.PACKED_BYTES * controlCount;
  return {
    notes: NoteColumns.packed(kept(at, noteBytes / 4)),
    controls: ControlColumns.packed(kept(at + noteBytes, controlBytes / 4)),
    dropped: count - controlCount,
  };
}

/** Numbers of files share memory: to ask for it for each takes as long as to read it. */
const SHARED_NUMBERS = 2 ** 16;
let shared = new Int32Array(0), sharedUsed = 0;

/** A copy of numbers of the reader. */
function kept(at: number, length: number): Int32Array {
  const numbers = new Int32Array(reader.memory.buffer, at, length);
  if (length > SHARED_NUMBERS / 4) return numbers.slice();
  if (sharedUsed + length > shared.length) {
    shared = new Int32Array(SHARED_NUMBERS);
    sharedUsed = 0;
  }
  const copy = shared.subarray(sharedUsed, sharedUsed += length);
  copy.set(numbers);
  return copy;
}

const NONE: never[] = [];
/** By channel: the bank that the track has selected so far, MSB and LSB; −1 for none. */
const BANKS = new Int32Array(2 * CHANNELS);

/** A track as the events that are given one by one tell of it. */
class PlainTrack implements Track {
  readonly name: string;
  readonly endTicks: number;
  readonly firstNote = 0;
  readonly endNote = 0;
  readonly keys: Track["keys"] = NONE;
  readonly instruments: Track["instruments"] = NONE;
  readonly drums: Track["drums"] = NONE;
  readonly voices: Voice[] = [];
  /** Those that select a bank alone. */
  readonly controls: ControllerEvent[] = [];
  readonly programs: ProgramEvent[] = [];
  readonly tempos: TempoChange[] = [];
  readonly timeSignatures: TimeSignature[] = [];
  readonly keySignatures: KeySignature[] = [];
  readonly markers: Marker[] = [];
  /** System exclusive messages that say nothing of drums. */
  messages = 0;
  /** Whether one says which channels are drums. */
  setsDrums = false;

  constructor(bytes: Uint8Array, numbers: Int32Array, at: number) {
    this.name = textIn(bytes, numbers[at + 1]!, numbers[at + 2]!).text;
    this.endTicks = numbers[at + 3]!;
    /** By the place of its event. */
    const changes = new Map<number, ProgramEvent>();
    BANKS.fill(-1);
    const from = reader.getEvents() / 4;
    for (let e = numbers[at + 7]!; e < numbers[at + 8]!; e++) {
      const place = from + e * EVENT_FIELDS;
      const ticks = numbers[place + 1]!;
      const first = numbers[place + 2]!, second = numbers[place + 3]!;
      switch (numbers[place]) {
        case TEMPO:
          this.tempos.push({ ticks, qpm: MICROSECONDS_PER_MINUTE / first });
          break;
        case METER:
          this.timeSignatures.push({
            ticks,
            numerator: first,
            denominator: second,
          });
          break;
        case KEY: {
          const mode = second === 0 ? "major" : "minor";
          this.keySignatures.push({ ticks, fifths: first, mode });
          break;
        }
        case PROGRAM: {
          const change = {
            ticks,
            channel: first,
            program: second,
            bankMsb: bankOf(BANKS[2 * first]!),
            bankLsb: bankOf(BANKS[2 * first + 1]!),
            bank: 0,
          };
          this.programs.push(change);
          changes.set(e, change);
          break;
        }
        case BANK: {
          const value = numbers[place + 4]!;
          BANKS[2 * first + (second === BANK_MSB ? 0 : 1)] = value;
          this.controls.push({
            ticks,
            channel: first,
            controller: second,
            value,
          });
          break;
        }
        case MARKER:
          this.markers.push({ ticks, text: textIn(bytes, first, second).text });
          break;
        default: {
          const message = readDrumMessage(
            bytes.subarray(first, first + second),
          );
          if (message === undefined) this.messages++;
          else this.setsDrums ||= !isUsual(message);
        }
      }
    }
    const voices = reader.getVoices() / 4;
    for (let v = numbers[at + 5]!; v < numbers[at + 6]!; v++) {
      const place = voices + v * VOICE_FIELDS;
      this.voices.push({
        channel: numbers[place]!,
        change: changes.get(numbers[place + 1]!),
        ticks: numbers[place + 2]!,
      });
    }
  }
}

function bankOf(value: number): number | undefined {
  return value < 0 ? undefined : value;
}

/** Whether a message sets drums as they are without it. */
function isUsual(message: DrumMessage): boolean {
  return "system" in message &&
    (message.system === "gm" || message.system === "gs");
}
