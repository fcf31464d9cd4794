import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { Network, type NetworkSpec, type StepOptions } from "../lstm/lstm.ts";
import { Gpu } from "./device.ts";
import { WebGpuNetwork } from "./network.ts";
import { randomBatch, randomWeights } from "../lstm/noise.ts";
import { HAS_GPU, WHY_SKIPPED } from "./testing.ts";

/** A test that needs an adapter. */
function gpuTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + WHY_SKIPPED, ignore: !HAS_GPU, fn });
}

const STEP: StepOptions = {
  optimizer: "adam",
  learningRate: 1e-2,
  step: 1,
  dropoutKey: 3,
};

/** The same network on the CPU and the GPU, and a batch for both. */
async function both(
  spec: NetworkSpec,
  shape: { readonly size: number; readonly steps: number },
  residentUnits = 192,
) {
  const random = new Random(shape.size + shape.steps);
  const options = { maxBatch: shape.size + 1, maxSteps: shape.steps + 1 };
  const cpu = await Network.create(spec, { ...options, workers: 1 });
  const gpu = await WebGpuNetwork.create(spec, { ...options, residentUnits });
  const weights = randomWeights(spec, random);
  for (const network of [cpu, gpu]) {
    network.setWeights(weights);
    network.startAverage();
  }
  const batch = randomBatch(spec, shape, random);
  return {
    ...{ cpu, gpu, batch, random },
    [Symbol.dispose]() {
      cpu.dispose();
      gpu.dispose();
    },
  };
}

