/**
 * Standard MIDI File bytes ↔ {@linkcode NoteSequence}. Reading goes through
 * `bytes.ts`, because an error has to name its byte; writing goes through
 * `@tonejs/midi`.
 */

import pkg, { type Track as TrackWriter } from "@tonejs/midi";
import {
  CHANNELS,
  Cursor,
  type Header,
  type InstrumentEvent,
  type KeyEvent,
  lineOf,
  MICROSECONDS_PER_MINUTE,
  NO_PROGRAM,
  readTracks,
  type Track,
} from "./bytes.ts";
import {
  type ControlChange,
  DEFAULT_METER,
  DEFAULT_QPM,
  type KeySignature,
  type Note,
  type NoteSequence,
  type Part,
  sortNotes,
  type TempoChange,
  type TimeSignature,
} from "../music/music.ts";

const { Midi } = pkg;

const DRUM_CHANNEL = 9;
/** The largest number that fits in a delta time. */
const MAX_DELTA_TICKS = 0x0fffffff;

/**
 * Reads a Standard MIDI File of type 0, 1 or 2.
 *
 * - Each track, channel and program makes one part, by track, then in order of
 *   first note. A channel's program is the track's own last change, or the last
 *   change another track made by then; without any it is 0.
 * - A note-off ends the oldest open note of its pitch, channel and track. Notes
 *   open at the end of their track end there.
 * - A controller belongs to every part of its track and channel, or, where that
 *   track has no notes on the channel, to the channel's parts in all tracks. On
 *   a channel without notes it moves nothing and is left out.
 * - Of two tempi, meters or keys at one tick the later in the file counts.
 * - The patterns of a type 2 file follow one another.
 * - SMPTE time becomes 60 qpm (59.94 for 29.97 frames a second), a quarter note
 *   to the second.
 *
 * @param bytes The file; it is only read.
 * @param file Its name, for errors.
 * @returns The music. Times are ticks of the file's own division.
 * @throws {MidiError} If the bytes are not a Standard MIDI File.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMidi, writeMidi } from "immersic/midi/midi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const sequence = parseMidi(writeMidi(emptySequence(96)), "empty.mid");
 * assert(sequence.ticksPerQuarter === 96);
 * ```
 */
export function parseMidi(bytes: Uint8Array, file: string = ""): NoteSequence {
  const { header, tracks } = readTracks(bytes, file);
  if (header.format === 2) restoreDefaults(tracks);
  return assemble(header, tracks);
}

/** A track of a file; events of each kind are in the order of the file. */
export interface TrackEvents {
  readonly keys: readonly KeyEvent[];
  readonly instruments: readonly InstrumentEvent[];
  readonly tempos: readonly TempoChange[];
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
}

/**
 * The events of a Standard MIDI File as they stand, where their order matters
 * and notes are not to be made of them.
 *
 * @param bytes The file; it is only read.
 * @param file Its name, for errors.
 * @returns The tracks in order, those without notes too. Times are ticks.
 * @throws {MidiError} If the bytes are not a Standard MIDI File.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMidiEvents, writeMidi } from "immersic/midi/midi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const { tracks } = parseMidiEvents(writeMidi(emptySequence(96)));
 * assert(tracks[0].keys.length === 0);
 * ```
 */
export function parseMidiEvents(
  bytes: Uint8Array,
  file: string = "",
): { ticksPerQuarter: number; tracks: TrackEvents[] } {
  const { header, tracks } = readTracks(bytes, file, true);
  return { ticksPerQuarter: header.ticksPerQuarter, tracks };
}

/**
 * A pattern of a type 2 file begins at 120 qpm and in 4/4 unless it says
 * otherwise; what the pattern before it set must not run on.
 */
