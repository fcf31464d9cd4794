/**
 * Cuts token ids into windows and groups them into batches: typed arrays, in
 * seeded random order.
 *
 * B batch, T time steps. Matrices are row by row: element [b, t] is at b·T + t.
 */

import { Random } from "../base/base.ts";

/**
 * What is predicted: the token after a window, as in the original Immersic, or
 * the next token at every step of the window.
 */
export type Objective = "last" | "every";

/** A target that the loss leaves out. */
const IGNORED_TARGET = -1;

/**
 * Windows for one training step. Every batch reuses the same arrays: copy what
 * you want to keep.
 */
export interface Batch {
  /** Number of rows that hold a window; the rows after them are padding. */
  size: number;
  /** T. */
  readonly steps: number;
  /** Number of targets other than {@linkcode IGNORED_TARGET}. */
  targetCount: number;
  /** Token ids, [B, T]; 0 where padded. */
  readonly inputs: Int32Array;
  /** Token ids, [B] for `last`, [B, T] for `every`; −1 where ignored. */
  readonly targets: Int32Array;
  /** [B], the piece of each row; undefined where the row is padding. */
  readonly pieces: (Int32Array | undefined)[];
  /** [B], index of each row's first input in its piece. */
  readonly starts: Int32Array;
  /** [B], 1 where a row begins a new piece and its state must be cleared. */
  readonly resets?: Uint8Array;
}

/** How pieces are cut into windows. */
export interface WindowOptions {
  /** T, the number of tokens in a window. */
  readonly sequenceLength: number;
  /**
   * What is predicted.
   * @default "every"
   */
  readonly objective?: Objective;
  /**
   * Tokens from one window's start to the next's. For `every` at most
   * `sequenceLength`, so that no token is left out.
   * @default 1 for `last`, `sequenceLength` for `every`
   */
  readonly stride?: number;
}

/** The windows of some pieces, as positions in them. */
export interface Windows {
  /** T, the number of tokens in a window. */
  readonly sequenceLength: number;
  /** What is predicted. */
  readonly objective: Objective;
  /** Token ids of each piece. */
  readonly pieces: readonly Int32Array[];
  /** Number of windows. */
  readonly count: number;
  /** [count], each window's piece, as an index into `pieces`. */
  readonly pieceIndices: Int32Array;
  /** [count], index of each window's first input; negative if it starts with padding. */
  readonly starts: Int32Array;
}

/** How windows are grouped into batches. */
export interface BatchOptions {
  /** B. */
  readonly batchSize: number;
  /**
   * Shuffles the windows; see {@linkcode epochRandom}.
   * @default none: windows stay in order
   */
  readonly random?: Random;
}

/**
 * The random numbers of one epoch. They depend only on the seed and the epoch, so
 * that resumed training sees the same order as uninterrupted training.
 *
 * @param seed Of the training run.
 * @param epoch From 0 or 1, as the caller counts.
 */
export function epochRandom(seed: number, epoch: number): Random {
  return new Random((Math.imul(seed, 0x9e3779b1) + epoch) | 0);
}

/**
 * Joins all pieces into one, as the original Immersic does: windows then run from
 * one piece into the next.
 */
export function flattenPieces(pieces: readonly Int32Array[]): Int32Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const flat = new Int32Array(length);
  let offset = 0;
  for (const piece of pieces) {
    flat.set(piece, offset);
    offset += piece.length;
  }
  return flat;
}

/**
 * Cuts pieces into windows; each lies within one piece.
 *
 * With `every` and the default stride each token of a piece but its first is a
 * target exactly once; the last window of a piece is padded at its end. With
 * `last`, a piece no longer than a window gives one window, padded at its start,
 * whose target is the piece's last token. A piece of a single token has no
 * target and gives no window.
 *
 * @param pieces Token ids of each piece; the result keeps these arrays, not copies.
 * @throws {RangeError} If a length is not a whole number above 0, or the stride
 * would skip tokens.
 *
 * @example The original's windows: 32 tokens, one step apart, over all pieces.
 * ```ts
 * import assert from "node:assert/strict";
 * import { flattenPieces, makeWindows } from "immersic/corpus/corpus.ts";
 * const pieces = [new Int32Array(4000), new Int32Array(579)];
 * const windows = makeWindows([flattenPieces(pieces)], {
 *   sequenceLength: 32,
 *   objective: "last",
 * });
 * assert(windows.count === 4547);
 * ```
 */
