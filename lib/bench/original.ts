/** The original network, ready to be trained step by step. */
import { configure, ORIGINAL_CONFIG, Random } from "../base/base.ts";
import {
  Network,
  type NetworkBatch,
  type NetworkOptions,
  type NetworkSpec,
} from "../lstm/lstm.ts";
import { immersicNetwork, initialWeights } from "../model/model.ts";

/** Size of its vocabulary. */
export const CLASSES = 378;
/** Sequences in a batch. */
const BATCH = 64;

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
export interface Original {
  readonly spec: NetworkSpec;
  readonly network: Network;
  /** Trains n steps; returns the milliseconds of each. */
  train(n: number): number[];
}

/** Makes the original network. */
export async function original(
  units: number,
  steps: number,
  options: Pick<NetworkOptions, "workers" | "native"> = {},
): Promise<Original> {
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