/** |a − b| ÷ |a|. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let apart = 0, all = 0;
  for (let i = 0; i < a.length; i++) {
    apart += (a[i]! - b[i]!) ** 2;
    all += a[i]! ** 2;
  }
  return Math.sqrt(apart / (all || 1));
}

const SPECS: Readonly<Record<string, NetworkSpec>> = {
  "ids, dropout, the last step, softmax": {
    input: { kind: "onehot", size: 6 },
    layers: [
      { kind: "dropout", name: "drop", rate: 0.3 },
      { kind: "lstm", name: "lstm", units: 13, returnSequences: true },
      { kind: "dense", name: "dense", units: 7 },
      { kind: "dropout", name: "drop_1", rate: 0.2 },
      { kind: "lstm", name: "lstm_1", units: 5, returnSequences: false },
      { kind: "dropout", name: "drop_2", rate: 0.1 },
      { kind: "dense", name: "dense_1", units: 9 },
    ],
    loss: "softmax",
  },
  "floats, all steps, sigmoid": {
    input: { kind: "dense", size: 3 },
    layers: [
      { kind: "dropout", name: "drop", rate: 0.2 },
      { kind: "dense", name: "dense", units: 5 },
      { kind: "lstm", name: "lstm", units: 70, returnSequences: true },
      { kind: "dense", name: "dense_1", units: 4 },
    ],
    loss: "sigmoid",
  },
  "sparse features, relations, softmax": {
    input: { kind: "sparse", size: 11, most: 4 },
    layers: [
      { kind: "dropout", name: "drop", rate: 0.2 },
      { kind: "lstm", name: "lstm", units: 8, returnSequences: true },
      { kind: "dense", name: "dense", units: 10 },
    ],
    loss: "softmax",
    relations: { count: 3, most: 6 },
  },
  "no recurrence": {
    input: { kind: "sparse", size: 5, most: 2 },
    layers: [{ kind: "dense", name: "dense", units: 3 }],
    loss: "softmax",
  },
};

for (const [name, spec] of Object.entries(SPECS)) {
  gpuTest(
    `WebGpuNetwork: loss and gradients are those of the CPU: ${name}`,
    async () => {
      using networks = await both(spec, { size: 5, steps: 4 });
      const { cpu, gpu, batch } = networks;
      const here = cpu.evaluate(batch), there = await gpu.evaluate(batch);
      assert.ok(Math.abs(here.loss - there.loss) < 1e-5 * here.loss);
      assert.deepEqual(
        [there.count, there.correct],
        [here.count, here.correct],
      );
      const options = { ...STEP, labelSmoothing: 0.1 };
      const one = cpu.trainStep(batch, options);
      const other = await gpu.trainStep(batch, options);
      assert.ok(difference([one.loss], [other.loss]) < 1e-5);
      assert.ok(difference([one.gradientNorm], [other.gradientNorm]) < 1e-5);
      const gradients = await gpu.readGradients();
      for (const { name } of cpu.weights) {
        const apart = difference(cpu.getGradient(name), gradients.get(name)!);
        assert.ok(apart < 1e-5, `${name}: ${apart}`);
      }
    },
  );
}

gpuTest(
  "WebGpuNetwork: sums over many rows are divided, right, and the same each time",
  async () => {
    const spec = SPECS["sparse features, relations, softmax"]!;
    using networks = await both(spec, { size: 34, steps: 16 });
    const { cpu, gpu, batch } = networks;
    const still = { ...STEP, optimizer: "sgd", learningRate: 0 } as const;
    cpu.trainStep(batch, still);
    await gpu.trainStep(batch, still);
    const first = await gpu.readGradients();
    for (const { name } of cpu.weights) {
      assert.ok(
        difference(cpu.getGradient(name), first.get(name)!) < 1e-5,
        name,
      );
    }
    await gpu.trainStep(batch, still);
    assert.deepEqual(await gpu.readGradients(), first);
  },
);

gpuTest(
  "WebGpuNetwork: every optimizer moves weights and averages as on the CPU",
  async () => {
    const spec = SPECS["ids, dropout, the last step, softmax"]!;
    using networks = await both(spec, { size: 3, steps: 5 });
    const { cpu, gpu, batch } = networks;
    let step = 0;
    for (const optimizer of ["adam", "rmsprop", "sgd"] as const) {
      for (const clipNorm of [0, 0.05]) {
        step++;
        const options = {
          ...{ ...STEP, optimizer, step, dropoutKey: step, clipNorm },
          ...{ weightDecay: 0.1, averageDecay: 0.9 },
        };
        cpu.trainStep(batch, options);
        await gpu.trainStep(batch, options);
      }
    }
    const here = cpu.readState(), there = await gpu.readState();
    const blocks = [
      [here.weights, there.weights],
      [here.average, there.average],
      [here.slots[0], there.slots[0]],
      [here.slots[1], there.slots[1]],
    ] as const;
    for (const [a, b] of blocks) {
      for (const [name, values] of a) {
        assert.ok(difference(values, b.get(name)!) < 1e-4, name);
      }
    }
  },
);

gpuTest(
  "WebGpuNetwork: carried states go on, are reset by row, and move between engines",
  async () => {
    const spec = SPECS["sparse features, relations, softmax"]!;
    using networks = await both(spec, { size: 4, steps: 3 });
    const { cpu, gpu, batch, random } = networks;
    const next = randomBatch(spec, { size: 4, steps: 3 }, random);
    for (const one of [batch, next]) {
      const here = cpu.evaluate(one, { carry: true });
      const there = await gpu.evaluate(one, { carry: true });
      assert.ok(difference([here.loss], [there.loss]) < 1e-5);
    }
    // From the CPU to the GPU and back.
    gpu.resetStates();
    gpu.writeState(cpu.readState(4), 4);
    const loss = (await gpu.evaluate(batch, { carry: true })).loss;
    const plain = cpu.evaluate(batch).loss;
    cpu.resetStates();
    cpu.evaluate(batch, { carry: true });
    cpu.evaluate(next, { carry: true });
    const expected = cpu.evaluate(batch, { carry: true }).loss;
    assert.ok(difference([expected], [loss]) < 1e-5);
    assert.ok(difference([plain], [loss]) > 1e-5);
    cpu.writeState(await gpu.readState(4), 4);
    const on = cpu.evaluate(next, { carry: true }).loss;
    const there = (await gpu.evaluate(next, { carry: true })).loss;
    assert.ok(difference([on], [there]) < 1e-5);
  },
);

gpuTest("WebGpuNetwork: the average is swapped in and out", async () => {
  using networks = await both(SPECS["no recurrence"]!, { size: 3, steps: 2 });
  const { gpu, batch } = networks;
  await gpu.trainStep(batch, { ...STEP, averageDecay: 0.5 });
  const before = await gpu.readState();
  gpu.swapAverage();
  const swapped = await gpu.readState();
  assert.deepEqual(swapped.weights, before.average);
  assert.deepEqual(swapped.average, before.weights);
});

gpuTest(
  "WebGpuNetwork: a step without a finite loss changes nothing",
  async () => {
    using networks = await both(
      SPECS["floats, all steps, sigmoid"]!,
      { size: 2, steps: 2 },
    );
    const { gpu, batch } = networks;
    const before = await gpu.readState();
    const inputs = Float32Array.from(batch.inputs as Float32Array, () => NaN);
    const { gradientNorm } = await gpu.trainStep({ ...batch, inputs }, STEP);
    assert.ok(!Number.isFinite(gradientNorm));
    assert.deepEqual(await gpu.readState(), before);
  },
);

gpuTest("WebGpuNetwork refuses what does not fit with a sentence", async () => {
  const spec = SPECS["no recurrence"]!;
  using networks = await both(spec, { size: 3, steps: 2 });
  const { gpu, batch } = networks;
  await assert.rejects(
    gpu.trainStep({ ...batch, size: 9 }, STEP),
    /9 sequences of 2 steps, the network has room for 4 of 3/,
  );
  assert.throws(
    () => gpu.setWeights(new Map([["other", new Float32Array(1)]])),
    /Cannot find the weight "other"/,
  );
  await assert.rejects(
    WebGpuNetwork.create(spec, { maxBatch: 1e6, maxSteps: 1e6 }),
    /would take \d+ MB, and it gives \d+ MB to one array/,
  );
});

gpuTest(
  "WebGpuNetwork: when the GPU is lost the step fails, and a new network works",
  async () => {
    const spec = SPECS["no recurrence"]!;
    {
      using networks = await both(spec, { size: 3, steps: 2 });
      const { gpu, batch } = networks;
      (await Gpu.open()).device.destroy();
      await assert.rejects(gpu.trainStep(batch, STEP), /resume/);
      await assert.rejects(gpu.readState(), /resume/);
    }
    using networks = await both(spec, { size: 3, steps: 2 });
    const { gpu, batch } = networks;
    assert.ok((await gpu.trainStep(batch, STEP)).loss > 0);
  },
);

gpuTest("WebGpuNetwork trains in a worker", async () => {
  const face = new URL("./webgpu.ts", import.meta.url).href;
  const spec = SPECS["no recurrence"]!;
  const code = `
    const { WebGpuNetwork } = await import(${JSON.stringify(face)});
    using network = await WebGpuNetwork.create(${
    JSON.stringify(spec)
  }, { maxBatch: 1, maxSteps: 1 });
    const batch = {
      ...{ size: 1, steps: 1, targets: Int32Array.of(2) },
      inputs: { offsets: Int32Array.of(0, 1), values: Int32Array.of(4) },
    };
    const options = { optimizer: "sgd", learningRate: 1, step: 1, dropoutKey: 1 };
    const { loss } = await network.trainStep(batch, options);
    const after = await network.evaluate(batch);
    self.postMessage([loss, after.loss]);
  `;
  const blob = new Blob([code], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(blob), { type: "module" });
  const [before, after] = await new Promise<[number, number]>(
    (resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    },
  );
  worker.terminate();
  assert.ok(Math.abs(before - Math.log(3)) < 1e-5);
  assert.ok(after < before);
});