export function makeWindows(
  pieces: readonly Int32Array[],
  options: WindowOptions,
): Windows {
  const { sequenceLength, objective = "every" } = options;
  const stride = strideOf(options);
  const windowsOf = ({ length }: Int32Array) => windowCount(length, options);
  const count = pieces.reduce((sum, piece) => sum + windowsOf(piece), 0);
  const pieceIndices = new Int32Array(count);
  const starts = new Int32Array(count);
  let window = 0;
  pieces.forEach((piece, index) => {
    const first = objective === "last"
      ? Math.min(0, piece.length - 1 - sequenceLength)
      : 0;
    for (let i = 0; i < windowsOf(piece); i++) {
      pieceIndices[window] = index;
      starts[window++] = first + i * stride;
    }
  });
  return { sequenceLength, objective, pieces, count, pieceIndices, starts };
}

/**
 * How many windows a piece of so many tokens gives.
 *
 * @throws {RangeError} As {@linkcode makeWindows}.
 */
export function windowCount(length: number, options: WindowOptions): number {
  const { sequenceLength, objective = "every" } = options;
  const stride = strideOf(options);
  if (length < 2) return 0;
  const more = (length - 1 - sequenceLength) / stride;
  return 1 +
    Math.max(0, objective === "last" ? Math.floor(more) : Math.ceil(more));
}

function strideOf(options: WindowOptions): number {
  const { sequenceLength, objective = "every" } = options;
  const { stride = objective === "last" ? 1 : sequenceLength } = options;
  requireCount("make windows", "sequenceLength", sequenceLength);
  requireCount("make windows", "stride", stride);
  if (objective === "every" && stride > sequenceLength) {
    throw new RangeError(
      `Cannot make windows: the stride must be at most sequenceLength (${sequenceLength}), or tokens would be left out, current value is ${stride}.`,
    );
  }
  return stride;
}

/**
 * Groups windows into batches, each window once. All batches have `batchSize`
 * rows; in the last one some may be padding.
 *
 * @returns The same {@linkcode Batch} each time, refilled.
 * @throws {RangeError} If `batchSize` is not a whole number above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { batches, epochRandom, makeWindows } from "immersic/corpus/corpus.ts";
 * const windows = makeWindows([Int32Array.of(5, 6, 7, 8)], { sequenceLength: 2 });
 * const seen: string[] = [];
 * for (const { inputs, targets } of batches(windows, { batchSize: 1, random: epochRandom(7, 1) })) {
 *   seen.push(`${inputs} → ${targets}`);
 * }
 * assert(seen.sort().join("; ") === "5,6 → 6,7; 7,8 → 8,-1");
 * ```
 */
export function* batches(
  windows: Windows,
  options: BatchOptions,
): Generator<Batch, void, void> {
  const { batchSize, random } = options;
  requireCount("make batches", "batchSize", batchSize);
  const { count, sequenceLength, objective, pieces, pieceIndices, starts } =
    windows;
  const order = random?.order(count);
  const batch = emptyBatch(batchSize, sequenceLength, objective);
  for (let done = 0; done < count; done += batchSize) {
    batch.size = Math.min(batchSize, count - done);
    clear(batch);
    for (let row = 0; row < batch.size; row++) {
      const window = order ? order[done + row]! : done + row;
      fillRow(batch, row, pieces[pieceIndices[window]!]!, starts[window]!);
    }
    yield batch;
  }
}

/**
 * Batches for training with carried state: every row goes through one piece after
 * another, window by window. The objective is `every`, and each token but the
 * first of its piece is a target exactly once.
 *
 * Rows that have no piece left are padding until the other rows end. `size` is
 * always `batchSize`, because the state of a row belongs to its index. With fewer
 * pieces than rows some rows are always padding.
 *
 * @param pieces Token ids of each piece; a piece of a single token is left out,
 * because there is nothing to predict.
 * @returns The same {@linkcode Batch} each time, refilled.
 * @throws {RangeError} If a length is not a whole number above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { statefulBatches } from "immersic/corpus/corpus.ts";
 * const pieces = [Int32Array.of(1, 2, 3, 4, 5), Int32Array.of(6, 7, 8)];
 * const seen: string[] = [];
 * for (
 *   const { inputs, resets } of statefulBatches(pieces, {
 *     sequenceLength: 2,
 *     batchSize: 1,
 *   })
 * ) {
 *   seen.push(`${resets}: ${inputs}`);
 * }
 * assert(seen.join("; ") === "1: 1,2; 0: 3,4; 1: 6,7");
 * ```
 */
