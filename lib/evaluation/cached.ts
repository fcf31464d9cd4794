/**
 * What a model's loss becomes where it also hears what the piece tells of
 * itself, see {@linkcode PieceCache}.
 */

import { PieceCache } from "../model/model.ts";

/** A piece, and how much each of its tokens surprises a model, in nats. */
export interface PredictedPiece {
  readonly ids: ArrayLike<number>;
  readonly surprises: Float64Array;
}

/** Losses of a model with a cache, in nats a token. */
export interface CachedLoss {
  /** That of the lowest loss on the validation pieces. */
  readonly strength: number;
  readonly validLoss: number;
  readonly testLoss: number;
}

/** Strengths that are tried. */
const STRENGTHS: readonly number[] = [4, 8, 16, 32, 64, 128, 256];

/**
 * The loss with a cache of the strength that does best on the validation
 * pieces.
 *
 * @param skip Leading tokens of each piece that are heard and not predicted.
 *
 * @example
 * ```ts
 * import { bestCache } from "immersic/evaluation/cached.ts";
 * const ids = [0, 1, 2, 3, 0, 1, 2, 3];
 * const piece = { ids, surprises: new Float64Array(8).fill(Math.log(4)) };
 * const { testLoss } = bestCache([piece], [piece], 4, 1);
 * console.assert(testLoss < Math.log(4));
 * ```
 */
export function bestCache(
  valid: readonly PredictedPiece[],
  test: readonly PredictedPiece[],
  vocabularySize: number,
  skip: number,
): CachedLoss {
  const lossOf = (pieces: readonly PredictedPiece[], strength: number) => {
    const cache = new PieceCache(vocabularySize, { strength });
    let nats = 0, tokens = 0;
    for (const { ids, surprises } of pieces) {
      cache.reset();
      for (let i = 0; i < ids.length; i++) {
        if (i >= skip) {
          nats -= Math.log(
            cache.probability(ids[i], Math.exp(-surprises[i])),
          );
          tokens++;
        }
        cache.push(ids[i]);
      }
    }
    return nats / tokens;
  };
  const { strength, validLoss } = STRENGTHS
    .map((strength) => ({ strength, validLoss: lossOf(valid, strength) }))
    .reduce((a, b) => b.validLoss < a.validLoss ? b : a);
  return { strength, validLoss, testLoss: lossOf(test, strength) };
}
