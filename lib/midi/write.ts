/**
 * A {@linkcode NoteSequence} to the bytes of a Standard MIDI File, through
 * `@tonejs/midi`.
 */

import pkg, { type Track as TrackWriter } from "@tonejs/midi";
import {
  type ControlChange,
  type Note,
  type NoteSequence,
  type Part,
  sortNotes,
} from "../music/music.ts";
import { Cursor } from "./cursor.ts";
import { CHANNELS, DRUM_CHANNEL, MICROSECONDS_PER_MINUTE } from "./track.ts";
import { microsecondsPerQuarter, requireWritable } from "./writable.ts";

const { Midi } = pkg;

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
 * assert(parseMidi(bytes).parts[0]?.name === "Pad");
 * ```
 */
export function writeMidi(sequence: NoteSequence): Uint8Array {
  requireWritable(sequence);
  const midi = new Midi();
  midi.header.fromJSON({
    name: "",
    ppq: sequence.ticksPerQuarter,
    meta: [],
    // The writer rounds down to whole microseconds; the half one added brings it
    // back to the same number.
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
  const notes = Map.groupBy(sortNotes(sequence.notes), ({ part }) => part);
  const controls = Map.groupBy(sequence.controls, ({ part }) => part);
  for (const [i, { name, program }] of sequence.parts.entries()) {
    const track = midi.addTrack();
    track.name = byteString(name);
    track.channel = channels[i]!;
    track.instrument.number = program;
    addNotes(track, notes.get(i) ?? []);
    addControls(track, controls.get(i) ?? []);
  }
  return finishTempoTrack(midi.toArray(), sequence);
}

function addNotes(track: TrackWriter, notes: readonly Note[]): void {
  for (const { pitch, velocity, startTicks, endTicks } of notes) {
    track.addNote({
      midi: pitch,
      ticks: startTicks,
      durationTicks: endTicks - startTicks,
      velocity: halfUp(velocity),
    });
  }
}

function addControls(
  track: TrackWriter,
  controls: readonly ControlChange[],
): void {
  const { controlChanges } = track;
  // The writer sorts a track's changes by controller and leaves 127 out, but
  // takes the number from each change: one list in order keeps them all.
  const inOrder: TrackWriter["controlChanges"][number] = [];
  for (const { ticks, controller, value } of controls) {
    const written = controlChanges[controller] = [];
    track.addCC({ number: controller, ticks, value: halfUp(value) });
    inOrder.push(...written);
    controlChanges[controller] = [];
  }
  controlChanges[0] = inOrder;
}

/**
 * A velocity or controller value, 0–127, as the share of 127 that the writer
 * takes. It rounds down; the half unit added brings it back to the same number.
 */
function halfUp(value: number): number {
  return (value + 0.5) / 127;
}

/** UTF-8, a character for each byte, which is how the writer takes text. */
function byteString(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text));
  return bytes.map((byte) => String.fromCharCode(byte)).join("");
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
    if (pitched.length <= melodic.length) return melodic[used++]!;
    return melodic[programs.indexOf(program) % melodic.length]!;
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
  const cursor = new Cursor(bytes, "", { start, end, what: "the tempo track" });
  const keys = keySignatures.toSorted((a, b) => a.ticks - b.ticks);
  let ticks = 0;
  for (let key = 0;;) {
    ticks += cursor.variableLength("a delta time");
    cursor.skip(1, "a meta event"); // 0xff, there are no other events
    const type = cursor.uint8("a meta event");
    if (type === 0x2f) break;
    const length = cursor.variableLength("a meta event's length");
    const data = cursor.skip(length, "a meta event");
    if (type === 0x59) view.setInt8(data, keys[key++]!.fifths);
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
