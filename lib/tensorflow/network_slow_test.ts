import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { Network, type NetworkSpec, type StepOptions } from "../lstm/lstm.ts";
import { randomBatch, randomWeights } from "../lstm/noise.ts";
import { type Addon, loadAddon } from "./addon.ts";
import { TensorFlowNetwork } from "./network.ts";
import { HAS_TENSORFLOW, WHY_SKIPPED } from "./testing.ts";

const lstm = (name: string, units: number, returnSequences = true) =>
  ({ kind: "lstm", name, units, returnSequences }) as const;
const dense = (name: string, units: number) =>
  ({ kind: "dense", name, units }) as const;
const dropout = (name: string, rate: number) =>
  ({ kind: "dropout", name, rate }) as const;

/** A network, its batches' shape, and how it is trained. */
interface Case {
  readonly title: string;
  readonly spec: NetworkSpec;
  readonly batch: number;
  readonly steps: number;
  readonly options: Omit<StepOptions, "step" | "dropoutKey">;
}

const adam = { optimizer: "adam", learningRate: 0.01 } as const;
const rmsprop = { optimizer: "rmsprop", learningRate: 0.01 } as const;
const CASES: readonly Case[] = [
  {
    title: "floats, the last step alone, RMSprop, dropout",
    spec: {
      input: { kind: "dense", size: 3 },
      layers: [
        dropout("dropout", 0.2),
        ...[lstm("lstm", 6), dense("dense", 5), lstm("lstm_1", 4, false)],
        dense("dense_1", 7),
      ],
      loss: "softmax",
    },
    ...{ batch: 5, steps: 4, options: rmsprop },
  },
  {
    title: "ids, Adam with decay, clipping, smoothing and an average",
    spec: {
      input: { kind: "onehot", size: 9 },
      layers: [
        ...[dropout("dropout", 0.3), lstm("lstm", 6), dropout("inner", 0.4)],
        ...[dense("dense", 5), lstm("lstm_1", 8), dense("dense_1", 9)],
      ],
      loss: "softmax",
    },
    ...{ batch: 3, steps: 5 },
    options: {
      ...adam,
      weightDecay: 0.1,
      clipNorm: 0.05,
      labelSmoothing: 0.1,
      averageDecay: 0.9,
    },
  },
  {
    title: "features, relations, carried states",
    spec: {
      input: { kind: "sparse", size: 12, most: 5 },
      layers: [
        ...[dropout("dropout", 0.3), lstm("lstm", 6), dense("dense", 5)],
        ...[lstm("lstm_1", 6), dense("dense_1", 8)],
      ],
      loss: "softmax",
      relations: { count: 3, most: 6 },
    },
    // Two threads share its rows, unevenly.
    ...{ batch: 17, steps: 3, options: { ...adam, carry: true } },
  },
  {
    title: "ids in shares of two threads, dropout in all layers",
    spec: {
      input: { kind: "onehot", size: 9 },
      layers: [
        ...[dropout("dropout", 0.3), lstm("lstm", 6), dropout("inner", 0.4)],
        ...[lstm("lstm_1", 8, false), dropout("top", 0.2), dense("dense", 9)],
      ],
      loss: "softmax",
    },
    ...{ batch: 19, steps: 5, options: rmsprop },
  },
  {
    title: "sigmoids, SGD with decay, dense layers alone below",
    spec: {
      input: { kind: "onehot", size: 6 },
      layers: [dense("dense", 4), lstm("lstm", 5), dense("dense_1", 6)],
      loss: "sigmoid",
    },
    ...{ batch: 2, steps: 4 },
    options: { optimizer: "sgd", learningRate: 0.5, weightDecay: 0.01 },
  },
];

/**
 * Most that gradients may differ, all together and those of each weight. Either
 * engine's are about so far from those in 64 bits, see `docs/experiments`.
 */
const MOST = 1e-6, MOST_OF_A_WEIGHT = 1e-5;

/** The norm of what arrays differ by ÷ the norm of the second ones. */
function difference(
  all: readonly (readonly [Float32Array, Float32Array])[],
): number {
  let apart = 0, squares = 0;
  for (const [a, b] of all) {
    b.forEach((value, i) => {
      apart += (a[i]! - value) ** 2;
      squares += value ** 2;
    });
  }
  return Math.sqrt(apart / squares);
}

