/**
 * One report about generated pieces: likeness to held-out pieces, metrics beside
 * those of the training pieces, copying, repetition, and the usual ranges of the
 * corpus. Each kind of figure has a module of its own in this folder.
 */

import {
  applySustain,
  hasPitch,
  largest,
  type NoteSequence,
  outsideRanges,
  type RangeMeasures,
  rangeMeasures,
  type UsualRanges,
  usualRangesOf,
} from "../music/music.ts";
import {
  CopyIndex,
  type CopyOptions,
  type Reading,
  type SharedPassage,
  type TrainingPiece,
} from "./copying.ts";
import { type Likeness, overlappingArea } from "./likeness.ts";
import { type MusicMetrics, musicMetrics } from "./metrics.ts";
import { barRepetition, type Repetition } from "./repetition.ts";
import { Random, Turns, withoutUndefined } from "../base/base.ts";

/**
 * The pieces that an evaluation compares; with fewer than two in a set, less can be
 * measured.
 */
export interface EvaluationPieces {
  /** Pieces to judge, each with a pitched note. */
  readonly generated: readonly NoteSequence[];
  /** Others, made from prompts, each with a pitched note. @default none */
  readonly prompted?: readonly NoteSequence[];
  /** Pieces that the model never saw, each with a pitched note. */
  readonly heldOut: readonly NoteSequence[];
  /** Pieces that the model was trained on, without augmented copies. */
  readonly training: readonly TrainingPiece[];
}

/** Copying in a set of pieces, in one reading. */
export interface SetCopying {
  /** Share of all notes in shared passages, 0–1. */
  readonly copiedShare: number;
  /** The longest shared passage, with the index of its piece in the set. */
  readonly longest: SharedPassage & { readonly piece: number } | undefined;
}

/** Repetition in a set of pieces. */
export interface SetRepetition {
  /** Length of the longest run of equal bars in any piece. */
  readonly longestRun: number;
  /** Share of the bars that equal an earlier bar, mean over the pieces. */
  readonly repeatedShare: number;
}

/** Pieces of a set whose distances are measured: they grow with its square. */
const MAX_COMPARED = 100;

/** A figure of each set that has a piece. */
export type OfSets<
  T,
  Sets extends keyof EvaluationPieces = keyof EvaluationPieces,
> = Readonly<Partial<Record<Sets, T>>>;

/**
 * Figures about generated pieces, as plain JSON. A figure that the pieces are too
 * few for is left out.
 */
export interface EvaluationReport {
  /** Of generated to held-out pieces; of more than 100, 100 random ones. */
  readonly likeness?: Likeness;
  /** The same of the pieces made from prompts. */
  readonly promptedLikeness?: Likeness;
  /**
   * Of equally many random training pieces to held-out pieces: what music from the
   * same source reaches, and so the most that can be expected.
   */
  readonly trainingLikeness?: Likeness;
  /** Means over the pieces of each set for which the metric is defined. */
  readonly metrics: OfSets<MusicMetrics>;
  /**
   * Passages shared with the training pieces. The held-out pieces show what music of
   * this kind shares without copying.
   */
  readonly copying: OfSets<
    Readonly<Record<Reading, SetCopying>>,
    "generated" | "prompted" | "heldOut"
  >;
  /** Repetition of bars in each set. */
  readonly repetition: OfSets<SetRepetition>;
  /** The usual ranges of the training pieces: their 5th to 95th percentiles. */
  readonly bands?: UsualRanges;
  /** Share of the pieces inside each usual range and inside all, 0–1. */
  readonly withinBands: OfSets<
    Readonly<Record<keyof RangeMeasures | "all", number>>
  >;
  /** What was left out and why, a sentence each. */
  readonly missing: readonly string[];
}

