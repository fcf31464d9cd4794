import assert from "node:assert/strict";
import { join } from "@std/path";
import { Random, readFileIfAny, TENSORFLOW_FOLDER } from "../base/base.ts";
import {
  Network,
  type NetworkBatch,
  type NetworkSpec,
  type StepOptions,
} from "../lstm/lstm.ts";
import { TensorFlowNetwork } from "./network.ts";

const installed = await readFileIfAny(
  join(TENSORFLOW_FOLDER, "installed.json"),
);
/** In the titles of tests that are skipped. */
const WHY_SKIPPED = installed
  ? ""
  : " (skipped: TensorFlow is not set up, run deno task setup:tensorflow)";

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
    ...{ batch: 4, steps: 3, options: { ...adam, carry: true } },
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

/** Sparse rows of distinct values. */
function sparse(random: Random, rows: number, most: number, size: number) {
  const offsets = new Int32Array(rows + 1), values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const all = random.shuffle(Array.from({ length: size }, (_, i) => i));
    values.push(...all.slice(0, random.int(most + 1)));
    offsets[row + 1] = values.length;
  }
  return { offsets, values: Int32Array.from(values) };
}

/** A batch for a network; one target in five does not count. */
function batchFor({ spec, batch, steps }: Case, seed: number): NetworkBatch {
  const random = new Random(seed), { input } = spec;
  const rows = batch * steps, top = spec.layers.at(-1)!;
  const units = top.kind === "dropout" ? 0 : top.units;
  const classes = units - (spec.relations?.count ?? 0);
  const last = spec.layers.findLast((one) => one.kind === "lstm");
  const targets = last?.returnSequences === false ? batch : rows;
  const missing = () => random.next() < 0.2;
  const pairs = spec.relations &&
    sparse(random, rows, spec.relations.most, classes * spec.relations.count);
  return {
    size: batch,
    steps,
    inputs: input.kind === "sparse"
      ? sparse(random, rows, input.most, input.size)
      : input.kind === "onehot"
      ? Int32Array.from({ length: rows }, () => random.int(input.size))
      : Float32Array.from(
        { length: rows * input.size },
        () => random.normal(),
      ),
    ...pairs && {
      relations: {
        ...pairs,
        values: pairs.values.map((one) =>
          one % classes + 65536 * Math.floor(one / classes)
        ),
      },
    },
    targets: spec.loss === "softmax"
      ? Int32Array.from(
        { length: targets },
        () => missing() ? -1 : random.int(classes),
      )
      : Float32Array.from({ length: targets }, () => missing() ? 1 : 0)
        .reduce((all, isMissing, row) => {
          for (let i = 0; i < classes; i++) {
            all[row * classes + i] = isMissing ? -1 : random.int(2);
          }
          return all;
        }, new Float32Array(targets * classes)),
    resets: Uint8Array.from({ length: batch }, (_, i) => (i + seed) % 2),
  };
}

/** The largest difference between two arrays. */
const difference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

for (const one of CASES) {
  Deno.test({
    name:
      `TensorFlowNetwork trains as the project's kernels do, to float tolerance: ${one.title}${WHY_SKIPPED}`,
    ignore: !installed,
    async fn() {
      const { spec, batch: maxBatch, steps: maxSteps, options } = one;
      using own = await Network.create(spec, {
        ...{ maxBatch, maxSteps, workers: 2 },
      });
      using other = await TensorFlowNetwork.create(spec, {
        maxBatch,
        maxSteps,
      });
      const random = new Random(1);
      const weights = new Map(own.weights.map(({ name, shape }) => [
        name,
        Float32Array.from(
          { length: shape.reduce((product, n) => product * n, 1) },
          () => 0.4 * random.normal(),
        ),
      ]));
      for (const network of [own, other]) {
        network.setWeights(weights);
        network.startAverage();
      }
      for (let step = 1; step <= 6; step++) {
        const batch = batchFor(one, step);
        const how = { ...options, step, dropoutKey: 77 * step };
        const [a, b] = [own.trainStep(batch, how), other.trainStep(batch, how)];
        assert.ok(Math.abs(a.loss - b.loss) < 2e-6, `${a.loss} ${b.loss}`);
        assert.deepEqual([a.count, a.correct], [b.count, b.correct]);
        assert.ok(Math.abs(a.gradientNorm - b.gradientNorm) < 2e-6);
        for (const { name } of own.weights) {
          const gradients = [own, other].map((all) => all.getGradient(name));
          const off = difference(gradients[0]!, gradients[1]!);
          assert.ok(off < 1e-6, `step ${step}, ${name}: ${off}`);
        }
        // Half of the way, one goes on from where the other is.
        if (step === 3) own.writeState(other.readState(maxBatch), maxBatch);
        if (step === 4) other.writeState(own.readState(maxBatch), maxBatch);
      }
      const carry = options.carry ?? false;
      const batch = batchFor(one, 9);
      const [a, b] = [own, other].map((all) => all.evaluate(batch, { carry }));
      assert.ok(Math.abs(a!.loss - b!.loss) < 2e-6, `${a!.loss} ${b!.loss}`);
      own.swapAverage();
      other.swapAverage();
      const [after, otherAfter] = [own.readState(), other.readState()];
      for (const [name, values] of after.weights) {
        const off = difference(values, otherAfter.weights.get(name)!);
        assert.ok(off < 2e-6, `${name}: ${off}`);
      }
    },
  });
}
