/**
 * The baselines that a network has to beat on the same tokens and the same
 * split: uniform, token frequencies, and the best n-gram.
 */

import {
  countTokens,
  NgramModel,
  type Smoothing,
  SMOOTHINGS,
} from "./ngram_model.ts";

/** Held-out loss of one n-gram model. */
export interface NgramRow {
  /** Tokens of an n-gram: context plus one. */
  readonly order: number;
  readonly smoothing: Smoothing;
  /** Nats per token on the validation pieces. */
  readonly validLoss: number;
  /** Nats per token on the test pieces. */
  readonly testLoss: number;
}

/** The baselines of one corpus. */
export interface NgramReport {
  /** Tokens of the test pieces that were scored. */
  readonly testTokens: number;
  /** ln V, in nats per token. */
  readonly uniformLoss: number;
  /** Token frequencies plus one (Laplace), in nats per token of the test pieces. */
  readonly unigramLoss: number;
  /** The counts, of all orders. */
  readonly model: NgramModel;
  /** Every order and smoothing. */
  readonly rows: readonly NgramRow[];
  /** The row with the lowest validation loss. */
  readonly best: NgramRow;
}

/** Options of {@linkcode bestNgram}. */
export interface NgramOptions {
  /**
   * Highest order tried.
   * @default 6
   */
  readonly maxOrder?: number;
  /**
   * Leading tokens of each piece that are context only: set it to what the
   * network is not asked to predict, so that both are scored on one set.
   * @default 0
   */
  readonly skip?: number;
}

/**
 * Counts n-grams in the training pieces and measures every order and smoothing
 * on the held-out ones. The best is chosen on the validation pieces alone.
 *
 * @param train Token ids of each training piece.
 * @param valid Token ids of each validation piece.
 * @param test Token ids of each test piece.
 * @param vocabularySize V; ids are 0 … V − 1.
 * @returns Losses in nats per token.
 * @throws {RangeError} If an id is outside the vocabulary or a set is empty.
 *
 * @example
 * ```ts
 * import { bestNgram } from "immersic/evaluation/ngram.ts";
 * const piece = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2);
 * const report = bestNgram([piece, piece], [piece], [piece], 3);
 * console.assert(report.best.testLoss < report.unigramLoss);
 * ```
 */
export function bestNgram(
  train: readonly ArrayLike<number>[],
  valid: readonly ArrayLike<number>[],
  test: readonly ArrayLike<number>[],
  vocabularySize: number,
  options: NgramOptions = {},
): NgramReport {
  const { maxOrder = 6, skip = 0 } = options;
  const model = new NgramModel(train, vocabularySize, maxOrder);
  const onValid = model.score(valid, skip);
  const onTest = model.score(test, skip);
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
      validLoss: onValid.nats[smoothing][k] / onValid.tokens,
      testLoss: onTest.nats[smoothing][k] / onTest.tokens,
    }))
  );
  return {
    testTokens: onTest.tokens,
    uniformLoss: Math.log(vocabularySize),
    unigramLoss: addOneLoss(train, test, vocabularySize, skip),
    model,
    rows,
    best: rows.reduce((a, b) => b.validLoss < a.validLoss ? b : a),
  };
}

/**
 * Nats per note: the loss of all tokens shared among the notes they spell, so
 * that tokenizers which spend more or fewer tokens on a note can be compared.
 *
 * @param lossPerToken Nats per token.
 * @param tokens Number of tokens the loss is the mean of.
 * @param notes Number of notes those tokens spell.
 * @throws {RangeError} If there is no note.
 *
 * @example
 * ```ts
 * import { lossPerNote } from "immersic/evaluation/ngram.ts";
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

function addOneLoss(
  train: readonly ArrayLike<number>[],
  test: readonly ArrayLike<number>[],
  vocabularySize: number,
  skip: number,
): number {
  const counts = new Float64Array(vocabularySize).fill(1);
  for (const ids of train) {
    for (let i = 0; i < ids.length; i++) counts[ids[i]]++;
  }
  const total = vocabularySize + countTokens(train);
  let nats = 0;
  let tokens = 0;
  for (const ids of test) {
    for (let i = skip; i < ids.length; i++) {
      nats -= Math.log(counts[ids[i]] / total);
      tokens++;
    }
  }
  return nats / tokens;
}
