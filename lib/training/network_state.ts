/**
 * Copies the state that a checkpoint keeps of a network, and restores it.
 */

import type { Config } from "../base/base.ts";
import type { Network } from "../lstm/lstm.ts";
import type { TrainingState, Weights } from "../model/model.ts";

/**
 * A copy of all that a network needs to continue training.
 *
 * @param isWithinEpoch Whether the next batch continues from the states of the last.
 */
export function trainingStateOf(
  network: Network,
  { carry, batchSize }: Pick<Config, "carry" | "batchSize">,
  isWithinEpoch: boolean,
): TrainingState {
  const all = (read: (name: string) => Float32Array): Weights =>
    new Map(network.weights.map(({ name }) => [name, read(name)]));
  return {
    weights: all((name) => network.getWeight(name)),
    slots: [
      all((name) => network.slot(name, 0)),
      all((name) => network.slot(name, 1)),
    ],
    average: all((name) => network.slot(name, 2)),
    ...carry && isWithinEpoch && { states: network.getStates(batchSize) },
  };
}

/** Undoes {@linkcode trainingStateOf}. */
export function restoreTrainingState(
  network: Network,
  { batchSize }: Pick<Config, "batchSize">,
  { weights, slots, average, states }: TrainingState,
): void {
  if (states) network.setStates(batchSize, states);
  for (const { name } of network.weights) {
    network.setWeight(name, weights.get(name)!);
    network.slot(name, 0).set(slots[0].get(name)!);
    network.slot(name, 1).set(slots[1].get(name)!);
    network.slot(name, 2).set(average.get(name)!);
  }
}
