/**
 * How alike two sets of pieces are in their musical features: Overlapping Area and
 * divergence, after Yang and Lerch (2018).
 */

import { Turns } from "../base/base.ts";
import {
  type Agreement,
  compareDensities,
  interSetDistances,
  intraSetDistances,
} from "./distribution.ts";
import type { NoteSequence } from "../music/music.ts";
import {
  BAR_FEATURES,
  type FeatureName,
  type FeatureOptions,
  FEATURES,
  type Features,
  musicFeatures,
} from "./features.ts";

/** How alike two sets are in one feature. */
export interface FeatureLikeness {
  /** Which feature. */
  readonly feature: FeatureName;
  /** Mean over the generated pieces, element by element. */
  readonly generatedMean: readonly number[];
  /** Mean over the reference pieces, element by element. */
  readonly referenceMean: readonly number[];
  /**
   * Distances among the reference pieces compared with distances between the sets:
   * is a generated piece as far from the references as these are from each
   * other? Tables call its overlap "Overlapping Area".
   */
  readonly reference: Agreement;
  /** Distances among the generated pieces compared with those between the sets. */
  readonly generated: Agreement;
}

/** How alike two sets are. */
export interface Likeness {
  /** By feature. */
  readonly features: readonly FeatureLikeness[];
  /** Mean of `reference.overlap` over the features, 0–1. */
  readonly meanOverlap: number;
  /** Mean of `reference.divergence` over the features, in nats. */
  readonly meanDivergence: number;
}

/**
 * Compares generated with reference pieces, feature by feature.
 *
 * @param generated At least two pieces, each with a pitched note.
 * @param reference At least two pieces, each with a pitched note.
 * @throws {RangeError} If a set is smaller than two, or a piece has no pitched
 *   note.
 *
 * @example
 * ```ts
 * import { overlappingArea } from "immersic/evaluation/likeness.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const piece = (pitch: number) => ({
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch, velocity: 80, startTicks: 0, endTicks: 4, part: 0 }],
 *   totalTicks: 4,
 * });
 * const pieces = [piece(60), piece(62), piece(67)];
 * const { meanOverlap } = await overlappingArea(pieces, pieces);
 * console.assert(meanOverlap > 0.8);
 * ```
 */
export async function overlappingArea(
  generated: readonly NoteSequence[],
  reference: readonly NoteSequence[],
  options: FeatureOptions = {},
): Promise<Likeness> {
  for (const [name, { length }] of Object.entries({ generated, reference })) {
    if (length > 1) continue;
    throw new RangeError(
      `Cannot compare sets of pieces: at least two ${name} pieces are needed, current number is ${length}.`,
    );
  }
  const turns = new Turns();
  const featuresOf = async (set: readonly NoteSequence[]) => {
    const all: Features[] = [];
    for (const piece of set) {
      all.push(musicFeatures(piece, options));
      await turns.give();
    }
    return all;
  };
  const ofGenerated = await featuresOf(generated);
  const ofReference = await featuresOf(reference);
  const names = options.bars === undefined
    ? FEATURES
    : [...FEATURES, ...BAR_FEATURES];
  const features: FeatureLikeness[] = [];
  for (const feature of names) {
    const a = ofGenerated.map((features) => features[feature]!);
    const b = ofReference.map((features) => features[feature]!);
    const between = interSetDistances(a, b);
    features.push({
      feature,
      generatedMean: meanVector(a),
      referenceMean: meanVector(b),
      reference: compareDensities(intraSetDistances(b), between),
      generated: compareDensities(intraSetDistances(a), between),
    });
    await turns.give();
  }
  const mean = (of: (row: FeatureLikeness) => number) =>
    features.reduce((sum, row) => sum + of(row), 0) / features.length;
  return {
    features,
    meanOverlap: mean((row) => row.reference.overlap),
    meanDivergence: mean((row) => row.reference.divergence),
  };
}

function meanVector(vectors: readonly (readonly number[])[]): number[] {
  return vectors[0]!.map((_, i) =>
    vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length
  );
}
