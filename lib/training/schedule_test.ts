import assert from "node:assert/strict";
import { averageDecayAt, learningRateAt } from "./schedule.ts";

Deno.test("learningRateAt() falls by a cosine to a hundredth, or stays", () => {
  const cosine = { learningRate: 1, schedule: "cosine", epochs: 2 } as const;
  const table = [[1, 0, 1], [2, 0, 0.505], [2, 1, 0.01]] as const;
  for (const [epoch, share, expected] of table) {
    const rate = learningRateAt(cosine, epoch, share);
    assert.ok(Math.abs(rate - expected) < 1e-12, `${rate}`);
  }
  const constant = { ...cosine, schedule: "constant" } as const;
  assert.equal(learningRateAt(constant, 2, 0.5), 1);
});

Deno.test("averageDecayAt() rises with the steps to the decay, and leaves 0 alone", () => {
  assert.equal(averageDecayAt(0.9, 1), 2 / 11);
  assert.equal(averageDecayAt(0.9, 1000), 0.9);
  assert.equal(averageDecayAt(0, 1000), 0);
});
