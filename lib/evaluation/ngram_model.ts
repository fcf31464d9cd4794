/**
 * Interpolated n-gram models of token ids.
 *
 * There are two kinds of smoothing. Both give proper distributions over the whole
 * vocabulary, as their recursion ends in the uniform distribution:
 *
 * - Witten–Bell (I. Witten and T. Bell, "The zero-frequency problem", IEEE
 *   Trans. Information Theory 37(4), 1991, method C), interpolated:
 *   p(w | c) = (n(c, w) + t(c) p(w | c')) / (n(c) + t(c)), where t(c) is the
 *   number of distinct tokens seen after c, and c' is c without its oldest token.
 * - modified Kneser–Ney (S. Chen and J. Goodman, "An empirical study of
 *   smoothing techniques for language modeling", Harvard TR-10-98, 1998):
 *   counts of the highest order and continuation counts below it, less one of
 *   three discounts for counts of 1, 2, and 3 or more.
 *
 * A begin-of-piece token precedes each piece. It can be part of a context but is
 * never predicted.
 */

import { atOnce, inTurns } from "../base/base.ts";
import {
  Counts,
  type CountsOfCounts,
  countTokens,
  modifiedDiscounts,
} from "./ngram_counts.ts";
import { ABSENT as NONE, PairTable } from "./pair_table.ts";

/** How the counts of one order are combined with those of the order below. */
export type Smoothing = "witten-bell" | "kneser-ney";

/** The kinds of smoothing, in the order of tables. */
export const SMOOTHINGS: readonly Smoothing[] = ["witten-bell", "kneser-ney"];

/** Total negative log-likelihoods of some pieces. */
export interface NgramScore {
  /** Number of tokens scored. */
  readonly tokens: number;
  /** Nats for all tokens together; entry `k` belongs to order `k + 1`. */
  readonly nats: Readonly<Record<Smoothing, Float64Array>>;
}

/** Entries of a table between two steps; a step takes some milliseconds. */
const STEP = 16_384;

/** The empty context. */
const ROOT = 0;

/**
 * N-gram counts of a set of pieces, for all orders up to `maxOrder` and both
 * kinds of smoothing at once.
 *
 * @example
 * ```ts
 * import { NgramModel } from "immersic/evaluation/ngram_model.ts";
 * const model = await NgramModel.of([Int32Array.of(0, 1, 0, 1, 0, 1)], 3);
 * const next = model.distribution([0], 2, "kneser-ney");
 * console.assert(next.indexOf(Math.max(...next)) === 1);
 * ```
 */
