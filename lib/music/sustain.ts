/** The sustain pedal: notes as long as the pedal makes them sound. */

import { channelsOf } from "./channels.ts";
import { columnsOf, sequenceOf } from "./note_columns.ts";
import type { ControlChange, NoteSequence } from "./note_sequence.ts";
import { sortColumns } from "./sort_notes.ts";
import { largest } from "./statistics.ts";

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
  const ends = sustainedEnds(sequence);
  if (ends === undefined) return sequence;
  const columns = columnsOf(sequence);
  const notes = columns.withTimes(columns.startTicks, ends);
  const { ticksPerQuarter, parts, tempos, timeSignatures } = sequence;
  const { keySignatures, markers, totalTicks } = sequence;
  return sequenceOf({
    ...{ ticksPerQuarter, parts, tempos, timeSignatures, keySignatures },
    controls: sequence.controls.filter((change) => !isPedal(change)),
    ...markers && { markers },
    totalTicks,
  }, sortColumns(notes));
}

// Sequences are immutable, so their ends stay true as long as they live.
const ENDS = new WeakMap<NoteSequence, Float64Array>();

/**
 * When each note of a piece ends as {@linkcode applySustain} has it.
 *
 * @returns In the order of the notes, the same array each time, which must not be
 * changed; undefined where there is no pedal.
 */
export function sustainedEnds(
  sequence: NoteSequence,
): Float64Array | undefined {
  const known = ENDS.get(sequence);
  if (known) return known;
  const pedals = sequence.controls.filter(isPedal);
  if (pedals.length === 0) return undefined;
  const ends = endsOf(sequence, pedals);
  ENDS.set(sequence, ends);
  return ends;
}

function endsOf(
  sequence: NoteSequence,
  pedals: readonly ControlChange[],
): Float64Array {
  const { parts, totalTicks } = sequence, notes = columnsOf(sequence);
  const channels = channelsOf(parts);
  /** For each channel, where its pedal goes down and lifts, in turn. */
  const turns: number[][] = parts.map(() => []);
  for (const { part, ticks, value } of pedals) {
    const ofChannel = turns[channels[part]!]!;
    const isDown = ofChannel.length % 2 === 1;
    if (isDown !== value >= PEDAL_DOWN) ofChannel.push(ticks);
  }
  const pedalOf = parts.map(({ isDrum }, part) =>
    isDrum ? [] : turns[channels[part]!]!
  );
  /** Start of the next note of each channel and pitch, walking backwards. */
  const nextStart = new Float64Array(128 * (1 + largest(channels)))
    .fill(Infinity);
  const ends = new Float64Array(notes.length);
  /** By part, the turn found last: the next is mostly near it. */
  const found = pedalOf.map((turns) => turns.length);
  for (let i = notes.length - 1; i >= 0; i--) {
    const part = notes.part[i]!, endTicks = notes.endTicks[i]!;
    const ofPart = pedalOf[part]!;
    const key = 128 * channels[part]! + notes.pitch[i]!;
    // The pedal is down while an odd number of turns lie before the release.
    const before = ofPart.length === 0
      ? 0
      : firstNotBelow(ofPart, endTicks, found[part]!);
    found[part] = before;
    ends[i] = before % 2 === 0 ? endTicks : Math.max(
      endTicks,
      Math.min(ofPart[before] ?? totalTicks, nextStart[key]!),
    );
    nextStart[key] = notes.startTicks[i]!;
  }
  return ends;
}

function isPedal({ controller }: ControlChange): boolean {
  return controller === SUSTAIN_PEDAL;
}

/**
 * Index of the first of the sorted `values` that is at least `value`.
 *
 * @param near Where it is looked for first.
 */
function firstNotBelow(
  values: readonly number[],
  value: number,
  near: number,
): number {
  let place = near, step = 1;
  // Steps that double, so that one that is far is found as soon as by halving.
  while (place > 0 && values[place - 1]! >= value) {
    place = Math.max(0, place - step);
    step *= 2;
  }
  let high = near, low = place;
  if (place === near) {
    step = 1;
    while (high < values.length && values[high]! < value) {
      low = high + 1;
      high = Math.min(values.length, high + step);
      step *= 2;
    }
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
