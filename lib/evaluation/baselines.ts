/**
 * The baselines that a network must beat on the same tokens and split: a uniform
 * distribution, token frequencies, and the best n-gram model.
 */

import { countTokens } from "./ngram_counts.ts";
import { NgramModel, type Smoothing, SMOOTHINGS } from "./ngram_model.ts";

/** Held-out loss of one n-gram model. */
export interface NgramRow {
  /** Length of an n-gram in tokens: its context plus one. */
  readonly order: number;
  /** The kind of smoothing. */
  readonly smoothing: Smoothing;
  /** Nats per token on the validation pieces. */
  readonly validLoss: number;
  /** Nats per token on the test pieces. */
  readonly testLoss: number;
}

/** The baselines of one corpus. */
export interface NgramReport {
  /** Number of tokens of the test pieces that were scored. */
  readonly testTokens: number;
  /** Loss of a uniform distribution, ln V, in nats per token. */
  readonly uniformLoss: number;
  /** Loss of token frequencies plus one (Laplace), in nats per token. */
  readonly unigramLoss: number;
  /** The n-gram counts of all orders. */
  readonly model: NgramModel;
  /** One row for each order and smoothing. */
  readonly rows: readonly NgramRow[];
  /** The row with the lowest validation loss. */
  readonly best: NgramRow;
}

/** Token ids of each piece, by split. */
export interface NgramPieces {
  readonly train: readonly ArrayLike<number>[];
  readonly valid: readonly ArrayLike<number>[];
  readonly test: readonly ArrayLike<number>[];
}

/** Options of {@linkcode bestNgram}. */
export interface NgramOptions {
  /**
   * Highest order tried.
   * @default 6
   */
  readonly maxOrder?: number;
  /**
   * Number of leading tokens of each piece that are context only. Give the number
   * that the network does not predict, so that both are scored on the same tokens.
   * @default 0
   */
  readonly skip?: number;
}

/**
 * Counts n-grams in the training pieces and measures every order and smoothing
 * on the held-out ones. The validation pieces alone decide which is the best.
 *
 * @param pieces Training, validation and test pieces.
 * @param vocabularySize V; ids are 0 … V − 1.
 * @returns Losses in nats per token.
 * @throws {RangeError} If an id is outside the vocabulary or a set is empty.
 *
 * @example
 * ```ts
 * import { bestNgram } from "immersic/evaluation/baselines.ts";
 * const piece = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2);
 * const report = await bestNgram(
 *   { train: [piece, piece], valid: [piece], test: [piece] },
 *   3,
 * );
 * console.assert(report.best.testLoss < report.unigramLoss);
 * ```
 */
export async function bestNgram(
  { train, valid, test }: NgramPieces,
  vocabularySize: number,
  options: NgramOptions = {},
): Promise<NgramReport> {
  const { maxOrder = 6, skip = 0 } = options;
  const model = await NgramModel.of(train, vocabularySize, maxOrder);
  const onValid = await model.score(valid, skip);
  const onTest = await model.score(test, skip);
  for (const [name, { tokens }] of Object.entries({ onValid, onTest })) {
    if (tokens > 0) continue;
    const set = name === "onValid" ? "validation" : "test";
    throw new RangeError(
      `Cannot choose an n-gram model: the ${set} pieces hold no token after the first ${skip}.`,
    );
  }
  const rows = SMOOTHINGS.flatMap((smoothing) =>
    Array.from({ length: maxOrder }, (_, k): NgramRow => ({
      order: k + 1,
      smoothing,
      validLoss: onValid.nats[smoothing][k]! / onValid.tokens,
      testLoss: onTest.nats[smoothing][k]! / onTest.tokens,
    }))
  );
  return {
    testTokens: onTest.tokens,
    uniformLoss: Math.log(vocabularySize),
    unigramLoss: unigramLoss(train, test, vocabularySize, skip),
    model,
    rows,
    best: rows.reduce((a, b) => b.validLoss < a.validLoss ? b : a),
  };
}

/** Pieces to choose an n-gram model for. */
export interface NgramJob {
  readonly pieces: NgramPieces;
  /** V */
  readonly vocabularySize: number;
  /** See {@linkcode NgramOptions}. */
  readonly skip: number;
}

/** The best n-gram model of some pieces, and how well it predicts each token. */
export interface NgramJudgement {
  readonly baselines: Omit<NgramReport, "model">;
  /** Of each validation and each test piece, by token, in nats. */
  readonly surprises: Readonly<Record<"valid" | "test", Float64Array[]>>;
}

/** {@linkcode bestNgram} as plain data, with what it says of every token. */
export async function judgeNgrams(
  { pieces, vocabularySize, skip }: NgramJob,
): Promise<NgramJudgement> {
  const { model, ...baselines } = await bestNgram(pieces, vocabularySize, {
    skip,
  });
  const { order, smoothing } = baselines.best;
  const of = (set: readonly ArrayLike<number>[]) =>
    set.map((ids) => model.surprises(ids, order, smoothing));
  const surprises = { valid: of(pieces.valid), test: of(pieces.test) };
  return { baselines, surprises };
}

/**
 * Nats per note: the loss of all tokens divided by the number of notes they spell.
 * It compares tokenizers that need different numbers of tokens for a note.
 *
 * @param lossPerToken Nats per token.
 * @param tokens Number of tokens that the loss is the mean of.
 * @param notes Number of notes that these tokens spell.
 * @throws {RangeError} If there is no note.
 *
 * @example
 * ```ts
 * import { lossPerNote } from "immersic/evaluation/baselines.ts";
 * console.assert(lossPerNote(1.5, 400, 100) === 6);
 * ```
 */
export function lossPerNote(
  lossPerToken: number,
  tokens: number,
  notes: number,
): number {
  if (!(notes > 0)) {
    throw new RangeError(
      `Cannot give a loss per note: the number of notes must be positive, current value is ${notes}.`,
    );
  }
  return lossPerToken * tokens / notes;
}

/** Loss of token frequencies plus one on the test pieces, in nats per token. */
export function unigramLoss(
  train: readonly ArrayLike<number>[],
  test: readonly ArrayLike<number>[],
  vocabularySize: number,
  skip: number,
): number {
  const counts = new Float64Array(vocabularySize).fill(1);
  for (const ids of train) {
    for (let i = 0; i < ids.length; i++) counts[ids[i]!]!++;
  }
  const total = vocabularySize + countTokens(train);
  let nats = 0;
  let tokens = 0;
  for (const ids of test) {
    for (let i = skip; i < ids.length; i++) {
      nats -= Math.log(counts[ids[i]!]! / total);
      tokens++;
    }
  }
  return nats / tokens;
}
