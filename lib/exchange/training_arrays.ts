/**
 * The data of training as arrays that other engines read: the tokens, the windows of
 * each batch, and of networks that are shown the context, the features and relations
 * of every token.
 *
 * N tokens, W windows: batch by batch, B of each.
 */

import type { Config, FileContent } from "../base/base.ts";
import {
  type Batch,
  batches,
  makeWindows,
  statefulBatches,
} from "../corpus/corpus.ts";
import type { SparseRows } from "../lstm/lstm.ts";
import { type ModelInput, modelInput } from "../model/model.ts";
import { EpochData, type TrainingData } from "../training/training.ts";
import { npyFile } from "./npy.ts";

/** Tokens that are read at a time. */
const STEPS = 256;

/**
 * The arrays of some passes over the training pieces, as this project would train on
 * them in so many epochs, and of the validation pieces.
 *
 * @param epoch The first pass is of the epoch after it.
 * @returns Contents by path: `train-1/tokens.npy`.
 */
export function trainingArrays(
  config: Config,
  data: TrainingData,
  passes: number,
  epoch: number,
): Record<string, FileContent> {
  const epochs = new EpochData(config, data);
  const { objective, sequenceLength, batchSize } = config;
  const valid = epochs.valid;
  const files = arraysOf(
    "valid",
    { config, data },
    () =>
      objective === "every"
        ? statefulBatches(valid, { sequenceLength, batchSize })
        : batches(makeWindows(valid, { sequenceLength, objective }), {
          batchSize,
        }),
  );
  for (let pass = 1; pass <= passes; pass++) {
    Object.assign(
      files,
      arraysOf(
        `train-${pass}`,
        { config, data },
        () => epochs.epoch(epoch + pass).batches(),
      ),
    );
  }
  return files;
}

/** What batches are read with. */
interface Source {
  readonly config: Config;
  readonly data: TrainingData;
}

/** The arrays of batches, which are gone through once for each, the same every time. */
function arraysOf(
  folder: string,
  source: Source,
  batchesOf: () => Iterable<Batch>,
): Record<string, FileContent> {
  const { config, data } = source;
  const once = function* <T>(make: () => Iterable<T>) {
    yield* make(); // begun when the file is written
  };
  const files: Record<string, FileContent> = {
    [`${folder}/tokens.npy`]: npyFile(
      "<u2",
      once(() => piecesIn(batchesOf())),
    ),
    [`${folder}/windows.npy`]: npyFile(
      "<u4",
      once(() => windowsOf(config, batchesOf())),
      3,
    ),
  };
  if (config.input !== "context") return files;
  for (
    const [name, kind, rowsOf] of [
      ["features", "<u2", (step) => step.inputs as SparseRows],
      ["relations", "<u4", (step) => step.relations!],
    ] as const satisfies [string, string, RowsOf][]
  ) {
    const offsets = [0];
    const input = modelInput({ ...data, config });
    files[`${folder}/${name}.npy`] = npyFile(
      kind,
      once(() => valuesOf(input, piecesIn(batchesOf()), rowsOf, offsets)),
    );
    // Written after the values, when the offsets are known.
    files[`${folder}/${name}_offsets.npy`] = npyFile("<i8", [offsets]);
  }
  return files;
}

/** Which of the rows that a network is shown are meant. */
type RowsOf = (
  step: ReturnType<ModelInput["batch"]>,
) => SparseRows;

/** The pieces of batches, each where it is first met. */
function* piecesIn(batches: Iterable<Batch>): Generator<Int32Array> {
  const met = new WeakSet<Int32Array>();
  for (const { pieces } of batches) {
    for (const piece of pieces) {
      if (!piece || met.has(piece)) continue;
      met.add(piece);
      yield piece;
    }
  }
}

/**
 * The rows of batches: where each begins in the tokens, of how many tokens it is, and
 * whether its states begin at zero. Rows of no tokens fill up the batches.
 */
function* windowsOf(
  { objective, batchSize }: Config,
  batches: Iterable<Batch>,
): Generator<Uint32Array> {
  const offsets = new WeakMap<Int32Array, number>();
  let tokens = 0;
  for (const batch of batches) {
    const rows = new Uint32Array(3 * batchSize);
    for (let r = 0; r < batch.size; r++) {
      const piece = batch.pieces[r], start = batch.starts[r]!;
      if (!piece) continue;
      if (!offsets.has(piece)) {
        offsets.set(piece, tokens);
        tokens += piece.length;
      }
      const end = Math.min(start + batch.steps, piece.length - 1);
      const from = Math.max(start, 0);
      const isFresh = objective === "last" || (batch.resets?.[r] ?? 1) === 1;
      rows.set(
        [offsets.get(piece)! + from, end - from, isFresh ? 1 : 0],
        3 * r,
      );
    }
    yield rows;
  }
}

/** The values of all tokens' rows; writes where each row ends to `offsets`. */
function* valuesOf(
  input: ModelInput,
  pieces: Iterable<Int32Array>,
  rowsOf: RowsOf,
  offsets: number[],
): Generator<Int32Array> {
  let total = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += STEPS) {
      const steps = Math.min(STEPS, piece.length - start);
      const rows = rowsOf(input.batch({
        size: 1,
        steps,
        targetCount: 0,
        inputs: piece,
        targets: piece,
        pieces: [piece],
        starts: Int32Array.of(start),
      }));
      for (let t = 1; t <= steps; t++) offsets.push(total + rows.offsets[t]!);
      total += rows.offsets[steps]!;
      yield rows.values.subarray(0, rows.offsets[steps]);
    }
  }
}
