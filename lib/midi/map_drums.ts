/** A MIDI file with other drums, and all its other bytes kept. */

import { chunksOf } from "./splice.ts";
import { META, trackPlaces } from "./track_bytes.ts";

/** The tenth channel, from 0. */
const DRUM_CHANNEL = 9;
const METER = 0x58;

/** A file with other drums. */
export interface MappedDrums {
  /** The new file; that which was given, where nothing changes. */
  readonly bytes: Uint8Array;
  /** How many notes begin on another drum than before. */
  readonly count: number;
  /** Beats and unit of the file's first meter; undefined where it has none. */
  readonly meter?: readonly [numerator: number, denominator: number];
}

/**
 * Puts other drums in the place of some, on the tenth channel.
 *
 * @param bytes A file of type 0 or 1.
 * @param drums The drums to put, by those that they replace; 0–127.
 * @returns undefined where the file has faults, and has to be read to be changed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mapDrums, parseMidi, writeMidi } from "immersic/midi/midi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const bytes = writeMidi({
 *   ...emptySequence(480),
 *   parts: [{ name: "", program: 0, isDrum: true }],
 *   notes: [{ pitch: 22, velocity: 80, startTicks: 0, endTicks: 60, part: 0 }],
 *   totalTicks: 480,
 * });
 * const mapped = mapDrums(bytes, new Map([[22, 42]]))!;
 * assert.equal(parseMidi(mapped.bytes).notes[0]?.pitch, 42);
 * ```
 */
export function mapDrums(
  bytes: Uint8Array,
  drums: ReadonlyMap<number, number>,
): MappedDrums | undefined {
  const chunks = chunksOf(bytes);
  if (!chunks) return undefined;
  let meter: MappedDrums["meter"], count = 0, changed: Uint8Array | undefined;
  for (const { start: from, end: to, isTrack } of chunks) {
    if (!isTrack) continue;
    const chunk = bytes.subarray(from, to), places = trackPlaces(chunk);
    if (!places) return undefined;
    for (const { status, start } of places) {
      if (status === META && chunk[start] === METER) {
        meter ??= [chunk[start + 2]!, 2 ** chunk[start + 3]!];
      }
      // Note-off, note-on and the pressure of a key have its number first.
      const isKey = status >= 0x80 && status < 0xb0;
      if (!isKey || (status & 0xf) !== DRUM_CHANNEL) continue;
      const drum = drums.get(chunk[start]!);
      if (drum === undefined) continue;
      changed ??= bytes.slice();
      changed[from + start] = drum;
      if (status >> 4 === 0x9 && chunk[start + 1]! > 0) count++;
    }
  }
  return { bytes: changed ?? bytes, count, ...meter && { meter } };
}
