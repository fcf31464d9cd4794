/**
 * The metrics of MusPy (H.-W. Dong et al., "MusPy: a toolkit for symbolic music
 * generation", ISMIR 2020), computed as its code does, so that figures can be
 * compared with published ones:
 *
 * - a beat in which a note only ends is not empty;
 * - the polyphony rate is the share of the time with *more than* two pitches;
 * - a bar or beat that begins at the very end of the piece counts, even empty.
 *
 * One thing differs: here a piece ends with its last note, in MusPy with its last
 * note or control change.
 *
 * Metrics of pitch leave drums out. A metric that is undefined for a piece, such as
 * one without notes, is NaN, as in MusPy.
 */

import {
  barStarts,
  lastRelease,
  meterAt,
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
  /** 1 minus the share of grid positions at which only one of two neighbouring bars has an onset. */
  readonly grooveConsistency: number;
  /** Mean number of pitches sounding while any sounds. */
  readonly polyphony: number;
  /** Share of the time, up to the last release, with more than two pitches. */
  readonly polyphonyRate: number;
  /** Share of quarter notes in which nothing sounds. */
  readonly emptyBeatRate: number;
}

/** Options of {@linkcode musicMetrics}. */
export interface MetricsOptions {
  /**
   * Grid of the groove consistency, in steps per quarter note. A finer grid has
   * more positions without onsets, so the figure is higher.
   * @default 4
   */
  readonly stepsPerQuarter?: number;
}

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
 * Share of the notes that lie in a scale.
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
  return inScaleRate(pitchClassCounts(sequence), tonic, mode);
}

function inScaleRate(
  counts: readonly number[],
  tonic: number,
  mode: "major" | "minor",
): number {
  const inScale = SCALES[mode].reduce<number>(
    (sum, degree) => sum + counts[(degree + tonic) % 12]!,
    0,
  );
  return inScale / total(counts);
}

/** Largest {@linkcode pitchInScaleRate} of all major and minor scales. */
export function scaleConsistency(sequence: NoteSequence): number {
  const counts = pitchClassCounts(sequence);
  return Math.max(
    ...Array.from({ length: 12 }, (_, tonic) => [
      inScaleRate(counts, tonic, "major"),
      inScaleRate(counts, tonic, "minor"),
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
 * One minus the mean Hamming distance of neighbouring bars' onset patterns
 * (S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the front line", ISMIR
 * 2020, as simplified by MusPy). Neighbours of different length do not count.
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
  // A bar that begins at the very end counts; one more start gives its length.
  const starts = barStarts({ ...grid, totalTicks: end + 1 });
  const meter = meterAt(grid, end);
  starts.push(starts.at(-1)! + Math.ceil(ticksPerBar(meter, stepsPerQuarter)));
  const patterns = starts.slice(1).map((next, bar) =>
    new Array<boolean>(next - starts[bar]!).fill(false)
  );
  let bar = 0;
  for (const { startTicks } of grid.notes) {
    while (startTicks >= starts[bar + 1]!) bar++;
    patterns[bar]![startTicks - starts[bar]!] = true;
  }
  let differences = 0;
  let positions = 0;
  for (let i = 1; i < patterns.length; i++) {
    const before = patterns[i - 1]!, after = patterns[i]!;
    if (before.length !== after.length) continue;
    differences += after.filter((onset, k) => onset !== before[k]).length;
    positions += after.length;
  }
  return 1 - differences / positions;
}

/** Share of quarter notes in which nothing sounds, drums included. */
export function emptyBeatRate(sequence: NoteSequence): number {
  const end = lastRelease(sequence);
  if (end < 1) return NaN;
  const beat = (ticks: number) => Math.floor(ticks / sequence.ticksPerQuarter);
  // Notes are sorted by their starts: the beats between them are those in which
  // the latest end so far has passed.
  let empty = 0, soundsTo = -1;
  for (const { startTicks, endTicks } of sequence.notes) {
    empty += Math.max(0, beat(startTicks) - soundsTo - 1);
    soundsTo = Math.max(soundsTo, beat(endTicks));
  }
  return empty / (beat(end) + 1);
}

function pitchClassCounts(sequence: NoteSequence): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const note of sequence.notes) {
    if (!sequence.parts[note.part]!.isDrum) counts[note.pitch % 12]!++;
  }
  return counts;
}

function total(counts: readonly number[]): number {
  return counts.reduce((a, b) => a + b);
}
