import "@tensorflow/tfjs-backend-cpu";
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { configure, ORIGINAL_CONFIG } from "../base/base.ts";
import { Network } from "../lstm/lstm.ts";
import {
  countParameters,
  describeModel,
  immersicNetwork,
  initialWeights,
  layersModel,
} from "./network.ts";

const small = configure({ lstmUnits: 12, denseUnits: 6 });

Deno.test("immersicNetwork() has the layers and the 333,626 parameters of the original", () => {
  const spec = immersicNetwork(ORIGINAL_CONFIG, 378);
  assert.deepEqual(spec.layers.map(({ kind }) => kind), [
    ...["dropout", "lstm", "dense", "dense", "lstm", "dense", "lstm", "dense"],
  ]);
  assert.equal(countParameters(spec), 333_626);
});

Deno.test("describeModel() gives shapes and parameters that add up", () => {
  const rows = describeModel(ORIGINAL_CONFIG, 378);
  assert.deepEqual(rows[1], {
    layer: "lstm (lstm)",
    output: "[B, T, 128]",
    parameters: 66_560,
  });
  assert.deepEqual(rows.at(-3)!.output, "[B, 378]");
  const sum = rows.slice(0, -1).reduce((sum, row) => sum + row.parameters, 0);
  assert.equal(rows.at(-1)!.parameters, sum);
});

Deno.test("initialWeights() depends on the seed alone, and recurrent rows are orthonormal", () => {
  const spec = immersicNetwork(small, 9);
  const weights = initialWeights(spec, 5);
  assert.deepEqual(initialWeights(spec, 5), weights);
  assert.notDeepEqual(initialWeights(spec, 6), weights);
  const matrix = weights.get("lstm_1/recurrent_kernel")!;
  const row = (i: number) => matrix.subarray(48 * i, 48 * (i + 1));
  const dot = (i: number, j: number) =>
    row(i).reduce((sum, x, k) => sum + x * row(j)[k], 0);
  assert.ok(Math.abs(dot(3, 3) - 1) < 1e-6 && Math.abs(dot(3, 7)) < 1e-6);
  const bias = weights.get("lstm/bias")!;
  assert.deepEqual([...bias.subarray(11, 25)], [0, ...Array(12).fill(1), 0]);
});

for (
  const knobs of [
    { input: "onehot", objective: "every" },
    { input: "onehot", objective: "last" },
    { input: "scalar", objective: "every" },
    { input: "scalar", objective: "last" },
  ] as const
) {
  Deno.test(`layersModel() gives the outputs of the engine to 1e-5: ${knobs.input}, ${knobs.objective}`, async () => {
    const spec = immersicNetwork({ ...small, ...knobs }, 9);
    const weights = initialWeights(spec, 2, "wide");
    const [size, steps] = [3, 7];
    const ids = Int32Array.from(
      { length: size * steps },
      (_, i) => (5 * i) % 9,
    );
    const scaled = Float32Array.from(ids, (id) => id / 9);
    using network = await Network.create(spec, {
      maxBatch: size,
      maxSteps: steps,
    });
    for (const [name, values] of weights) network.setWeight(name, values);
    const logits = network.predict({
      size,
      steps,
      inputs: knobs.input === "onehot" ? ids : scaled,
    });
    const model = await layersModel(spec, weights);
    const x = knobs.input === "onehot"
      ? tf.oneHot(tf.tensor2d(ids, [size, steps], "int32"), 9)
      : tf.tensor3d(scaled, [size, steps, 1]);
    const expected = (model.predict(x) as tf.Tensor).dataSync();
    const actual = tf.softmax(tf.tensor(logits, [logits.length / 9, 9]))
      .dataSync();
    assert.equal(actual.length, expected.length);
    actual.forEach((p, i) => assert.ok(Math.abs(p - expected[i]) < 1e-5));
  });
}
