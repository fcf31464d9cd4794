import "@tensorflow/tfjs-backend-cpu";
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { layers, models, sequential } from "@tensorflow/tfjs-layers";
import { Random } from "../base/base.ts";
import { fastLstm, registerFastLstm } from "./lstm_layer.ts";

type LstmArgs = Parameters<typeof layers.lstm>[0];

const random = new Random(11);
const normal = (shape: number[]) =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
      0.6 * random.normal()),
    shape,
  );

/** tf.layers' own LSTM and ours, with the same weights. */
function pair(args: LstmArgs, inputSize: number) {
  const common = {
    recurrentActivation: "sigmoid",
    recurrentInitializer: "zeros",
    ...args,
  } as const;
  const theirs = layers.lstm(common), ours = fastLstm(common);
  const shape = (args.batchInputShape ?? [1, 1, inputSize]) as number[];
  for (const layer of [theirs, ours]) layer.apply(tf.zeros(shape));
  if (args.stateful) [theirs, ours].forEach((layer) => layer.resetStates());
  const weights = theirs.getWeights().map(({ shape }) => normal(shape));
  theirs.setWeights(weights);
  ours.setWeights(weights);
  return { theirs, ours };
}

function assertClose(
  a: tf.Tensor,
  b: tf.Tensor,
  tolerance: number,
  what: string,
) {
  assert.deepEqual(a.shape, b.shape);
  const x = a.dataSync(), y = b.dataSync();
  const scale = Math.max(2e-2, ...y.map(Math.abs));
  for (let i = 0; i < x.length; i++) {
    assert.ok(
      Math.abs(x[i]! - y[i]!) <= tolerance * scale,
      `${what}: element ${i} is ${x[i]} against ${y[i]}`,
    );
  }
}

const SHAPES: [b: number, t: number, i: number, u: number][] = [
  [1, 2, 1, 1], // of one step the gradient of tf.layers itself fails
  [3, 5, 2, 7],
  [2, 4, 9, 8],
  [6, 3, 5, 13],
  [11, 7, 3, 4],
  [5, 2, 17, 19],
];

for (const [b, t, i, u] of SHAPES) {
  Deno.test(`fastLstm() equals tf.layers.lstm, forward and every gradient: B ${b}, T ${t}, I ${i}, U ${u}`, () => {
    for (const returnSequences of [true, false]) {
      const { theirs, ours } = pair({ units: u, returnSequences }, i);
      const x = normal([b, t, i]), h = normal([b, u]), c = normal([b, u]);
      const weight = normal(returnSequences ? [b, t, u] : [b, u]);
      const run = (layer: typeof ours) => {
        const loss = (x: tf.Tensor, h: tf.Tensor, c: tf.Tensor) =>
          tf.sum(tf.mul(
            layer.apply(x, { initialState: [h, c] }) as tf.Tensor,
            weight,
          )) as tf.Scalar;
        const output = layer.apply(x, { initialState: [h, c] }) as tf.Tensor;
        const byInputs = tf.grads(loss)([x, h, c]);
        const { grads } = tf.variableGrads(() => loss(x, h, c));
        // Names differ between the layers; their order does not.
        const byWeights = layer.trainableWeights.map(({ originalName, name }) =>
          grads[
            Object.keys(grads).find((key) =>
              key === name || key === originalName
            )!
          ]
        );
        return { output, gradients: [...byInputs, ...byWeights] };
      };
      const expected = run(theirs), actual = run(ours);
      assertClose(actual.output, expected.output, 1e-5, "output");
      assert.equal(actual.gradients.length, 6);
      expected.gradients.forEach((gradient, n) =>
        assertClose(actual.gradients[n]!, gradient!, 1e-4, `gradient ${n}`)
      );
    }
  });
}

Deno.test("fastLstm() returns states as tf.layers.lstm does", () => {
  const { theirs, ours } = pair({
    units: 4,
    returnState: true,
    returnSequences: true,
  }, 3);
  const x = normal([2, 5, 3]);
  const expected = theirs.apply(x) as tf.Tensor[];
  const actual = ours.apply(x) as tf.Tensor[];
  assert.equal(actual.length, 3);
  expected.forEach((tensor, n) =>
    assertClose(actual[n]!, tensor, 1e-5, `output ${n}`)
  );
});

Deno.test("fastLstm() keeps its state between calls when stateful", () => {
  const { theirs, ours } = pair({
    units: 4,
    stateful: true,
    batchInputShape: [2, 3, 5],
  }, 5);
  for (let call = 0; call < 3; call++) {
    const x = normal([2, 3, 5]);
    assertClose(
      ours.apply(x) as tf.Tensor,
      theirs.apply(x) as tf.Tensor,
      1e-5,
      `call ${call}`,
    );
  }
  ours.resetStates();
  theirs.resetStates();
  const x = normal([2, 3, 5]);
  assertClose(
    ours.apply(x) as tf.Tensor,
    theirs.apply(x) as tf.Tensor,
    1e-5,
    "after reset",
  );
});

Deno.test("fastLstm() leaves to tf.layers what the kernels do not cover", () => {
  const { theirs, ours } = pair({
    units: 3,
    recurrentActivation: "hardSigmoid",
  }, 2);
  const x = normal([2, 3, 2]);
  assertClose(
    ours.apply(x) as tf.Tensor,
    theirs.apply(x) as tf.Tensor,
    1e-6,
    "hard sigmoid",
  );
});

Deno.test("fastLstm() has the configuration and the class name of tf.layers.lstm", () => {
  const { theirs, ours } = pair(
    { units: 3, returnSequences: true, name: "a" },
    2,
  );
  assert.deepEqual(ours.getConfig(), theirs.getConfig());
  assert.equal(ours.getClassName(), "LSTM");
});

Deno.test("registerFastLstm() trains inside a model of tf.layers, without leaking tensors", async () => {
  registerFastLstm();
  const model = sequential({
    layers: [
      fastLstm({ units: 6, inputShape: [4, 3], recurrentInitializer: "zeros" }),
      layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const x = normal([8, 4, 3]), y = normal([8, 1]);
  const first = await model.trainOnBatch(x, y) as number;
  const before = tf.memory().numTensors;
  let last = first;
  for (let i = 0; i < 40; i++) last = await model.trainOnBatch(x, y) as number;
  assert.equal(tf.memory().numTensors, before);
  assert.ok(last < 0.9 * first, `${first} → ${last}`);
  const copy = await models.modelFromJSON(model.toJSON(null, false) as never);
  assert.equal(copy.layers[0]!.constructor, model.layers[0]!.constructor);
  copy.setWeights(model.getWeights());
  assertClose(
    copy.predict(x) as tf.Tensor,
    model.predict(x) as tf.Tensor,
    1e-6,
    "copy",
  );
});
