/**
 * The features of L.-C. Yang and A. Lerch, "On the evaluation of generative
 * models in music" (2018), computed from a `NoteSequence`.
 *
 * Drums are left out. "Consecutive" notes are notes of one part: a piece of several
 * instruments is not one melodic line. Transition matrices and histograms are
 * divided by their sum, so that pieces of different lengths can be compared.
 */

import {
  barStarts,
  meterAt,
  type Note,
  type NoteSequence,
  ticksPerBar,
  ticksToSeconds,
} from "../music/music.ts";

/** The features of a whole piece, in the paper's order. */
export const FEATURES = [
  "pitchCount",
  "pitchClassHistogram",
  "pitchClassTransitionMatrix",
  "pitchRange",
  "averagePitchInterval",
  "noteCount",
  "averageInterOnsetInterval",
  "noteLengthHistogram",
  "noteLengthTransitionMatrix",
] as const;

/** The features of each bar. */
export const BAR_FEATURES = [
  "pitchCountPerBar",
  "noteCountPerBar",
  "pitchClassHistogramPerBar",
] as const;

/** Name of a feature. */
export type FeatureName =
  | typeof FEATURES[number]
  | typeof BAR_FEATURES[number];

/** A vector for each feature; a single number is a vector of one element. */
export type Features = Readonly<Partial<Record<FeatureName, number[]>>>;

/** Options of {@linkcode musicFeatures}. */
export interface FeatureOptions {
  /**
   * Number of bars from the beginning to compute the features per bar of; bars
   * after the end of the piece are empty.
   * @default {none: features per bar are left out}
   */
  readonly bars?: number;
}

/** Whole, half, quarter, 8th, 16th, the first four dotted, three triplets. */
const LENGTHS_IN_96THS_OF_A_BAR = [96, 48, 24, 12, 6, 72, 36, 18, 9, 32, 16, 8];
/** Longest time between the end of a note and the start of the next, in seconds. */
const TRANSITION_SECONDS = 0.05;

/**
 * The features of one piece.
 *
 * - `pitchCount`: distinct MIDI pitches.
 * - `pitchClassHistogram` [12]: share of sounding time of each pitch class.
 * - `pitchClassTransitionMatrix` [12 × 12]: share of each pair of pitch classes among
 *   notes of which the second starts within 50 ms of the end of the first.
 * - `pitchRange`: highest minus lowest pitch, in semitones.
 * - `averagePitchInterval`: mean absolute interval of consecutive notes, in
 *   semitones; 0 for a single note.
 * - `noteCount`: number of notes.
 * - `averageInterOnsetInterval`: mean time between consecutive onsets of all
 *   parts together, in seconds; notes of a chord are 0 seconds apart.
 * - `noteLengthHistogram` [12]: share of notes whose length is nearest to a whole,
 *   half, quarter, 8th, 16th, dotted half, dotted quarter, dotted 8th, dotted 16th,
 *   half triplet, quarter triplet, 8th triplet; the bar is the whole note.
 * - `noteLengthTransitionMatrix` [12 × 12]: share of each pair of these lengths among
 *   consecutive notes.
 * - `pitchCountPerBar` and `noteCountPerBar` [bars] and
 *   `pitchClassHistogramPerBar` [bars × 12], zeros where no note starts.
 *
 * @throws {RangeError} If the piece has no pitched note, or `bars` is not a
 *   positive integer.
 *
 * @example
 * ```ts
 * import { musicFeatures } from "immersic/evaluation/features.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const part = { name: "", program: 0, isDrum: false };
 * const note = (pitch: number, quarter: number) => ({
 *   pitch, velocity: 80, startTicks: quarter * 4, endTicks: quarter * 4 + 4, part: 0,
 * });
 * const sequence = {
 *   ...emptySequence(4), parts: [part],
 *   notes: [note(60, 0), note(64, 1), note(67, 2)], totalTicks: 12,
 * };
 * const features = musicFeatures(sequence);
 * console.assert(features.pitchRange?.[0] === 7);
 * console.assert(features.averagePitchInterval?.[0] === 3.5);
 * ```
 */
