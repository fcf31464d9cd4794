import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import type { NetworkBatch, SparseRows } from "./batch.ts";
import { Network } from "./network.ts";
import { type NetworkSpec, sizeOf } from "./spec.ts";

/** Features, classes and relations; rows and steps of a batch. */
const F = 9, V = 6, R = 4, B = 5, T = 4;
const STEP = {
  optimizer: "sgd",
  learningRate: 0,
  step: 1,
  dropoutKey: 1,
} as const;

/** Rows of random numbers below `size`, each once, up to `most` a row. */
function sparseRows(size: number, most: number, random: Random): SparseRows {
  const offsets = [0], values: number[] = [];
  for (let row = 0; row < B * T; row++) {
    values.push(...random.order(size).slice(0, random.int(most + 1)));
    offsets.push(values.length);
  }
  return {
    offsets: Int32Array.from(offsets),
    values: Int32Array.from(values),
  };
}

/** A network with random weights. */
async function networkOf(
  input: NetworkSpec["input"],
  { relations = false, rate = 0, workers = 1 } = {},
): Promise<Network> {
  const network = await Network.create({
    input,
    layers: [
      { kind: "dropout", name: "dropout", rate },
      { kind: "lstm", name: "lstm", units: 7, returnSequences: true },
      { kind: "dense", name: "dense", units: V + (relations ? R : 0) },
    ],
    loss: "softmax",
    ...relations && { relations: { count: R, most: 8 } },
  }, { maxBatch: B, maxSteps: T, workers });
  const random = new Random(5);
  for (const { name, shape } of network.weights) {
    const values = Array.from(
      { length: sizeOf(shape) },
      () => 0.5 * random.normal(),
    );
    network.setWeight(name, values);
  }
  return network;
}

const SPARSE = { kind: "sparse", size: F, most: 5 } as const;

/** A batch of sparse input, and relations of random classes. */
function batchOf(hasRelations: boolean): NetworkBatch & { inputs: SparseRows } {
  const random = new Random(9);
  const inputs = sparseRows(F, 5, random);
  const targets = Int32Array.from({ length: B * T }, () => random.int(V));
  const pairs = sparseRows(V * R, 8, random);
  const relations = {
    ...pairs,
    values: pairs.values.map((pair) => pair % V + (Math.floor(pair / V) << 16)),
  };
  return {
    size: B,
    steps: T,
    inputs,
    targets,
    ...hasRelations && { relations },
  };
}

/** Sparse rows as floats [B, T, F]. */
function denseOf({ offsets, values }: SparseRows): Float32Array {
  const dense = new Float32Array(B * T * F);
  for (let row = 0; row < B * T; row++) {
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) {
      dense[row * F + values[i]!] = 1;
    }
  }
  return dense;
}

function near(a: ArrayLike<number>, b: ArrayLike<number>, within: number) {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) {
    assert.ok(Math.abs(a[i]! - b[i]!) < within, `${i}: ${a[i]}, ${b[i]}`);
  }
}

Deno.test("Network: sparse input gives the loss and gradients of the same dense input", async () => {
  const batch = batchOf(false);
  using sparse = await networkOf(SPARSE, { workers: 2 });
  using dense = await networkOf({ kind: "dense", size: F });
  const one = sparse.trainStep(batch, STEP);
  const other = dense.trainStep(
    { ...batch, inputs: denseOf(batch.inputs) },
    STEP,
  );
  assert.ok(Math.abs(one.loss - other.loss) < 1e-6);
  for (const { name } of dense.weights) {
    near(sparse.getGradient(name), dense.getGradient(name), 1e-6);
  }
});

Deno.test("Network: a relation's score is added to the logits of its classes", async () => {
  const random = batchOf(true), { offsets } = random.relations!;
  // All but the last relation, whose unit is none of the other network's classes.
  const values = random.relations!.values.map((pair) =>
    pair >> 16 === R - 1 ? pair & 0xffff : pair
  );
  const batch = { ...random, relations: { offsets, values } };
  using network = await networkOf(SPARSE, { relations: true, workers: 2 });
  const logits = network.predict(batch);
  const nothing = {
    offsets: new Int32Array(B * T + 1),
    values: new Int32Array(),
  };
  const plain = network.predict({ ...batch, relations: nothing });
  assert.equal(logits.length, B * T * V);
  // The scores themselves, from a network in which all units are classes.
  using all = await Network.create({
    ...network.spec,
    relations: { count: 1, most: 1 },
  }, { maxBatch: B, maxSteps: T, workers: 1 });
  all.setWeights(
    new Map(network.weights.map(({ name }) => [name, network.getWeight(name)])),
  );
  const units = V + R, scores = all.predict({ ...batch, relations: nothing });
  const expected = plain.slice();
  for (let row = 0; row < B * T; row++) {
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) {
      const value = values[i]!, relation = value >> 16;
      expected[row * V + (value & 0xffff)]! +=
        scores[row * (units - 1) + V + relation]!;
    }
  }
  near(logits, expected, 1e-5);
});

Deno.test("Network: relations have the gradient that finite differences give", async () => {
  const batch = batchOf(true);
  using network = await networkOf(SPARSE, { relations: true, workers: 2 });
  network.trainStep(batch, STEP);
  for (const { name } of network.weights) {
    const gradient = network.getGradient(name),
      weight = network.getWeight(name);
    for (let i = 0; i < weight.length; i += 7) {
      const lossAt = (change: number) => {
        const moved = weight.slice();
        moved[i]! += change;
        network.setWeight(name, moved);
        return network.evaluate(batch).loss;
      };
      const slope = (lossAt(1e-2) - lossAt(-1e-2)) / 2e-2;
      assert.ok(Math.abs(slope - gradient[i]!) < 2e-4, `${name} ${i}`);
    }
    network.setWeight(name, weight);
  }
});

Deno.test("Network: dropout of sparse input does not depend on the number of workers", async () => {
  const batch = batchOf(true);
  const losses: number[] = [];
  for (const workers of [1, 2, 3]) {
    using network = await networkOf(SPARSE, {
      relations: true,
      rate: 0.4,
      workers,
    });
    losses.push(network.trainStep(batch, STEP).loss);
  }
  near(losses, losses.map(() => losses[0]!), 1e-6);
});

Deno.test("Stream.next() takes sparse input and relations as predict() does", async () => {
  const batch = batchOf(true);
  using network = await networkOf(SPARSE, { relations: true });
  const whole = network.predict(batch), stream = network.stream();
  const rowOf = ({ offsets, values }: SparseRows, row: number) =>
    values.subarray(offsets[row], offsets[row + 1]);
  for (let t = 0; t < T; t++) {
    const logits = stream.next(
      rowOf(batch.inputs, t),
      rowOf(batch.relations!, t),
    );
    near(logits, whole.subarray(t * V, (t + 1) * V), 1e-5);
  }
});

Deno.test("Network refuses sparse input and relations that it has no room for", async () => {
  const batch = batchOf(true);
  using network = await networkOf(SPARSE, { relations: true });
  const { relations: _, ...without } = batch;
  assert.throws(() => network.evaluate(without), /no relations/);
  const inputs = { ...batch.inputs, values: batch.inputs.values.map(() => F) };
  assert.throws(
    () => network.evaluate({ ...batch, inputs }),
    /below 9, current value is 9/,
  );
  const dense = denseOf(batch.inputs);
  assert.throws(
    () => network.evaluate({ ...batch, inputs: dense }),
    /another kind/,
  );
});
