/**
 * The values that change from step to step of training.
 */

import type { Config } from "../base/base.ts";

/**
 * The learning rate: constant, or half a period of a cosine from the highest to
 * a hundredth of it (I. Loshchilov and F. Hutter 2016, "SGDR").
 *
 * @param epoch From 1 on.
 * @param share Share of the epoch that is done, from 0 to 1.
 */
export function learningRateAt(
  { learningRate, schedule, epochs }: Pick<
    Config,
    "learningRate" | "schedule" | "epochs"
  >,
  epoch: number,
  share: number,
): number {
  if (schedule === "constant") return learningRate;
  const done = (epoch - 1 + share) / epochs;
  const least = learningRate / 100;
  return least + (learningRate - least) * (1 + Math.cos(Math.PI * done)) / 2;
}

/**
 * The decay of the weights' moving average: lower in the first steps, so that their
 * weights soon fade.
 *
 * @param decay From the configuration; 0 for no average.
 * @param step From 1 on.
 */
export function averageDecayAt(decay: number, step: number): number {
  return decay === 0 ? 0 : Math.min(decay, (1 + step) / (10 + step));
}

/** The random key of a step's dropout. */
export function dropoutKeyAt(seed: number, step: number): number {
  return Math.imul(seed, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b);
}
