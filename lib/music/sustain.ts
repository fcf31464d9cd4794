/** The sustain pedal: notes as long as the pedal makes them sound. */

import { channelsOf } from "./channels.ts";
import { columnsOf, controlsOf, sequenceOf } from "./note_columns.ts";
import { endsWithPedal } from "./note_kernels.ts";
import type { ControlChange, NoteSequence } from "./note_sequence.ts";
import { sortColumns } from "./sort_notes.ts";

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
  const { parts, totalTicks } = sequence;
  const { length, ticks, part, controller, value } = controlsOf(sequence);
  if (!controller.includes(SUSTAIN_PEDAL)) return undefined;
  const channels = channelsOf(parts);
  /** For each channel, where its pedal goes down and lifts, in turn. */
  const turns: number[][] = parts.map(() => []);
  for (let i = 0; i < length; i++) {
    if (controller[i] !== SUSTAIN_PEDAL) continue;
    const ofChannel = turns[channels[part[i]!]!]!;
    const isDown = ofChannel.length % 2 === 1;
    if (isDown !== value[i]! >= PEDAL_DOWN) ofChannel.push(ticks[i]!);
  }
  const pedals = parts.map(({ isDrum }, part) => {
    const channel = channels[part]!;
    return { channel, turns: isDrum ? [] : turns[channel]! };
  });
  const ends = endsWithPedal(columnsOf(sequence), pedals, totalTicks);
  ENDS.set(sequence, ends);
  return ends;
}

function isPedal({ controller }: ControlChange): boolean {
  return controller === SUSTAIN_PEDAL;
}
