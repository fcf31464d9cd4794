/** Numbers that sum up many. */

/**
 * The arithmetic mean, NaN of no values.
 *
 * @example
 * ```ts
 * import { mean } from "immersic/music/music.ts";
 * console.assert(mean([1, 2, 6]) === 3);
 * ```
 */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * A quantile, linearly interpolated between neighbouring values, as NumPy does
 * by default.
 *
 * @param sorted Values in ascending order, at least one.
 * @param share Share of the values below the quantile, 0–1.
 */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!, high = sorted[Math.ceil(position)]!;
  return low + (position - below) * (high - low);
}

/**
 * The largest of any number of values, −Infinity of none. (`Math.max(...values)`
 * fails on a hundred thousand.)
 *
 * @example
 * ```ts
 * import { largest } from "immersic/music/music.ts";
 * console.assert(largest([1, 6, 2]) === 6);
 * ```
 */
export function largest(values: Iterable<number>): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/**
 * The smallest of any number of values, Infinity of none.
 *
 * @example
 * ```ts
 * import { smallest } from "immersic/music/music.ts";
 * console.assert(smallest([6, 1, 2]) === 1);
 * ```
 */
export function smallest(values: Iterable<number>): number {
  let least = Infinity;
  for (const value of values) least = Math.min(least, value);
  return least;
}
