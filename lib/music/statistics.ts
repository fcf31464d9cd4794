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
