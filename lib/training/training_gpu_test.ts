import assert from "node:assert/strict";
import { join } from "@std/path";
import { inFolder } from "../model/checkpoint_testing.ts";
import { HAS_GPU, WHY_SKIPPED } from "../webgpu/testing.ts";
import { CARRYING, lossesOf, near } from "./engine_testing.ts";

Deno.test({
  name:
    `Training on the GPU gives the losses of the CPU, and a run moves between both${WHY_SKIPPED}`,
  ignore: !HAS_GPU,
  fn: () =>
    inFolder(async (folder) => {
      const expected = await lossesOf(join(folder, "cpu"), "wasm");
      assert.equal(expected.length, 2 * CARRYING.epochs);
      near(await lossesOf(join(folder, "gpu"), "webgpu"), expected);
      // Stopped within epochs, so that carried states move too.
      const both = join(folder, "both"), resume = true;
      await lossesOf(both, "wasm", { steps: 5 });
      await lossesOf(both, "webgpu", { resume, steps: 9 });
      near(await lossesOf(both, "wasm", { resume }), expected);
    }),
});