function restoreDefaults(tracks: readonly Track[]): void {
  for (let i = 1, ticks = 0; i < tracks.length; i++) {
    ticks = tracks[i - 1].endTicks;
    const { tempos, timeSignatures } = tracks[i];
    const before = tracks.slice(0, i);
    if (tempos[0]?.ticks !== ticks && before.some((t) => t.tempos.length > 0)) {
      tempos.unshift({ ticks, qpm: DEFAULT_QPM });
    }
    if (
      timeSignatures[0]?.ticks !== ticks &&
      before.some((t) => t.timeSignatures.length > 0)
    ) {
      timeSignatures.unshift({ ticks, ...DEFAULT_METER });
    }
  }
}

/** The tracks as one sequence. */
function assemble(header: Header, tracks: readonly Track[]): NoteSequence {
  const inheritedProgram = programLookup(tracks);
  const parts: Part[] = [];
  const notes: Note[] = [];
  const controls: ControlChange[] = [];
  /** The parts of each channel, in one track and in all. */
  const channelParts = tracks.map(() => new Map<number, number[]>());
  const allChannelParts = new Map<number, number[]>();
  let totalTicks = 0;

  tracks.forEach((track, t) => {
    totalTicks = Math.max(totalTicks, track.endTicks);
    const partOfLine = new Map<number, number>();
    for (const note of track.notes) {
      const channel = note.part >> 8;
      let line = note.part;
      if ((line & 0xff) === NO_PROGRAM) {
        line = lineOf(channel, inheritedProgram(channel, note.startTicks));
      }
      let part = partOfLine.get(line);
      if (part === undefined) {
        part = parts.length;
        partOfLine.set(line, part);
        parts.push({
          name: track.name,
          program: line & 0xff,
          isDrum: channel % CHANNELS === DRUM_CHANNEL,
          track: t,
        });
        for (const map of [channelParts[t], allChannelParts]) {
          map.set(channel, [...map.get(channel) ?? [], part]);
        }
      }
      note.part = part;
      notes.push(note);
    }
  });
  tracks.forEach((track, t) => {
    for (const { ticks, channel, controller, value } of track.controls) {
      const moved = channelParts[t].get(channel) ??
        allChannelParts.get(channel) ?? [];
      for (const part of moved) {
        controls.push({ ticks, part, controller, value });
      }
    }
  });
  return {
    ticksPerQuarter: header.ticksPerQuarter,
    parts,
    notes: sortNotes(notes),
    tempos: header.smpteQpm === undefined
      ? lastAtEachTick(tracks.flatMap((track) => track.tempos))
      : [{ ticks: 0, qpm: header.smpteQpm }],
    timeSignatures: lastAtEachTick(tracks.flatMap((t) => t.timeSignatures)),
    keySignatures: lastAtEachTick(tracks.flatMap((t) => t.keySignatures)),
    controls: controls.sort((a, b) => a.ticks - b.ticks || a.part - b.part),
    totalTicks,
  };
}

/** The program that any track last set on a channel by some tick, or 0. */
function programLookup(
  tracks: readonly Track[],
): (channel: number, ticks: number) => number {
  const changes = Map.groupBy(
    tracks.flatMap((track) => track.programs).sort((a, b) => a.ticks - b.ticks),
    (change) => change.channel,
  );
  return (channel, ticks) =>
    changes.get(channel)?.findLast((change) => change.ticks <= ticks)
      ?.program ?? 0;
}

function lastAtEachTick<T extends { readonly ticks: number }>(
  changes: readonly T[],
): T[] {
  const byTick = new Map(changes.map((change) => [change.ticks, change]));
  return [...byTick.values()].sort((a, b) => a.ticks - b.ticks);
}

