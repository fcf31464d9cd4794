/** Whether made pieces can be told from the training pieces, both ways of making them. */

import { withoutUndefined } from "../base/base.ts";
import type { NoteSequence } from "../music/music.ts";
import {
  FEWEST_TOLD_APART,
  type JudgeAll,
  type ToldApart,
  toldApart,
  toldApartFloor,
} from "./told_apart.ts";

/** Pieces with at least one note, drums included. */
export interface ApartPieces {
  /** Made without a prompt. */
  readonly unprompted: readonly NoteSequence[];
  /** Made from prompts. */
  readonly prompted: readonly NoteSequence[];
  /** Learnt from, without augmented copies. */
  readonly training: readonly NoteSequence[];
}

/** How well made pieces are told apart; what there are too few pieces for is left out. */
export interface ApartReport {
  /** Pieces made without a prompt, from training pieces. */
  readonly unprompted?: ToldApart;
  /** Pieces made from prompts, from training pieces. */
  readonly prompted?: ToldApart;
  /**
   * Halves of the training pieces from each other, as many on each side where there are
   * enough: what pieces as good as the training pieces would have.
   */
  readonly floor?: number;
  /** What was left out and why, a sentence each. */
  readonly missing: readonly string[];
}

/**
 * Tells made pieces from training pieces; see {@linkcode toldApart}.
 *
 * @param judgeAll Trains the forests. @default one after the other
 */
export async function judgeApart(
  { unprompted, prompted, training }: ApartPieces,
  judgeAll?: JudgeAll,
): Promise<ApartReport> {
  const isEnough = (set: readonly NoteSequence[]) =>
    set.length >= FEWEST_TOLD_APART && training.length >= FEWEST_TOLD_APART;
  const compare = async (set: readonly NoteSequence[]) =>
    isEnough(set) ? await toldApart(set, training, { judgeAll }) : undefined;
  const made = Math.max(unprompted.length, prompted.length);
  const sets = { "without a prompt": unprompted, "from prompts": prompted };
  const missing = Object.entries(sets).filter(([, set]) => !isEnough(set)).map(
    ([way, { length }]) =>
      `Pieces made ${way} are not told apart: ${FEWEST_TOLD_APART} of them and as many training pieces are needed, and there are ${length} and ${training.length}.`,
  );
  return {
    ...withoutUndefined({
      unprompted: await compare(unprompted),
      prompted: await compare(prompted),
      floor: made >= FEWEST_TOLD_APART &&
          training.length >= 2 * FEWEST_TOLD_APART
        ? await toldApartFloor(training, { pieces: made, judgeAll })
        : undefined,
    }),
    missing,
  };
}
