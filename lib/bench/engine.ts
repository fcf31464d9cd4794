/**
 * The engine beside its peers, all in one run, in turn: PyTorch and Keras on
 * the CPU, and tf.layers on WebAssembly. Medians and ratios. On a processor with
 * AVX-512 the engine and PyTorch run without it too.
 */
import { fromFileUrl } from "@std/path";
import { chooseEngine } from "../engines/engines.ts";
import { hasVectors, PeakMeter } from "../lstm/lstm.ts";
import { kerasDifference } from "./keras_weights.ts";
import { CLASSES, type Original, original, stepFlops } from "./original.ts";
import {
  generationSpeed,
  memoryGrowth,
  secondsToFirstStep,
  tensorsGrown,
} from "./own_figures.ts";
import { Peer } from "./peer.ts";
import { processorOf } from "./processor.ts";
import { benchPython } from "./python.ts";
import { spread } from "./statistics.ts";
import { timeToLoss } from "./time_to_loss.ts";

const ROUNDS = 8;
/** Turns of our own in each round. */
const TURNS = 3;

/** Our own networks: on all cores, on one, and without machine code. */
interface Ours {
  readonly all: Original;
  readonly one: Original;
  readonly wasm: Original;
  /** Without AVX-512, where the processor has it. */
  readonly avx2?: Original | undefined;
}

/** The other libraries, each in a process of its own. */
interface Peers {
  readonly torch: Peer;
  readonly keras: Peer;
  readonly tfjs: Peer;
  /** PyTorch without AVX-512, where the processor has it. */
  readonly torchAvx2?: Peer | undefined;
}

/** Has PyTorch and the libraries it computes with leave out AVX-512. */
const NO_AVX512 = {
  ATEN_CPU_CAPABILITY: "avx2",
  ONEDNN_MAX_CPU_ISA: "AVX2",
  MKL_ENABLE_INSTRUCTIONS: "AVX2",
};

/** Arguments of a peer: units, time steps and classes. */
const sizeOf = (units: number, steps: number, classes = CLASSES) =>
  [units, steps, classes].map(String);

/** Starts a peer in Python. */
function startPython(
  python: string,
  library: "torch" | "keras",
  size: readonly string[],
  environment: Record<string, string> = {},
): Promise<Peer> {
  const script = fromFileUrl(new URL("./peers.py", import.meta.url));
  const name = library === "torch" ? "PyTorch" : "Keras";
  return Peer.start(name, python, [script, library, ...size], environment);
}

/** Starts tf.layers in a Deno of its own. */
function startTfjs(size: readonly string[]): Promise<Peer> {
  const script = fromFileUrl(new URL("./tfjs_peer.ts", import.meta.url));
  const args = ["run", "-A", "--no-check", script, ...size];
  return Peer.start("tf.layers", Deno.execPath(), args);
}

/** Milliseconds of steps, and how the engine uses its cores. */
class StepTimes {
  readonly ours: number[] = [];
  readonly torch: number[] = [];
  readonly keras: number[] = [];
  readonly tfjs: number[] = [];
  readonly one: number[] = [];
  readonly wasm: number[] = [];
  readonly avx2: number[] = [];
  readonly torchAvx2: number[] = [];
  /** Keras predicting one token. */
  readonly predict: number[] = [];
  /** Share of the kernels' own speed that a step has. */
  readonly efficiencies: number[] = [];
  /** How much faster a step is on all cores than on one. */
  readonly scalings: number[] = [];
  /** Speed of the kernels alone, in GFLOP/s. */
  readonly peaks: number[] = [];
  /** How much faster the kernels alone are on all cores than on one. */
  readonly productScalings: number[] = [];

  /** Measures our own, with the speed of the kernels beside each. */
  async measureOurs(
    { all, one }: Ours,
    meters: { readonly all: PeakMeter; readonly one: PeakMeter },
  ): Promise<void> {
    const step = all.train(15);
    const speed = await meters.all.measure();
    const alone = one.train(10);
    const speedOfOne = await meters.one.measure();
    this.ours.push(...step);
    this.one.push(...alone);
    this.efficiencies.push(
      stepFlops(all.spec, 32) / spread(step).median / 1e6 / speed,
    );
    this.scalings.push(spread(alone).median / spread(step).median);
    this.peaks.push(speed);
    this.productScalings.push(speed / speedOfOne);
  }

  /** Measures the peers, and our own without machine code. */
  async measurePeers(
    { wasm, avx2 }: Ours,
    { torch, keras, tfjs, torchAvx2 }: Peers,
    withTfjs: boolean,
  ): Promise<void> {
    this.torch.push(...await torch.ask<number[]>({ do: "steps", n: 15 }));
    if (avx2 && torchAvx2) {
      this.avx2.push(...avx2.train(15));
      const steps = { do: "steps", n: 15 };
      this.torchAvx2.push(...await torchAvx2.ask<number[]>(steps));
    }
    this.keras.push(...await keras.ask<number[]>({ do: "steps", n: 40 }));
    this.wasm.push(...wasm.train(8));
    if (withTfjs) this.tfjs.push(...await tfjs.ask<number[]>({ n: 1 }));
    this.predict.push(...await keras.ask<number[]>({ do: "predict", n: 10 }));
  }
}

