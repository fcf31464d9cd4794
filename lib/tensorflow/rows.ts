/**
 * Batches as TensorFlow takes them: checked, and in the order of time steps, as
 * the project's own kernels have them.
 *
 * B batch rows, T time steps, F input size, V classes, R relations.
 */
import {
  type BatchLayout,
  classesOf,
  loadBatch,
  type NetworkBatch,
  type NetworkSpec,
  shardOf,
  sizedLayers,
} from "../lstm/lstm.ts";

/** Sparse rows as lists: of each value its row, its column and itself. */
export interface HotRows {
  /** [n, 2]: row, column. */
  readonly places: Int32Array;
  /** [n] */
  readonly values: Float32Array;
}

/** Where the scores of relations are, and the logits that they are added to. */
export interface RelationPlaces {
  /** [n]: indices in the last layer's outputs [T·B, V + R], flat. */
  readonly scores: Int32Array;
  /** [n]: indices of the logits, in the same. */
  readonly logits: Int32Array;
}

/** A batch, checked and divided among threads. */
export interface LoadedBatch {
  /** B */
  readonly size: number;
  /** T */
  readonly steps: number;
  /** Of the rows, at least one. */
  readonly shares: readonly LoadedShare[];
  /** Targets that count. */
  readonly counted: number;
  /** [B], 1 where a row begins a new piece. */
  readonly resets: Uint8Array | undefined;
}

/** Some rows of a batch, as if they were one; its arrays may be kept. */
export interface LoadedShare {
  /** Its first row. */
  readonly first: number;
  /** B, its rows. */
  readonly size: number;
  /** T·B */
  readonly rows: number;
  /** [T·B, F] of dense input. */
  readonly floats: () => Float32Array;
  /**
   * Ids or features as hot rows.
   *
   * @param factors [T·B, most]: what a row's values are multiplied by, those of 0
   * being left out; undefined for 1.
   */
  readonly hot: (factors: Float32Array | undefined) => HotRows;
  /** Undefined for a network without relations. */
  readonly relations: () => RelationPlaces | undefined;
  /** [N] class ids, −1 for none, or [N, V] of the sigmoid loss. */
  readonly targets: () => Int32Array | Float32Array;
}

/** Products of fewer rows take longer for each. */
const LEAST_ROWS = 8;

/** The most values that a step of input has. */
export function inputColumns({ input }: NetworkSpec): number {
  if (input.kind === "onehot") return 1;
  return input.kind === "sparse" ? input.most : input.size;
}

/** Room for a batch. */
export class BatchMemory {
  readonly #layout: BatchLayout;
  readonly #buffer: ArrayBuffer;

  /**
   * @param limits The largest batch, and the threads that share its rows.
   */
  constructor(
    spec: NetworkSpec,
    { maxBatch, maxSteps, workers }: {
      readonly maxBatch: number;
      readonly maxSteps: number;
      readonly workers: number;
    },
  ) {
    const layers = sizedLayers(spec), top = layers.at(-1)!;
    const all = maxSteps * Math.max(LEAST_ROWS, Math.ceil(maxBatch / workers));
    let end = 0;
    const take = (count: number) => {
      const at = end;
      end += 4 * count;
      return at;
    };
    const places = {
      inputs: take(all * inputColumns(spec)),
      inputOffsets: take(all + 1),
      pairs: take(all * (spec.relations?.most ?? 0)),
      pairOffsets: take(all + 1),
      targets: take(all * (spec.loss === "softmax" ? 1 : top.outputSize)),
    };
    this.#layout = {
      ...{ spec, layers, maxBatch, maxSteps, workers },
      ...{ arenasAt: 0, arenaBytes: end, ...places },
    };
    this.#buffer = new ArrayBuffer(workers * end);
  }

  /**
   * Checks a batch and puts it in order. What it gives is valid until the next.
   *
   * @throws {RangeError} When the batch does not fit the network.
   */
  load(batch: NetworkBatch): LoadedBatch {
    const { size, steps, resets } = batch;
    const { workers: most } = this.#layout;
    const workers = Math.max(1, Math.min(most, Math.ceil(size / LEAST_ROWS)));
    const counted = loadBatch(
      { ...this.#layout, workers },
      this.#buffer,
      batch,
    );
    const shares = Array.from({ length: workers }, (_, w) => {
      const { first, count } = shardOf(size, workers, w);
      return this.#share(w * this.#layout.arenaBytes, first, count, steps);
    });
    return { size, steps, shares, counted, resets };
  }

  #share(
    arena: number,
    first: number,
    size: number,
    steps: number,
  ): LoadedShare {
    const layout = this.#layout, { spec } = layout, rows = size * steps;
    const top = layout.layers.at(-1)!, targets = top.lastStepOnly ? size : rows;
    const ints = (at: number, count: number) =>
      new Int32Array(this.#buffer, arena + at, count);
    const floats = (at: number, count: number) =>
      new Float32Array(this.#buffer, arena + at, count).slice();
    const sparse = (values: number, offsets: number) => {
      const ends = ints(offsets, rows + 1);
      return { ends, values: ints(values, ends[rows]!) };
    };
    return {
      ...{ first, size, rows },
      floats: () => floats(layout.inputs, rows * inputColumns(spec)),
      hot: (factors) => {
        if (spec.input.kind === "onehot") {
          return hotRows(ints(layout.inputs, rows), undefined, 1, factors);
        }
        const { values, ends } = sparse(layout.inputs, layout.inputOffsets);
        return hotRows(values, ends, inputColumns(spec), factors);
      },
      relations: () => {
        if (!spec.relations) return undefined;
        const { values, ends } = sparse(layout.pairs, layout.pairOffsets);
        return relationPlaces(values, ends, classesOf(spec), top.outputSize);
      },
      targets: () =>
        spec.loss === "softmax"
          ? ints(layout.targets, targets).slice()
          : floats(layout.targets, targets * top.outputSize),
    };
  }
}

/** @param ends Where rows end, undefined for one id a row. */
function hotRows(
  ids: Int32Array,
  ends: Int32Array | undefined,
  most: number,
  factors: Float32Array | undefined,
): HotRows {
  const places = new Int32Array(2 * ids.length);
  const values = new Float32Array(ids.length);
  const rows = ends ? ends.length - 1 : ids.length;
  let n = 0;
  for (let row = 0; row < rows; row++) {
    const from = ends ? ends[row]! : row, to = ends ? ends[row + 1]! : row + 1;
    for (let i = from; i < to; i++) {
      const factor = factors ? factors[row * most + i - from]! : 1;
      if (factor === 0) continue;
      places[2 * n] = row;
      places[2 * n + 1] = ids[i]!;
      values[n++] = factor;
    }
  }
  return { places: places.subarray(0, 2 * n), values: values.subarray(0, n) };
}

/** @param units V + R */
function relationPlaces(
  pairs: Int32Array,
  ends: Int32Array,
  classes: number,
  units: number,
): RelationPlaces {
  const scores = new Int32Array(pairs.length);
  const logits = new Int32Array(pairs.length);
  for (let row = 0; row < ends.length - 1; row++) {
    const start = row * units;
    for (let i = ends[row]!; i < ends[row + 1]!; i++) {
      const pair = pairs[i]!;
      scores[i] = start + classes + (pair >> 16);
      logits[i] = start + (pair & 0xffff);
    }
  }
  return { scores, logits };
}
