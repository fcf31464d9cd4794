/** Tempi, meters and keys of a file's tracks, changed among all their other events. */

import type {
  KeySignature,
  NoteSequence,
  TempoChange,
  TimeSignature,
} from "../music/music.ts";
import { keySignatureBytes } from "./raw_events.ts";
import type { TrackEvent } from "./track_bytes.ts";
import { microsecondsPerQuarter } from "./writable.ts";

/** A change of tempo, meter or key. */
export type MetaChange = TempoChange | TimeSignature | KeySignature;

/** Changes that a file has, and those that are to take their place. */
export interface MetaDifference {
  readonly gone: readonly MetaChange[];
  readonly fresh: readonly MetaChange[];
}

/** Clocks to a click, and 32nds to a quarter note, as nearly all files state them. */
const CLICK = 24, QUARTER = 8;
/** The bytes of a meter that say which it is: status, type, length, and two more. */
const METER_BYTES = 5;

/** The tempi, meters and keys of a piece, in that order. */
export function metaChanges(
  { tempos, timeSignatures, keySignatures }: NoteSequence,
): MetaChange[] {
  return [...tempos, ...timeSignatures, ...keySignatures];
}

/** Text by which two changes are the same to a file. */
export function metaKey(change: MetaChange): string {
  return `${change.ticks} ${metaBytes(change)}`;
}

/**
 * Changes tempi, meters and keys of tracks. What is gone leaves every track that
 * states it; what is new goes where something of its kind was, or else into the first.
 *
 * @param tracks The events of each track.
 * @returns By number: the tracks that change, without what is gone, and what they get;
 * undefined where something that is gone is nowhere.
 */
export function changeMeta(
  tracks: readonly (readonly TrackEvent[])[],
  { gone, fresh }: MetaDifference,
): Map<number, { kept: TrackEvent[]; added: TrackEvent[] }> | undefined {
  const changed = new Map<
    number,
    { kept: TrackEvent[]; added: TrackEvent[] }
  >();
  const homes = new Map<number, number>();
  const leaving = new Set(gone.map(metaKey));
  const found = new Set<string>();
  for (const [track, events] of tracks.entries()) {
    const kept = events.filter((event) => {
      const key = `${event.ticks} ${plainBytes(event.bytes)}`;
      if (event.bytes[0] !== META || !leaving.has(key)) return true;
      found.add(key);
      homes.set(event.bytes[1]!, homes.get(event.bytes[1]!) ?? track);
      return false;
    });
    if (kept.length < events.length) changed.set(track, { kept, added: [] });
  }
  if (found.size < leaving.size) return undefined;
  for (const change of fresh) {
    const bytes = metaBytes(change);
    const home = homes.get(bytes[1]!) ?? homeOf(tracks, bytes[1]!);
    const own = changed.get(home) ??
      { kept: [...tracks[home] ?? []], added: [] };
    changed.set(home, own);
    own.added.push({ ticks: change.ticks, bytes: inFull(bytes) });
  }
  return changed;
}

const META = 0xff, TEMPO = 0x51, METER = 0x58;

/** The first track that has an event of a type, or else the first. */
function homeOf(
  tracks: readonly (readonly TrackEvent[])[],
  type: number,
): number {
  return Math.max(
    0,
    tracks.findIndex((events) =>
      events.some(({ bytes }) => bytes[0] === META && bytes[1] === type)
    ),
  );
}

/** The bytes of a change, of a meter those that say which it is. */
function metaBytes(change: MetaChange): number[] {
  if ("fifths" in change) return keySignatureBytes(change);
  if ("qpm" in change) {
    const time = microsecondsPerQuarter(change.qpm);
    return [META, TEMPO, 3, time >> 16 & 255, time >> 8 & 255, time & 255];
  }
  const { numerator, denominator } = change;
  return [META, METER, 4, numerator, Math.log2(denominator)];
}

/** The bytes of an event, of a meter those that say which it is. */
function plainBytes(bytes: readonly number[]): readonly number[] {
  return bytes[1] === METER ? bytes.slice(0, METER_BYTES) : bytes;
}

/** The bytes of a meter with those that only say how it is counted. */
function inFull(bytes: readonly number[]): readonly number[] {
  return bytes[1] === METER ? [...bytes, CLICK, QUARTER] : bytes;
}