/**
 * Compares generated with held-out and training pieces.
 *
 * @param pieces Generated, held-out and training pieces.
 * @param options What counts as copied.
 * @throws {RangeError} If a piece has no pitched note.
 * @throws {Stopped} If it is asked to stop.
 *
 * @example
 * ```ts
 * import { evaluateGenerated } from "immersic/evaluation/generated.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const piece = (...pitches: number[]) => ({
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: pitches.map((pitch, i) => ({
 *     pitch, velocity: 80, startTicks: 4 * i, endTicks: 4 * i + 4, part: 0,
 *   })),
 *   totalTicks: 4 * pitches.length,
 * });
 * const report = await evaluateGenerated({
 *   generated: [piece(60, 62, 64), piece(64, 65, 67)],
 *   heldOut: [piece(60, 64, 67), piece(62, 65, 69)],
 *   training: [
 *     { file: "a.mid", sequence: piece(59, 61, 63, 70) },
 *     { file: "b.mid", sequence: piece(48, 50, 47, 55) },
 *   ],
 * });
 * const longest = report.copying.generated?.notes.longest;
 * console.assert(longest?.notes === 3 && longest.file === "a.mid");
 * ```
 */
export async function evaluateGenerated(
  pieces: EvaluationPieces,
  options: CopyOptions = {},
): Promise<EvaluationReport> {
  // Made pieces are written with a pedal, those that tokens are read from are not.
  const generated = pieces.generated.map(applySustain);
  const prompted = (pieces.prompted ?? []).map(applySustain);
  const heldOut = pieces.heldOut.map(applySustain);
  const training = pieces.training.map(({ sequence }) =>
    applySustain(sequence)
  );
  const sets = { generated, prompted, heldOut, training };
  for (const [set, list] of Object.entries(sets)) {
    list.forEach((piece, i) => {
      if (hasPitch(piece)) return;
      const name = pieces.training[i]?.file;
      throw new RangeError(
        `Cannot evaluate pieces: piece ${i} of the ${set} set${
          set === "training" ? ` (${name})` : ""
        } has no pitched note; leave it out, and say so.`,
      );
    });
  }
  const compare = async (set: readonly NoteSequence[]) =>
    set.length > 1 && heldOut.length > 1
      ? await overlappingArea(
        someOf(set, MAX_COMPARED),
        someOf(heldOut, MAX_COMPARED),
      )
      : undefined;
  const likeTraining = someOf(training, Math.max(2, generated.length));
  const index = training.length > 0
    ? await CopyIndex.of(pieces.training, options)
    : undefined;
  const bands = training.length > 0
    ? usualRangesOf(await ofAll(training, rangeMeasures))
    : undefined;
  return {
    ...withoutUndefined({
      likeness: await compare(generated),
      promptedLikeness: await compare(prompted),
      trainingLikeness: await compare(likeTraining),
      bands,
    }),
    metrics: await ofEach(sets, meanMetrics),
    copying: index
      ? await ofEach(
        { generated, prompted, heldOut },
        (set) => copyingOf(set, index),
      )
      : {},
    repetition: await ofEach(sets, repetitionOf),
    withinBands: bands
      ? await ofEach(sets, (set) => withinBands(set, bands))
      : {},
    missing: missingFrom(sets),
  };
}

/** Random pieces of a set, or all if it is no larger. */
function someOf(
  set: readonly NoteSequence[],
  count: number,
): readonly NoteSequence[] {
  return set.length > count ? new Random(1).shuffle(set).slice(0, count) : set;
}

type Sets = Readonly<Record<string, readonly NoteSequence[]>>;

/** A figure of each set that has a piece. */
async function ofEach<S extends Sets, T>(
  sets: S,
  measure: (set: readonly NoteSequence[]) => Promise<T>,
): Promise<{ readonly [K in keyof S]?: T }> {
  const figures: { [K in keyof S]?: T } = {};
  for (const name in sets) {
    if (sets[name]!.length > 0) figures[name] = await measure(sets[name]!);
  }
  return figures;
}

