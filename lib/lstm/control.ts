/**
 * The control block: 64-bit floats in shared memory, in which the calling thread
 * writes what the workers are to do and the workers write their results.
 */

/** What a worker can be told to do. */
export const PHASE = {
  forward: 0,
  gradients: 1,
  sum: 2,
  update: 3,
  pack: 4,
  logits: 5,
} as const;

/** Indices into the control block of 64-bit floats. */
export const CONTROL = {
  phase: 0,
  batch: 1,
  steps: 2,
  /** 1 while training: dropout is on. */
  training: 3,
  /** Time steps of the batch whose last state is carried on; 0 for none. */
  carriedSteps: 4,
  dropoutKey: 5,
  lossScale: 6,
  smoothing: 7,
  optimizer: 8,
  gradientScale: 9,
  rate: 10,
  beta1: 11,
  beta2: 12,
  epsilon: 13,
  decay: 14,
  averageDecay: 15,
  /** From here on four a worker: loss, rows counted, rows correct, squares. */
  results: 16,
} as const;

/** What changes weights by their gradients. */
export type Optimizer = "sgd" | "rmsprop" | "adam";

/** Optimizers, by the number that the control block holds. */
export const OPTIMIZERS: readonly Optimizer[] = ["sgd", "rmsprop", "adam"];
