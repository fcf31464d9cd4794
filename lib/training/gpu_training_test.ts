import assert from "node:assert/strict";
import { join } from "@std/path";
import { configure } from "../base/base.ts";
import type { EngineName } from "../engines/engines.ts";
import { inFolder } from "../model/checkpoint_testing.ts";
import { HAS_GPU, WHY_SKIPPED } from "../webgpu/testing.ts";
import type { TrainingOptions } from "./resume.ts";
import { countingData, SMALL } from "./testing.ts";
import { Training } from "./training_run.ts";

const CONFIG = configure({ ...SMALL, carry: true, averageDecay: 0.9 });

/** Trains on; the losses of the epochs that end, in training and validation. */
async function lossesOf(
  folder: string,
  engine: EngineName,
  options: Partial<TrainingOptions> & { steps?: number } = {},
): Promise<number[]> {
  using training = await Training.open({
    ...{ folder, engine, data: countingData(), config: CONFIG, workers: 2 },
    ...options,
  });
  training.stopAfterSteps = options.steps ?? Infinity;
  for await (const _ of training.run());
  return training.history.flatMap((epoch) => [
    epoch.trainLoss,
    epoch.validLoss!,
  ]);
}

function near(losses: readonly number[], expected: readonly number[]) {
  assert.equal(losses.length, expected.length);
  losses.forEach((loss, i) => {
    const apart = Math.abs(loss - expected[i]!);
    assert.ok(apart < 1e-4, `${i}: ${loss}, on the CPU ${expected[i]}`);
  });
}

Deno.test({
  name:
    `Training on the GPU gives the losses of the CPU, and a run moves between both${WHY_SKIPPED}`,
  ignore: !HAS_GPU,
  fn: () =>
    inFolder(async (folder) => {
      const expected = await lossesOf(join(folder, "cpu"), "wasm");
      assert.equal(expected.length, 2 * CONFIG.epochs);
      near(await lossesOf(join(folder, "gpu"), "webgpu"), expected);
      // Stopped within epochs, so that carried states move too.
      const both = join(folder, "both"), resume = true;
      await lossesOf(both, "wasm", { steps: 5 });
      await lossesOf(both, "webgpu", { resume, steps: 9 });
      near(await lossesOf(both, "wasm", { resume }), expected);
    }),
});
