/** The events of a track chunk as bytes, whatever they say. */

import { Cursor, CutOff } from "./cursor.ts";

/** An event of a track. */
export interface TrackEvent {
  readonly ticks: number;
  /** From the status on, which is always there. */
  readonly bytes: readonly number[];
}

/** Where an event is in its chunk. */
export interface TrackPlace {
  readonly ticks: number;
  readonly status: number;
  /** Its first byte after the status. */
  readonly start: number;
  /** The byte after its last. */
  readonly end: number;
}

const SYSTEM_EXCLUSIVE = 0xf0, ESCAPE = 0xf7;
/** The status of events about the whole piece. */
export const META = 0xff;

/** The events of a track chunk; undefined where its bytes are not plain events. */
export function trackEvents(chunk: Uint8Array): TrackEvent[] | undefined {
  return trackPlaces(chunk)?.map(({ ticks, status, start, end }) => ({
    ticks,
    bytes: [status, ...chunk.subarray(start, end)],
  }));
}

/** Where the events of a track chunk are; undefined as in {@linkcode trackEvents}. */
export function trackPlaces(chunk: Uint8Array): TrackPlace[] | undefined {
  const cursor = new Cursor(chunk, "", {
    start: 8,
    end: chunk.length,
    what: "the track",
  });
  const places: TrackPlace[] = [];
  let ticks = 0, running = 0;
  try {
    while (cursor.position < cursor.end) {
      ticks += cursor.variableLength("a delta time");
      const isNew = chunk[cursor.position]! >= 0x80;
      const status = isNew ? cursor.uint8("a status") : running;
      const start = cursor.position;
      if (status === META) cursor.skip(1, "a type");
      if ([META, SYSTEM_EXCLUSIVE, ESCAPE].includes(status)) {
        cursor.skip(cursor.variableLength("a length"), "an event");
      } else if (status >= 0x80 && status < SYSTEM_EXCLUSIVE) {
        running = status;
        const kind = status >> 4;
        cursor.skip(kind === 0xc || kind === 0xd ? 1 : 2, "an event");
      } else return undefined;
      places.push({ ticks, status, start, end: cursor.position });
    }
  } catch (error) {
    if (error instanceof CutOff) return undefined;
    throw error;
  }
  return places;
}

/** Stretches of bytes as one. */
export function joined(stretches: readonly Uint8Array[]): Uint8Array {
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
