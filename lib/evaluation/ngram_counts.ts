/** Counts of n-grams, and what is taken from them for n-grams that were never seen. */

/** How many n-grams have a count of 1, 2, 3 and 4. */
export type CountsOfCounts = [n1: number, n2: number, n3: number, n4: number];

/**
 * Discounts of counts 0, 1, 2 and 3 or more (Chen and Goodman, eq. 26). In a small
 * corpus without n-grams of one of these counts, all three are their Y. Each is
 * positive and at most the count itself, so that every token keeps some
 * probability.
 */
export function modifiedDiscounts([n1, n2, n3, n4]: CountsOfCounts): number[] {
  const y = n1 > 0 && n2 > 0 ? n1 / (n1 + 2 * n2) : 0.5;
  const complete = n1 > 0 && n2 > 0 && n3 > 0 && n4 > 0;
  const discounts = complete
    ? [1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
    : [y, y, y];
  return [0, ...discounts.map((d, i) => Math.min(Math.max(d, 0.01), i + 1))];
}

/** Number of tokens of all pieces together. */
export function countTokens(pieces: readonly ArrayLike<number>[]): number {
  return pieces.reduce((sum, ids) => sum + ids.length, 0);
}

/** Numbers by entry, mostly counts, in an array that grows with the entries. */
export class Counts {
  /** The numbers; those beyond the last entry are 0. */
  values = new Int32Array(1024);

  /** Adds one to a number. */
  increment(entry: number): void {
    this.reserve(entry + 1);
    this.values[entry]!++;
  }

  /** Sets a number. */
  set(entry: number, value: number): void {
    this.reserve(entry + 1);
    this.values[entry] = value;
  }

  /** Makes room for so many numbers. */
  reserve(length: number): void {
    if (length <= this.values.length) return;
    const grown = new Int32Array(Math.max(length, 2 * this.values.length));
    grown.set(this.values);
    this.values = grown;
  }
}