export function musicFeatures(
  sequence: NoteSequence,
  options: FeatureOptions = {},
): Features {
  const notes = sequence.notes.filter((note) =>
    !sequence.parts[note.part]!.isDrum
  );
  if (notes.length === 0) {
    throw new RangeError(
      "Cannot compute features: the piece has no pitched note, only drums or nothing.",
    );
  }
  const parts = [...Map.groupBy(notes, (note) => note.part).values()];
  const pitches = notes.map((note) => note.pitch);
  const classOf = lengthClasses(sequence);
  const intervals = parts.flatMap((part) =>
    pairs(part).map(([a, b]) => Math.abs(b.pitch - a.pitch))
  );
  const onsets = notes.map((note) => ticksToSeconds(sequence, note.startTicks));
  return {
    pitchCount: [new Set(pitches).size],
    pitchClassHistogram: share(pitchClassTicks(notes)),
    pitchClassTransitionMatrix: share(pitchClassTransitions(sequence, parts)),
    pitchRange: [extent(pitches)],
    averagePitchInterval: [mean(intervals)],
    noteCount: [notes.length],
    averageInterOnsetInterval: [
      notes.length < 2 ? 0 : extent(onsets) / (notes.length - 1),
    ],
    noteLengthHistogram: share(tally(12, notes.map(classOf))),
    noteLengthTransitionMatrix: share(tally(
      144,
      parts.flatMap((part) =>
        pairs(part).map(([a, b]) => 12 * classOf(a) + classOf(b))
      ),
    )),
    ...(options.bars === undefined
      ? {}
      : barFeatures(sequence, notes, options.bars)),
  };
}

function barFeatures(
  sequence: NoteSequence,
  notes: readonly Note[],
  bars: number,
): Features {
  if (!Number.isInteger(bars) || bars < 1) {
    throw new RangeError(
      `Cannot compute features per bar: bars must be a positive integer, current value is ${bars}.`,
    );
  }
  const starts = barStarts(sequence);
  const byBar = Array.from(
    { length: bars },
    (_, bar) =>
      notes.filter((note) =>
        note.startTicks >= (starts[bar] ?? Infinity) &&
        note.startTicks < (starts[bar + 1] ?? Infinity)
      ),
  );
  return {
    pitchCountPerBar: byBar.map((bar) =>
      new Set(bar.map((note) => note.pitch)).size
    ),
    noteCountPerBar: byBar.map((bar) => bar.length),
    pitchClassHistogramPerBar: byBar.flatMap((bar) =>
      share(pitchClassTicks(bar))
    ),
  };
}

/** Sounding ticks of each pitch class. */
function pitchClassTicks(notes: readonly Note[]): number[] {
  const ticks = new Array<number>(12).fill(0);
  for (const note of notes) {
    ticks[note.pitch % 12]! += note.endTicks - note.startTicks;
  }
  return ticks;
}

function pitchClassTransitions(
  sequence: NoteSequence,
  parts: readonly Note[][],
): number[] {
  const counts = new Array<number>(144).fill(0);
  for (const part of parts) {
    const starts = part.map((n) => ticksToSeconds(sequence, n.startTicks));
    for (const note of part) {
      const end = ticksToSeconds(sequence, note.endTicks);
      let next = lowerBound(starts, end - TRANSITION_SECONDS);
      for (
        const latest = end + TRANSITION_SECONDS;
        next < part.length;
        next++
      ) {
        if (starts[next]! >= latest) break;
        if (part[next] === note) continue;
        counts[12 * (note.pitch % 12) + part[next]!.pitch % 12]!++;
      }
    }
  }
  return counts;
}

/** A function from notes to indices of {@linkcode LENGTHS_IN_96THS_OF_A_BAR}. */
function lengthClasses(sequence: NoteSequence): (note: Note) => number {
  return (note) => {
    const meter = meterAt(sequence, note.startTicks);
    const length = 96 * (note.endTicks - note.startTicks) /
      ticksPerBar(meter, sequence.ticksPerQuarter);
    const distances = LENGTHS_IN_96THS_OF_A_BAR.map((l) =>
      Math.abs(l - length)
    );
    return distances.indexOf(Math.min(...distances));
  };
}

/** First index whose value is at least `x`. */
function lowerBound(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pairs<T>(list: readonly T[]): [T, T][] {
  return list.slice(1).map((next, i) => [list[i]!, next]);
}

function tally(size: number, indices: readonly number[]): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const index of indices) counts[index]!++;
  return counts;
}

/** Divided by the sum; zeros stay zeros. */
function share(counts: readonly number[]): number[] {
  const sum = counts.reduce((a, b) => a + b);
  return counts.map((count) => sum === 0 ? 0 : count / sum);
}

function mean(values: readonly number[]): number {
  return values.length === 0
    ? 0
    : values.reduce((a, b) => a + b) / values.length;
}

/** Largest minus smallest of a non-empty list. */
function extent(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b)) -
    values.reduce((a, b) => Math.min(a, b));
}
