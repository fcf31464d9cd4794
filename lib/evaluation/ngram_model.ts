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
import { countTokens } from "./ngram_counts.ts";
import { discounted, discountsOf, KINDS, Order, STEP } from "./ngram_order.ts";
import { ABSENT as NONE } from "./pair_table.ts";

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

/** The only context of single tokens, the empty one. */
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
  /** The first has single tokens, among them the begin-of-piece token. */
  readonly #orders: readonly Order[];

  private constructor(
    readonly vocabularySize: number,
    readonly maxOrder: number,
  ) {
    this.#orders = Array.from({ length: maxOrder }, () => new Order());
  }

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
    for (const ids of pieces) {
      this.#count(ids);
      yield;
    }
    yield* this.#countShorter();
    let below: Order | undefined;
    for (const order of this.#orders) {
      yield* this.#sum(order, below);
      below = order;
    }
  }

  /** Counts every n-gram where a longer one ends with it, too. */
  *#countShorter(): Generator<void, void> {
    for (let k = this.maxOrder - 1; k > 0; k--) {
      const { grams, counts, shorter } = this.#orders[k]!;
      const below = this.#orders[k - 1]!;
      counts.raw.reserve(grams.size);
      below.counts.raw.reserve(below.grams.size);
      for (let gram = 0; gram < grams.size; gram++) {
        if (gram % STEP === 0) yield;
        const to = shorter.values[gram]!;
        below.counts.raw.values[to]! += counts.raw.values[gram]!;
      }
    }
  }

  /** Sums the counts of an order by context. */
  *#sum(order: Order, below: Order | undefined): Generator<void, void> {
    const { grams, counts, totals, reserved } = order;
    order.fromBegin = new Uint8Array(grams.size);
    for (const kind of KINDS) counts[kind].reserve(grams.size);
    for (let gram = 0; gram < grams.size; gram++) {
      if (gram % STEP === 0) yield;
      const starts = below
        ? below.fromBegin[grams.first(gram)] === 1
        : grams.second(gram) === this.vocabularySize;
      if (!starts) continue;
      order.fromBegin[gram] = 1;
      // Nothing precedes the begin-of-piece token: contexts that start with it have
      // no continuation counts and use their own counts instead.
      counts.continuation.values[gram] = counts.raw.values[gram]!;
    }
    const contexts = below ? below.grams.size : 1;
    order.types = new Int32Array(contexts);
    for (const kind of KINDS) {
      order.discounts[kind] = yield* discountsOf(counts[kind].values);
      totals[kind] = new Int32Array(contexts);
      reserved[kind] = new Float64Array(contexts);
    }
    for (let gram = 0; gram < grams.size; gram++) {
      if (gram % STEP === 0) yield;
      const context = grams.first(gram);
      // The begin-of-piece token is never predicted.
      if (grams.second(gram) === this.vocabularySize) continue;
      order.types[context]!++;
      for (const kind of KINDS) {
        const count = counts[kind].values[gram]!;
        totals[kind][context]! += count;
        reserved[kind][context]! += order.discounts[kind][Math.min(count, 3)]!;
      }
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
    const before = this.#begin();
    for (let i = 0; i < history.length; i++) this.#goOn(before, history[i]!);
    const out = probabilities(this.maxOrder);
    return Float64Array.from({ length: this.vocabularySize }, (_, token) => {
      this.#predict(before, token, out);
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
    const before = this.#begin();
    return Float64Array.from({ length: ids.length }, (_, i) => {
      this.#predict(before, ids[i]!, out);
      this.#goOn(before, ids[i]!);
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
    let tokens = 0;
    for (const ids of pieces) {
      const before = this.#begin();
      for (let i = 0; i < ids.length; i++, this.#goOn(before, ids[i - 1]!)) {
        if (i < skip) continue;
        this.#predict(before, ids[i]!, out);
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

  /** Counts the longest n-gram that ends at each token, and numbers all shorter ones. */
  #count(ids: ArrayLike<number>): void {
    const longest = this.#orders[this.maxOrder - 1]!;
    longest.counts.raw.reserve(longest.grams.size);
    /** By length − 1: the n-grams before the token. */
    const before = new Int32Array(this.maxOrder).fill(NONE);
    before[0] = this.#orders[0]!.grams.add(ROOT, this.vocabularySize);
    for (let i = 0; i < ids.length; i++) {
      // Of most n-grams of the highest order another has been counted: it tells the
      // shorter ones.
      let last = before[this.maxOrder - 1]!;
      let known = last;
      while (known !== NONE && i < ids.length) {
        const context = longest.shorter.values[last]!;
        known = longest.grams.find(context, ids[i]!);
        if (known === NONE) break;
        longest.counts.raw.values[known]!++;
        last = known;
        i++;
      }
      if (i === ids.length) break;
      for (let k = this.maxOrder - 1; k >= 0 && last !== NONE; k--) {
        before[k] = last;
        last = this.#orders[k]!.shorter.values[last]!;
      }
      this.#number(before, ids[i]!);
    }
  }

  /** Counts the longest n-gram that ends with a token; goes on by it. */
  #number(before: Int32Array, token: number): void {
    let context = ROOT, shorter = NONE, k = 0;
    for (; k < this.maxOrder && context !== NONE; k++) {
      const { grams, shorter: shorterOf } = this.#orders[k]!;
      const known = grams.size;
      const gram = grams.add(context, token);
      if (gram === known) {
        shorterOf.set(gram, shorter);
        // One more distinct token precedes the shorter n-gram.
        if (k > 0) this.#orders[k - 1]!.counts.continuation.increment(shorter);
      }
      context = before[k]!;
      before[k] = shorter = gram;
    }
    this.#orders[k - 1]!.counts.raw.increment(shorter);
  }

  /** By length − 1: the n-gram that ends where a piece begins. */
  #begin(): Int32Array {
    const before = new Int32Array(this.maxOrder).fill(NONE);
    before[0] = this.#orders[0]!.grams.find(ROOT, this.vocabularySize);
    return before;
  }

  /** By length − 1: the n-grams that end a token later, {@linkcode NONE} if unknown. */
  #goOn(before: Int32Array, token: number): void {
    let context = ROOT;
    for (let k = 0; k < this.maxOrder; k++) {
      const longer = before[k]!;
      before[k] = context === NONE
        ? NONE
        : this.#orders[k]!.grams.find(context, token);
      context = longer;
    }
  }

  /**
   * Writes the probability of a token under every order into `out`.
   *
   * @param before By length − 1: the n-grams before the token.
   */
  #predict(
    before: Int32Array,
    token: number,
    out: Record<Smoothing, Float64Array>,
  ): void {
    let wittenBell = 1 / this.vocabularySize;
    let lower = wittenBell;
    for (let k = 0; k < this.maxOrder; k++) {
      const order = this.#orders[k]!;
      const context = k === 0 ? ROOT : before[k - 1]!;
      let top = lower;
      // What only ends pieces is no context.
      if (context !== NONE && order.types[context]! > 0) {
        const gram = order.grams.find(context, token);
        const count = gram === NONE ? 0 : order.counts.raw.values[gram]!;
        const types = order.types[context]!;
        wittenBell = (count + types * wittenBell) /
          (order.totals.raw[context]! + types);
        top = discounted(order, "raw", context, gram, lower);
        // The highest order has no continuation counts and needs none.
        if (k + 1 < this.maxOrder) {
          lower = discounted(order, "continuation", context, gram, lower);
        }
      }
      out["witten-bell"][k] = wittenBell;
      out["kneser-ney"][k] = top;
    }
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
