/** Which lengths `Duration_…` tokens have, and how other lengths are rounded. */

/** Length of a drum hit, in steps; its sound rings on by itself. */
export const DRUM_STEPS = 1;

/** Tables by steps in a quarter, kept because they are needed at every token. */
const DURATION_TABLES = new Map<number, readonly number[]>();

/**
 * Lengths that one `Duration_…` token can have, in steps: every step up to two
 * quarters, then six to the quarter up to four, two to the quarter up to
 * eight, one up to sixteen, and one every two quarters up to thirty-two.
 *
 * @returns Rising; 60 lengths from 1 to 384 at 12 steps per quarter.
 *
 * @example
 * ```ts
 * import { durationTable } from "immersic/tokens/remi/durations.ts";
 * const table = durationTable(12);
 * console.assert(table[23] === 24 && table[24] === 26);
 * ```
 */
export function durationTable(stepsPerQuarter: number): readonly number[] {
  const known = DURATION_TABLES.get(stepsPerQuarter);
  if (known) return known;
  const table: number[] = [];
  const spacings: readonly [quarters: number, spacing: number][] = [
    [2, 1],
    [4, Math.max(1, Math.floor(stepsPerQuarter / 6))],
    [8, Math.max(1, Math.floor(stepsPerQuarter / 2))],
    [16, stepsPerQuarter],
    [32, 2 * stepsPerQuarter],
  ];
  for (const [quarters, spacing] of spacings) {
    const from = table.at(-1) ?? 0;
    const to = quarters * stepsPerQuarter;
    for (let steps = from + spacing; steps <= to; steps += spacing) {
      table.push(steps);
    }
  }
  DURATION_TABLES.set(stepsPerQuarter, table);
  return table;
}

/**
 * The nearest length that `Duration_…` tokens can have, the longer of two that
 * are equally near. A length beyond the table is a multiple of its longest entry
 * and a remainder.
 *
 * @param steps Length to round, at least 1.
 * @param table From {@linkcode durationTable}.
 * @param limit The longest length to return, at least 1.
 *
 * @example
 * ```ts
 * import { binDuration, durationTable } from "immersic/tokens/remi/durations.ts";
 * const table = durationTable(12);
 * console.assert(binDuration(47, table) === 48);
 * console.assert(binDuration(47, table, 47) === 46);
 * ```
 */
export function binDuration(
  steps: number,
  table: readonly number[],
  limit: number = Infinity,
): number {
  const longest = longestOf(table);
  // Most notes are short, and those have every length.
  if (steps <= limit && table[steps - 1] === steps) return steps;
  const rest = steps % longest, i = countUpTo(table, rest);
  const lower = i > 0 ? table[i - 1]! : 0;
  if (lower === rest) return steps;
  const down = steps - rest + lower, up = steps - rest + table[i]!;
  const nearest = down > 0 && steps - down < up - steps ? down : up;
  if (nearest <= limit) return nearest;
  const left = limit % longest;
  return limit - left + (table[countUpTo(table, left) - 1] ?? 0);
}

/** How many entries of a table are at most `steps`. */
function countUpTo(table: readonly number[], steps: number): number {
  let low = 0, high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table[middle]! <= steps) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last and longest length of a table. */
export function longestOf(table: readonly number[]): number {
  return table[table.length - 1]!;
}
