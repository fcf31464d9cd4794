/** What is measured of the engine alone. */
import { fromFileUrl } from "@std/path";
import { configure, Random } from "../base/base.ts";
import { Sampler } from "../generation/generation.ts";
import { Network } from "../lstm/lstm.ts";
import { IdInput, immersicNetwork, initialWeights } from "../model/model.ts";
import { CLASSES } from "./original.ts";
import { spread } from "./statistics.ts";

/** Tokens a second of one stream, sampling included. */
export async function generationSpeed(): Promise<number> {
  const config = configure();
  const spec = immersicNetwork(config, CLASSES);
  const input = new IdInput({
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
      id = sampler.sample(stream.next(input.next(id).input), random, options);
    }
    speeds.push(1e6 / (performance.now() - begun));
  }
  network.dispose();
  return spread(speeds.slice(2)).median;
}

/** Seconds from the start of a process to its first training step. */
export async function secondsToFirstStep(): Promise<number> {
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

/** By what share the process grows over 1000 training steps. */
export function memoryGrowth(train: (n: number) => unknown): number {
  train(100);
  const before = Deno.memoryUsage().rss;
  train(1000);
  return Deno.memoryUsage().rss / before - 1;
}

/** Tensors left behind by many training steps of a model with our layer. */
export async function tensorsGrown(): Promise<number> {
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
