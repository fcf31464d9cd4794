/**
 * What the training loop needs of a network, whatever computes it: the project's
 * own kernels, or a device whose answers arrive later.
 */
import type { NetworkBatch } from "./batch.ts";
import type { NetworkSpec, Weight } from "./spec.ts";
import type { BatchResult, StepOptions, StepResult } from "./step.ts";

/** Arrays by the names of the weights, each in the order of `weightsOf`'s shapes. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** All that a network needs to continue training; the same for every engine. */
export interface NetworkState {
  /** The weights after the last step, not averaged. */
  readonly weights: Weights;
  /** The optimizer's two values for each weight, see `Network.slot`. */
  readonly slots: readonly [Weights, Weights];
  /** Moving average of the weights. */
  readonly average: Weights;
  /**
   * Where states are carried, of each LSTM layer in turn its outputs [B, U] and
   * its cell states [B, U] after the last step.
   */
  readonly states?: Float32Array;
}

/** Whether an evaluation begins with the last batch's final states. */
export interface EvaluateOptions {
  /** Whether it does. @default false */
  readonly carry?: boolean;
}

/**
 * A network that can be trained. An engine that computes elsewhere returns
 * promises; calls are made one at a time, each after the one before is answered.
 */
export interface TrainableNetwork extends Disposable {
  /** The layers and the loss. */
  readonly spec: NetworkSpec;
  /** Names and shapes of the weights, in the order of the layers. */
  readonly weights: readonly Weight[];
  /** Threads of the CPU that a run resumed on the CPU takes. */
  readonly workers: number;
  /**
   * One step: the gradient of the batch's mean loss, then the optimizer. Weights
   * stay as they were where the loss or the gradient's norm is not finite.
   *
   * @throws {RangeError} When the batch does not fit the network.
   */
  trainStep(
    batch: NetworkBatch,
    options: StepOptions,
  ): StepResult | Promise<StepResult>;
  /** The loss of a batch without dropout; weights stay as they are. */
  evaluate(
    batch: NetworkBatch,
    options?: EvaluateOptions,
  ): BatchResult | Promise<BatchResult>;
  /**
   * A copy of all that training continues from.
   *
   * @param carriedRows B of the last batch, to copy the carried states too.
   */
  readState(carriedRows?: number): NetworkState | Promise<NetworkState>;
  /**
   * Undoes {@linkcode readState}.
   *
   * @param carriedRows B of the carried states, if there are any.
   */
  writeState(state: NetworkState, carriedRows?: number): void | Promise<void>;
  /**
   * Sets weights by their names.
   *
   * @throws {RangeError} When there is none of a name and size.
   */
  setWeights(
    weights: ReadonlyMap<string, ArrayLike<number>>,
  ): void | Promise<void>;
  /** Sets the moving average to the weights as they are. */
  startAverage(): void | Promise<void>;
  /** Swaps the weights with their moving average. */
  swapAverage(): void | Promise<void>;
  /** Has all rows begin with states of zero at the next carried step. */
  resetStates(): void | Promise<void>;
  /** Frees what the network holds; it cannot compute after this. */
  dispose(): void;
}
