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

/**
 * Writes to the control block how to change the weights.
 *
 * @param gradientNorm Norm of the whole gradient.
 */
export function writeUpdate(
  control: Float64Array,
  options: StepOptions,
  gradientNorm: number,
): void {
  const { optimizer, learningRate, step } = options;
  const {
    beta1 = 0.9,
    beta2 = optimizer === "rmsprop" ? 0.9 : 0.999,
    epsilon = 1e-7,
    weightDecay = 0,
    clipNorm = 0,
  } = options;
  const correction = optimizer === "adam"
    ? Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step)
    : 1;
  control[CONTROL.optimizer] = OPTIMIZERS.indexOf(optimizer);
  control[CONTROL.gradientScale] = clipNorm > 0 && gradientNorm > clipNorm
    ? clipNorm / gradientNorm
    : 1;
  control[CONTROL.rate] = learningRate * correction;
  control[CONTROL.beta1] = beta1;
  control[CONTROL.beta2] = beta2;
  control[CONTROL.epsilon] = epsilon;
  control[CONTROL.decay] = optimizer === "adam"
    ? learningRate * weightDecay
    : weightDecay;
  control[CONTROL.averageDecay] = options.averageDecay ?? 0;
}
