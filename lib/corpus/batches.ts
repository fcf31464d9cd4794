/**
 * Token ids to seeded, shuffled batches in typed arrays, without tensors.
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
export const IGNORED_TARGET = -1;

/**
 * Some windows, ready for one step of training. The arrays are filled anew for
 * every batch; copy what has to stay.
 */
export interface Batch {
  /** Rows that hold a window; those from here on are padding. */
  size: number;
  /** T. */
  readonly steps: number;
  /** Targets that count, those that are not {@linkcode IGNORED_TARGET}. */
  targetCount: number;
  /** Token ids, [B, T]; 0 where padded. */
  readonly inputs: Int32Array;
  /** Token ids, [B] for `last`, [B, T] for `every`; −1 where ignored. */
  readonly targets: Int32Array;
  /** [B], the piece that each row is of; undefined where it is padding. */
  readonly pieces: (Int32Array | undefined)[];
  /** [B], place in its piece of each row's first input. */
  readonly starts: Int32Array;
  /** [B], 1 where a row begins a new piece and its state must be cleared. */
  readonly resets?: Uint8Array;
}

/** How pieces are cut into windows. */
export interface WindowOptions {
  /** T, the tokens that a window shows. */
  readonly sequenceLength: number;
  /**
   * What is predicted.
   * @default "every"
   */
  readonly objective?: Objective;
  /**
   * Tokens from one window to the next. Up to `sequenceLength` for `every`, so
   * that no token is left out.
   * @default 1 for `last`, `sequenceLength` for `every`
   */
  readonly stride?: number;
}

/** Where the windows of some pieces lie. */
export interface Windows {
  /** T, the tokens that a window shows. */
  readonly sequenceLength: number;
  /** What is predicted. */
  readonly objective: Objective;
  /** Token ids of each piece. */
  readonly pieces: readonly Int32Array[];
  /** Number of windows. */
  readonly count: number;
  /** By window, index into `pieces`. */
  readonly pieceIndices: Int32Array;
  /** By window, place of its first input; below 0 where padded before it. */
  readonly starts: Int32Array;
}

/** How windows are put together. */
export interface BatchOptions {
  /** B. */
  readonly batchSize: number;
  /**
   * Shuffles; see {@linkcode epochRandom}.
   * @default as they come
   */
  readonly random?: Random;
}

/**
 * The random numbers of one epoch. They depend on no earlier epoch, so that
 * resumed training sees the same order as uninterrupted training.
 *
 * @param seed Of the training run.
 * @param epoch From 0 or 1, as the caller counts.
 */
export function epochRandom(seed: number, epoch: number): Random {
  return new Random((Math.imul(seed, 0x9e3779b1) + epoch) | 0);
}

/**
 * All pieces one after another as one, the original Immersic's way: windows
 * then run from one piece into the next.
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
 * Cuts pieces into windows, none of which reaches into another piece.
 *
 * With `every` and the default stride each token of a piece but its first is a
 * target exactly once; the last window of a piece is padded at its end. With
 * `last`, a piece no longer than the window gives one window, padded before its
 * beginning, whose target is the last token. A piece of a single token has no
 * target and gives no window.
 *
 * @param pieces Token ids of each piece; they are referred to, not copied.
 * @throws {RangeError} If a length is not a whole number above 0, or the stride
 * would leave tokens out.
 *
 * @example The original's windows: 32 tokens, one step apart, over everything.
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
  const { stride = objective === "last" ? 1 : sequenceLength } = options;
  requireCount("make windows", "sequenceLength", sequenceLength);
  requireCount("make windows", "stride", stride);
  if (objective === "every" && stride > sequenceLength) {
    throw new RangeError(
      `Cannot make windows: the stride must be at most sequenceLength (${sequenceLength}), or tokens would be left out, current value is ${stride}.`,
    );
  }
  const windowsOf = ({ length }: Int32Array) =>
    length < 2
      ? 0
      : objective === "last"
      ? 1 + Math.max(0, Math.floor((length - 1 - sequenceLength) / stride))
      : 1 + Math.max(0, Math.ceil((length - 1 - sequenceLength) / stride));
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
 * Windows in batches, each window once. All batches have room for `batchSize`
 * rows; the last one may fill fewer.
 *
 * @returns The same {@linkcode Batch} again and again, filled anew.
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
  const inOrder = Array.from({ length: count }, (_, window) => window);
  const order = random ? random.shuffle(inOrder) : inOrder;
  const batch = emptyBatch(batchSize, sequenceLength, objective);
  for (let done = 0; done < count; done += batchSize) {
    batch.size = Math.min(batchSize, count - done);
    clear(batch);
    for (let row = 0; row < batch.size; row++) {
      const window = order[done + row]!;
      fillRow(batch, row, pieces[pieceIndices[window]!]!, starts[window]!);
    }
    yield batch;
  }
}

/**
 * Windows for training with carried state: every row takes one piece after
 * another, and the windows of a piece follow each other in its row. The
 * objective is `every`, and each token but the first of its piece is a target
 * exactly once.
 *
 * Rows whose pieces are over are padding until the others are done; `size` is
 * always `batchSize`, because a row keeps its place, where its state is. With
 * fewer pieces than rows some rows are always padding.
 *
 * @param pieces Token ids of each piece; one of a single token is left out,
 * having nothing to predict.
 * @returns The same {@linkcode Batch} again and again, filled anew.
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
    // Whichever row is free takes the next piece.
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
 * Pieces dealt to rows that end at nearly the same time, in random order: rows
 * that wait for one long piece would leave the last steps of an epoch to it.
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

/** Puts a window into a cleared row; padding is what the piece does not reach. */
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
