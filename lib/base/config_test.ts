import assert from "node:assert/strict";
import { configure, DEFAULT_CONFIG, ORIGINAL_CONFIG } from "./config.ts";

Deno.test("configure() keeps what is not given, and what is undefined", () => {
  assert.deepEqual(configure(), DEFAULT_CONFIG);
  assert.equal(configure({ epochs: undefined }).epochs, DEFAULT_CONFIG.epochs);
  assert.equal(configure({ epochs: 3 }, ORIGINAL_CONFIG).batchSize, 64);
});

for (
  const [knobs, message] of [
    [
      { epochs: 0 },
      /epochs must be a whole number of at least 1, current value is 0/,
    ],
    [{ batchSize: 1.5 }, /batchSize must be a whole number/],
    [{ dropout: 1 }, /dropout must be a number of at least 0 and below 1/],
    [{ learningRate: NaN }, /learningRate must be a number above 0/],
    [{ optimizer: "adagrad" }, /optimizer must be one of adam, rmsprop, sgd/],
    [{ epoch: 3 }, /there is no "epoch", only/],
    [{ stride: 65 }, /some tokens would never be learnt/],
    [{ objective: "last" }, /Set the input to "onehot"/],
    [
      { carry: true, objective: "last", input: "scalar" },
      /carry needs the objective "every"/,
    ],
  ] as const
) {
  Deno.test(`configure() refuses ${JSON.stringify(knobs)}`, () => {
    assert.throws(() => configure(knobs as never), message);
  });
}
