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

Deno.test("initialWeights() of a network shown the context begins small for features and relations", () => {
  const [V, features] = [9, 500];
  const config = { ...small, input: "context" } as const;
  const weights = initialWeights(
    immersicNetwork(config, V, features),
    5,
    "wide",
  );
  const largest = (values: Float32Array) =>
    values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  // Some 60 features are 1 at a step; the kernel has 4 * 12 columns.
  const first = 0.1 * Math.sqrt(6 / (60 + 48));
  const ofFirst = largest(weights.get("lstm/kernel")!);
  assert.ok(ofFirst > 0.99 * first && ofFirst <= first);
  const last = weights.get("dense_3/kernel")!, columns = last.length / 12;
  const ofColumns = (is: (column: number) => boolean) =>
    largest(last.filter((_, i) => is(i % columns)));
  const ofTokens = ofColumns((column) => column < V);
  const ofRelations = ofColumns((column) => column >= V);
  assert.ok(0.08 < ofRelations / ofTokens && ofRelations / ofTokens < 0.12);
});
