/** Standard MIDI File bytes to a {@linkcode NoteSequence}, or to their events. */

import {
  type ControlChange,
  DEFAULT_METER,
  DEFAULT_QPM,
  type Note,
  type NoteSequence,
  type Part,
  type Repair,
  sortNotes,
} from "../music/music.ts";
import { type Header, readTracks } from "./chunks.ts";
import {
  CHANNELS,
  DRUM_CHANNEL,
  type Track,
  type TrackEvents,
} from "./track.ts";

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
  { file = "" }: MidiReadOptions = {},
): MidiReading {
  const { header, tracks } = readTracks(bytes, file);
  const sequence = assemble(
    header,
    header.format === 2 ? withDefaults(tracks) : tracks,
  );
  return { sequence, repairs: [] };
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
  const { header, tracks } = readTracks(bytes, file, true);
  return { ticksPerQuarter: header.ticksPerQuarter, tracks };
}

/**
 * The patterns of a type 2 file, each with a tempo and a meter at its start:
 * what the pattern before it set must not run on. One that states none there
 * begins at 120 qpm and in 4/4.
 */
function withDefaults(tracks: readonly Track[]): Track[] {
  let endTicks: number | undefined;
  let hasTempo = false, hasMeter = false;
  return tracks.map((track) => {
    let { tempos, timeSignatures } = track;
    const ticks = endTicks;
    if (ticks !== undefined) {
      if (hasTempo && tempos[0]?.ticks !== ticks) {
        tempos = [{ ticks, qpm: DEFAULT_QPM }, ...tempos];
      }
      if (hasMeter && timeSignatures[0]?.ticks !== ticks) {
        timeSignatures = [{ ticks, ...DEFAULT_METER }, ...timeSignatures];
      }
    }
    endTicks = track.endTicks;
    hasTempo ||= tempos.length > 0;
    hasMeter ||= timeSignatures.length > 0;
    return { ...track, tempos, timeSignatures };
  });
}

/** The tracks as one sequence. */
function assemble(header: Header, tracks: readonly Track[]): NoteSequence {
  const { parts, notes, partsOf } = partNotes(tracks);
  const controls = tracks.flatMap((track): ControlChange[] =>
    track.controls.flatMap(({ ticks, channel, controller, value }) =>
      partsOf(track, channel).map((part) => (
        { ticks, part, controller, value }
      ))
    )
  );
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
    totalTicks: tracks.reduce((end, t) => Math.max(end, t.endTicks), 0),
  };
}

/** What {@linkcode partNotes} makes of the notes of a file. */
interface PartNotes {
  readonly parts: readonly Part[];
  /** By track, then in order of their starts. */
  readonly notes: readonly Note[];
  /**
   * The parts that a controller of a track and channel moves: the track's own
   * on the channel or, where it has none, those of all tracks.
   */
  readonly partsOf: (track: Track, channel: number) => readonly number[];
}

/** Shares the notes out among parts, one for each track, channel and program. */
function partNotes(tracks: readonly Track[]): PartNotes {
  const inheritedProgram = programLookup(tracks);
  const parts: Part[] = [];
  const notes: Note[] = [];
  const channelsOfTrack = new Map<Track, Map<number, number[]>>();
  const allChannels = new Map<number, number[]>();
  for (const [t, track] of tracks.entries()) {
    const channels = new Map<number, number[]>();
    channelsOfTrack.set(track, channels);
    const partOfLine = new Map<number, number>();
    for (const { channel, program: own, ...note } of track.notes) {
      const program = own ?? inheritedProgram(channel, note.startTicks);
      const line = channel * 128 + program;
      let part = partOfLine.get(line);
      if (part === undefined) {
        part = parts.length;
        partOfLine.set(line, part);
        const isDrum = channel % CHANNELS === DRUM_CHANNEL;
        parts.push({ name: track.name, program, isDrum, track: t });
        for (const map of [channels, allChannels]) {
          map.set(channel, [...map.get(channel) ?? [], part]);
        }
      }
      notes.push({ ...note, part });
    }
  }
  return {
    parts,
    notes,
    partsOf: (track, channel) =>
      channelsOfTrack.get(track)?.get(channel) ?? allChannels.get(channel) ??
        [],
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
