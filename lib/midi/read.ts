/** Standard MIDI File bytes to a {@linkcode NoteSequence}, or to their events. */

import type { NoteSequence, Repair } from "../music/music.ts";
import { assemble } from "./assemble.ts";
import { Channels } from "./channels.ts";
import { type MidiChunks, readTracks } from "./chunks.ts";
import { isClip, readClip } from "./clip.ts";
import { MAX_FILE_BYTES } from "./limits.ts";
import { readPlain } from "./plain.ts";
import { type Dropped, Tally } from "./tally.ts";
import { CHANNELS, type TrackEvents } from "./track.ts";

/**
 * Reads a Standard MIDI File of type 0, 1 or 2 as players do, also one that begins
 * after other bytes or in a RIFF file (.rmi), or a MIDI 2.0 clip file (.midi2). What
 * is wrong in it costs the event, not the file; {@linkcode readMidi} tells of it.
 *
 * - Each track, channel, bank and program makes one part, by track, then by the
 *   first note of the channel in it, then by the part's own. A channel's program is
 *   the track's own last change, or the last change another track made by then;
 *   without any it is 0, and its bank what was selected by then.
 * - Drums are channel 10, and the channels that GS, XG and GM2 make drum channels.
 *   An MPE zone is one part without drums.
 * - A note-off ends the oldest open note of its pitch, channel and track. A note
 *   that has none ends at the next of its pitch, or with its track.
 * - A controller is given once, to the first part of its channel. On a channel
 *   without notes it moves nothing and is left out.
 * - Of two tempi, meters or keys at one tick the later in the file counts.
 * - The patterns of a type 2 file follow one another.
 * - SMPTE time becomes 60 qpm (59.94 for 29.97 frames a second), a quarter note
 *   to the second.
 *
 * @param bytes The file; it is only read.
 * @param file Its name, for errors.
 * @returns The music. Times are ticks of the file's own division.
 * @throws {MidiError} If the bytes are not a Standard MIDI File, or one of more
 * than any piece has, as over {@linkcode MAX_FILE_BYTES}.
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
  const sequence = assemble(readChunks(bytes, file, tally), tally);
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
  const { header, tracks } = readChunks(bytes, file, tally, true);
  const channels = new Channels(tracks, tally);
  for (const { keys } of tracks) {
    for (const key of keys) {
      key.isDrum = channels.isDrum(key.channel, key.ticks);
      key.channel %= CHANNELS;
    }
  }
  return { ticksPerQuarter: header.ticksPerQuarter, tracks };
}

/** Reads the tracks of a file of either kind. */
function readChunks(
  bytes: Uint8Array,
  file: string,
  tally: Tally,
  withEvents: boolean = false,
): MidiChunks {
  if (bytes.length > MAX_FILE_BYTES) {
    tally.refuse(
      `the file has over ${MAX_FILE_BYTES} bytes`,
      `${bytes.length} bytes`,
    );
  }
  return isClip(bytes)
    ? readClip(bytes, tally, withEvents)
    : !withEvents && readPlain(bytes, tally) ||
      readTracks(bytes, file, tally, withEvents);
}