export class NgramModel {
  /** (context, preceding token) → longer context; their numbers start at 1. */
  readonly #contexts = new PairTable();
  /** (context, next token) → entry of the count arrays. */
  readonly #followers = new PairTable();
  #raw = new Int32Array();
  #continuation = new Int32Array();
  /** Length in tokens of each context. */
  #depth = new Uint8Array();
  #totals = { raw: new Int32Array(), continuation: new Int32Array() };
  /** Distinct tokens seen after each context. */
  #types = new Int32Array();
  /** What discounting takes from each context, in counts. */
  #reserved = { raw: new Float64Array(), continuation: new Float64Array() };
  /** Discount of a count of 0, 1, 2, and 3 or more, at each depth. */
  #discounts: { raw: number[][]; continuation: number[][] } = {
    raw: [],
    continuation: [],
  };

  private constructor(
    readonly vocabularySize: number,
    readonly maxOrder: number,
  ) {}

  /**
   * Counts n-grams.
   *
   * @param pieces Token ids of each training piece.
   * @param vocabularySize V; ids are 0 … V − 1.
   * @param maxOrder The highest order counted, in tokens: context plus one.
   * @throws {RangeError} If an id is outside the vocabulary, there is no token
   *   at all, or `maxOrder` is not an integer from 1 to 16.
   * @throws {Stopped} If it is asked to stop.
   */
  static async of(
    pieces: readonly ArrayLike<number>[],
    vocabularySize: number,
    maxOrder: number = 6,
  ): Promise<NgramModel> {
    if (!Number.isInteger(maxOrder) || maxOrder < 1 || maxOrder > 16) {
      throw new RangeError(
        `Cannot count n-grams: maxOrder must be an integer from 1 to 16, current value is ${maxOrder}.`,
      );
    }
    await inTurns(checkIds(pieces, vocabularySize, "count n-grams"));
    if (countTokens(pieces) === 0) {
      throw new RangeError(
        "Cannot count n-grams: the training pieces hold no token.",
      );
    }
    const model = new NgramModel(vocabularySize, maxOrder);
    await inTurns(model.#build(pieces));
    return model;
  }

  /** Counts the pieces and sums the counts, step by step. */
  *#build(pieces: readonly ArrayLike<number>[]): Generator<void, void> {
    const { vocabularySize } = this;
    const raw = new Counts();
    const continuation = new Counts();
    for (const ids of pieces) {
      this.#count(ids, raw, continuation);
      yield;
    }
    const contexts = this.#contexts.size + 1;
    this.#depth = new Uint8Array(contexts);
    const fromBegin = new Uint8Array(contexts);
    for (let id = 1; id < contexts; id++) {
      this.#depth[id] = this.#depth[this.#contexts.first(id - 1)]! + 1;
      fromBegin[id] = Number(this.#contexts.second(id - 1) === vocabularySize);
      if (id % STEP === 0) yield;
    }
    // Nothing precedes the begin-of-piece token: contexts that start with it have
    // no continuation counts and use their own counts instead.
    const entries = this.#followers.size;
    for (let entry = 0; entry < entries; entry++) {
      if (fromBegin[this.#followers.first(entry)]) {
        continuation.values[entry] = raw.values[entry]!;
      }
      if (entry % STEP === 0) yield;
    }
    this.#raw = raw.values;
    this.#continuation = continuation.values;
    this.#discounts = {
      raw: yield* this.#discountsOf(this.#raw),
      continuation: yield* this.#discountsOf(this.#continuation),
    };
    this.#types = new Int32Array(contexts);
    this.#totals = {
      raw: new Int32Array(contexts),
      continuation: new Int32Array(contexts),
    };
    this.#reserved = {
      raw: new Float64Array(contexts),
      continuation: new Float64Array(contexts),
    };
    for (let entry = 0; entry < entries; entry++) {
      const context = this.#followers.first(entry);
      this.#types[context]!++;
      for (const kind of ["raw", "continuation"] as const) {
        const count = this.#counts(kind)[entry]!;
        this.#totals[kind][context]! += count;
        this.#reserved[kind][context]! += this
          .#discounts[kind][this.#depth[context]!]![Math.min(count, 3)]!;
      }
      if (entry % STEP === 0) yield;
    }
  }

  /**
   * The probability of each token as the next one.
   *
   * @param history Ids of the piece so far, from its beginning.
   * @param order 1 … `maxOrder`.
   * @returns V probabilities that sum to 1.
   * @throws {RangeError} If `order` is out of range.
   */
  distribution(
    history: ArrayLike<number>,
    order: number,
    smoothing: Smoothing,
  ): Float64Array {
    if (!Number.isInteger(order) || order < 1 || order > this.maxOrder) {
      throw new RangeError(
        `Cannot give an n-gram distribution: order must be an integer from 1 to ${this.maxOrder}, current value is ${order}.`,
      );
    }
    const path = this.#path(history, history.length);
    const out = probabilities(this.maxOrder);
    return Float64Array.from({ length: this.vocabularySize }, (_, token) => {
      this.#predict(path, token, out);
      return out[smoothing][order - 1]!;
    });
  }

  /**
   * Negative log-probability of each token of a piece, in nats.
   *
   * @param order 1 … `maxOrder`.
   * @returns One number per id.
   * @throws {RangeError} If an id is outside the vocabulary.
   */
  surprises(
    ids: ArrayLike<number>,
    order: number,
    smoothing: Smoothing,
  ): Float64Array {
    atOnce(checkIds([ids], this.vocabularySize, "score n-grams"));
    const out = probabilities(this.maxOrder);
    return Float64Array.from({ length: ids.length }, (_, i) => {
      this.#predict(this.#path(ids, i), ids[i]!, out);
      return -Math.log(out[smoothing][order - 1]!);
    });
  }

  /**
   * The negative log-likelihood of pieces under every order and smoothing.
   *
   * @param pieces Token ids of each piece.
   * @param skip Leading tokens of each piece that are context only.
   * @throws {RangeError} If an id is outside the vocabulary.
   * @throws {Stopped} If it is asked to stop.
   */
  async score(
    pieces: readonly ArrayLike<number>[],
    skip: number = 0,
  ): Promise<NgramScore> {
    await inTurns(checkIds(pieces, this.vocabularySize, "score n-grams"));
    return await inTurns(this.#score(pieces, skip));
  }

  *#score(
    pieces: readonly ArrayLike<number>[],
    skip: number,
  ): Generator<void, NgramScore> {
    const nats = probabilities(this.maxOrder);
    const out = probabilities(this.maxOrder);
    const path = new Int32Array(this.maxOrder);
    let tokens = 0;
    for (const ids of pieces) {
      for (let i = skip; i < ids.length; i++) {
        this.#predict(this.#path(ids, i, path), ids[i]!, out);
        for (const smoothing of SMOOTHINGS) {
          for (let k = 0; k < this.maxOrder; k++) {
            nats[smoothing][k]! -= Math.log(out[smoothing][k]!);
          }
        }
        tokens++;
      }
      yield;
    }
    return { tokens, nats };
  }

  #count(ids: ArrayLike<number>, raw: Counts, continuation: Counts): void {
    for (let i = 0; i < ids.length; i++) {
      let context = ROOT;
      let shorter = NONE;
      for (let k = 1; k <= this.maxOrder; k++) {
        const before = this.#followers.size;
        const entry = this.#followers.add(context, ids[i]!);
        raw.increment(entry);
        // A new n-gram: one more distinct token precedes the shorter n-gram.
        if (entry === before && shorter !== NONE) {
          continuation.increment(this.#followers.find(shorter, ids[i]!));
        }
        if (k === this.maxOrder || i - k < -1) break;
        shorter = context;
        context = 1 + this.#contexts.add(context, this.#tokenAt(ids, i - k));
      }
    }
    continuation.reserve(this.#followers.size);
  }

  /** Position −1 holds the begin-of-piece token. */
  #tokenAt(ids: ArrayLike<number>, position: number): number {
    return position < 0 ? this.vocabularySize : ids[position]!;
  }

  /** Known contexts of position `end`, shortest first, then {@linkcode NONE}. */
  #path(
    ids: ArrayLike<number>,
    end: number,
    path = new Int32Array(this.maxOrder),
  ): Int32Array {
    path.fill(NONE);
    let context = ROOT;
    for (let k = 0; k < this.maxOrder; k++) {
      path[k] = context;
      if (end - k - 1 < -1) break;
      const longer = this.#contexts.find(
        context,
        this.#tokenAt(ids, end - k - 1),
      );
      if (longer === NONE) break;
      context = longer + 1;
    }
    return path;
  }

  /** Writes the probability of a token under every order into `out`. */
  #predict(
    path: Int32Array,
    token: number,
    out: Record<Smoothing, Float64Array>,
  ): void {
    let wittenBell = 1 / this.vocabularySize;
    let lower = wittenBell;
    for (let k = 0; k < this.maxOrder; k++) {
      const context = path[k]!;
      let top = lower;
      if (context !== NONE) {
        const entry = this.#followers.find(context, token);
        const count = entry === NONE ? 0 : this.#raw[entry]!;
        const types = this.#types[context]!;
        wittenBell = (count + types * wittenBell) /
          (this.#totals.raw[context]! + types);
        top = this.#discounted("raw", context, entry, lower);
        // The highest order has no continuation counts and needs none.
        if (k + 1 < this.maxOrder) {
          lower = this.#discounted("continuation", context, entry, lower);
        }
      }
      out["witten-bell"][k] = wittenBell;
      out["kneser-ney"][k] = top;
    }
  }

  #discounted(
    kind: "raw" | "continuation",
    context: number,
    entry: number,
    lower: number,
  ): number {
    const count = entry === NONE ? 0 : this.#counts(kind)[entry]!;
    const discount = this
      .#discounts[kind][this.#depth[context]!]![Math.min(count, 3)]!;
    return (count - discount + this.#reserved[kind][context]! * lower) /
      this.#totals[kind][context]!;
  }

  #counts(kind: "raw" | "continuation"): Int32Array {
    return kind === "raw" ? this.#raw : this.#continuation;
  }

  *#discountsOf(counts: Int32Array): Generator<void, number[][]> {
    const ofCounts = Array.from(
      { length: this.maxOrder },
      (): CountsOfCounts => [0, 0, 0, 0],
    );
    for (let entry = 0; entry < this.#followers.size; entry++) {
      if (entry % STEP === 0) yield;
      const count = counts[entry]!;
      if (count < 1 || count > 4) continue;
      ofCounts[this.#depth[this.#followers.first(entry)]!]![count - 1]!++;
    }
    return ofCounts.map(modifiedDiscounts);
  }
}

/** Refuses ids outside the vocabulary, in a step for each piece. */
function* checkIds(
  pieces: readonly ArrayLike<number>[],
  vocabularySize: number,
  verb: string,
): Generator<void, void> {
  if (!Number.isInteger(vocabularySize) || vocabularySize < 1) {
    throw new RangeError(
      `Cannot ${verb}: vocabularySize must be a positive integer, current value is ${vocabularySize}.`,
    );
  }
  for (const [piece, ids] of pieces.entries()) {
    yield;
    for (let i = 0; i < ids.length; i++) {
      if (
        Number.isInteger(ids[i]) && ids[i]! >= 0 && ids[i]! < vocabularySize
      ) {
        continue;
      }
      throw new RangeError(
        `Cannot ${verb}: token ids must be integers from 0 to ${
          vocabularySize - 1
        }, current value is ${
          ids[i]
        } at token ${i} of piece ${piece}. Was it encoded with another vocabulary?`,
      );
    }
  }
}

function probabilities(maxOrder: number): Record<Smoothing, Float64Array> {
  return {
    "witten-bell": new Float64Array(maxOrder),
    "kneser-ney": new Float64Array(maxOrder),
  };
}