export function* statefulBatches(
  pieces: readonly Int32Array[],
  options: BatchOptions & Pick<WindowOptions, "sequenceLength">,
): Generator<Batch & { readonly resets: Uint8Array }, void, void> {
  const { sequenceLength, batchSize, random } = options;
  requireCount("make batches", "sequenceLength", sequenceLength);
  requireCount("make batches", "batchSize", batchSize);
  const playable = pieces.filter((piece) => piece.length > 1);
  const rows = random
    ? evenRows(playable, options, random)
    // All rows share one iterator: a free row takes the next piece.
    : Array(batchSize).fill(playable.values());
  const batch = {
    ...emptyBatch(batchSize, sequenceLength, "every"),
    size: batchSize,
    resets: new Uint8Array(batchSize),
  };
  const playing = Array.from(
    { length: batchSize },
    (): { piece?: Int32Array; start: number } => ({ start: 0 }),
  );
  while (true) {
    clear(batch);
    for (const [row, place] of playing.entries()) {
      place.start += sequenceLength;
      const over = place.start >= (place.piece?.length ?? 0) - 1;
      if (over) {
        Object.assign(place, { piece: rows[row].next().value, start: 0 });
      }
      batch.resets[row] = over ? 1 : 0;
      if (place.piece) fillRow(batch, row, place.piece, place.start);
    }
    if (batch.targetCount === 0) return;
    yield batch;
  }
}

/**
 * Distributes pieces over rows, in random order, so that all rows end at nearly
 * the same step. Otherwise the last steps of an epoch would be mostly padding.
 */
function evenRows(
  pieces: readonly Int32Array[],
  { batchSize, sequenceLength }: BatchOptions & { sequenceLength: number },
  random: Random,
): Iterator<Int32Array>[] {
  const rows = Array.from(
    { length: batchSize },
    () => ({ pieces: [] as Int32Array[], windows: 0 }),
  );
  const longestFirst = random.shuffle(pieces)
    .sort((a, b) => b.length - a.length);
  for (const piece of longestFirst) {
    const row = rows.reduce((a, b) => b.windows < a.windows ? b : a);
    row.pieces.push(piece);
    row.windows += Math.ceil((piece.length - 1) / sequenceLength);
  }
  return rows.map((row) => random.shuffle(row.pieces).values());
}

function emptyBatch(batchSize: number, steps: number, objective: Objective) {
  return {
    size: 0,
    steps,
    targetCount: 0,
    pieces: new Array<Int32Array | undefined>(batchSize).fill(undefined),
    starts: new Int32Array(batchSize),
    inputs: new Int32Array(batchSize * steps),
    targets: new Int32Array(
      objective === "last" ? batchSize : batchSize * steps,
    ),
  };
}

function clear(batch: Batch): void {
  batch.targetCount = 0;
  batch.inputs.fill(0);
  batch.targets.fill(IGNORED_TARGET);
  batch.pieces.fill(undefined);
}

/** Writes a window into a cleared row; positions outside the piece stay padding. */
function fillRow(
  batch: Batch,
  row: number,
  piece: Int32Array,
  start: number,
): void {
  const { steps, inputs, targets } = batch;
  const end = start + steps;
  batch.pieces[row] = piece;
  batch.starts[row] = start;
  const before = Math.max(0, -start);
  inputs.set(piece.subarray(start + before, end), row * steps + before);
  const targetsPerRow = targets.length * steps / inputs.length; // 1 or T
  const predicted = piece.subarray(end + 1 - targetsPerRow, end + 1);
  targets.set(predicted, row * targetsPerRow);
  batch.targetCount += predicted.length;
}

function requireCount(verb: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(
      `Cannot ${verb}: ${name} must be a whole number above 0, current value is ${value}.`,
    );
  }
}
