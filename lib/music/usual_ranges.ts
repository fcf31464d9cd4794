/** The usual ranges of a corpus's density, pitch range and polyphony. */

import { noteDensity, polyphonyOf } from "./measures.ts";
import type { NoteSequence } from "./note_sequence.ts";
import { quantile } from "./statistics.ts";

/** What is measured of each piece. Drums are left out. */
export const RANGE_MEASURES = [
  "noteDensity",
  "pitchRange",
  "polyphony",
] as const;

/** Values of {@linkcode RANGE_MEASURES}. */
export interface RangeMeasures {
  /** Pitched notes per quarter note of the piece's length. */
  readonly noteDensity: number;
  /** Highest minus lowest pitch, in semitones. */
  readonly pitchRange: number;
  /** Mean number of pitches sounding while any sounds. */
  readonly polyphony: number;
}

/** The usual range of each measure, both ends included. */
export type UsualRanges = Readonly<
  Record<keyof RangeMeasures, { readonly low: number; readonly high: number }>
>;

/**
 * Density, range and polyphony of a piece.
 *
 * @throws {RangeError} If the piece has no pitched note.
 *
 * @example
 * ```ts
 * import { emptySequence, rangeMeasures } from "immersic/music/music.ts";
 * const piece = {
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 8, part: 0 }],
 *   totalTicks: 8,
 * };
 * console.assert(rangeMeasures(piece).noteDensity === 0.5);
 * ```
 */
export function rangeMeasures(sequence: NoteSequence): RangeMeasures {
  let lowest = Infinity, highest = -Infinity;
  for (const { part, pitch } of sequence.notes) {
    if (sequence.parts[part]!.isDrum) continue;
    lowest = Math.min(lowest, pitch);
    highest = Math.max(highest, pitch);
  }
  if (lowest > highest) {
    throw new RangeError(
      "Cannot measure a piece: it has no pitched note, only drums or nothing.",
    );
  }
  return {
    noteDensity: noteDensity(sequence),
    pitchRange: highest - lowest,
    polyphony: polyphonyOf(sequence).polyphony,
  };
}

/**
 * The usual ranges of a corpus: from a low to a high quantile of each measure over its
 * pieces.
 *
 * @param measured Of its pieces, at least one, as {@linkcode rangeMeasures} gives them.
 * @param low Lower quantile.
 * @param high Upper quantile.
 */
export function usualRangesOf(
  measured: readonly RangeMeasures[],
  low: number = 0.05,
  high: number = 0.95,
): UsualRanges {
  const range = (measure: keyof RangeMeasures) => {
    const sorted = measured.map((m) => m[measure]).sort((a, b) => a - b);
    return { low: quantile(sorted, low), high: quantile(sorted, high) };
  };
  return {
    noteDensity: range("noteDensity"),
    pitchRange: range("pitchRange"),
    polyphony: range("polyphony"),
  };
}

/** The measures of a piece that are outside of the usual ranges. */
export function outsideRanges(
  sequence: NoteSequence,
  ranges: UsualRanges,
): (keyof RangeMeasures)[] {
  return measuresOutside(rangeMeasures(sequence), ranges);
}

/** The measures that are outside of the usual ranges. */
export function measuresOutside(
  measures: RangeMeasures,
  ranges: UsualRanges,
): (keyof RangeMeasures)[] {
  return RANGE_MEASURES.filter((measure) =>
    measures[measure] < ranges[measure].low ||
    measures[measure] > ranges[measure].high
  );
}
