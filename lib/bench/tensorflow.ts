/**
 * The engine by TensorFlow beside Keras, whose `fit` computes with the same
 * library, and beside the project's own kernels, in turn.
 */
import { fromFileUrl } from "@std/path";
import { chooseEngine, type EngineName } from "../engines/engines.ts";
import { Network } from "../lstm/lstm.ts";
import { TensorFlowNetwork } from "../tensorflow/tensorflow.ts";
import {
  BATCH,
  type NetworkSize,
  noiseFor,
  originalLayers,
} from "./networks.ts";
import { Peer } from "./peer.ts";
import { processorOf } from "./processor.ts";
import { benchPython } from "./python.ts";
import { lossDifference, ratioOf, takeTurns } from "./turns.ts";

const ENGINES: readonly EngineName[] = ["tensorflow", "native"];
const ORIGINAL: NetworkSize = { units: 128, steps: 32, classes: 223 };
const LARGE: NetworkSize = { units: 512, steps: 32, classes: 223 };

/** Measures everything. */
export async function benchTensorFlow(
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const { device } = await chooseEngine("tensorflow");
  const python = await benchPython(progress);
  progress("gradients");
  const gradients = await gradientDifference(ORIGINAL);
  progress("steps of the original network");
  const script = fromFileUrl(new URL("./peers.py", import.meta.url));
  const { units, steps, classes } = ORIGINAL;
  const args = [script, "keras", ...[units, steps, classes].map(String)];
  await using keras = await Peer.start("Keras", python, args);
  const onlyCards = false;
  const original = await takeTurns(ORIGINAL, {
    ...{ engines: ENGINES, peers: { keras }, onlyCards },
    until: performance.now() + 60_000,
  });
  progress("steps of a network with 512 units");
  const large = await takeTurns(LARGE, {
    ...{ engines: ENGINES, peers: {}, onlyCards },
    until: performance.now() + 20_000,
  });
  return {
    tensorflow_vs_keras: ratioOf(original, "tensorflow", "keras"),
    tensorflow_vs_native: ratioOf(original, "tensorflow", "native"),
    large_tensorflow_vs_native: ratioOf(large, "tensorflow", "native"),
    gradient_difference: gradients.all,
    gradient_difference_of_a_weight: gradients.most,
    loss_difference: lossDifference(original, "tensorflow"),
    tensorflow: device,
    keras: `fit with TensorFlow ${keras.version}`,
    ...await processorOf(),
    rounds: [original.rounds, large.rounds],
    milliseconds: original.milliseconds,
    large_milliseconds: large.milliseconds,
  };
}

/** How far gradients are from those of the project's own kernels. */
async function gradientDifference(size: NetworkSize): Promise<{
  /** Of all weights: the norm of the difference ÷ that of the gradient. */
  all: number;
  /** Of each weight the largest difference ÷ its largest gradient, the most. */
  most: number;
}> {
  const spec = originalLayers(size), { weights, batch } = noiseFor(spec, size);
  const limits = { maxBatch: BATCH, maxSteps: size.steps };
  using own = await Network.create(spec, limits);
  using other = await TensorFlowNetwork.create(spec, limits);
  for (const network of [own, other]) {
    network.setWeights(weights);
    network.trainStep(batch, {
      ...{ optimizer: "rmsprop", learningRate: 1e-3, step: 1, dropoutKey: 1 },
    });
  }
  const largest = (values: Float32Array) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let squares = 0, apart = 0, most = 0;
  for (const { name } of own.weights) {
    const ours = own.getGradient(name), theirs = other.getGradient(name);
    const difference = theirs.map((value, i) => value - ours[i]!);
    most = Math.max(most, largest(difference) / largest(ours));
    for (const value of ours) squares += value ** 2;
    for (const value of difference) apart += value ** 2;
  }
  return { all: Math.sqrt(apart / squares), most };
}
