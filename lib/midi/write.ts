/**
 * A {@linkcode NoteSequence} to the bytes of a Standard MIDI File, through
 * `@tonejs/midi`.
 *
 * `@tonejs/midi` 2.0.28 copies a track at each delta time above 127 ticks, and the
 * file at each track, which takes time that grows with the square of the length.
 * So it writes each track by itself, its events one tick apart, and `layOut()`
 * puts them at their times.
 */

import pkg, { type Track as TrackWriter } from "@tonejs/midi";
import type {
  ControlChange,
  Note,
  NoteSequence,
  Part,
} from "../music/music.ts";
import { layOut, type PlacedEvent } from "./lay_out.ts";
import {
  bankBytes,
  controllerBytes,
  keySignatureBytes,
  portBytes,
  programBytes,
  rhythmBytes,
} from "./raw_events.ts";
import { MICROSECONDS_PER_MINUTE } from "./track.ts";
import { planTracks, type TrackPlan } from "./track_plan.ts";
import { microsecondsPerQuarter, requireWritable } from "./writable.ts";

const { Midi } = pkg;

/**
 * Writes a Standard MIDI File of type 1: tempi, meters and keys in the first
 * track, then a track for the parts that share a `track` and `channel`, and one for
 * each other part. {@linkcode parseMidi} reads back what it once read, but for the
 * numbers of the tracks.
 *
 * - Parts on one channel share a MIDI channel, drums the tenth. Beyond 15 channels
 *   of pitches, or one of drums, parts go on further ports.
 * - A program is set before the notes that need it, and its bank before it.
 * - At each tick notes end, then controllers change, then notes begin; but a pedal
 *   that alone changes there follows the notes, as a foot follows the hands.
 * - A channel of drums and pitches turns from the ones to the others as in Roland
 *   GS.
 *
 * Where a note lies within another of its pitch, track and channel, the format
 * cannot say which of the two ends first: {@linkcode parseMidi} takes it to be the
 * earlier. A part without notes is written, but not read.
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
  const tracks = planTracks(sequence).map(writeTrack);
  const { header, tempoTrack } = writeHeader(sequence);
  new DataView(header.buffer, header.byteOffset).setUint16(
    10,
    1 + tracks.length,
  );
  return joined([header, tempoTrack, ...tracks]);
}

/** The header chunk, of one track, and the track of tempi, meters and keys. */
function writeHeader(
  sequence: NoteSequence,
): { header: Uint8Array; tempoTrack: Uint8Array } {
  const { tempos, timeSignatures, keySignatures, totalTicks } = sequence;
  const changes = [
    ...keySignatures.map((key) => (
      { ticks: key.ticks, bytes: keySignatureBytes(key) }
    )),
    ...tempos.map(({ ticks, qpm }) => ({ ticks, qpm })),
    ...timeSignatures.map(({ ticks, numerator, denominator }) => (
      { ticks, timeSignature: [numerator, denominator] }
    )),
  ].sort((a, b) => a.ticks - b.ticks);
  const slots = changes.map((change, slot) => ({ ...change, ticks: slot }));
  const midi = new Midi();
  midi.header.fromJSON({
    name: "",
    ppq: sequence.ticksPerQuarter,
    meta: [],
    // The writer rounds down to whole microseconds; the half one added brings it
    // back to the same number.
    tempos: slots.filter((change) => "qpm" in change).map(({ ticks, qpm }) => ({
      ticks,
      bpm: MICROSECONDS_PER_MINUTE / (microsecondsPerQuarter(qpm) + 0.5),
    })),
    timeSignatures: slots.filter((change) => "timeSignature" in change),
    keySignatures: [],
  });
  const bytes = midi.toArray();
  const end = Math.max(totalTicks, changes.at(-1)?.ticks ?? 0);
  const events = [{ ticks: 0 }, ...changes, { ticks: end }];
  return {
    header: bytes.subarray(0, HEADER_BYTES),
    tempoTrack: layOut(lastChunk(bytes), events),
  };
}

/** The track chunk of a plan. */
function writeTrack(plan: TrackPlan): Uint8Array {
  const midi = new Midi();
  const writer = new TrackWriting(midi.addTrack(), plan);
  const events = writer.write();
  return layOut(lastChunk(midi.toArray()), events);
}

/** A note and its places among the events of a track. */
interface SlottedNote {
  readonly note: Note;
  on: number;
  off: number;
}

/** Hands the events of a track to `@tonejs/midi` and keeps their order. */
class TrackWriting {
  /** All events in order; the name of the track is the first. */
  readonly #events: PlacedEvent[] = [{ ticks: 0 }];
  /** Events with times that `@tonejs/midi` has been handed. */
  #slots = 0;
  #nextEnd = 0;
  #nextControl = 0;
  readonly #notes: readonly SlottedNote[];
  /** The notes that have a length, in the order of their ends. */
  readonly #ends: readonly SlottedNote[];
  /** For each controller change, whether it follows the notes of its tick. */
  readonly #follows: readonly boolean[];

