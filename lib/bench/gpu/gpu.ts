// deno-lint-ignore-file no-console -- also a program, see below
/**
 * Training steps on a graphics card: each engine that works here, and PyTorch with
 * cuDNN on the same card, in turn. Where PyTorch finds no card everything runs on
 * the CPU with small networks: that shows that the benchmark works, and nothing
 * else.
 *
 * It imports no package, so that it runs by itself on a machine with a card and no
 * network: `deno run -A --no-check lib/bench/gpu/gpu.ts PYTHON`, where PYTHON is one that
 * has PyTorch.
 */
import { fromFileUrl } from "@std/path";
import {
  chooseEngine,
  createNetwork,
  type Engine,
  type EngineName,
} from "../../engines/engines.ts";
import type { StepResult, TrainableNetwork } from "../../lstm/lstm.ts";
import { Peer } from "../peer.ts";
import { type Spread, spread } from "../statistics.ts";
import {
  BATCH,
  type NetworkSize,
  noise,
  originalLayers,
  startingWeights,
} from "./networks.ts";

/** How long it may take, and what with. */
export interface GpuOptions {
  /** A Python that has PyTorch. */
  readonly python: string;
  /** Rounds end after so many minutes. @default 8 */
  readonly minutes?: number;
}

const ENGINES: readonly EngineName[] = ["webgpu", "tensorflow", "native"];

/** Rounds, in each of which every engine and PyTorch take a turn. */
const ROUNDS = 12;
/** A turn is some steps, as many as take so long, and at least one. */
const TURN_MILLISECONDS = 400;
const MOST_STEPS = 40;

/** The networks, on a card and without one. */
const SIZES = {
  card: {
    original: { units: 128, steps: 32, classes: 223 },
    large: { units: 512, steps: 100, classes: 223 },
  },
  cpu: {
    original: { units: 16, steps: 8, classes: 23 },
    large: { units: 24, steps: 10, classes: 23 },
  },
} as const;

/** A network of an engine, being trained. */
interface Trained {
  readonly engine: Engine;
  readonly network: TrainableNetwork;
  /** Trains n steps; the milliseconds of each. */
  train(n: number): Promise<number[]>;
  /** Losses of the steps so far. */
  readonly losses: number[];
}

/** Makes an engine's network, or tells why the engine does not work here. */
async function begin(
  name: EngineName,
  size: NetworkSize,
  hasCard: boolean,
): Promise<Trained | string> {
  try {
    const engine = await chooseEngine(name);
    if (hasCard && engine.device.includes("software")) return engine.device;
    const spec = originalLayers(size), batch = noise(size);
    const network = await createNetwork(name, spec, {
      maxBatch: BATCH,
      maxSteps: size.steps,
    });
    await network.setWeights(startingWeights(spec));
    const losses: number[] = [];
    const step = (): StepResult | Promise<StepResult> =>
      network.trainStep(batch, {
        optimizer: "rmsprop",
        learningRate: 1e-3,
        step: losses.length + 1,
        dropoutKey: losses.length + 1,
      });
    const train = async (n: number) => {
      const times: number[] = [];
      for (let i = 0; i < n; i++) {
        const begun = performance.now();
        const { loss } = await step();
        times.push(performance.now() - begun);
        losses.push(loss);
      }
      return times;
    };
    return { engine, network, train, losses };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

/** Steps of a turn, by the time that the last of some took. */
function stepsOfTurn(times: readonly number[]): number {
  const wanted = TURN_MILLISECONDS / times.at(-1)!;
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(wanted)));
}

/** One who takes turns. */
interface Player {
  readonly train: (n: number) => Promise<number[]>;
  readonly times: number[];
  turn: number;
}

async function player(train: Player["train"]): Promise<Player> {
  // The first step compiles, the second is warm.
  const turn = stepsOfTurn([...await train(1), ...await train(1)]);
  await train(turn);
  return { train, times: [], turn };
}

/** What was measured of one network. */
interface Measured {
  readonly size: NetworkSize;
  readonly rounds: number;
  readonly milliseconds: Record<string, Spread>;
  /** Engines that do not work here, and why. */
  readonly missing: Record<string, string>;
  /** Loss of WebGPU ÷ that of `native` − 1, the largest of the first steps. */
  readonly webgpuLossDifference: number | undefined;
}

