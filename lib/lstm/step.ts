/** Options and results of a training step, on their way through the control block. */
import { CONTROL, type Optimizer, OPTIMIZERS } from "./control.ts";

/** How a step changes the weights. */
export interface StepOptions {
  /** How weights are changed by their gradients. */
  readonly optimizer: Optimizer;
  /** How far a step goes, before Adam's bias correction. */
  readonly learningRate: number;
  /** The number of this step from 1 on, for Adam's bias correction. */
  readonly step: number;
  /** Decides which units are dropped; any integer. */
  readonly dropoutKey: number;
  /** Mean decay of Adam. @default 0.9 */
  readonly beta1?: number;
  /** Decay of squared gradients. @default 0.999 for Adam, 0.9 for RMSprop */
  readonly beta2?: number;
  /** Added to, or below, a root that is divided by. @default 1e-7 */
  readonly epsilon?: number;
  /** Decoupled weight decay. @default 0 */
  readonly weightDecay?: number;
  /** A gradient of a larger norm is scaled down to this; 0 for never. @default 0 */
  readonly clipNorm?: number;
  /** Share of each target spread over all classes. @default 0 */
  readonly labelSmoothing?: number;
  /** Decay of the weights' moving average; 0 for none. @default 0 */
  readonly averageDecay?: number;
  /** Begin with the last batch's final states. @default false */
  readonly carry?: boolean;
}

/** Loss and counts of a batch. */
export interface BatchResult {
  /** Mean loss in nats per counted row. */
  readonly loss: number;
  /** Targets counted. */
  readonly count: number;
  /** Targets that were the likeliest class; 0 for the sigmoid loss. */
  readonly correct: number;
}

/** Loss, counts and gradient norm of a training step. */
export interface StepResult extends BatchResult {
  /** Norm of the whole gradient before it was clipped. */
  readonly gradientNorm: number;
}

/** Adds up the results that the workers wrote to the control block. */
export function readResults(
  control: Float64Array,
  workers: number,
): StepResult {
  let loss = 0, count = 0, correct = 0, squares = 0;
  for (let w = 0; w < workers; w++) {
    const at = CONTROL.results + 4 * w;
    loss += control[at]!;
    count += control[at + 1]!;
    correct += control[at + 2]!;
    squares += control[at + 3]!;
  }
  return {
    loss: count === 0 ? 0 : loss / count,
    count,
    correct,
    gradientNorm: Math.sqrt(squares),
  };
}

/** How a step changes the weights, in numbers, as all engines compute it. */
export interface Update {
  /** The place of the optimizer in `OPTIMIZERS`. */
  readonly optimizer: number;
  /** How far the step goes, with Adam's bias correction. */
  readonly rate: number;
  /** Mean decay of Adam. */
  readonly beta1: number;
  /** Decay of squared gradients. */
  readonly beta2: number;
  /** Added to, or below, a root that is divided by. */
  readonly epsilon: number;
  /** The share of each weight that Adam takes; of SGD, ÷ the rate. */
  readonly decay: number;
  /** A gradient of a larger norm is scaled down to this; 0 for never. */
  readonly clipNorm: number;
  /** Decay of the weights' moving average; 0 for none. */
  readonly averageDecay: number;
}

/** The update that options ask for. */
export function updateOf(options: StepOptions): Update {
  const { optimizer, learningRate, step } = options;
  const {
    beta1 = 0.9,
    beta2 = optimizer === "rmsprop" ? 0.9 : 0.999,
    epsilon = 1e-7,
    weightDecay = 0,
    clipNorm = 0,
    averageDecay = 0,
  } = options;
  const isAdam = optimizer === "adam";
  const correction = Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
  return {
    optimizer: OPTIMIZERS.indexOf(optimizer),
    rate: isAdam ? learningRate * correction : learningRate,
    ...{ beta1, beta2, epsilon, clipNorm, averageDecay },
    decay: isAdam ? learningRate * weightDecay : weightDecay,
  };
}

/**
 * What the gradient is multiplied by.
 *
 * @param norm Of the whole gradient.
 */
export function gradientScale({ clipNorm }: Update, norm: number): number {
  return clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
}

/**
 * Writes to the control block how to change the weights.
 *
 * @param norm Of the whole gradient.
 */
export function writeUpdate(
  control: Float64Array,
  options: StepOptions,
  norm: number,
): void {
  const update = updateOf(options);
  control[CONTROL.optimizer] = update.optimizer;
  control[CONTROL.gradientScale] = gradientScale(update, norm);
  control[CONTROL.rate] = update.rate;
  control[CONTROL.beta1] = update.beta1;
  control[CONTROL.beta2] = update.beta2;
  control[CONTROL.epsilon] = update.epsilon;
  control[CONTROL.decay] = update.decay;
  control[CONTROL.averageDecay] = update.averageDecay;
}