/**
 * Writes a Standard MIDI File of type 1: tempi, meters and keys in the first
 * track, then a track for each part. Up to 15 parts without drums have a channel
 * each; more share a channel with those of their program, and with more than 15
 * programs a channel is used again for the next, which {@linkcode parseMidi}
 * tells apart by track, though a player may not.
 *
 * Where a note lies within another of its pitch and part, the format cannot say
 * which of the two ends first: {@linkcode parseMidi} takes it to be the earlier.
 * A part without notes is written, but not read.
 *
 * @param sequence The music.
 * @returns The bytes of the file.
 * @throws {RangeError} If a value has no place in the format, for example a
 * pitch above 127 or a tempo below 3.58 qpm.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMidi, writeMidi } from "immersic/midi/midi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const bytes = writeMidi({
 *   ...emptySequence(480),
 *   parts: [{ name: "Pad", program: 89, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 960, part: 0 }],
 *   totalTicks: 1920,
 * });
 * assert(parseMidi(bytes).parts[0].name === "Pad");
 * ```
 */
export function writeMidi(sequence: NoteSequence): Uint8Array {
  requireWritable(sequence);
  const midi = new Midi();
  midi.header.fromJSON({
    name: "",
    ppq: sequence.ticksPerQuarter,
    meta: [],
    // The writer rounds tempo, velocity and controller values down; the half
    // unit added to each brings it back to the number meant.
    tempos: sequence.tempos.map(({ ticks, qpm }) => ({
      ticks,
      bpm: MICROSECONDS_PER_MINUTE / (microsecondsPerQuarter(qpm) + 0.5),
    })),
    timeSignatures: sequence.timeSignatures.map((meter) => ({
      ticks: meter.ticks,
      timeSignature: [meter.numerator, meter.denominator],
    })),
    keySignatures: sequence.keySignatures.map(({ ticks, mode }) => ({
      ticks,
      key: "C", // see finishTempoTrack()
      scale: mode,
    })),
  });
  const channels = channelsOf(sequence.parts);
  const tracks = sequence.parts.map((part, i) => {
    const track = midi.addTrack();
    track.name = byteString(part.name);
    track.channel = channels[i];
    track.instrument.number = part.program;
    return track;
  });
  for (const note of sortNotes(sequence.notes)) {
    tracks[note.part].addNote({
      midi: note.pitch,
      ticks: note.startTicks,
      durationTicks: note.endTicks - note.startTicks,
      velocity: (note.velocity + 0.5) / 127,
    });
  }
  // The writer sorts a track's changes by controller and leaves 127 out, but
  // takes the number from each change: one list in order keeps them all.
  const inOrder = tracks.map((): TrackWriter["controlChanges"][number] => []);
  for (const { ticks, part, controller, value } of sequence.controls) {
    const { controlChanges } = tracks[part];
    controlChanges[controller] = [];
    tracks[part].addCC({
      number: controller,
      ticks,
      value: (value + 0.5) / 127,
    });
    inOrder[part].push(...controlChanges[controller]);
    controlChanges[controller] = [];
  }
  tracks.forEach((track, i) => track.controlChanges[0] = inOrder[i]);
  return finishTempoTrack(midi.toArray(), sequence);
}

/** UTF-8, a character for each byte, which is how the writer takes text. */
function byteString(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text));
  return bytes.map((byte) => String.fromCharCode(byte)).join("");
}

function microsecondsPerQuarter(qpm: number): number {
  return Math.round(MICROSECONDS_PER_MINUTE / qpm);
}

/** A MIDI channel, 0–15, for each part. */
function channelsOf(parts: readonly Part[]): number[] {
  const melodic = Array.from({ length: CHANNELS }, (_, channel) => channel)
    .filter((channel) => channel !== DRUM_CHANNEL);
  const pitched = parts.filter((part) => !part.isDrum);
  const programs = [...new Set(pitched.map((part) => part.program))];
  let used = 0;
  return parts.map(({ isDrum, program }) => {
    if (isDrum) return DRUM_CHANNEL;
    if (pitched.length <= melodic.length) return melodic[used++];
    return melodic[programs.indexOf(program) % melodic.length];
  });
}

/**
 * Puts right the first track of a file `@tonejs/midi` wrote: that writer gets
 * key signatures wrong (14 fifths too high) and has no end-of-track time, which
 * is what keeps the silence after the last note.
 */
