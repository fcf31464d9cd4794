/**
 * Numbers that sum up many, each 0 where there is nothing to sum up, so that every
 * piece has every figure.
 */

/** The mean, 0 of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0
    ? 0
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The standard deviation, 0 of nothing. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

/** Share of the values for which something holds, 0 of nothing. */
export function shareOf<T>(
  values: readonly T[],
  holds: (value: T) => boolean,
): number {
  return values.length === 0 ? 0 : values.filter(holds).length / values.length;
}

/** A ratio, 0 where the whole is 0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Shannon entropy of how often each value occurs, in bits, 0 of nothing. */
export function entropyOf(values: Iterable<string | number>): number {
  const counts = new Map<string | number, number>();
  let total = 0;
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    total++;
  }
  let bits = 0;
  for (const count of counts.values()) {
    bits -= count / total * Math.log2(count / total);
  }
  return bits;
}

/** Share of the values that equal an earlier one, 0 of nothing. */
export function returningShare(values: readonly string[]): number {
  return values.length === 0 ? 0 : 1 - new Set(values).size / values.length;
}

/** Each value with the one after it. */
export function neighbours<T>(values: readonly T[]): [T, T][] {
  return values.slice(1).map((next, i) => [values[i]!, next]);
}
