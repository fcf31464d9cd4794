/** How well the pieces of both sides are told from training pieces. */

import { Random } from "../../base/base.ts";
import type { Corpus } from "../../corpus/corpus.ts";
import {
  CopyIndex,
  FEWEST_TOLD_APART,
  toldApart,
  toldApartFloor,
} from "../../evaluation/evaluation.ts";
import type { NoteSequence } from "../../music/music.ts";
import { RemiDecoder } from "../../tokens/remi/remi.ts";

/** Figures that are named, of those that tell most. */
const NAMED = 5;

/** How well a side's pieces are told from training pieces. */
export interface ApartFigures {
  /** Area under the curve: 0.5 is a guess, 1 certain. */
  readonly toldApart: number;
  /** Pieces compared on either side. */
  readonly pieces: number;
  /** Share of their pitched notes in passages of a training piece, 0–1. */
  readonly copied: number;
  /** The figures that tell most: the area of each alone. */
  readonly telling: Readonly<Record<string, number>>;
}

/**
 * Tells the pieces of both sides from the same training pieces, and looks for copies
 * of them.
 *
 * @returns Each side's figures, and what two halves of the training pieces have,
 * if they are enough.
 */
export async function comparePieces(
  { ours, theirs }: Record<"ours" | "theirs", readonly NoteSequence[]>,
  { pieces, vocabulary, manifest }: Corpus,
): Promise<{ ours: ApartFigures; theirs: ApartFigures; floor?: number }> {
  const decoder = new RemiDecoder(vocabulary, manifest.tokenizerOptions);
  const training = pieces.filter(({ split }) => split === "train")
    .map(({ ids, ...piece }) => ({ ...piece, sequence: decoder.decode(ids) }));
  const index = await CopyIndex.of(training);
  // Of the starter corpus the committed pieces stand for those composed beside them.
  const committed = training.filter(({ composed }) => !composed);
  const reference = new Random(1).shuffle(committed)
    .slice(0, 2 * Math.max(ours.length, theirs.length))
    .map(({ sequence }) => sequence);
  const figuresOf = async (
    made: readonly NoteSequence[],
  ): Promise<ApartFigures> => {
    const { auc, pieces, figures } = await toldApart(made, reference);
    const telling = figures.slice(0, NAMED)
      .map(({ figure, auc }) => [figure, auc]);
    return {
      toldApart: auc,
      pieces,
      copied: copiedShare(made, index),
      telling: Object.fromEntries(telling),
    };
  };
  return {
    ours: await figuresOf(ours),
    theirs: await figuresOf(theirs),
    ...reference.length >= 2 * FEWEST_TOLD_APART && {
      floor: await toldApartFloor(reference, { pieces: ours.length }),
    },
  };
}

/** Share of the pitched notes that are copied; 0 of pieces without any. */
function copiedShare(
  made: readonly NoteSequence[],
  index: CopyIndex,
): number {
  let copied = 0, notes = 0;
  for (const piece of made) {
    const found = index.find(piece).notes;
    copied += found.copiedNotes;
    notes += found.notes;
  }
  return notes > 0 ? copied / notes : 0;
}
