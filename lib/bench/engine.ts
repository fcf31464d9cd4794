/**
 * The engine beside its peers, all in one run, in turn: PyTorch and Keras on
 * the CPU, and tf.layers on WebAssembly. Medians and ratios.
 */
import { fromFileUrl, join } from "@std/path";
import {
  configure,
  ORIGINAL_CONFIG,
  PROJECT_FOLDER,
  Random,
} from "../base/base.ts";
import {
  chooseEngine,
  Network,
  type NetworkBatch,
  type NetworkOptions,
  type NetworkSpec,
  PeakMeter,
} from "../lstm/lstm.ts";
import { immersicNetwork, initialWeights, ModelInput } from "../model/model.ts";
import { Sampler } from "../generation/generation.ts";
import { kerasDifference } from "./keras_weights.ts";
import { Peer } from "./peer.ts";
import { timeToLoss } from "./time_to_loss.ts";

const CLASSES = 378;
const BATCH = 64;
const ROUNDS = 8;
/** Turns of our own in each round. */
const TURNS = 3;

/** Middle, and a quarter of the way from either end. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The median of some measurements and how far they spread. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Floating-point operations of one training step, forward and backward. */
export function stepFlops(spec: NetworkSpec, steps: number): number {
  let size = spec.input.size, rows = BATCH * steps, flops = 0;
  for (const layer of spec.layers) {
    if (layer.kind === "dropout") continue;
    const width = layer.kind === "lstm"
      ? (size + layer.units) * 4 * layer.units
      : size * layer.units;
    flops += 3 * 2 * rows * width;
    if (layer.kind === "lstm" && !layer.returnSequences) rows = BATCH;
    size = layer.units;
  }
  return flops;
}

/** The original network with a batch of noise. */
async function original(
  units: number,
  steps: number,
  options: Pick<NetworkOptions, "workers" | "native"> = {},
) {
  const config = configure({ lstmUnits: units }, ORIGINAL_CONFIG);
  const spec = immersicNetwork(config, CLASSES);
  const network = await Network.create(spec, {
    maxBatch: BATCH,
    maxSteps: steps,
    ...options,
  });
  network.setWeights(initialWeights(spec, 1));
  const random = new Random(1);
  const batch: NetworkBatch = {
    size: BATCH,
    steps,
    inputs: Float32Array.from({ length: BATCH * steps }, () => random.next()),
    targets: Int32Array.from({ length: BATCH }, () => random.int(CLASSES)),
  };
  let step = 0;
  const train = (n: number) =>
    Array.from({ length: n }, () => {
      const begun = performance.now();
      step++;
      network.trainStep(batch, {
        optimizer: "rmsprop",
        learningRate: 1e-3,
        step,
        dropoutKey: step,
      });
      return performance.now() - begun;
    });
  return { spec, network, train };
}

/** Tokens a second of one stream, sampling included. */
async function generationSpeed(): Promise<number> {
  const config = configure();
  const spec = immersicNetwork(config, CLASSES);
  const input = new ModelInput({
    config,
    tokenizer: "remi",
    vocabulary: { size: CLASSES },
  });
  const network = await Network.create(spec, {
    maxBatch: 1,
    maxSteps: 1,
    workers: 1,
  });
  network.setWeights(initialWeights(spec, 1));
  const stream = network.stream();
  const sampler = new Sampler(CLASSES), random = new Random(1);
  const options = { temperature: 0.9, topP: 0.95 };
  const speeds: number[] = [];
  let id = 0;
  for (let round = 0; round < 12; round++) {
    const begun = performance.now();
    for (let i = 0; i < 1000; i++) {
      id = sampler.sample(stream.next(input.next(id)), random, options);
    }
    speeds.push(1e6 / (performance.now() - begun));
  }
  network.dispose();
  return spread(speeds.slice(2)).median;
}

