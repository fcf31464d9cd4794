/** What a worker does when it is told to. */
import { backward } from "./backward.ts";
import { CONTROL, PHASE } from "./control.ts";
import { forward } from "./forward.ts";
import { loss } from "./loss.ts";
import type { Shard } from "./shard.ts";
import { packWeights, sumGradients, updateWeights } from "./update.ts";

/** Runs the phase that the control block names, on one worker's shard. */
export function runPhase(shard: Shard): void {
  switch (shard.control[CONTROL.phase]) {
    case PHASE.forward:
      forward(shard);
      return loss(shard);
    case PHASE.gradients:
      forward(shard);
      loss(shard);
      return backward(shard);
    case PHASE.sum:
      return sumGradients(shard);
    case PHASE.update:
      return updateWeights(shard);
    case PHASE.pack:
      return packWeights(shard);
    case PHASE.logits:
      return forward(shard);
  }
}
