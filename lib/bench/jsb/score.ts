/**
 * The benchmark's measure: the negative log-likelihood of a piece's frames,
 * each given all frames before it.
 *
 * T frames, 88 keys.
 */
import { KEYS, type Roll } from "./frames.ts";

/** A piece and the logits of its frames 2 to T. */
export interface Scored {
  readonly roll: Roll;
  /** Logits of independent sigmoids. [T − 1 × 88], key fastest */
  readonly logits: Float32Array;
}

/** Mean negative log-likelihood in nats a frame, summed over its keys. */
export interface Nll {
  /** The mean over all frames, as in S. Bai et al. 2018 (TCN). */
  readonly frames: number;
  /** The mean over pieces of each piece's mean. */
  readonly pieces: number;
}

/**
 * Negative log-likelihood of pieces' frames 2 to T. Pieces of a single frame
 * have none to predict.
 *
 * @throws {RangeError} If there is nothing to predict, or the logits' number is
 *   not the piece's.
 *
 * @example
 * ```ts
 * import { KEYS, readFrames } from "immersic/bench/jsb/frames.ts";
 * import { meanNll } from "immersic/bench/jsb/score.ts";
 * const { test } = readFrames({ train: [], valid: [], test: [[[60], [62]]] });
 * const nll = meanNll([{ roll: test[0]!, logits: new Float32Array(KEYS) }]);
 * console.assert(Math.abs(nll.frames - KEYS * Math.log(2)) < 1e-9);
 * ```
 */
export function meanNll(scored: readonly Scored[]): Nll {
  let total = 0, frames = 0, means = 0, pieces = 0;
  for (const { roll, logits } of scored) {
    const predicted = roll.length / KEYS - 1;
    if (logits.length !== predicted * KEYS) {
      throw new RangeError(
        `Cannot score a piece of ${predicted + 1} frames: it needs ${
          predicted * KEYS
        } logits, ${logits.length} were given.`,
      );
    }
    if (predicted < 1) continue;
    let sum = 0;
    for (let i = 0; i < logits.length; i++) {
      const x = logits[i]!;
      sum += Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) -
        x * roll[KEYS + i]!;
    }
    total += sum;
    frames += predicted;
    means += sum / predicted;
    pieces++;
  }
  if (frames === 0) {
    throw new RangeError(
      "Cannot score the pieces: none has a second frame to predict.",
    );
  }
  return { frames: total / frames, pieces: means / pieces };
}