/** Seconds from the start of a process to its first training step. */
async function secondsToFirstStep(): Promise<number> {
  const script = fromFileUrl(new URL("./first_step.ts", import.meta.url));
  const seconds: number[] = [];
  for (let i = 0; i < 6; i++) {
    const begun = performance.now();
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script],
      stdout: "null",
    }).output();
    if (!success) throw new Error("Cannot measure the first step: it failed.");
    seconds.push((performance.now() - begun) / 1000);
  }
  return spread(seconds.slice(1)).median;
}

/** Growth of memory over many steps. */
function growth(train: (n: number) => unknown): number {
  train(100);
  const before = Deno.memoryUsage().rss;
  train(1000);
  return Deno.memoryUsage().rss / before - 1;
}

/** Tensors left behind by many training steps of a model with our layer. */
async function tensorsGrown(): Promise<number> {
  await import("@tensorflow/tfjs-backend-cpu");
  const tf = await import("@tensorflow/tfjs-core");
  const { layers, sequential } = await import("@tensorflow/tfjs-layers");
  const { fastLstm } = await import("../tensorflow/tensorflow.ts");
  const model = sequential({
    layers: [
      fastLstm({ units: 8, inputShape: [4, 3], recurrentInitializer: "zeros" }),
      layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const x = tf.randomUniform([8, 4, 3]), y = tf.randomUniform([8, 1]);
  await model.trainOnBatch(x, y);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 1000; i++) await model.trainOnBatch(x, y);
  return tf.memory().numTensors - before;
}

/** Python of the peers' own environment, which is made where missing. */
export async function benchPython(
  progress: (text: string) => void,
): Promise<string> {
  const folder = join(PROJECT_FOLDER, ".venv-bench");
  const python = join(folder, "bin", "python");
  const list = fromFileUrl(new URL("./requirements.txt", import.meta.url));
  const wanted = await Deno.readTextFile(list);
  const stamp = join(folder, "installed.txt");
  if (await Deno.readTextFile(stamp).catch(() => "") === wanted) return python;
  progress("installing PyTorch and Keras for comparison");
  for (
    const [command, ...args] of [
      ["python3", "-m", "venv", folder],
      [python, "-m", "pip", "install", "--quiet", "-r", list],
    ]
  ) {
    const { success, stderr } = await new Deno.Command(command, { args })
      .output();
    if (success) continue;
    throw new Error(
      `Cannot install the peers: ${new TextDecoder().decode(stderr).trim()}`,
    );
  }
  await Deno.writeTextFile(stamp, wanted);
  return python;
}

/** Measures everything; the keys are those of the benchmark's contract. */
export async function benchEngine(
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const python = await benchPython(progress);
  const script = fromFileUrl(new URL("./peers.py", import.meta.url));
  const size = (units: number, steps: number) =>
    [units, steps, CLASSES].map(String);
  const times: Record<string, number[]> = {
    ours: [],
    torch: [],
    keras: [],
    tfjs: [],
    one: [],
    wasm: [],
    predict: [],
  };
  const versions: Record<string, string> = {};
  const ours = await original(128, 32);
  const one = await original(128, 32, { workers: 1 });
  const wasm = await original(128, 32, { native: false });
  ours.train(20);
  one.train(10);
  wasm.train(10);
  let largestDifference = NaN;
  const efficiencies: number[] = [], scalings: number[] = [];
  const peaks: number[] = [], productScalings: number[] = [];
  {
    progress("starting the peers");
    await using torch = await Peer.start("PyTorch", python, [
      script,
      "torch",
      ...size(128, 32),
    ]);
    await using keras = await Peer.start("Keras", python, [
      script,
      "keras",
      ...size(128, 32),
    ]);
    await using tfjs = await Peer.start("tf.layers", Deno.execPath(), [
      "run",
      "-A",
      "--no-check",
      fromFileUrl(new URL("./tfjs_peer.ts", import.meta.url)),
      ...size(128, 32),
    ]);
    for (const peer of [torch, keras, tfjs]) versions[peer.name] = peer.version;
    await torch.ask({ do: "steps", n: 10 });
    await keras.ask({ do: "steps", n: 20 });
    await keras.ask({ do: "predict", n: 5 });
    await tfjs.ask({ n: 1 });
    largestDifference = await kerasDifference(keras);
    using peak = await PeakMeter.start(navigator.hardwareConcurrency);
    using peakOfOne = await PeakMeter.start(1);
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`round ${round} of ${ROUNDS}`);
      // The machine's own speed drifts, and that of each core: what is compared
      // is run side by side, and often.
      for (let turn = 0; turn < TURNS; turn++) {
        const step = ours.train(15);
        const speed = await peak.measure();
        const alone = one.train(10);
        const speedOfOne = await peakOfOne.measure();
        times.ours.push(...step);
        times.one.push(...alone);
        efficiencies.push(
          stepFlops(ours.spec, 32) / spread(step).median / 1e6 / speed,
        );
        scalings.push(spread(alone).median / spread(step).median);
        peaks.push(speed);
        productScalings.push(speed / speedOfOne);
      }
      times.torch.push(...await torch.ask<number[]>({ do: "steps", n: 15 }));
      times.keras.push(...await keras.ask<number[]>({ do: "steps", n: 40 }));
      times.wasm.push(...wasm.train(8));
      if (round % 2 === 0) {
        times.tfjs.push(...await tfjs.ask<number[]>({ n: 1 }));
      }
      times.predict.push(
        ...await keras.ask<number[]>({ do: "predict", n: 10 }),
      );
    }
  }
  const flops = stepFlops(ours.spec, 32);
  const rssGrowth = growth(ours.train);
  one.network.dispose();
  wasm.network.dispose();
  ours.network.dispose();

  progress("the large network");
  const large: Record<string, number[]> = { ours: [], torch: [] };
  const largeOurs = await original(512, 100);
  largeOurs.train(2);
  {
    await using torch = await Peer.start("PyTorch", python, [
      script,
      "torch",
      ...size(512, 100),
    ]);
    await torch.ask({ do: "steps", n: 1 });
    for (let round = 0; round < 4; round++) {
      large.ours.push(...largeOurs.train(2));
      large.torch.push(...await torch.ask<number[]>({ do: "steps", n: 2 }));
    }
  }
  largeOurs.network.dispose();

  progress("time to a loss, generation, start and memory");
  const loss = await timeToLoss((classes) =>
    Peer.start("Keras", python, [
      script,
      "keras",
      ...["128", "32", String(classes)],
    ])
  );
  const median = Object.fromEntries(
    Object.entries(times).map(([name, values]) => [name, spread(values)]),
  );
  const largeMedian = {
    ours: spread(large.ours),
    torch: spread(large.torch),
  };
  const workers = navigator.hardwareConcurrency;
  const gflops = flops / median.ours.median / 1e6;
  const tokens = await generationSpeed();
  return {
    step_vs_pytorch: median.ours.median / median.torch.median,
    step_vs_keras: median.ours.median / median.keras.median,
    tfjs_vs_step: median.tfjs.median / median.ours.median,
    large_step_vs_pytorch: largeMedian.ours.median / largeMedian.torch.median,
    step_efficiency: spread(efficiencies).median,
    worker_scaling: spread(scalings).median,
    tokens_per_second: tokens,
    tokens_vs_keras: tokens * median.predict.median / 1000,
    seconds_to_first_step: await secondsToFirstStep(),
    tensors_grown: await tensorsGrown(),
    rss_growth: rssGrowth,
    time_to_loss_vs_keras: loss && loss.kerasSeconds / loss.seconds,
    time_to_loss: loss,
    keras_difference: largestDifference,
    wasm_step_vs_pytorch: median.wasm.median / median.torch.median,
    engine: await chooseEngine(),
    step_gflops: gflops,
    kernel_peak_gflops: spread(peaks).median,
    // A core that works alone may run faster: what scaling there can be.
    kernel_scaling: spread(productScalings).median,
    workers,
    milliseconds: { ...median, large: largeMedian },
    versions,
  };
}