function finishTempoTrack(
  bytes: Uint8Array,
  { keySignatures, totalTicks }: NoteSequence,
): Uint8Array {
  const lengthOffset = 18; // after the 14 bytes of the header and "MTrk"
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = lengthOffset + 4;
  const end = start + view.getUint32(lengthOffset);
  const cursor = new Cursor(bytes, "", start, end, "the tempo track");
  const keys = keySignatures.toSorted((a, b) => a.ticks - b.ticks);
  let ticks = 0;
  for (let key = 0;;) {
    ticks += cursor.variableLength("a delta time");
    cursor.skip(1, "a meta event"); // 0xff, there are no other events
    const type = cursor.uint8("a meta event");
    if (type === 0x2f) break;
    const length = cursor.variableLength("a meta event's length");
    const data = cursor.skip(length, "a meta event");
    if (type === 0x59) view.setInt8(data, keys[key++].fifths);
  }
  const rest = end - 4; // the end-of-track event and the other tracks
  const delta = variableLengthBytes(Math.max(0, totalTicks - ticks));
  const grown = delta.length - 1;
  view.setUint32(lengthOffset, end - start + grown);
  const result = new Uint8Array(bytes.length + grown);
  result.set(bytes.subarray(0, rest));
  result.set(delta, rest);
  result.set(bytes.subarray(rest + 1), rest + delta.length);
  return result;
}

/** Seven bits a byte, the top bit set on all but the last. */
function variableLengthBytes(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) {
    bytes.unshift(rest & 0x7f | 0x80);
  }
  return bytes;
}

function requireInteger(
  name: string,
  value: number,
  min: number,
  max: number,
): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(
      `Cannot write MIDI: ${name} must be an integer from ${min} to ${max}, current value is ${value}.`,
    );
  }
}

function requireWritable(sequence: NoteSequence): void {
  const { parts, tempos, timeSignatures, keySignatures } = sequence;
  const requireTicks = (name: string, ticks: number) =>
    requireInteger(name, ticks, 0, MAX_DELTA_TICKS);
  const requirePart = (part: number) =>
    requireInteger("part", part, 0, parts.length - 1);
  requireInteger("ticksPerQuarter", sequence.ticksPerQuarter, 1, 0x7fff);
  requireTicks("totalTicks", sequence.totalTicks);
  for (const { program } of parts) requireInteger("program", program, 0, 127);
  for (const note of sequence.notes) {
    requirePart(note.part);
    requireInteger("pitch", note.pitch, 0, 127);
    requireInteger("velocity", note.velocity, 1, 127);
    requireTicks("startTicks", note.startTicks);
    requireInteger("endTicks", note.endTicks, note.startTicks, MAX_DELTA_TICKS);
  }
  for (const { ticks, part, controller, value } of sequence.controls) {
    requireTicks("a controller's ticks", ticks);
    requirePart(part);
    requireInteger("controller", controller, 0, 127);
    requireInteger("a controller's value", value, 0, 127);
  }
  for (const { ticks, qpm } of tempos) {
    requireTicks("a tempo's ticks", ticks);
    const microseconds = microsecondsPerQuarter(qpm);
    if (!(microseconds >= 1 && microseconds <= 0xffffff)) {
      throw new RangeError(
        `Cannot write MIDI: qpm must be from 3.58 to 60000000, current value is ${qpm}.`,
      );
    }
  }
  for (const { ticks, numerator, denominator } of timeSignatures) {
    requireTicks("a time signature's ticks", ticks);
    requireInteger("numerator", numerator, 1, 255);
    if (![1, 2, 4, 8, 16, 32, 64, 128].includes(denominator)) {
      throw new RangeError(
        `Cannot write MIDI: denominator must be a power of two up to 128, current value is ${denominator}.`,
      );
    }
  }
  for (const { ticks, fifths } of keySignatures) {
    requireTicks("a key signature's ticks", ticks);
    requireInteger("fifths", fifths, -7, 7);
  }
}
