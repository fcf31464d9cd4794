/** Figures about made pieces as rows of tables, for notebooks and the terminal. */

import { withoutUndefined } from "../base/base.ts";
import { RANGE_MEASURES } from "../music/music.ts";
import type { Likeness } from "./likeness.ts";
import type { MadeReport } from "./made.ts";

/** Overlapping Area with the held-out pieces in one feature, by set of pieces. */
export interface LikenessRow {
  /** Name of the feature, or "mean". */
  readonly feature: string;
  /** A set of pieces, such as "generated". */
  readonly [set: string]: string | number;
}

/**
 * One figure about generated, training and held-out pieces. As a type, not an
 * interface, it can be a row of any table.
 */
export type MusicRow = {
  /** What the figure is. */
  readonly what: string;
  /** Of the generated pieces, if there are any to measure. */
  readonly generated?: number | undefined;
  /** Of the training pieces, if it is known of them. */
  readonly training?: number | undefined;
  /** Of the held-out pieces, if there are any. */
  readonly heldOut?: number | undefined;
};

/**
 * Overlapping Area by feature, one row each, and the mean in the last row; no row if
 * there are too few pieces to compare.
 */
export function likenessRows(
  { music, originalLikeness }: MadeReport,
): LikenessRow[] {
  const sets = Object.entries(withoutUndefined({
    generated: music.likeness,
    training: music.trainingLikeness,
    original: originalLikeness,
  }));
  const rowOf = (feature: string, value: (likeness: Likeness) => number) => ({
    feature,
    ...Object.fromEntries(
      sets.map(([set, likeness]) => [set, round(value(likeness), 3)]),
    ),
  });
  const [first] = sets;
  if (first === undefined) return [];
  return [
    ...first[1].features.map(({ feature }, i) =>
      rowOf(feature, ({ features }) => features[i]!.reference.overlap)
    ),
    rowOf("mean", ({ meanOverlap }) => meanOverlap),
  ];
}

/** Copying, repetition and usual ranges, one row each, beside the corpus's own. */
export function musicRows(
  { music }: MadeReport,
): MusicRow[] {
  const { copying, repetition, withinBands } = music;
  const sets = <T>(
    what: string,
    of: { generated?: T; training?: T; heldOut?: T },
    value: (set: T) => number,
  ): MusicRow => ({
    what,
    generated: of.generated && value(of.generated),
    training: of.training && value(of.training),
    heldOut: of.heldOut && value(of.heldOut),
  });
  const percent = (share: number) => round(100 * share, 1);
  return [
    sets(
      "% of notes copied, in runs of 12",
      copying,
      (of) => percent(of.notes.copiedShare),
    ),
    sets(
      "longest copied run, notes",
      copying,
      (of) => of.notes.longest?.notes ?? 0,
    ),
    sets(
      "most times a bar is heard in a row",
      repetition,
      (of) => of.longestRun,
    ),
    sets(
      "% of bars heard before",
      repetition,
      (of) => percent(of.repeatedShare),
    ),
    ...[...RANGE_MEASURES, "all" as const].map((measure) =>
      sets(
        `% of pieces within the band of ${
          measure === "all" ? "all three" : measure
        }`,
        withinBands,
        (of) => percent(of[measure]),
      )
    ),
  ];
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
