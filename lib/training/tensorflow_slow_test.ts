import assert from "node:assert/strict";
import { join } from "@std/path";
import { chooseEngine } from "../engines/engines.ts";
import { inFolder } from "../model/checkpoint_testing.ts";
import { HAS_TENSORFLOW, WHY_SKIPPED } from "../tensorflow/testing.ts";
import { CARRYING, lossesOf, near } from "./engine_testing.ts";

Deno.test({
  name:
    `Training with TensorFlow gives the losses of the project's kernels, and a run moves between both${WHY_SKIPPED}`,
  ignore: !HAS_TENSORFLOW,
  fn: () =>
    inFolder(async (folder) => {
      const expected = await lossesOf(join(folder, "own"), "native");
      assert.equal(expected.length, 2 * CARRYING.epochs);
      near(await lossesOf(join(folder, "other"), "tensorflow"), expected);
      // Stopped within epochs, so that carried states move too.
      const both = join(folder, "both"), resume = true;
      await lossesOf(both, "native", { steps: 5 });
      await lossesOf(both, "tensorflow", { resume, steps: 9 });
      near(await lossesOf(both, "native", { resume }), expected);
    }),
});

Deno.test({
  name: `chooseEngine() measures where TensorFlow is set up${WHY_SKIPPED}`,
  ignore: !HAS_TENSORFLOW,
  async fn() {
    const { name, reason } = await chooseEngine("auto", { lstmUnits: 24 });
    const measured = reason.match(
      /^measured with 24 units: ([\d.]+) ms a step, with TensorFlow ([\d.]+) ms$/,
    );
    assert.ok(measured, reason);
    const [, ours, theirs] = measured.map(Number);
    assert.equal(name === "tensorflow", theirs! < 0.8 * ours!);
  },
});
