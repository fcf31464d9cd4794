/** How well the pieces of both sides are told from training pieces. */

import { Random } from "../../base/base.ts";
import type { Corpus } from "../../corpus/corpus.ts";
import {
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
  /** The figures that tell most: the area of each alone. */
  readonly telling: Readonly<Record<string, number>>;
}

/**
 * Training pieces to compare with, at random; of the starter corpus only the
 * committed ones.
 *
 * @param most How many, at most.
 */
export function referencePieces(
  { pieces, vocabulary, manifest }: Corpus,
  most: number,
): NoteSequence[] {
  const decoder = new RemiDecoder(vocabulary, manifest.tokenizerOptions);
  const training = pieces.filter(({ split, composed }) =>
    split === "train" && !composed
  );
  return new Random(1).shuffle(training).slice(0, most)
    .map(({ ids }) => decoder.decode(ids));
}

/**
 * Tells the pieces of both sides from the same reference pieces.
 *
 * @returns Each side's figures, and what two halves of the reference pieces have,
 * if they are enough.
 */
export async function comparePieces(
  { ours, theirs }: Record<"ours" | "theirs", readonly NoteSequence[]>,
  reference: readonly NoteSequence[],
): Promise<{ ours: ApartFigures; theirs: ApartFigures; floor?: number }> {
  const figuresOf = async (
    made: readonly NoteSequence[],
  ): Promise<ApartFigures> => {
    const { auc, pieces, figures } = await toldApart(made, reference);
    const telling = figures.slice(0, NAMED)
      .map(({ figure, auc }) => [figure, auc]);
    return { toldApart: auc, pieces, telling: Object.fromEntries(telling) };
  };
  return {
    ours: await figuresOf(ours),
    theirs: await figuresOf(theirs),
    ...reference.length >= 2 * FEWEST_TOLD_APART && {
      floor: await toldApartFloor(reference, { pieces: ours.length }),
    },
  };
}
