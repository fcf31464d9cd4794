/** A kernel that records what it is given to show, and training records, for tests. */

import { jupyterDisplay, type MimeBundle } from "../plot/plot.ts";
import type { TrainingRecord } from "../training/training.ts";

/** What the kernel was given to show. */
export interface Message {
  bundle: MimeBundle;
  id: string;
  update: boolean;
}

/**
 * Runs a cell as in a notebook.
 *
 * @param deliver What the kernel does with each message, before it takes it.
 * @returns What the kernel was given.
 */
export async function inKernel(
  cell: () => Promise<void>,
  deliver: () => Promise<void> = () => Promise.resolve(),
): Promise<Message[]> {
  const messages: Message[] = [];
  Reflect.set(Deno, "jupyter", {
    display: async (
      bundle: MimeBundle,
      options: { display_id: string; update: boolean },
    ) => {
      await deliver();
      messages.push({ bundle, id: options.display_id, update: options.update });
    },
  });
  try {
    await cell();
  } finally {
    Reflect.set(Deno, "jupyter", undefined);
  }
  return messages;
}

/** A value that is shown as plain text. */
export const text = (value: string) => ({
  [jupyterDisplay]: () => ({ "text/plain": value }),
});
/** The plain text of each message. */
export const texts = (messages: Message[]) =>
  messages.map(({ bundle }) => bundle["text/plain"]!);

/** The record of an epoch whose losses fall. */
export function epochRecord(epoch: number, epochs: number): TrainingRecord {
  return {
    kind: "epoch",
    epoch,
    epochs,
    step: epoch * 10,
    trainLoss: 3 / epoch,
    trainAccuracy: 0.5,
    validLoss: 2.5 / epoch,
    seconds: 1,
    bestEpoch: epoch,
    etaSeconds: epochs - epoch,
    checkpoint: "",
    stoppedEarly: false,
  };
}

/** The record of a step of three epochs. */
export function stepRecord(epoch: number, step: number): TrainingRecord {
  return {
    kind: "step",
    epoch,
    epochs: 3,
    step,
    steps: 10,
    loss: 2.5,
    stepsPerSecond: 12.34,
    etaSeconds: 75,
  };
}
