/** Measures how fast engines train here. */
import { Random } from "../base/base.ts";
import {
  type NetworkSpec,
  randomBatch,
  randomWeights,
  type TrainableNetwork,
} from "../lstm/lstm.ts";
import type { EngineName } from "./names.ts";
import { createNetwork } from "./network.ts";

const BATCH = 16;
const STEPS = 64;
const CLASSES = 256;
/** Measured steps of each engine, in turn. */
const ROUNDS = 4;
/** Losses of an engine that computes rightly differ by far less. */
const LARGEST_DIFFERENCE = 1e-3;

/** An engine's network, and its steps so far. */
interface Measured {
  readonly network: TrainableNetwork;
  readonly milliseconds: number[];
  /** Loss of the first step. */
  loss: number;
}

/**
 * Milliseconds of a training step of each engine: the least of a few, measured in
 * turn on a network with two LSTM layers.
 *
 * @param names Engines that work here. The first is trusted: one whose first loss
 * differs from its is measured as infinitely slow.
 * @param lstmUnits Of each LSTM layer.
 * @throws {RangeError} When one of them does not work after all.
 */
export async function measureEngines(
  names: readonly EngineName[],
  lstmUnits: number,
): Promise<number[]> {
  const spec = measuredNetwork(lstmUnits);
  const weights = randomWeights(spec, new Random(1));
  const batch = randomBatch(spec, { size: BATCH, steps: STEPS }, new Random(2));
  const all: Measured[] = [];
  try {
    for (const name of names) {
      const network = await createNetwork(name, spec, {
        ...{ maxBatch: BATCH, maxSteps: STEPS },
      });
      all.push({ network, milliseconds: [], loss: NaN });
      await network.setWeights(weights);
    }
    for (let step = 1; step <= 1 + ROUNDS; step++) {
      for (const one of all) {
        const begun = performance.now();
        const { loss } = await one.network.trainStep(batch, {
          ...{ optimizer: "adam", learningRate: 1e-3, step, dropoutKey: step },
        });
        // The first step warms up.
        if (step === 1) one.loss = loss;
        else one.milliseconds.push(performance.now() - begun);
      }
    }
  } finally {
    for (const { network } of all) network.dispose();
  }
  const trusted = all[0]?.loss ?? NaN;
  return all.map(({ milliseconds, loss }) =>
    Math.abs(loss - trusted) < LARGEST_DIFFERENCE
      ? Math.min(...milliseconds)
      : Infinity
  );
}

function measuredNetwork(units: number): NetworkSpec {
  const lstm = (name: string) =>
    ({ kind: "lstm", name, units, returnSequences: true }) as const;
  return {
    input: { kind: "onehot", size: CLASSES },
    layers: [
      ...[lstm("lstm"), lstm("lstm_1")],
      { kind: "dense", name: "dense", units: CLASSES },
    ],
    loss: "softmax",
  };
}