for (
  const { title, spec, batch: maxBatch, steps: maxSteps, options } of CASES
) {
  Deno.test({
    name:
      `TensorFlowNetwork trains as the project's kernels do, to float tolerance: ${title}${WHY_SKIPPED}`,
    ignore: !HAS_TENSORFLOW,
    async fn() {
      const most = { maxBatch, maxSteps }, random = new Random(1);
      using own = await Network.create(spec, { ...most, workers: 2 });
      using other = await TensorFlowNetwork.create(spec, {
        ...most,
        workers: 2,
      });
      const next = () =>
        randomBatch(spec, { size: maxBatch, steps: maxSteps }, random);
      const weights = randomWeights(spec, random);
      for (const network of [own, other]) {
        network.setWeights(weights);
        network.startAverage();
      }
      for (let step = 1; step <= 6; step++) {
        const batch = next(), how = { ...options, step, dropoutKey: 77 * step };
        const [a, b] = [own.trainStep(batch, how), other.trainStep(batch, how)];
        assert.ok(Math.abs(a.loss - b.loss) < 2e-6, `${a.loss} ${b.loss}`);
        assert.deepEqual([a.count, a.correct], [b.count, b.correct]);
        assert.ok(Math.abs(a.gradientNorm - b.gradientNorm) < 2e-6);
        const pairs = own.weights.map(({ name }) =>
          [other.getGradient(name), own.getGradient(name)] as const
        );
        const off = difference(pairs);
        assert.ok(off < MOST, `step ${step}: ${off}`);
        own.weights.forEach(({ name }, i) => {
          const off = difference([pairs[i]!]);
          assert.ok(off < MOST_OF_A_WEIGHT, `step ${step}, ${name}: ${off}`);
        });
        // Each goes on from where the other is, one after the other.
        if (step === 3) own.writeState(other.readState(maxBatch), maxBatch);
        if (step === 4) other.writeState(own.readState(maxBatch), maxBatch);
      }
      const carry = options.carry ?? false, batch = next();
      const [a, b] = [own, other].map((all) => all.evaluate(batch, { carry }));
      assert.ok(Math.abs(a!.loss - b!.loss) < 2e-6, `${a!.loss} ${b!.loss}`);
      own.swapAverage();
      other.swapAverage();
      const [after, otherAfter] = [own.readState(), other.readState()];
      for (const [name, values] of after.weights) {
        const off = difference([[otherAfter.weights.get(name)!, values]]);
        assert.ok(off < 1e-5, `${name}: ${off}`);
      }
    },
  });
}

Deno.test({
  name:
    `TensorFlowNetwork takes batches of many shapes, and frees what it made${WHY_SKIPPED}`,
  ignore: !HAS_TENSORFLOW,
  async fn() {
    const { spec, options } = CASES[0]!, random = new Random(2);
    const most = { maxBatch: 18, maxSteps: 5, workers: 2 };
    const addon = await loadAddon(2);
    using own = await Network.create(spec, most);
    const other = await TensorFlowNetwork.create(spec, most);
    const weights = randomWeights(spec, random);
    for (const network of [own, other]) network.setWeights(weights);
    // More shapes than graphs are kept, and again the first.
    const sizes = [18, 17, 9, 8, 7, 4, 3, 2, 1, 18];
    const train = () => {
      for (const [i, size] of sizes.entries()) {
        const batch = randomBatch(spec, { size, steps: 1 + i % 5 }, random);
        const how = { ...options, step: i + 1, dropoutKey: i };
        const [a, b] = [own, other].map((one) => one.trainStep(batch, how));
        assert.ok(Math.abs(a!.loss - b!.loss) < 1e-5, `${a!.loss} ${b!.loss}`);
      }
    };
    train();
    const { tensors, graphs } = counts(addon);
    train();
    // Constants of shapes are kept; these are the same.
    assert.deepEqual(counts(addon), { tensors, graphs });
    other.dispose();
    assert.equal(counts(addon).graphs, graphs - 8);
  },
});

const counts = (addon: Addon) => ({
  tensors: addon.getNumOfTensors(),
  graphs: addon.getNumOfSavedModels(),
});
