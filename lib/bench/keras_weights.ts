/** Compares the probabilities of saved weights in Keras with those of the engine. */
import { join } from "@std/path";
import { initialWeights, networkOf, saveCheckpoint } from "../model/model.ts";
import { configure, Random } from "../base/base.ts";
import { Network } from "../lstm/lstm.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import type { Peer } from "./peer.ts";

/**
 * Saves a network as a checkpoint, has Keras load it, and compares.
 *
 * @returns The largest difference between two probabilities.
 */
export async function kerasDifference(keras: Peer): Promise<number> {
  const config = configure({
    input: "onehot",
    lstmUnits: 37,
    denseUnits: 21,
  });
  const classes = 50, steps = 29;
  const random = new Random(3);
  const vocabulary = Vocabulary.fromTokens(
    Array.from({ length: classes }, (_, i) => `${i}`),
  );
  const spec = networkOf({ config, vocabulary });
  const weights = initialWeights(spec, 3, config.initial);
  using network = await Network.create(spec, { maxBatch: 1, maxSteps: steps });
  network.setWeights(weights);
  const inputs = Int32Array.from(
    { length: steps },
    () => random.int(classes),
  );
  const logits = network.predict({ size: 1, steps, inputs });
  const run = await Deno.makeTempDir();
  try {
    const folder = await saveCheckpoint(join(run, "weights"), {
      config,
      corpus: {
        tokenizer: "remi",
        tokenizerOptions: { stepsPerQuarter: 12, velocityBins: 16 },
        hash: "",
      },
      vocabulary,
      epoch: 0,
      step: 0,
      history: [],
      workers: network.workers,
      weights,
    });
    const theirs = await keras.ask<number[]>({
      do: "load",
      folder,
      ids: [...inputs],
    });
    if (theirs.length !== logits.length) {
      throw new Error(
        `Cannot compare with Keras: it gave ${theirs.length} probabilities, not ${logits.length}.`,
      );
    }
    const ours = Array.from({ length: steps }, (_, t) => {
      const row = logits.subarray(t * classes, (t + 1) * classes);
      const top = Math.max(...row);
      const e = Array.from(row, (x) => Math.exp(x - top));
      const sum = e.reduce((a, b) => a + b);
      return e.map((x) => x / sum);
    }).flat();
    return Math.max(...ours.map((p, i) => Math.abs(p - theirs[i]!)));
  } finally {
    await Deno.remove(run, { recursive: true });
  }
}
