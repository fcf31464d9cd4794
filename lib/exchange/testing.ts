/** What tests of exchanged models share. */

import { type ConfigChanges, configure } from "../base/base.ts";
import { Network } from "../lstm/lstm.ts";
import { type Checkpoint, initialWeights, networkOf } from "../model/model.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** Batch rows, steps and tokens of the networks that are compared. */
export const SIZE = 3, STEPS = 7, TOKENS = 9;

/** A checkpoint of a small network whose weights are random. */
export function exampleCheckpoint(changes: ConfigChanges = {}): Checkpoint {
  const config = configure({
    input: "onehot",
    lstmUnits: 12,
    denseUnits: 8,
    ...changes,
  });
  const vocabulary = Vocabulary.fromTokens(
    Array.from({ length: TOKENS }, (_, i) => `${i}`),
  );
  return {
    config,
    corpus: { tokenizer: "chord", hash: "of the corpus" },
    vocabulary,
    epoch: 2,
    step: 20,
    history: [],
    workers: 1,
    weights: initialWeights(networkOf({ config, vocabulary }), 5, "wide"),
  };
}

/** The logits of a checkpoint's network after some tokens, by the engine. */
export async function logitsOf(
  checkpoint: Checkpoint,
  ids: Int32Array,
): Promise<Float32Array> {
  const steps = ids.length / SIZE;
  using network = await Network.create(networkOf(checkpoint), {
    maxBatch: SIZE,
    maxSteps: steps,
    workers: 1,
  });
  network.setWeights(checkpoint.weights);
  const { config: { input }, vocabulary } = checkpoint;
  const inputs = input === "scalar"
    ? Float32Array.from(ids, (id) => id / vocabulary.size)
    : ids;
  return network.predict({ size: SIZE, steps, inputs });
}

/** Ids of some tokens, [SIZE, steps]. */
export function exampleIds(steps = STEPS): Int32Array {
  return Int32Array.from({ length: SIZE * steps }, (_, i) => 5 * i % TOKENS);
}

/** Ids as one-hot, an array for other programs. */
export function oneHot(
  ids: Int32Array,
  size = TOKENS,
): { shape: number[]; values: number[] } {
  const values = new Array(ids.length * size).fill(0);
  ids.forEach((id, i) => values[i * size + id] = 1);
  return { shape: [SIZE, ids.length / SIZE, size], values };
}

/** Probabilities of logits, row by row. */
export function softmax(logits: ArrayLike<number>, classes: number): number[] {
  const all = Array.from(logits);
  return all.flatMap((_, i) => {
    if (i % classes !== 0) return [];
    const row = all.slice(i, i + classes), top = Math.max(...row);
    const e = row.map((x) => Math.exp(x - top));
    const sum = e.reduce((a, b) => a + b);
    return e.map((x) => x / sum);
  });
}

/** The largest difference between two lists of numbers. */
export function difference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce(
    (most, x, i) => Math.max(most, Math.abs(x - b[i]!)),
    0,
  );
}
