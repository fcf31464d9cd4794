/** The loss of one worker's rows; see `shard.ts` for the shapes. */
import { CONTROL } from "./control.ts";
import type { Shard } from "./shard.ts";
import { classesOf } from "./spec.ts";

/**
 * Writes this worker's loss and counts to the control block, and turns the
 * logits into their gradient in place.
 */
export function loss(shard: Shard): void {
  const { arena, control, kernels, plan } = shard;
  const results = CONTROL.results + 4 * shard.worker;
  control.fill(0, results, results + 4);
  if (shard.extent().rows === 0) return;
  const last = plan.layers.length - 1, top = plan.layers[last]!;
  const units = top.outputSize, rows = shard.rowsOf(top);
  const logits = shard.outputOf(last), targets = arena + plan.targets;
  const scale = control[CONTROL.lossScale]!;
  const out = plan.controlAt + 8 * results;
  if (plan.spec.loss === "sigmoid") {
    kernels.sigmoidLoss(rows, units, logits, targets, scale, out);
  } else {
    const even = control[CONTROL.smoothing]!;
    const classes = classesOf(plan.spec);
    kernels.softmaxLoss(
      ...[rows, classes, units, logits, targets, scale, even, out] as const,
    );
    if (!plan.spec.relations) return;
    const offsets = arena + plan.pairOffsets, pairs = arena + plan.pairs;
    kernels.relationGradients(rows, classes, units, offsets, pairs, logits);
  }
}
