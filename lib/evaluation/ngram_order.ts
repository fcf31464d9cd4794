/** What is counted of the n-grams of one order, and how its counts are discounted. */

import {
  Counts,
  type CountsOfCounts,
  modifiedDiscounts,
} from "./ngram_counts.ts";
import { ABSENT as NONE, PairTable } from "./pair_table.ts";

/** Entries of a table between two steps; a step takes some milliseconds. */
export const STEP = 16_384;

/**
 * All n-grams of one order. Their contexts are the n-grams of the order below, by
 * their numbers there.
 */
export class Order {
  /** (context, next token) → n-gram. */
  readonly grams = new PairTable();
  readonly counts = { raw: new Counts(), continuation: new Counts() };
  /** By n-gram: its end of the order below; of a single token none. */
  readonly shorter = new Counts();
  /** By n-gram: 1 where it starts with the begin-of-piece token. */
  fromBegin = new Uint8Array();
  /** By context: the sum of the counts. */
  totals = { raw: new Int32Array(), continuation: new Int32Array() };
  /** By context: distinct tokens seen after it. */
  types = new Int32Array();
  /** By context: what discounting takes from it, in counts. */
  reserved = { raw: new Float64Array(), continuation: new Float64Array() };
  /** Discount of a count of 0, 1, 2, and 3 or more. */
  discounts: Record<Kind, readonly number[]> = { raw: [], continuation: [] };
}

/** Counts of n-grams, and of the distinct tokens that precede them. */
export const KINDS = ["raw", "continuation"] as const;
/** A kind of counts. */
export type Kind = typeof KINDS[number];

/**
 * The probability of a token by discounted counts.
 *
 * @param gram The token's n-gram, or `ABSENT`.
 * @param lower Its probability by the order below.
 */
export function discounted(
  { counts, discounts, reserved, totals }: Order,
  kind: Kind,
  context: number,
  gram: number,
  lower: number,
): number {
  const count = gram === NONE ? 0 : counts[kind].values[gram]!;
  const discount = discounts[kind][Math.min(count, 3)]!;
  return (count - discount + reserved[kind][context]! * lower) /
    totals[kind][context]!;
}

/** The discounts of an order. */
export function* discountsOf(counts: Int32Array): Generator<void, number[]> {
  const ofCounts: CountsOfCounts = [0, 0, 0, 0];
  for (let gram = 0; gram < counts.length; gram++) {
    if (gram % STEP === 0) yield;
    const count = counts[gram]!;
    if (count >= 1 && count <= 4) ofCounts[count - 1]!++;
  }
  return modifiedDiscounts(ofCounts);
}
