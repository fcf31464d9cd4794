/** What the network is given at each step, made from a piece's tokens. */

import type { PiecePlan } from "../context/context.ts";
import type { Batch } from "../corpus/corpus.ts";
import type { NetworkBatch } from "../lstm/lstm.ts";

/** What the network is given at one step; the next step overwrites it. */
export interface InputStep {
  /** An id, a number, floats, or the indices of the features that are 1. */
  readonly input: number | ArrayLike<number>;
  /** Which relation holds for which token, see `NetworkBatch`. */
  readonly relations?: ArrayLike<number>;
}

/** Turns a piece's tokens into the network's inputs. */
export interface ModelInput {
  /**
   * Starts another piece.
   *
   * @param plan What is planned of it. @default nothing
   */
  reset(plan?: PiecePlan): void;
  /** The input after the next token of one piece. */
  next(id: number): InputStep;
  /** A batch with the network's inputs; the next call overwrites them. */
  batch(batch: Batch): NetworkBatch;
  /** What was read so far, a copy to return to; only of the same class. */
  state: unknown;
}
