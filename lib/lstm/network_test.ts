import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { loadKernels } from "./kernels.ts";
import type { NetworkBatch } from "./batch.ts";
import { statesOfAllWorkers } from "./carried_states.ts";
import { hasVectors, type Vectors } from "./native/code.ts";
import { Network } from "./network.ts";
import { type NetworkSpec, sizeOf } from "./spec.ts";

const STEP = {
  optimizer: "sgd",
  learningRate: 0,
  step: 1,
  dropoutKey: 1,
} as const;

/** A network with random weights, and a batch for it. */
async function example(
  {
    units,
    batch,
    steps,
    input,
    classes,
    dense,
    last,
    loss,
    workers,
    rate = 0,
    native = true,
  }: {
    units: number;
    batch: number;
    steps: number;
    input: NetworkSpec["input"];
    classes: number;
    dense: number;
    last: boolean;
    loss: NetworkSpec["loss"];
    workers: number;
    rate?: number;
    native?: boolean | Vectors;
  },
): Promise<{ network: Network; data: NetworkBatch }> {
  const random = new Random(units * 31 + steps);
  const network = await Network.create({
    input,
    layers: [
      { kind: "dropout", name: "dropout", rate },
      { kind: "lstm", name: "lstm_1", units, returnSequences: true },
      { kind: "dense", name: "dense_1", units: dense },
      {
        kind: "lstm",
        name: "lstm_2",
        units: units + 1,
        returnSequences: !last,
      },
      { kind: "dense", name: "dense_2", units: classes },
    ],
    loss,
  }, { maxBatch: batch, maxSteps: steps, workers, native });
  for (const { name, shape } of network.weights) {
    const values = Array.from(
      { length: sizeOf(shape) },
      () => 0.5 * random.normal(),
    );
    network.setWeight(name, values);
  }
  const rows = last ? batch : batch * steps;
  const inputs = input.kind === "onehot"
    ? Int32Array.from({ length: batch * steps }, () => random.int(input.size))
    : Float32Array.from(
      { length: batch * steps * input.size },
      () => random.normal(),
    );
  const targets = loss === "softmax"
    ? Int32Array.from(
      { length: rows },
      (_, i) => i % 5 === 3 ? -1 : random.int(classes),
    )
    : Float32Array.from({ length: rows * classes }, () => random.int(2));
  return { network, data: { size: batch, steps, inputs, targets } };
}

const SHAPES = [
  {
    units: 8,
    batch: 4,
    steps: 6,
    classes: 16,
    dense: 8,
    last: false,
    workers: 1,
  },
  {
    units: 5,
    batch: 3,
    steps: 4,
    classes: 7,
    dense: 3,
    last: false,
    workers: 2,
  },
  {
    units: 13,
    batch: 7,
    steps: 1,
    classes: 3,
    dense: 9,
    last: true,
    workers: 2,
  },
  {
    units: 2,
    batch: 1,
    steps: 3,
    classes: 2,
    dense: 1,
    last: true,
    workers: 1,
  },
  {
    units: 6,
    batch: 11,
    steps: 5,
    classes: 9,
    dense: 10,
    last: true,
    workers: 3,
  },
] as const;

for (const shape of SHAPES) {
  for (const kind of ["onehot", "dense"] as const) {
    const loss = kind === "onehot" ? "softmax" as const : "sigmoid" as const;
    const label = `${kind} ${JSON.stringify(shape)}`;
    Deno.test(`trainStep() gives the gradient that finite differences give: ${label}`, async () => {
      const { network, data } = await example({
        ...shape,
        input: { kind, size: 4 },
        loss,
      });
      network.trainStep(data, STEP);
      const random = new Random(5);
      for (const { name, shape } of network.weights) {
        const gradient = network.getGradient(name);
        const weight = network.getWeight(name);
        // Along the gradient and along random directions, all weights at once.
        for (let trial = 0; trial < 2; trial++) {
          const direction = trial === 0
            ? gradient.slice()
            : Float32Array.from(gradient, () => random.normal());
          const norm = Math.hypot(...direction);
          if (norm === 0) continue;
          const h = 2e-2 / norm;
          const at = (k: number) => {
            network.setWeight(
              name,
              weight.map((w, i) => w + k * h * direction[i]!),
            );
            return network.evaluate(data).loss;
          };
          // Fourth order, so that a step large enough for 32 bits will do.
          const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
          const expected = gradient.reduce(
            (s, g, i) => s + g * direction[i]!,
            0,
          );
          const scale = norm * Math.hypot(...gradient) + 3e-2 * norm; // rounding of the loss
          assert.ok(
            Math.abs(slope - expected) <= 3e-4 * scale,
            `${name} ${JSON.stringify(shape)}: ${slope} against ${expected}`,
          );
        }
        network.setWeight(name, weight);
      }
      network.dispose();
    });
  }
}
Deno.test("trainStep() gives the same gradients for any number of workers, but for rounding", async () => {
  const gradients: number[][] = [];
  for (const workers of [1, 2, 3]) {
    const { network, data } = await example({
      units: 9,
      batch: 10,
      steps: 5,
      classes: 11,
      dense: 4,
      last: false,
      loss: "softmax",
      input: { kind: "onehot", size: 11 },
      workers,
      rate: 0.4,
    });
    network.trainStep(data, STEP);
    gradients.push(
      network.weights.flatMap(({ name }) => [...network.getGradient(name)]),
    );
    network.dispose();
  }
  for (const other of gradients.slice(1)) {
    other.forEach((g, i) => assert.ok(Math.abs(g - gradients[0]![i]!) < 1e-6));
  }
});

