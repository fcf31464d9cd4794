/**
 * The metrics of MusPy (H.-W. Dong et al., "MusPy: a toolkit for symbolic music
 * generation", ISMIR 2020), with the conventions of its code, so that figures
 * can be set beside published ones:
 *
 * - a note's last tick counts as sounding where beats are concerned, so a beat
 *   in which a note merely ends is not empty;
 * - polyphony *rate* asks for more than `threshold` pitches;
 * - the bar or beat at the very end of the piece counts even if nothing is in it.
 *
 * In one thing not: a piece ends with its last release here, while MusPy's also
 * waits for a pedal or other controller to change after it.
 *
 * Metrics of pitch leave drums out. A piece that a metric says nothing about,
 * such as one without notes, gives NaN, as in MusPy.
 */

import {
  barStarts,
  type NoteSequence,
  polyphonyOf,
  quantize,
  ticksPerBar,
} from "../music/music.ts";

/** Pitch classes of C major and C (natural) minor. */
const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
} as const;

/** MusPy's metrics of one piece. */
export interface MusicMetrics {
  /** Shannon entropy of the pitch classes of the notes, in bits, 0–3.585. */
  readonly pitchClassEntropy: number;
  /** Largest share of notes that lie in one major or natural minor scale. */
  readonly scaleConsistency: number;
  /** 1 less the share of grid positions at which neighbouring bars differ in having an onset. */
  readonly grooveConsistency: number;
  /** Mean number of pitches sounding while any sounds. */
  readonly polyphony: number;
  /** Share of the time, from 0 to the last release, with more than two pitches. */
  readonly polyphonyRate: number;
  /** Share of quarter notes in which nothing sounds. */
  readonly emptyBeatRate: number;
}

/** Options of {@linkcode musicMetrics}. */
export interface MetricsOptions {
  /**
   * Grid of the groove consistency, in steps per quarter note. A finer grid
   * has more positions at which nothing ever starts, and so a higher figure.
   * @default 4
   */
  readonly stepsPerQuarter?: number;
}

/** Names of {@linkcode MusicMetrics}, in the order of tables. */
export const METRICS = [
  "pitchClassEntropy",
  "scaleConsistency",
  "grooveConsistency",
  "polyphony",
  "polyphonyRate",
  "emptyBeatRate",
] as const satisfies readonly (keyof MusicMetrics)[];

/**
 * MusPy's metrics of a piece.
 *
 * @example
 * ```ts
 * import { musicMetrics } from "immersic/evaluation/metrics.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const note = (pitch: number) => ({
 *   pitch, velocity: 80, startTicks: 0, endTicks: 4, part: 0,
 * });
 * const chord = {
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [note(60), note(64), note(67)], totalTicks: 4,
 * };
 * const { polyphony, scaleConsistency } = musicMetrics(chord);
 * console.assert(polyphony === 3 && scaleConsistency === 1);
 * ```
 */
export function musicMetrics(
  sequence: NoteSequence,
  options: MetricsOptions = {},
): MusicMetrics {
  const { stepsPerQuarter = 4 } = options;
  return {
    pitchClassEntropy: pitchClassEntropy(sequence),
    scaleConsistency: scaleConsistency(sequence),
    grooveConsistency: grooveConsistency(sequence, stepsPerQuarter),
    ...polyphonyOf(sequence),
    emptyBeatRate: emptyBeatRate(sequence),
  };
}

/**
 * The share of notes in a scale.
 *
 * @param tonic Pitch class, 0–11, C = 0.
 * @param mode The minor scale is the natural one.
 * @returns 0–1, NaN without pitched notes.
 */
export function pitchInScaleRate(
  sequence: NoteSequence,
  tonic: number,
  mode: "major" | "minor",
): number {
  const counts = pitchClassCounts(sequence);
  const inScale = SCALES[mode].reduce<number>(
    (sum, degree) => sum + counts[(degree + tonic) % 12],
    0,
  );
  return inScale / total(counts);
}

/** Largest {@linkcode pitchInScaleRate} of the 24 scales. */
export function scaleConsistency(sequence: NoteSequence): number {
  return Math.max(
    ...Array.from({ length: 12 }, (_, tonic) => [
      pitchInScaleRate(sequence, tonic, "major"),
      pitchInScaleRate(sequence, tonic, "minor"),
    ]).flat(),
  );
}

/** Shannon entropy of the pitch classes of the notes, in bits. */
export function pitchClassEntropy(sequence: NoteSequence): number {
  const counts = pitchClassCounts(sequence);
  const notes = total(counts);
  if (notes === 0) return NaN;
  return counts.reduce((entropy, count) => {
    const p = count / notes;
    return p === 0 ? entropy : entropy - p * Math.log2(p);
  }, 0);
}

/**
 * One less the mean Hamming distance of neighbouring bars' onset patterns
 * (S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the front line", ISMIR
 * 2020, as simplified by MusPy). Neighbours of different length are left out.
 *
 * @param stepsPerQuarter Grid to which onsets are rounded.
 * @returns 0–1, NaN for a piece of one bar.
 */
export function grooveConsistency(
  sequence: NoteSequence,
  stepsPerQuarter: number,
): number {
  const grid = quantize(sequence, stepsPerQuarter);
  const end = lastRelease(grid);
  // The bar that begins at the very end counts; and one more start, to know its length.
  const starts = barStarts({ ...grid, totalTicks: end + 1 });
  const meter = grid.timeSignatures.findLast(({ ticks }) => ticks <= end) ??
    { numerator: 4, denominator: 4 };
  starts.push(starts.at(-1)! + Math.ceil(ticksPerBar(meter, stepsPerQuarter)));
  const patterns = starts.slice(1).map((next, bar) =>
    new Array<boolean>(next - starts[bar]).fill(false)
  );
  let bar = 0;
  for (const { startTicks } of grid.notes) {
    while (startTicks >= starts[bar + 1]) bar++;
    patterns[bar][startTicks - starts[bar]] = true;
  }
  let differences = 0;
  let positions = 0;
  for (let i = 1; i < patterns.length; i++) {
    const [before, after] = [patterns[i - 1], patterns[i]];
    if (before.length !== after.length) continue;
    differences += after.filter((onset, k) => onset !== before[k]).length;
    positions += after.length;
  }
  return 1 - differences / positions;
}

/** The share of quarter notes in which nothing sounds, drums included. */
export function emptyBeatRate(sequence: NoteSequence): number {
  const end = lastRelease(sequence);
  if (end < 1) return NaN;
  const beat = (ticks: number) => Math.floor(ticks / sequence.ticksPerQuarter);
  const sounding = new Array<boolean>(beat(end) + 1).fill(false);
  for (const note of sequence.notes) {
    sounding.fill(true, beat(note.startTicks), beat(note.endTicks) + 1);
  }
  return sounding.filter((sounds) => !sounds).length / sounding.length;
}

function pitchClassCounts(sequence: NoteSequence): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const note of sequence.notes) {
    if (!sequence.parts[note.part].isDrum) counts[note.pitch % 12]++;
  }
  return counts;
}

function lastRelease(sequence: NoteSequence): number {
  return sequence.notes.reduce((end, note) => Math.max(end, note.endTicks), 0);
}

function total(counts: readonly number[]): number {
  return counts.reduce((a, b) => a + b);
}
