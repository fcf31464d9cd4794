/**
 * Whether made pieces can be told from others: a random forest learns from the figures
 * of some pieces which are made, and judges pieces that it has not seen. Whoever
 * measures has no say in what it goes by: the figures are fixed before.
 */

import { Random, Turns } from "../base/base.ts";
import type { NoteSequence } from "../music/music.ts";
import { type Columns, type ForestJob, judgeUnseen } from "./forest.ts";
import {
  FIGURE_NAMES,
  type FigureName,
  FIGURES,
  type MusicalFigures,
  musicalFigures,
} from "./figures/figures.ts";

/** Parts into which the pieces are divided, each judged by a forest of the others. */
const FOLDS = 10;
/** Divisions of the pieces into folds, or into halves; their areas are averaged. */
const REPEATS = 3;

/** Fewest pieces on a side: one for each fold. */
export const FEWEST_TOLD_APART: number = FOLDS;

/** Has forests judge, one for each job, and gives what each thinks. */
export type JudgeAll = (jobs: readonly ForestJob[]) => Promise<number[][]>;

/** How well one figure alone tells the sets apart. */
export interface TellingFigure {
  /** Its name. */
  readonly figure: FigureName;
  /** What the figure is, in words. */
  readonly says: string;
  /**
   * Probability that it is on the side usual for made pieces, of a made and a
   * reference piece at random; 0.5–1, where 0.5 tells nothing.
   */
  readonly auc: number;
  /** Mean over the made pieces. */
  readonly made: number;
  /** Mean over the reference pieces. */
  readonly reference: number;
}

/** How well two sets of pieces are told apart. */
export interface ToldApart {
  /**
   * Area under the ROC curve: the probability that, of a made and a reference piece
   * at random, the forest takes the right one for made. 0.5 is a guess, 1 certain.
   */
  readonly auc: number;
  /** Pieces on either side. */
  readonly pieces: number;
  /** All figures, those that tell most first. */
  readonly figures: readonly TellingFigure[];
}

/**
 * How well a random forest tells made pieces from reference pieces.
 *
 * The pieces of either side are divided at random into ten folds; those of one fold are
 * judged by a forest that learnt from the other nine. The area is the mean of the
 * folds, of three divisions. Of the larger set as many pieces as the smaller has take
 * part.
 *
 * @param made At least {@linkcode FEWEST_TOLD_APART} pieces.
 * @param reference As many at least.
 * @param options `seed` of the divisions; `judgeAll` trains the forests, by default
 * one after the other.
 * @throws {RangeError} If a set is too small.
 *
 * @example
 * ```ts
 * import { toldApart } from "immersic/evaluation/told_apart.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const scale = (step: number) => ({
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [0, 1, 2, 3].map((i) => ({
 *     pitch: 60 + step * i, velocity: 80, startTicks: 4 * i, endTicks: 4 * i + 4, part: 0,
 *   })),
 *   totalTicks: 16,
 * });
 * const steps = new Array(10).fill(scale(1)), leaps = new Array(10).fill(scale(7));
 * const { auc, pieces } = await toldApart(steps, leaps);
 * console.assert(auc === 1 && pieces === 10);
 * ```
 */
export async function toldApart(
  made: readonly NoteSequence[],
  reference: readonly NoteSequence[],
  { seed = 1, judgeAll }: {
    readonly seed?: number;
    readonly judgeAll?: JudgeAll | undefined;
  } = {},
): Promise<ToldApart> {
  const random = new Random(seed);
  const pieces = Math.min(made.length, reference.length);
  const ofMade = await figuresOfSome(made, pieces, random);
  const ofReference = await figuresOfSome(reference, pieces, random);
  const auc = await meanArea(
    Array.from({ length: REPEATS }, () => divide(ofMade, ofReference, random)),
    judgeAll,
  );
  return {
    auc,
    pieces,
    figures: tellingFigures(ofMade, ofReference),
  };
}

/**
 * What {@linkcode toldApart} has of two random halves of one set: a set made as well
 * as the reference pieces would have no more. The mean of three divisions into halves.
 *
 * @param reference At least twice {@linkcode FEWEST_TOLD_APART} pieces.
 * @param options `seed` and `judgeAll` as there; `pieces` of a half, fewer than there
 *   are.
 * @throws {RangeError} If there are too few pieces.
 */
export async function toldApartFloor(
  reference: readonly NoteSequence[],
  { seed = 1, pieces = Infinity, judgeAll }: {
    readonly seed?: number;
    readonly pieces?: number;
    readonly judgeAll?: JudgeAll | undefined;
  } = {},
): Promise<number> {
  const random = new Random(seed);
  const half = Math.min(pieces, Math.floor(reference.length / 2));
  const figures = await figuresOfSome(reference, 2 * half, random);
  const halves = Array.from({ length: REPEATS }, () => {
    const mixed = random.shuffle(figures);
    return divide(mixed.slice(0, half), mixed.slice(half), random);
  });
  return await meanArea(halves, judgeAll);
}

/**
 * How likely single pieces are made, as a random forest thinks that has learnt to tell
 * made pieces from others. It says little of one piece: compare it with what the
 * forest thinks of pieces that are not made and that it has not seen.
 *
 * @param pieces To judge; none of them may be among the others.
 * @param made To learn from, at least {@linkcode FEWEST_TOLD_APART}.
 * @param reference To learn from, about as many.
 * @returns By piece, the probability that it is made, 0–1.
 * @throws {RangeError} If there are too few pieces to learn from.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { likelyMade } from "immersic/evaluation/evaluation.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const scale = (step: number) => ({
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [0, 1, 2, 3].map((i) => ({
 *     pitch: 60 + step * i, velocity: 80, startTicks: 4 * i, endTicks: 4 * i + 4, part: 0,
 *   })),
 *   totalTicks: 16,
 * });
 * const steps = new Array(10).fill(scale(1)), leaps = new Array(10).fill(scale(7));
 * const [step = 0, leap = 0] = await likelyMade([scale(1), scale(7)], leaps, steps);
 * assert(step < 0.5 && leap > 0.5);
 * ```
 */
