/**
 * Batches on their way into the workers' arenas, and logits on their way out.
 * Batches are given row by row, [B, T, ·]; in an arena its worker's rows lie
 * time-major, [T, b, ·].
 *
 * B batch rows, b those of one worker, T time steps, F input size, V output
 * size.
 */
import { type Plan, shardOf } from "./plan.ts";

/** One batch. */
export interface NetworkBatch {
  /** B, the sequences. */
  readonly size: number;
  /** T, the time steps of each. */
  readonly steps: number;
  /** Ids [B, T] of one-hot input, or floats [B, T, F]. */
  readonly inputs: Int32Array | Float32Array;
  /**
   * Class ids, [B, T] or where the network returns its last step only [B], −1
   * for none; for the sigmoid loss floats [B, T, V] or [B, V], a row whose first
   * is negative being left out.
   */
  readonly targets: Int32Array | Float32Array;
  /** Carried states only: [B], 1 where a row begins a new piece. */
  readonly resets?: Uint8Array;
}

/** A batch whose loss is not asked for. */
export type NetworkInputs = Omit<NetworkBatch, "targets">;

/**
 * Lays a batch out in the arenas.
 *
 * @param buffer The memory that the plan lays out.
 * @returns Targets that count.
 * @throws {RangeError} When the batch does not fit the network.
 */
export function loadBatch(
  plan: Plan,
  buffer: ArrayBuffer,
  batch: NetworkBatch,
): number {
  const { size, steps, inputs, targets } = batch;
  const { input, loss } = plan.spec;
  const top = plan.layers[plan.layers.length - 1]!;
  const features = input.kind === "onehot" ? 1 : input.size;
  const targetSteps = top.lastStepOnly ? 1 : steps;
  const classes = loss === "softmax" ? 1 : top.outputSize;
  checkSizes(plan, batch, features, size * targetSteps * classes);
  const Inputs = input.kind === "onehot" ? Int32Array : Float32Array;
  const Targets = loss === "softmax" ? Int32Array : Float32Array;
  let counted = 0;
  for (let w = 0; w < plan.workers; w++) {
    const { first, count } = shardOf(size, plan.workers, w);
    const arena = plan.arenasAt + w * plan.arenaBytes;
    const x = new Inputs(
      buffer,
      arena + plan.inputs,
      count * steps * features,
    );
    const y = new Targets(
      buffer,
      arena + plan.targets,
      count * targetSteps * classes,
    );
    for (let r = 0; r < count; r++) {
      for (let t = 0; t < steps; t++) {
        const from = ((first + r) * steps + t) * features;
        const to = (t * count + r) * features;
        for (let f = 0; f < features; f++) x[to + f] = inputs[from + f]!;
      }
      for (let t = 0; t < targetSteps; t++) {
        const from = ((first + r) * targetSteps + t) * classes;
        const to = (t * count + r) * classes;
        for (let c = 0; c < classes; c++) y[to + c] = targets[from + c]!;
        if (targets[from]! >= 0) counted++;
      }
    }
    if (input.kind === "onehot") checkIds(x, input.size, "input");
    if (loss === "softmax") checkIds(y, top.outputSize, "target", -1);
  }
  return counted;
}

function checkSizes(
  plan: Plan,
  { size, steps, inputs, targets }: NetworkBatch,
  features: number,
  expectedTargets: number,
): void {
  if (
    !Number.isInteger(size) || !Number.isInteger(steps) || size < 1 ||
    steps < 1 || size > plan.maxBatch || steps > plan.maxSteps
  ) {
    throw new RangeError(
      `Cannot take the batch: it has ${size} sequences of ${steps} steps, the network has room for ${plan.maxBatch} of ${plan.maxSteps}.`,
    );
  }
  const expected = size * steps * features;
  if (inputs.length < expected || targets.length < expectedTargets) {
    throw new RangeError(
      `Cannot take the batch: ${expected} inputs and ${expectedTargets} targets make ${size} sequences of ${steps} steps, ${inputs.length} and ${targets.length} were given.`,
    );
  }
}

function checkIds(
  ids: ArrayLike<number>,
  size: number,
  what: string,
  least = 0,
): void {
  for (let i = 0; i < ids.length; i++) {
    if (ids[i]! >= least && ids[i]! < size) continue;
    throw new RangeError(
      `Cannot take the batch: an ${what} id must be at least ${least} and below ${size}, current value is ${
        ids[i]
      }. Was it encoded with another vocabulary?`,
    );
  }
}

/**
 * The logits that the workers left in their arenas.
 *
 * @param size B
 * @returns [B, T, V], or where the network returns its last step only [B, V].
 */
export function readLogits(
  plan: Plan,
  buffer: ArrayBuffer,
  size: number,
  steps: number,
): Float32Array {
  const top = plan.layers[plan.layers.length - 1]!, v = top.outputSize;
  const logits = new Float32Array(size * steps * v);
  for (let w = 0; w < plan.workers; w++) {
    const { first, count } = shardOf(size, plan.workers, w);
    const at = plan.arenasAt + w * plan.arenaBytes + top.output;
    for (let t = 0; t < steps; t++) {
      for (let r = 0; r < count; r++) {
        const row = new Float32Array(buffer, at + 4 * v * (t * count + r), v);
        logits.set(row, ((first + r) * steps + t) * v);
      }
    }
  }
  return logits;
}
