/** Whether a piece stays within what is usual in a corpus. */

import { noteDensity, polyphonyOf } from "./measures.ts";
import { type NoteSequence, pitchedNotes } from "./note_sequence.ts";
import { quantile } from "./statistics.ts";

/** What is held against the corpus. Drums are left out. */
export const BAND_MEASURES = [
  "noteDensity",
  "pitchRange",
  "polyphony",
] as const;

/** Values of {@linkcode BAND_MEASURES}. */
export interface BandMeasures {
  /** Pitched notes per quarter note of the piece's length. */
  readonly noteDensity: number;
  /** Highest less lowest pitch, in semitones. */
  readonly pitchRange: number;
  /** Mean number of pitches sounding while any sounds. */
  readonly polyphony: number;
}

/** The usual values of each measure, both ends included. */
export type Bands = Readonly<
  Record<keyof BandMeasures, { readonly low: number; readonly high: number }>
>;

/**
 * Density, range and polyphony of a piece.
 *
 * @throws {RangeError} If the piece has no pitched note.
 *
 * @example
 * ```ts
 * import { bandMeasures, emptySequence } from "immersic/music/music.ts";
 * const piece = {
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 8, part: 0 }],
 *   totalTicks: 8,
 * };
 * console.assert(bandMeasures(piece).noteDensity === 0.5);
 * ```
 */
export function bandMeasures(sequence: NoteSequence): BandMeasures {
  const pitches = pitchedNotes(sequence).map((note) => note.pitch);
  if (pitches.length === 0) {
    throw new RangeError(
      "Cannot measure a piece: it has no pitched note, only drums or nothing.",
    );
  }
  return {
    noteDensity: noteDensity(sequence),
    pitchRange: pitches.reduce((a, b) => Math.max(a, b)) -
      pitches.reduce((a, b) => Math.min(a, b)),
    polyphony: polyphonyOf(sequence).polyphony,
  };
}

/**
 * The bands of a corpus: quantiles of each measure over its pieces, linearly
 * interpolated between neighbouring values.
 *
 * @param low Lower quantile.
 * @param high Upper quantile.
 * @throws {RangeError} If there is no piece, or one has no pitched note.
 */
export function corpusBands(
  pieces: readonly NoteSequence[],
  low: number = 0.05,
  high: number = 0.95,
): Bands {
  if (pieces.length === 0) {
    throw new RangeError(
      "Cannot give the bands of a corpus: it holds no piece.",
    );
  }
  const measured = pieces.map(bandMeasures);
  const band = (measure: keyof BandMeasures) => {
    const sorted = measured.map((m) => m[measure]).sort((a, b) => a - b);
    return { low: quantile(sorted, low), high: quantile(sorted, high) };
  };
  return {
    noteDensity: band("noteDensity"),
    pitchRange: band("pitchRange"),
    polyphony: band("polyphony"),
  };
}

/** The measures in which a piece is outside of the bands; none is usual. */
export function outsideBands(
  sequence: NoteSequence,
  bands: Bands,
): (keyof BandMeasures)[] {
  const measures = bandMeasures(sequence);
  return BAND_MEASURES.filter((measure) =>
    measures[measure] < bands[measure].low ||
    measures[measure] > bands[measure].high
  );
}
