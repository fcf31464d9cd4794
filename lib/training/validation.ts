/**
 * The loss of a network on whole pieces.
 */

import { type Config, Turns } from "../base/base.ts";
import {
  type Batch,
  batches,
  makeWindows,
  statefulBatches,
} from "../corpus/corpus.ts";
import type { TrainableNetwork } from "../lstm/lstm.ts";
import type { ModelInput } from "../model/model.ts";

/** How well a network predicts some pieces. */
export interface Evaluation {
  /** Mean over all predicted tokens, in nats. */
  readonly loss: number;
  /** Predicted tokens. */
  readonly count: number;
  /** Predicted tokens to which the network gave the highest probability. */
  readonly correct: number;
}

/**
 * Predicts every token of each piece except the first: from all tokens before it,
 * or, if the model predicts the token after a window, from the window before it.
 * Lets other tasks run a few times a second.
 *
 * @throws {Stopped} If it is asked to stop.
 */
export async function evaluatePieces(
  network: TrainableNetwork,
  pieces: readonly Int32Array[],
  { objective, sequenceLength, batchSize }: Config,
  input: ModelInput,
): Promise<Evaluation> {
  const carry = objective === "every";
  const source: Iterable<Batch> = carry
    ? statefulBatches(pieces, { sequenceLength, batchSize })
    : batches(makeWindows(pieces, { sequenceLength, objective }), {
      batchSize,
    });
  let loss = 0, count = 0, correct = 0;
  const turns = new Turns();
  await network.resetStates();
  for (const batch of source) {
    const result = await network.evaluate(input.batch(batch), { carry });
    loss += result.loss * result.count;
    count += result.count;
    correct += result.correct;
    await turns.give();
  }
  await network.resetStates();
  return { loss: loss / count, count, correct };
}
