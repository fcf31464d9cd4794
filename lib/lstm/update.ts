/** From all workers' gradients to new weights; each worker does its range. */
import { CONTROL, OPTIMIZERS } from "./control.ts";
import { PANEL_COLUMNS } from "./kernels.ts";
import { shardOf } from "./plan.ts";
import type { Shard } from "./shard.ts";

/** A worker's range of all weights, in floats. */
function rangeOf({ plan, worker }: Shard): { from: number; count: number } {
  const { weightFloats, workers } = plan;
  const { first, count } = shardOf(weightFloats / 32, workers, worker);
  return { from: 32 * first, count: 32 * count };
}

/** Sums the gradients of all workers, and their squares. */
export function sumGradients(shard: Shard): void {
  const { control, kernels, plan, worker } = shard;
  const { gradientsAt, weightFloats, workers } = plan;
  const { from, count } = rangeOf(shard);
  const at = gradientsAt + 4 * from;
  control[CONTROL.results + 4 * worker + 3] = kernels
    .sumGradients(count, at, 4 * weightFloats, workers);
}

/** A step of the optimizer, and of the weights' moving average. */
export function updateWeights(shard: Shard): void {
  const { control, kernels, plan } = shard;
  const { from, count } = rangeOf(shard);
  const w = plan.weightsAt + 4 * from, g = plan.gradientsAt + 4 * from;
  const means = plan.slotsAt[0]! + 4 * from;
  const squares = plan.slotsAt[1]! + 4 * from;
  const scale = control[CONTROL.gradientScale]!, rate = control[CONTROL.rate]!;
  const beta1 = control[CONTROL.beta1]!, beta2 = control[CONTROL.beta2]!;
  const epsilon = control[CONTROL.epsilon]!, decay = control[CONTROL.decay]!;
  switch (OPTIMIZERS[control[CONTROL.optimizer]!]) {
    case "sgd":
      kernels.sgd(count, w, g, scale, rate, decay);
      break;
    case "rmsprop":
      kernels.rmsprop(count, w, g, squares, scale, rate, beta2, epsilon);
      break;
    case "adam":
      kernels.adam(
        count,
        w,
        g,
        means,
        squares,
        scale,
        rate,
        beta1,
        beta2,
        epsilon,
        decay,
      );
  }
  const average = control[CONTROL.averageDecay]!;
  if (average > 0) {
    kernels.movingAverage(count, w, plan.averageAt + 4 * from, average);
  }
}

/** Packs this worker's share of every matrix, for the next step's products. */
export function packWeights(shard: Shard): void {
  const { kernels, plan: { matrices, workers }, worker } = shard;
  for (const { weight, k, n, packed, transposed } of matrices) {
    const at = shard.weightAt(weight);
    if (packed !== 0) {
      const panels = Math.ceil(n / PANEL_COLUMNS);
      const { first, count } = shardOf(panels, workers, worker);
      kernels.packB(k, n, at, n, packed, first, first + count);
    }
    if (transposed !== 0) {
      const panels = Math.ceil(k / PANEL_COLUMNS);
      const { first, count } = shardOf(panels, workers, worker);
      const to = first + count;
      kernels.packBTransposed(n, k, at, n, transposed, first, to);
    }
  }
}