  constructor(readonly track: TrackWriter, readonly plan: TrackPlan) {
    this.#notes = plan.notes.map((note) => ({ note, on: 0, off: 0 }));
    this.#ends = this.#notes
      .filter(({ note }) => note.endTicks > note.startTicks)
      .sort((a, b) => a.note.endTicks - b.note.endTicks);
    this.#follows = pedalsAlone(plan.controls);
  }

  /** Returns the events in their order and times. */
  write(): readonly PlacedEvent[] {
    const { track, plan } = this;
    track.name = byteString(plan.name);
    track.channel = plan.place.channel;
    track.instrument.number = plan.first.program;
    if (plan.place.port > 0) this.#put(0, portBytes(plan.place.port));
    this.#putBank(0, plan.first);
    this.#events.push({ ticks: 0 }); // the program
    for (const slotted of this.#notes) this.#begin(slotted);
    this.#advance(Infinity);
    for (const { note: { pitch, velocity }, on, off } of this.#notes) {
      track.addNote({
        midi: pitch,
        ticks: on,
        durationTicks: off - on,
        velocity: halfUp(velocity),
      });
    }
    this.#events.push({ ticks: this.#events.at(-1)!.ticks }); // its end
    return this.#events;
  }

  #begin(slotted: SlottedNote): void {
    const { note } = slotted;
    const ticks = note.startTicks;
    this.#advance(ticks);
    const part = this.plan.changes.get(note);
    if (part) {
      this.#putBank(ticks, part);
      this.#put(ticks, programBytes(this.plan.place.channel, part));
    }
    slotted.on = this.#slot(ticks);
    if (note.endTicks === ticks) slotted.off = this.#slot(ticks);
  }

  /** Ends notes and changes controllers until those that begin at a tick. */
  #advance(ticks: number): void {
    for (;;) {
      const end = this.#ends[this.#nextEnd];
      const control = this.plan.controls[this.#nextControl];
      const endTicks = end?.note.endTicks ?? Infinity;
      const isDue = control && (control.ticks < ticks ||
        control.ticks === ticks && !this.#follows[this.#nextControl]);
      if (isDue && control.ticks < endTicks) {
        this.#putControl(control);
        this.#nextControl++;
      } else if (end && endTicks <= ticks) {
        end.off = this.#slot(endTicks);
        this.#nextEnd++;
      } else return;
    }
  }

  #putControl({ ticks, controller, value }: ControlChange): void {
    // The writer leaves this controller out.
    if (controller === 127) {
      const { channel } = this.plan.place;
      return this.#put(ticks, controllerBytes(channel, controller, value));
    }
    this.track.addCC({
      number: controller,
      ticks: this.#slot(ticks),
      value: halfUp(value),
    });
  }

  #putBank(ticks: number, { bank = 0, isDrum }: Part): void {
    const { place: { channel, isMixed }, hasBanks } = this.plan;
    if (isMixed) this.#put(ticks, rhythmBytes(channel, isDrum));
    if (!hasBanks) return;
    for (const bytes of bankBytes(channel, bank)) this.#put(ticks, bytes);
  }

  #put(ticks: number, bytes: readonly number[]): void {
    this.#events.push({ ticks, bytes });
  }

  /** The place of the next event that `@tonejs/midi` writes. */
  #slot(ticks: number): number {
    this.#events.push({ ticks });
    return ++this.#slots;
  }
}

const SUSTAIN_PEDAL = 64;

/** For each change, whether all changes at its tick are of the sustain pedal. */
function pedalsAlone(controls: readonly ControlChange[]): boolean[] {
  const others = new Set(
    controls.filter(({ controller }) => controller !== SUSTAIN_PEDAL)
      .map(({ ticks }) => ticks),
  );
  return controls.map(({ ticks }) => !others.has(ticks));
}

const HEADER_BYTES = 14;

/** The data of the last chunk of a file that `@tonejs/midi` wrote. */
function lastChunk(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let start = HEADER_BYTES + 8;
  for (;;) {
    const end = start + view.getUint32(start - 4);
    if (end === bytes.length) return bytes.subarray(start);
    start = end + 8;
  }
}

/** Stretches of bytes as one. */
function joined(stretches: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    stretches.reduce((sum, { length }) => sum + length, 0),
  );
  let end = 0;
  for (const stretch of stretches) {
    bytes.set(stretch, end);
    end += stretch.length;
  }
  return bytes;
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
