/** Soft drums by rule, for the music of a model that generates none. */

import {
  barStarts,
  firstStatedMeter,
  meterName,
  type Note,
  type NoteSequence,
  quartersPerBar,
  sortNotes,
} from "../music/music.ts";
import type { Random } from "../base/base.ts";

/** General MIDI percussion. */
const KICK = 36, SNARE = 38, HAT = 42;
/** Velocity of each drum. */
const VELOCITY = { [KICK]: 56, [SNARE]: 44, [HAT]: 34 } as const;
/** How much softer a hi-hat off the beat is. */
const OFF_BEAT = 6;

/** A stroke: the drum, eighths after the bar line, probability. */
type Stroke = readonly [
  drum: keyof typeof VELOCITY,
  eighth: number,
  share: number,
];

/** Kick and snare by meter. */
const PATTERNS: Readonly<Record<string, readonly Stroke[]>> = {
  "4/4": [
    [KICK, 0, 1],
    [SNARE, 2, 1],
    [KICK, 4, 0.8],
    [KICK, 5, 0.25],
    [SNARE, 6, 1],
  ],
  "3/4": [[KICK, 0, 1], [SNARE, 2, 0.4], [SNARE, 4, 0.8]],
  "6/8": [[KICK, 0, 1], [SNARE, 3, 1], [KICK, 5, 0.25]],
};
/** Kick and snare of other meters. */
const OTHER: readonly Stroke[] = [[KICK, 0, 1]];
/** Probability of a hi-hat on each eighth. */
const HAT_SHARE = 0.9;

/**
 * Adds a part of soft drums: hi-hat in eighths, kick and snare from the second bar on,
 * and only a kick in the last bar.
 *
 * @param sequence A piece in one meter.
 * @param random Decides which strokes to leave out.
 */
export function addSoftDrums(
  sequence: NoteSequence,
  random: Random,
): NoteSequence {
  const { ticksPerQuarter, totalTicks, parts } = sequence;
  const meter = firstStatedMeter(sequence);
  const eighth = ticksPerQuarter / 2;
  const pattern = PATTERNS[meterName(meter)] ?? OTHER;
  const hats = Array.from(
    { length: Math.floor(2 * quartersPerBar(meter)) },
    (_, i): Stroke => [HAT, i, HAT_SHARE],
  );
  const bars = barStarts(sequence);
  const strokes = bars.flatMap((start, bar): Note[] => {
    const isLast = bar === bars.length - 1;
    const played = isLast ? OTHER : bar === 0 ? hats : [...hats, ...pattern];
    return played.filter(([, , share]) => random.next() < share)
      .map(([drum, place]) => ({
        pitch: drum,
        velocity: VELOCITY[drum] - (drum === HAT && place % 2 ? OFF_BEAT : 0),
        startTicks: start + place * eighth,
        endTicks: start + place * eighth + Math.round(eighth / 4),
        part: parts.length,
      }));
  }).filter(({ endTicks }) => endTicks <= totalTicks);
  return {
    ...sequence,
    parts: [...parts, { name: "", program: 0, isDrum: true }],
    notes: sortNotes([...sequence.notes, ...strokes]),
  };
}
