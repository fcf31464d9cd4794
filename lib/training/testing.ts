/** A small network and data that it can learn, for tests. */

import { type Config, Random } from "../base/base.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import type { TrainingData } from "./training_data.ts";

/** Settings of a network that trains in a moment. */
export const SMALL: Partial<Config> = {
  lstmUnits: 12,
  denseUnits: 6,
  sequenceLength: 8,
  stride: 8,
  batchSize: 4,
  epochs: 4,
  learningRate: 1e-2,
};

/** Pieces that count upwards, each by its own step. */
export function countingData(pieces = 8, length = 30): TrainingData {
  const random = new Random(3);
  const make = () => {
    const step = 1 + random.int(2), first = random.int(10);
    return Int32Array.from({ length }, (_, i) => (first + i * step) % 10);
  };
  return {
    tokenizer: "chord",
    hash: "test",
    vocabulary: Vocabulary.fromTokens([..."0123456789"]),
    train: Array.from({ length: pieces }, make),
    valid: [make(), make()],
  };
}