/** Without machine code, and with all that there is here. */
const ENGINES: (Vectors | false)[] = [false];
for (const vectors of ["AVX2", "AVX-512"] as const) {
  if (hasVectors(vectors)) ENGINES.push(vectors);
}

Deno.test("trainStep() gives the same bits with machine code and without, whatever the shapes", async () => {
  if ((await loadKernels()).build !== "relaxed") return;
  for (
    const [units, batch, steps, classes, workers] of [
      [8, 4, 6, 16, 1],
      [13, 5, 6, 11, 2],
      [24, 9, 3, 21, 2],
      [37, 7, 4, 50, 3],
    ] as const
  ) {
    const [wasm, ...others] = await Promise.all(ENGINES.map(
      async (native) => {
        const { network, data } = await example({
          ...{ units, batch, steps, classes, workers, native },
          ...{ dense: 7, last: false, loss: "softmax", rate: 0.2 },
          input: { kind: "onehot", size: 5 },
        });
        for (let step = 1; step <= 3; step++) {
          network.trainStep(data, {
            optimizer: "adam",
            learningRate: 0.01,
            step,
            dropoutKey: step,
          });
        }
        const weights = network.weights.map(({ name }) =>
          network.getWeight(name)
        );
        network.dispose();
        return weights;
      },
    ));
    for (const other of others) assert.deepEqual(other, wasm);
  }
});

for (
  const [what, input, share] of [
    ["ids", { kind: "onehot", size: 21 }, 1],
    ["features", { kind: "dense", size: 21 }, 1],
    ["features, few of them not 0", { kind: "dense", size: 21 }, 0.15],
    ["features, none of them not 0", { kind: "dense", size: 21 }, 0],
  ] as const
) {
  Deno.test(`Stream.next() gives step by step what predict() gives of the whole: ${what}`, async () => {
    const { network, data } = await example({
      units: 12,
      batch: 1,
      steps: 7,
      input,
      classes: 10,
      dense: 5,
      last: false,
      loss: "softmax",
      workers: 1,
    });
    using _ = { [Symbol.dispose]: () => network.dispose() };
    const random = new Random(3);
    const inputs = (data.inputs as Float32Array).map((value) =>
      input.kind === "onehot" || random.next() < share ? value : 0
    );
    const whole = network.predict({ ...data, inputs });
    const stream = network.stream();
    for (let t = 0; t < data.steps; t++) {
      const step = input.kind === "onehot"
        ? inputs[t]
        : inputs.subarray(t * input.size, (t + 1) * input.size);
      stream.next(step!).forEach((logit, i) => {
        const expected = whole[t * 10 + i];
        assert.ok(Math.abs(logit - expected!) < 1e-5, `${t} ${i}`);
      });
    }
  });
}

Deno.test("Network.readState() and writeState() move a run to another number of threads", async () => {
  const shape = {
    ...{ units: 5, batch: 5, steps: 4, classes: 3, dense: 2, last: false },
    input: { kind: "onehot", size: 6 },
    loss: "softmax",
  } as const;
  const { network: two, data } = await example({ ...shape, workers: 2 });
  const { network: three } = await example({ ...shape, workers: 3 });
  const step = { ...STEP, optimizer: "adam", learningRate: 0.01 } as const;
  two.trainStep(data, step);
  three.writeState(two.readState(shape.batch), shape.batch);
  const next = { ...step, step: 2, averageDecay: 0.9, carry: true };
  const losses = [two, three].map((one) => one.trainStep(data, next).loss);
  assert.ok(Math.abs(losses[0]! - losses[1]!) < 1e-6, `${losses}`);
  const [a, b] = [two, three].map((one) => one.readState(shape.batch));
  assert.equal(a!.states!.length, 2 * 5 * (5 + 6));
  for (const [name, values] of a!.average) {
    const other = b!.average.get(name)!;
    assert.ok(values.every((x, i) => Math.abs(x - other[i]!) < 1e-6), name);
  }
  two.dispose();
  three.dispose();
});

Deno.test("statesOfAllWorkers() puts the rows of a layer together", () => {
  const spec: NetworkSpec = {
    input: { kind: "onehot", size: 2 },
    layers: [
      { kind: "lstm", name: "one", units: 1, returnSequences: true },
      { kind: "lstm", name: "two", units: 2, returnSequences: true },
      { kind: "dense", name: "dense", units: 2 },
    ],
    loss: "softmax",
  };
  const of = (row: number) => [[row], [10 + row]];
  const wide = (
    row: number,
  ) => [[20 + row, 20.5 + row], [30 + row, 30.5 + row]];
  // Row 0 was of the first thread, rows 1 and 2 of the second.
  const byThread = [[0], [1, 2]].flatMap((rows) =>
    [of, wide].flatMap((layer) =>
      [0, 1].flatMap((part) => rows.flatMap((row) => layer(row)[part]!))
    )
  );
  const byLayer = [of, wide].flatMap((layer) =>
    [0, 1].flatMap((part) => [0, 1, 2].flatMap((row) => layer(row)[part]!))
  );
  assert.deepEqual(
    [...statesOfAllWorkers(spec, 3, 2, Float32Array.from(byThread))],
    byLayer,
  );
});