/** What is measured of each piece. */
async function ofAll<T>(
  set: readonly NoteSequence[],
  measure: (piece: NoteSequence) => T,
): Promise<T[]> {
  const turns = new Turns();
  const measured: T[] = [];
  for (const piece of set) {
    measured.push(measure(piece));
    await turns.give();
  }
  return measured;
}

/** What cannot be measured because a set has too few pieces. */
function missingFrom(
  { generated, heldOut, training }: Record<
    "generated" | "heldOut" | "training",
    readonly NoteSequence[]
  >,
): string[] {
  const counted = (set: readonly NoteSequence[]) =>
    set.length === 0 ? "there is none" : "there is one";
  return [
    ...heldOut.length > 1 ? [] : [
      `No Overlapping Area: two held-out pieces with pitched notes are needed, and ${
        counted(heldOut)
      }. Preprocess more pieces, or with a larger --test-share.`,
    ],
    ...generated.length > 1 || heldOut.length < 2 ? [] : [
      `No Overlapping Area of generated pieces: two with pitched notes are needed, and ${
        counted(generated)
      }. Make more with --pieces.`,
    ],
    ...training.length > 0 ? [] : [
      "Nothing about copying and usual ranges: no training piece has a pitched note.",
    ],
  ];
}

async function withinBands(
  set: readonly NoteSequence[],
  bands: UsualRanges,
): Promise<Record<keyof RangeMeasures | "all", number>> {
  const outside = await ofAll(set, (piece) => outsideRanges(piece, bands));
  const share = (isInside: (outside: readonly string[]) => boolean) =>
    outside.filter(isInside).length / set.length;
  return {
    noteDensity: share((names) => !names.includes("noteDensity")),
    pitchRange: share((names) => !names.includes("pitchRange")),
    polyphony: share((names) => !names.includes("polyphony")),
    all: share((names) => names.length === 0),
  };
}

async function meanMetrics(
  set: readonly NoteSequence[],
): Promise<MusicMetrics> {
  const all = await ofAll(set, (piece) => musicMetrics(piece));
  const mean = (name: keyof MusicMetrics) => {
    const values = all.map((m) => m[name]).filter((x) => !Number.isNaN(x));
    return values.reduce((sum, x) => sum + x, 0) / values.length;
  };
  return {
    pitchClassEntropy: mean("pitchClassEntropy"),
    scaleConsistency: mean("scaleConsistency"),
    grooveConsistency: mean("grooveConsistency"),
    polyphony: mean("polyphony"),
    polyphonyRate: mean("polyphonyRate"),
    emptyBeatRate: mean("emptyBeatRate"),
  };
}

async function copyingOf(
  set: readonly NoteSequence[],
  index: CopyIndex,
): Promise<Record<Reading, SetCopying>> {
  const found = await ofAll(set, (piece) => index.find(piece));
  const of = (reading: Reading): SetCopying => {
    const copying = found.map((copies) => copies[reading]);
    const sum = (of: (c: typeof copying[number]) => number) =>
      copying.reduce((total, c) => total + of(c), 0);
    const longest = copying
      .flatMap((c, piece) => c.longest ? [{ piece, ...c.longest }] : [])
      .reduce<SetCopying["longest"]>(
        (best, next) => next.notes > (best?.notes ?? 0) ? next : best,
        undefined,
      );
    return {
      copiedShare: sum((c) => c.copiedNotes) / sum((c) => c.notes),
      longest,
    };
  };
  return { notes: of("notes"), skyline: of("skyline") };
}

async function repetitionOf(
  set: readonly NoteSequence[],
): Promise<SetRepetition> {
  const all: Repetition[] = await ofAll(set, (piece) => barRepetition(piece));
  return {
    longestRun: largest(all.map((r) => r.longestRun)),
    repeatedShare: all.reduce((sum, r) => sum + r.repeatedShare, 0) /
      all.length,
  };
}
