/** The sustain pedal: notes as long as the pedal makes them sound. */

import { channelsOf } from "./channels.ts";
import {
  type ControlChange,
  type NoteSequence,
  sortNotes,
} from "./note_sequence.ts";

/** Controller number of the sustain pedal. */
export const SUSTAIN_PEDAL = 64;
/** Values from here on mean that a pedal is down. */
export const PEDAL_DOWN = 64;

/**
 * The notes as the sustain pedal (controller 64) makes them sound: a note let
 * go while the pedal is down lasts until the pedal lifts or the same pitch is
 * struck again. A pedal holds the notes of all parts on its channel, and a pitch
 * struck again ends the note that rings on there, as synthesizers have it. A key
 * let go at the very tick the pedal goes down is not caught. Drums do not ring
 * on.
 *
 * @param sequence The sequence as played.
 * @returns The sequence as heard, without the pedal's own changes: the lengths
 * of the notes carry them now.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { applySustain, emptySequence } from "immersic/music/music.ts";
 * const heard = applySustain({
 *   ...emptySequence(480),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }],
 *   controls: [
 *     { ticks: 0, part: 0, controller: 64, value: 127 },
 *     { ticks: 960, part: 0, controller: 64, value: 0 },
 *   ],
 *   totalTicks: 960,
 * });
 * assert(heard.notes[0]?.endTicks === 960);
 * ```
 */
export function applySustain(sequence: NoteSequence): NoteSequence {
  const { parts, notes, totalTicks } = sequence;
  const pedals = sequence.controls.filter(isPedal);
  if (pedals.length === 0) return sequence;
  const channels = channelsOf(parts);
  /** For each channel, where its pedal goes down and lifts, in turn. */
  const turns: number[][] = parts.map(() => []);
  for (const { part, ticks, value } of pedals) {
    const ofChannel = turns[channels[part]!]!;
    const isDown = ofChannel.length % 2 === 1;
    if (isDown !== value >= PEDAL_DOWN) ofChannel.push(ticks);
  }
  /** Start of the next note of each channel and pitch, walking backwards. */
  const nextStart = new Map<number, number>();
  const lengthened = notes.toReversed().map((note) => {
    const channel = channels[note.part]!;
    const ofChannel = turns[channel]!;
    const key = channel * 128 + note.pitch;
    // The pedal is down while an odd number of turns lie before the release.
    const before = firstNotBelow(ofChannel, note.endTicks);
    let endTicks = note.endTicks;
    if (before % 2 === 1 && !parts[note.part]!.isDrum) {
      const lift = ofChannel[before] ?? totalTicks;
      const restrike = nextStart.get(key) ?? Infinity;
      endTicks = Math.max(endTicks, Math.min(lift, restrike));
    }
    nextStart.set(key, note.startTicks);
    return endTicks === note.endTicks ? note : { ...note, endTicks };
  });
  return {
    ...sequence,
    notes: sortNotes(lengthened.reverse()),
    controls: sequence.controls.filter((change) => !isPedal(change)),
  };
}

function isPedal({ controller }: ControlChange): boolean {
  return controller === SUSTAIN_PEDAL;
}

/** Index of the first of the sorted `values` that is at least `value`. */
function firstNotBelow(values: readonly number[], value: number): number {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
