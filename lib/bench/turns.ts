/**
 * Engines that train the original network's layers, and other libraries that do
 * the same in processes of their own, in turn.
 */
import {
  chooseEngine,
  createNetwork,
  type Engine,
  type EngineName,
} from "../engines/engines.ts";
import type { StepResult, TrainableNetwork } from "../lstm/lstm.ts";
import {
  BATCH,
  type NetworkSize,
  noiseFor,
  originalLayers,
} from "./networks.ts";
import type { Peer } from "./peer.ts";
import { type Spread, spread } from "./statistics.ts";

/** Rounds, in each of which everyone takes a turn. */
const ROUNDS = 12;
/** A turn is some steps, as many as take so long, and at least one. */
const TURN_MILLISECONDS = 400;
const MOST_STEPS = 40;

/** Who takes turns, and for how long. */
export interface TurnsOptions {
  readonly engines: readonly EngineName[];
  /** Other libraries by name. */
  readonly peers: Readonly<Record<string, Peer>>;
  /** Leaves out engines on a graphics adapter in software. */
  readonly onlyCards: boolean;
  /** Rounds end at this time of `performance.now()`, after the first. */
  readonly until: number;
}

/** What was measured of one network. */
export interface Turns {
  readonly size: NetworkSize;
  readonly rounds: number;
  /** Of a step, by engine or library. */
  readonly milliseconds: Record<string, Spread>;
  /** Engines that do not work here, and why. */
  readonly missing: Record<string, string>;
  /** Losses of each engine's steps. */
  readonly losses: Record<string, readonly number[]>;
}

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
  onlyCards: boolean,
): Promise<Trained | string> {
  try {
    const engine = await chooseEngine(name);
    if (onlyCards && engine.device.includes("software")) return engine.device;
    const spec = originalLayers(size),
      { weights, batch } = noiseFor(spec, size);
    const network = await createNetwork(name, spec, {
      maxBatch: BATCH,
      maxSteps: size.steps,
    });
    await network.setWeights(weights);
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

/** Times the steps of one network. */
export async function takeTurns(
  size: NetworkSize,
  { engines, peers, onlyCards, until }: TurnsOptions,
): Promise<Turns> {
  const missing: Record<string, string> = {};
  const trained: Trained[] = [];
  for (const name of engines) {
    const one = await begin(name, size, onlyCards);
    if (typeof one === "string") missing[name] = one;
    else trained.push(one);
  }
  const players = new Map<string, Player>();
  for (const { engine, train } of trained) {
    players.set(engine.name, await player(train));
  }
  for (const [name, peer] of Object.entries(peers)) {
    const ask = (n: number) => peer.ask<number[]>({ do: "steps", n });
    players.set(name, await player(ask));
  }
  let rounds = 0;
  while (rounds < ROUNDS && (rounds === 0 || performance.now() < until)) {
    for (const one of players.values()) {
      one.times.push(...await one.train(one.turn));
    }
    rounds++;
  }
  for (const { network } of trained) network.dispose();
  return {
    size,
    rounds,
    milliseconds: Object.fromEntries(
      [...players].map(([name, { times }]) => [name, spread(times)]),
    ),
    missing,
    losses: Object.fromEntries(
      trained.map(({ engine, losses }) => [engine.name, losses]),
    ),
  };
}

/** Median step of one ÷ that of the other; undefined if one was not measured. */
export function ratioOf(
  { milliseconds }: Turns,
  one: string,
  other: string,
): number | undefined {
  const [a, b] = [milliseconds[one], milliseconds[other]];
  return a && b && a.median / b.median;
}

/**
 * Loss ÷ that of `native` − 1, the largest of the first three steps; undefined if
 * one of both did not run.
 */
export function lossDifference(
  { losses }: Turns,
  engine: EngineName,
): number | undefined {
  const ours = losses[engine], native = losses.native;
  if (!ours || !native) return undefined;
  return Math.max(
    ...ours.slice(0, 3).map((loss, i) => Math.abs(loss / native[i]! - 1)),
  );
}