/** Times the steps of one network. */
async function measure(
  size: NetworkSize,
  torch: Peer,
  { hasCard, until }: { readonly hasCard: boolean; readonly until: number },
): Promise<Measured> {
  const missing: Record<string, string> = {};
  const trained: Trained[] = [];
  for (const name of ENGINES) {
    const one = await begin(name, size, hasCard);
    if (typeof one === "string") missing[name] = one;
    else trained.push(one);
  }
  const players = new Map<string, Player>();
  for (const { engine, train } of trained) {
    players.set(engine.name, await player(train));
  }
  const ask = (n: number) => torch.ask<number[]>({ do: "steps", n });
  players.set("pytorch", await player(ask));
  let rounds = 0;
  while (rounds < ROUNDS && (rounds === 0 || performance.now() < until)) {
    for (const one of players.values()) {
      one.times.push(...await one.train(one.turn));
    }
    rounds++;
  }
  const lossesOf = (name: EngineName) =>
    trained.find(({ engine }) => engine.name === name)?.losses ?? [];
  const ours = lossesOf("webgpu"), native = lossesOf("native");
  const common = Math.min(ours.length, native.length, 3);
  for (const { network } of trained) network.dispose();
  return {
    size,
    rounds,
    milliseconds: Object.fromEntries(
      [...players].map(([name, { times }]) => [name, spread(times)]),
    ),
    missing,
    webgpuLossDifference: common === 0 ? undefined : Math.max(
      ...ours.slice(0, common).map((loss, i) =>
        Math.abs(loss / native[i]! - 1)
      ),
    ),
  };
}

/**
 * Measures both networks. A ratio is undefined where there is no card or the
 * engine does not work here.
 */
export async function benchGpu(
  { python, minutes = 8 }: GpuOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const begun = performance.now();
  const script = fromFileUrl(new URL("../peers.py", import.meta.url));
  const probe = await new Deno.Command(python, {
    args: ["-c", "import torch; print(torch.cuda.is_available())"],
  }).output();
  const answer = new TextDecoder().decode(probe.stdout).trim();
  if (!probe.success) {
    throw new Error(
      `Cannot measure PyTorch: ${python} does not import torch (${
        new TextDecoder().decode(probe.stderr).trim().split("\n").at(-1)
      }).`,
    );
  }
  const hasCard = answer === "True", device = hasCard ? "cuda" : "cpu";
  const sizes = SIZES[hasCard ? "card" : "cpu"];
  const results: Record<string, Measured> = {};
  let version = "";
  for (const [i, [name, size]] of Object.entries(sizes).entries()) {
    progress(`the ${name} network, on ${device}`);
    const { units, steps, classes } = size;
    const args = [script, "torch", units, steps, classes, device].map(String);
    await using torch = await Peer.start("PyTorch", python, args);
    version = torch.version;
    const until = begun + (i + 1) / 2 * 60_000 * minutes;
    results[name] = await measure(size, torch, { hasCard, until });
  }
  const { original, large } = results;
  const ratio = (measured: Measured | undefined, engine: EngineName) => {
    const ours = measured?.milliseconds[engine];
    if (!hasCard || !measured || !ours) return undefined;
    return ours.median / measured.milliseconds.pytorch!.median;
  };
  return {
    device,
    webgpu_vs_pytorch_gpu: ratio(original, "webgpu"),
    tensorflow_vs_pytorch_gpu: ratio(original, "tensorflow"),
    native_vs_pytorch_gpu: ratio(original, "native"),
    large_webgpu_vs_pytorch_gpu: ratio(large, "webgpu"),
    large_tensorflow_vs_pytorch_gpu: ratio(large, "tensorflow"),
    large_native_vs_pytorch_gpu: ratio(large, "native"),
    engines: await devices(),
    pytorch: version,
    ...results,
    seconds: (performance.now() - begun) / 1000,
  };
}

/** What each engine computes on. */
async function devices(): Promise<Record<string, string>> {
  const entries = ENGINES.map(async (name) =>
    [
      name,
      await chooseEngine(name).then(
        ({ device }) => device,
        ({ message }) => message,
      ),
    ] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}

if (import.meta.main) {
  const [python = "python3"] = Deno.args;
  console.log(JSON.stringify(await benchGpu({ python }, console.error)));
}