/** Steps of the original network, ours and the peers' in turn. */
async function measureSteps(
  ours: Ours,
  python: string,
  progress: (text: string) => void,
) {
  const size = sizeOf(128, 32);
  progress("starting the peers");
  await using torch = await startPython(python, "torch", size);
  await using keras = await startPython(python, "keras", size);
  await using tfjs = await startTfjs(size);
  await using torchAvx2 = ours.avx2 &&
    await startPython(python, "torch", size, NO_AVX512);
  const peers = { torch, keras, tfjs, torchAvx2 };
  await torch.ask({ do: "steps", n: 10 });
  await torchAvx2?.ask({ do: "steps", n: 10 });
  await keras.ask({ do: "steps", n: 20 });
  await keras.ask({ do: "predict", n: 5 });
  await tfjs.ask({ n: 1 });
  const difference = await kerasDifference(keras);
  using all = await PeakMeter.start(navigator.hardwareConcurrency);
  using one = await PeakMeter.start(1);
  const times = new StepTimes();
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`round ${round} of ${ROUNDS}`);
    // The machine's own speed drifts, and that of each core: what is compared
    // is run side by side, and often.
    for (let turn = 0; turn < TURNS; turn++) {
      await times.measureOurs(ours, { all, one });
    }
    await times.measurePeers(ours, peers, round % 2 === 0);
  }
  const versions = Object.fromEntries(
    [torch, keras, tfjs].map(({ name, version }) => [name, version]),
  );
  return { times, difference, versions };
}

/** Milliseconds of a step of a large network, ours and PyTorch's in turn. */
async function measureLarge(python: string) {
  const times = { ours: [] as number[], torch: [] as number[] };
  const ours = await original(512, 100);
  ours.train(2);
  {
    const size = sizeOf(512, 100);
    await using torch = await startPython(python, "torch", size);
    await torch.ask({ do: "steps", n: 1 });
    for (let round = 0; round < 4; round++) {
      times.ours.push(...ours.train(2));
      times.torch.push(...await torch.ask<number[]>({ do: "steps", n: 2 }));
    }
  }
  ours.network.dispose();
  return { ours: spread(times.ours), torch: spread(times.torch) };
}

/** Measures everything; the keys are those of the benchmark's contract. */
export async function benchEngine(
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const python = await benchPython(progress);
  const ours: Ours = {
    all: await original(128, 32),
    one: await original(128, 32, { workers: 1 }),
    wasm: await original(128, 32, { native: false }),
    avx2: hasVectors("AVX-512")
      ? await original(128, 32, { native: "AVX2" })
      : undefined,
  };
  ours.all.train(20);
  ours.one.train(10);
  ours.wasm.train(10);
  ours.avx2?.train(20);
  const { times, difference, versions } = await measureSteps(
    ours,
    python,
    progress,
  );
  const flops = stepFlops(ours.all.spec, 32);
  const rssGrowth = memoryGrowth(ours.all.train);
  for (const one of Object.values(ours)) one?.network.dispose();

  progress("the large network");
  const large = await measureLarge(python);

  progress("time to a loss, generation, start and memory");
  const loss = await timeToLoss((classes) =>
    startPython(python, "keras", sizeOf(128, 32, classes))
  );
  const median = {
    ours: spread(times.ours),
    torch: spread(times.torch),
    keras: spread(times.keras),
    tfjs: spread(times.tfjs),
    one: spread(times.one),
    wasm: spread(times.wasm),
    predict: spread(times.predict),
  };
  const avx2 = ours.avx2 &&
    { ours: spread(times.avx2), torch: spread(times.torchAvx2) };
  const tokens = await generationSpeed();
  return {
    step_vs_pytorch: median.ours.median / median.torch.median,
    ...avx2 && { step_vs_pytorch_avx2: avx2.ours.median / avx2.torch.median },
    step_vs_keras: median.ours.median / median.keras.median,
    tfjs_vs_step: median.tfjs.median / median.ours.median,
    large_step_vs_pytorch: large.ours.median / large.torch.median,
    step_efficiency: spread(times.efficiencies).median,
    worker_scaling: spread(times.scalings).median,
    tokens_per_second: tokens,
    tokens_vs_keras: tokens * median.predict.median / 1000,
    seconds_to_first_step: await secondsToFirstStep(),
    tensors_grown: await tensorsGrown(),
    rss_growth: rssGrowth,
    time_to_loss_vs_keras: loss && loss.kerasSeconds / loss.seconds,
    time_to_loss: loss,
    keras_difference: difference,
    wasm_step_vs_pytorch: median.wasm.median / median.torch.median,
    engine: await chooseEngine(),
    step_gflops: flops / median.ours.median / 1e6,
    kernel_peak_gflops: spread(times.peaks).median,
    // A core that works alone may run faster: what scaling there can be.
    kernel_scaling: spread(times.productScalings).median,
    ...await processorOf(),
    milliseconds: { ...median, large, avx2 },
    versions,
  };
}
