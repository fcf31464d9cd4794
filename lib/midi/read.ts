/** Standard MIDI File bytes to a {@linkcode NoteSequence}, or to their events. */

import type { NoteSequence, Repair } from "../music/music.ts";
import { assemble } from "./assemble.ts";
import { Channels } from "./channels.ts";
import { readTracks } from "./chunks.ts";
import { type Dropped, Tally } from "./tally.ts";
import { CHANNELS, type TrackEvents } from "./track.ts";

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
  return readMidi(bytes, { file }).sequence;
}

/** A file as it was read. */
export interface MidiReading {
  /** The music. Times are ticks of the file's own division. */
  readonly sequence: NoteSequence;
  /** What was wrong in the file, each reason once; empty for a valid file. */
  readonly repairs: readonly Repair[];
  /** What the file has and the music has no place for, each reason once. */
  readonly dropped: readonly Dropped[];
}

/** How to read a file. */
export interface MidiReadOptions {
  /** Its name, for errors. @default "" */
  readonly file?: string;
  /** Whether a file that needs a repair is refused. @default false */
  readonly strict?: boolean;
}

/**
 * Reads a Standard MIDI File as {@linkcode parseMidi} does, and tells what was
 * wrong in it.
 *
 * @param bytes The file; it is only read.
 * @throws {MidiError} If the bytes are not a Standard MIDI File, or it needs a
 * repair and `strict` is set.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readMidi, writeMidi } from "immersic/midi/midi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * assert(readMidi(writeMidi(emptySequence(96))).repairs.length === 0);
 * ```
 */
export function readMidi(
  bytes: Uint8Array,
  { file = "", strict = false }: MidiReadOptions = {},
): MidiReading {
  const tally = new Tally(file, strict);
  const sequence = assemble(readTracks(bytes, file, tally), tally);
  return { sequence, repairs: tally.repairs(), dropped: tally.dropped() };
}

/**
 * The events of a Standard MIDI File in its own order, not made into notes.
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
 * assert(tracks[0]?.keys.length === 0);
 * ```
 */
export function parseMidiEvents(
  bytes: Uint8Array,
  file: string = "",
): { ticksPerQuarter: number; tracks: readonly TrackEvents[] } {
  const tally = new Tally(file, false);
  const { header, tracks } = readTracks(bytes, file, tally, true);
  const channels = new Channels(tracks, tally);
  for (const { keys } of tracks) {
    for (const key of keys) {
      key.isDrum = channels.isDrum(key.channel, key.ticks);
      key.channel %= CHANNELS;
    }
  }
  return { ticksPerQuarter: header.ticksPerQuarter, tracks };
}
