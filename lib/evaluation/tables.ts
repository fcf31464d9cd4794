/** Figures about made pieces as rows of tables, for notebooks and the terminal. */

import { withoutUndefined } from "../base/base.ts";
import { RANGE_MEASURES } from "../music/music.ts";
import type { ApartReport } from "./apart_report.ts";
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
  /** Of the pieces made from prompts, if there are any to measure. */
  readonly prompted?: number | undefined;
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
    prompted: music.promptedLikeness,
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

/** Figures that a table names of those that tell made pieces from others. */
const TELLING_FIGURES = 5;

/**
 * How well made pieces are told apart, and by what; then copying, repetition and
 * usual ranges, one row each, beside the corpus's own.
 */
export function musicRows({ apart, music }: MadeReport): MusicRow[] {
  const { copying, repetition, withinBands } = music;
  const sets = <T>(
    what: string,
    of: { generated?: T; prompted?: T; training?: T; heldOut?: T },
    value: (set: T) => number,
  ): MusicRow => ({
    what,
    generated: of.generated && value(of.generated),
    prompted: of.prompted && value(of.prompted),
    training: of.training && value(of.training),
    heldOut: of.heldOut && value(of.heldOut),
  });
  const percent = (share: number) => round(100 * share, 1);
  return [
    ...apartRows(apart),
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

/**
 * How well either kind of made pieces is told from the training pieces, beside halves
 * of the training pieces; then the figures that tell most of the first.
 */
function apartRows({ unprompted, prompted, floor }: ApartReport): MusicRow[] {
  const telling = unprompted ?? prompted;
  if (!telling) return [];
  const inPrompted = new Map(
    prompted?.figures.map(({ figure, made }) => [figure, made]),
  );
  const three = (value: number | undefined) => value && round(value, 3);
  return [
    {
      what: "told from training pieces, AUC (0.5 guess, 1 certain)",
      generated: three(unprompted?.auc),
      prompted: three(prompted?.auc),
      training: three(floor),
      heldOut: undefined,
    },
    ...telling.figures.slice(0, TELLING_FIGURES).map((
      { figure, says, made, reference },
    ) => ({
      what: `by ${says}`,
      generated: unprompted && round(made, 3),
      prompted: three(inPrompted.get(figure)),
      training: round(reference, 3),
    })),
  ];
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
