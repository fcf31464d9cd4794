/** Loss of a model combined with a cache of the piece, see {@linkcode PieceCache}. */

import { Turns } from "../base/base.ts";
import { PieceCache } from "../model/model.ts";

/** A piece and how well a model predicts its tokens. */
export interface PredictedPiece {
  /** Token ids. */
  readonly ids: ArrayLike<number>;
  /** Negative log-probability of each token, in nats. */
  readonly surprises: Float64Array;
}

/** Losses of a model with a cache. */
export interface CachedLoss {
  /** Strength of the cache: the one with the lowest validation loss. */
  readonly strength: number;
  /** Nats per token of the validation pieces. */
  readonly validLoss: number;
  /** Nats per token of the test pieces. */
  readonly testLoss: number;
}

/** The strengths to try. */
const STRENGTHS: readonly number[] = [4, 8, 16, 32, 64, 128, 256];

/**
 * The loss with a cache of the strength that gives the lowest validation loss.
 *
 * @param skip Number of leading tokens of each piece that the cache reads but
 *   that are not predicted.
 *
 * @example
 * ```ts
 * import { bestCache } from "immersic/evaluation/cached_loss.ts";
 * const ids = [0, 1, 2, 3, 0, 1, 2, 3];
 * const piece = { ids, surprises: new Float64Array(8).fill(Math.log(4)) };
 * const { testLoss } = await bestCache([piece], [piece], 4, 1);
 * console.assert(testLoss < Math.log(4));
 * ```
 */
export async function bestCache(
  valid: readonly PredictedPiece[],
  test: readonly PredictedPiece[],
  vocabularySize: number,
  skip: number,
): Promise<CachedLoss> {
  const turns = new Turns();
  const lossOf = async (
    pieces: readonly PredictedPiece[],
    strength: number,
  ) => {
    const cache = new PieceCache(vocabularySize, { strength });
    let nats = 0, tokens = 0;
    for (const { ids, surprises } of pieces) {
      cache.reset();
      for (let i = 0; i < ids.length; i++) {
        if (i >= skip) {
          nats -= Math.log(
            cache.probability(ids[i]!, Math.exp(-surprises[i]!)),
          );
          tokens++;
        }
        cache.push(ids[i]!);
      }
      await turns.give();
    }
    return nats / tokens;
  };
  let best: { strength: number; validLoss: number } | undefined;
  for (const strength of STRENGTHS) {
    const validLoss = await lossOf(valid, strength);
    if (best === undefined || validLoss < best.validLoss) {
      best = { strength, validLoss };
    }
  }
  return { ...best!, testLoss: await lossOf(test, best!.strength) };
}
