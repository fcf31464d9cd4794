/** The networks whose steps are timed, and what each is fed. */
import { Random } from "../base/base.ts";
import {
  type NetworkBatch,
  type NetworkSpec,
  randomBatch,
  randomWeights,
} from "../lstm/lstm.ts";

/** Sizes of the original network, as `peers.py` takes them too. */
export interface NetworkSize {
  readonly units: number;
  readonly steps: number;
  readonly classes: number;
}

/** Sequences in a batch. */
export const BATCH = 64;

/** Units of its dense layers. */
const DENSE = 64;

/** The layers of the original Immersic network. */
export function originalLayers(
  { units, classes }: NetworkSize,
): NetworkSpec {
  const lstm = (name: string, returnSequences: boolean) =>
    ({ kind: "lstm", name, units, returnSequences }) as const;
  const dense = (name: string, units: number) =>
    ({ kind: "dense", name, units }) as const;
  return {
    input: { kind: "dense", size: 1 },
    layers: [
      { kind: "dropout", name: "dropout", rate: 0.2 },
      lstm("lstm", true),
      dense("dense", DENSE),
      dense("dense_1", DENSE),
      lstm("lstm_1", true),
      dense("dense_2", DENSE),
      lstm("lstm_2", false),
      dense("dense_3", classes),
    ],
    loss: "softmax",
  };
}

/** The network's weights and a batch, noise that is the same each time. */
export function noiseFor(spec: NetworkSpec, { steps }: NetworkSize): {
  readonly weights: Map<string, Float32Array>;
  readonly batch: NetworkBatch;
} {
  return {
    weights: randomWeights(spec, new Random(1)),
    batch: randomBatch(spec, { size: BATCH, steps }, new Random(2)),
  };
}
