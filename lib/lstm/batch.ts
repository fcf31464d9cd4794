/**
 * Batches on their way into the workers' arenas, and logits on their way out.
 * Batches are given row by row, [B, T, ·]; in an arena its worker's rows lie
 * time-major, [T, b, ·].
 *
 * B batch rows, b those of one worker, T time steps, F input size, V output
 * size.
 */
import { type Plan, shardOf } from "./plan.ts";
import { classesOf, type NetworkSpec, type SizedLayer } from "./spec.ts";

/** Rows of different lengths, one after the other. */
export interface SparseRows {
  /** [rows + 1]: row r is `values` from `offsets[r]` to `offsets[r + 1]`. */
  readonly offsets: Int32Array;
  /** All rows. */
  readonly values: Int32Array;
}

/** One batch. */
export interface NetworkBatch {
  /** B, the sequences. */
  readonly size: number;
  /** T, the time steps of each. */
  readonly steps: number;
  /** Ids [B, T] of one-hot input, floats [B, T, F], or the features of B·T rows. */
  readonly inputs: Int32Array | Float32Array | SparseRows;
  /**
   * Of a network with relations: of each of B·T rows, which relation holds for
   * which class, each pair as class + 65536·relation.
   */
  readonly relations?: SparseRows;
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

/** Where batches are laid out, in bytes; a plan of a network has it all. */
export interface BatchLayout {
  /** What the network takes. */
  readonly spec: NetworkSpec;
  /** Of the layers, only the last one's is asked for. */
  readonly layers: readonly Pick<SizedLayer, "lastStepOnly" | "outputSize">[];
  /** Arenas, each with a share of the rows. */
  readonly workers: number;
  /** Most sequences in a batch. */
  readonly maxBatch: number;
  /** Most time steps in a sequence. */
  readonly maxSteps: number;
  /** The first arena. */
  readonly arenasAt: number;
  /** From one arena to the next. */
  readonly arenaBytes: number;
  /** The inputs; this and what follows is relative to an arena. */
  readonly inputs: number;
  /** Where each row of sparse inputs begins and the last ends. */
  readonly inputOffsets: number;
  /** The relations' pairs. */
  readonly pairs: number;
  /** Where each row of them begins and the last ends. */
  readonly pairOffsets: number;
  /** The targets. */
  readonly targets: number;
}

/**
 * Lays a batch out in the arenas.
 *
 * @param buffer The memory that the plan lays out.
 * @returns Targets that count.
 * @throws {RangeError} When the batch does not fit the network.
 */
export function loadBatch(
  plan: BatchLayout,
  buffer: ArrayBuffer,
  batch: NetworkBatch,
): number {
  const { size, steps, inputs, targets, relations } = batch;
  const { input, loss } = plan.spec;
  const top = plan.layers[plan.layers.length - 1]!;
  const features = input.kind === "dense" ? input.size : 1;
  const targetSteps = top.lastStepOnly ? 1 : steps;
  const classes = loss === "softmax" ? 1 : top.outputSize;
  checkSizes(plan, batch, features, size * targetSteps * classes);
  const classCount = loss === "softmax" ? classesOf(plan.spec) : 1;
  const Inputs = input.kind === "onehot" ? Int32Array : Float32Array;
  const Targets = loss === "softmax" ? Int32Array : Float32Array;
  let counted = 0;
  for (let w = 0; w < plan.workers; w++) {
    const { first, count } = shardOf(size, plan.workers, w);
    const arena = plan.arenasAt + w * plan.arenaBytes;
    const rows = { first, count, steps };
    if ("offsets" in inputs) {
      const at = { values: plan.inputs, offsets: plan.inputOffsets };
      loadSparse(buffer, arena, at, inputs, rows);
    } else {
      const x = new Inputs(
        buffer,
        arena + plan.inputs,
        count * steps * features,
      );
      loadRows(x, inputs, features, rows);
      if (input.kind === "onehot") checkIds(x, input.size, "input");
    }
    if (relations) {
      const at = { values: plan.pairs, offsets: plan.pairOffsets };
      loadSparse(buffer, arena, at, relations, rows);
    }
    const y = new Targets(
      buffer,
      arena + plan.targets,
      count * targetSteps * classes,
    );
    for (let r = 0; r < count; r++) {
      for (let t = 0; t < targetSteps; t++) {
        const from = ((first + r) * targetSteps + t) * classes;
        const to = (t * count + r) * classes;
        for (let c = 0; c < classes; c++) y[to + c] = targets[from + c]!;
        if (targets[from]! >= 0) counted++;
      }
    }
    if (loss === "softmax") checkIds(y, classCount, "target", -1);
  }
  return counted;
}

/** Rows of a batch that one worker computes. */
interface Rows {
  readonly first: number;
  readonly count: number;
  readonly steps: number;
}

/** Writes a worker's rows [b, T, F] time-major. */
function loadRows(
  x: Int32Array | Float32Array,
  inputs: Int32Array | Float32Array,
  features: number,
  { first, count, steps }: Rows,
): void {
  for (let r = 0; r < count; r++) {
    for (let t = 0; t < steps; t++) {
      const from = ((first + r) * steps + t) * features;
      const to = (t * count + r) * features;
      for (let f = 0; f < features; f++) x[to + f] = inputs[from + f]!;
    }
  }
}

/** Writes a worker's sparse rows time-major; `at` is relative to its arena. */
function loadSparse(
  buffer: ArrayBuffer,
  arena: number,
  at: { readonly values: number; readonly offsets: number },
  { offsets, values }: SparseRows,
  { first, count, steps }: Rows,
): void {
  const rows = count * steps;
  const toOffsets = new Int32Array(buffer, arena + at.offsets, rows + 1);
  const to = new Int32Array(buffer, arena + at.values);
  let end = 0;
  for (let t = 0; t < steps; t++) {
    for (let r = 0; r < count; r++) {
      toOffsets[t * count + r] = end;
      const from = (first + r) * steps + t;
      for (let i = offsets[from]!; i < offsets[from + 1]!; i++) {
        to[end++] = values[i]!;
      }
    }
  }
  toOffsets[rows] = end;
}

function checkSizes(
  plan: BatchLayout,
  { size, steps, inputs, targets, relations }: NetworkBatch,
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
  const given = "offsets" in inputs ? inputs.offsets.length - 1 : inputs.length;
  if (given < expected || targets.length < expectedTargets) {
    throw new RangeError(
      `Cannot take the batch: ${expected} inputs and ${expectedTargets} targets make ${size} sequences of ${steps} steps, ${given} and ${targets.length} were given.`,
    );
  }
  const { input, relations: places } = plan.spec;
  if ("offsets" in inputs !== (input.kind === "sparse")) {
    throw new RangeError(
      `Cannot take the batch: the network has ${input.kind} input, and that of the batch is of another kind.`,
    );
  }
  if ((relations === undefined) !== (places === undefined)) {
    throw new RangeError(
      `Cannot take the batch: it has ${
        relations ? "" : "no "
      }relations, and the network has ${places?.count ?? "none"}.`,
    );
  }
  if ("offsets" in inputs && input.kind === "sparse") {
    checkSparse(inputs, expected, input);
  }
  if (relations && places) {
    checkSparse(relations, expected, { ...places, size: 65536 * places.count });
  }
}

/** Checks that each row has at most `most` values, all from 0 and below `size`. */
function checkSparse(
  { offsets, values }: SparseRows,
  rows: number,
  { most, size }: { readonly most: number; readonly size: number },
): void {
  for (let r = 0; r < rows; r++) {
    const from = offsets[r]!, to = offsets[r + 1]!;
    if (to - from > most || to < from) {
      throw new RangeError(
        `Cannot take the batch: row ${r} has ${
          to - from
        } values, the network has room for ${most}.`,
      );
    }
    for (let i = from; i < to; i++) {
      if (values[i]! >= 0 && values[i]! < size) continue;
      throw new RangeError(
        `Cannot take the batch: a value of row ${r} must be at least 0 and below ${size}, current value is ${
          values[i]
        }.`,
      );
    }
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
  const top = plan.layers[plan.layers.length - 1]!, units = top.outputSize;
  const v = classesOf(plan.spec);
  const logits = new Float32Array(size * steps * v);
  for (let w = 0; w < plan.workers; w++) {
    const { first, count } = shardOf(size, plan.workers, w);
    const at = plan.arenasAt + w * plan.arenaBytes + top.output;
    for (let t = 0; t < steps; t++) {
      for (let r = 0; r < count; r++) {
        const row = new Float32Array(
          buffer,
          at + 4 * units * (t * count + r),
          v,
        );
        logits.set(row, ((first + r) * steps + t) * v);
      }
    }
  }
  return logits;
}
