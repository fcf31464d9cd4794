/** For tests: runs that engines train in turn. */
import assert from "node:assert/strict";
import { type Config, configure } from "../base/base.ts";
import type { EngineName } from "../engines/engines.ts";
import type { TrainingOptions } from "./resume.ts";
import { countingData, SMALL } from "./testing.ts";
import { Training } from "./training_run.ts";

/** Settings of a run that carries states and averages weights. */
export const CARRYING: Config = configure({
  ...SMALL,
  carry: true,
  averageDecay: 0.9,
});

/** Trains on; the losses of the epochs that end, in training and validation. */
export async function lossesOf(
  folder: string,
  engine: EngineName,
  options: Partial<TrainingOptions> & { steps?: number } = {},
): Promise<number[]> {
  using training = await Training.open({
    ...{ folder, engine, data: countingData(), config: CARRYING, workers: 2 },
    ...options,
  });
  training.stopAfterSteps = options.steps ?? Infinity;
  for await (const _ of training.run());
  return training.history.flatMap((epoch) => [
    epoch.trainLoss,
    epoch.validLoss!,
  ]);
}

/** Asserts that losses differ by less than 10⁻⁴. */
export function near(
  losses: readonly number[],
  expected: readonly number[],
): void {
  assert.equal(losses.length, expected.length);
  losses.forEach((loss, i) => {
    const apart = Math.abs(loss - expected[i]!);
    assert.ok(apart < 1e-4, `${i}: ${loss}, expected ${expected[i]}`);
  });
}