export async function likelyMade(
  pieces: readonly NoteSequence[],
  made: readonly NoteSequence[],
  reference: readonly NoteSequence[],
): Promise<number[]> {
  requireEnough(made, reference);
  const figuresOf = (set: readonly NoteSequence[]) =>
    figuresOfSome(set, set.length, new Random(1));
  const ofMade = await figuresOf(made);
  const ofReference = await figuresOf(reference);
  return await judgeUnseen({
    rows: columnsOf([...ofMade, ...ofReference]),
    isMade: [...ofMade.map(() => true), ...ofReference.map(() => false)],
    unseen: columnsOf(await figuresOf(pieces)),
  });
}

/** Refuses sets too small to learn from. */
function requireEnough(...sets: readonly (readonly unknown[])[]): void {
  for (const set of sets) {
    if (set.length >= FEWEST_TOLD_APART) continue;
    throw new RangeError(
      `Cannot tell pieces apart: at least ${FEWEST_TOLD_APART} are needed on each side, current value is ${set.length}. Make more, or learn from more.`,
    );
  }
}

/** The figures of some random pieces of a set, or of all if there are no more. */
async function figuresOfSome(
  set: readonly NoteSequence[],
  count: number,
  random: Random,
): Promise<MusicalFigures[]> {
  const some = set.length > count ? random.shuffle(set).slice(0, count) : set;
  const turns = new Turns();
  const figures: MusicalFigures[] = [];
  for (const piece of some) {
    figures.push(musicalFigures(piece));
    await turns.give();
  }
  return figures;
}

/** One fold: what its forest is given, and how many of the unseen pieces are made. */
interface Fold extends ForestJob {
  readonly madeCount: number;
}

/** Divides pieces into folds at random. */
function divide(
  made: readonly MusicalFigures[],
  reference: readonly MusicalFigures[],
  random: Random,
): Fold[] {
  requireEnough(made, reference);
  const folds = [made, reference].map((set) => {
    const fold = foldsOf(set.length, random);
    return (wanted: (fold: number) => boolean) =>
      set.filter((_, i) => wanted(fold[i]!));
  });
  return Array.from({ length: FOLDS }, (_, fold) => {
    const seen = folds.map((of) => of((one) => one !== fold));
    const unseen = folds.map((of) => of((one) => one === fold));
    return {
      rows: columnsOf(seen.flat()),
      isMade: seen.flatMap((set, i) => set.map(() => i === 0)),
      unseen: columnsOf(unseen.flat()),
      madeCount: unseen[0]!.length,
    };
  });
}

/**
 * The mean area of divisions, each the mean of its folds. Two pieces are only compared
 * within a fold, where the forest has seen neither: one that knows the other of a pair
 * sees pieces like it on the other side, and would be below a guess where there is
 * nothing to know.
 */
async function meanArea(
  divisions: readonly (readonly Fold[])[],
  judgeAll: JudgeAll = oneByOne,
): Promise<number> {
  const judged = await judgeAll(divisions.flat());
  const areas = divisions.flat().map(({ madeCount }, i) =>
    areaUnderCurve(judged[i]!.slice(0, madeCount), judged[i]!.slice(madeCount))
  );
  let sum = 0;
  for (let from = 0; from < areas.length; from += FOLDS) {
    const folds = areas.slice(from, from + FOLDS);
    sum += folds.reduce((sum, area) => sum + area, 0) / FOLDS;
  }
  return sum / divisions.length;
}

/** Has forests judge one after the other, with turns for others. */
async function oneByOne(jobs: readonly ForestJob[]): Promise<number[][]> {
  const turns = new Turns();
  const judged: number[][] = [];
  for (const job of jobs) {
    judged.push(await judgeUnseen(job));
    await turns.give();
  }
  return judged;
}

/** By piece, the fold it is in, at random; folds differ by at most one piece. */
function foldsOf(pieces: number, random: Random): number[] {
  return Array.from(random.order(pieces), (place) => place % FOLDS);
}

function columnsOf(rows: readonly MusicalFigures[]): Columns {
  return Object.fromEntries(
    FIGURE_NAMES.map((name) => [name, rows.map((figures) => figures[name])]),
  );
}

/**
 * Probability that a random one of `higher` exceeds a random one of `lower`, ties by
 * half (Mann–Whitney's U over the number of pairs).
 */
export function areaUnderCurve(
  higher: readonly number[],
  lower: readonly number[],
): number {
  let won = 0;
  for (const a of higher) {
    for (const b of lower) won += a > b ? 1 : a === b ? 0.5 : 0;
  }
  return won / (higher.length * lower.length);
}

/** The figures, those that tell most first. */
function tellingFigures(
  made: readonly MusicalFigures[],
  reference: readonly MusicalFigures[],
): TellingFigure[] {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return FIGURE_NAMES.map((figure) => {
    const sides = [made, reference].map((set) => set.map((one) => one[figure]));
    const [ofMade = [], ofReference = []] = sides;
    const area = areaUnderCurve(ofMade, ofReference);
    return {
      figure,
      says: FIGURES[figure],
      auc: Math.max(area, 1 - area),
      made: mean(ofMade),
      reference: mean(ofReference),
    };
  }).sort((a, b) => b.auc - a.auc);
}
