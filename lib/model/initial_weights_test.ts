import assert from "node:assert/strict";
import { configure } from "../base/base.ts";
import { initialWeights } from "./initial_weights.ts";
import { immersicNetwork } from "./network.ts";

const small = configure({ lstmUnits: 12, denseUnits: 6 });

Deno.test("initialWeights() depends on the seed alone, and recurrent rows are orthonormal", () => {
  const spec = immersicNetwork(small, 9);
  const weights = initialWeights(spec, 5);
  assert.deepEqual(initialWeights(spec, 5), weights);
  assert.notDeepEqual(initialWeights(spec, 6), weights);
  const matrix = weights.get("lstm_1/recurrent_kernel")!;
  const row = (i: number) => matrix.subarray(48 * i, 48 * (i + 1));
  const dot = (i: number, j: number) =>
    row(i).reduce((sum, x, k) => sum + x * row(j)[k]!, 0);
  assert.ok(Math.abs(dot(3, 3) - 1) < 1e-6 && Math.abs(dot(3, 7)) < 1e-6);
  const bias = weights.get("lstm/bias")!;
  assert.deepEqual([...bias.subarray(11, 25)], [0, ...Array(12).fill(1), 0]);
});
