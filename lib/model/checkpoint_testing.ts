/** Helpers that tests of checkpoints share. */

import { configure } from "../base/base.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { type Checkpoint, networkOf } from "./checkpoint.ts";
import { initialWeights } from "./initial_weights.ts";
import type { Weights } from "./network.ts";

/** A checkpoint of a small network that has been trained for some epochs. */
export function smallCheckpoint(epoch = 1): Checkpoint {
  const config = configure({ lstmUnits: 6, denseUnits: 4, keepLast: 2 });
  const vocabulary = Vocabulary.fromTokens([..."0123456789"]);
  const weights = (seed: number): Weights =>
    initialWeights(networkOf({ config, vocabulary }), seed);
  return {
    config,
    corpus: { tokenizer: "chord", hash: "test" },
    vocabulary,
    epoch,
    step: 10 * epoch,
    history: Array.from({ length: epoch }, (_, i) => ({
      epoch: i + 1,
      step: 10 * (i + 1),
      trainLoss: 1 / (i + 1),
      trainAccuracy: 0.5,
      seconds: 1,
    })),
    workers: 1,
    weights: weights(1),
    training: {
      weights: weights(2),
      slots: [weights(3), weights(4)],
      average: weights(1),
    },
  };
}

/** Gives a test an empty folder, and removes it. */
export async function inFolder(
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
