import "@tensorflow/tfjs-backend-cpu";
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { configure } from "../base/base.ts";
import { Network } from "../lstm/lstm.ts";
import { initialWeights } from "./initial_weights.ts";
import { layersModel, modelTopology } from "./keras.ts";
import { immersicNetwork } from "./network.ts";

const small = configure({ lstmUnits: 12, denseUnits: 6 });

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
    actual.forEach((p, i) => assert.ok(Math.abs(p - expected[i]!) < 1e-5));
  });
}

Deno.test("modelTopology() leaves the softmax out where relations are added before it", () => {
  const activation = (input: "onehot" | "context") => {
    const spec = immersicNetwork({ ...small, input }, 9, 500);
    return /"name":"activation","activation":"(\w+)"/
      .exec(JSON.stringify(modelTopology(spec)))?.[1];
  };
  assert.equal(activation("onehot"), "softmax");
  assert.equal(activation("context"), "linear");
});
