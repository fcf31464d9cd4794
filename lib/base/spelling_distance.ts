/** How far apart two spellings are. */

/**
 * The number of letters to change, add, leave out or exchange with a neighbour to
 * make one word of another (optimal string alignment), up to a limit.
 *
 * @returns A number above `most` where it is more than that.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spellingDistance } from "immersic/base/base.ts";
 * assert.equal(spellingDistance("paino", "piano", 2), 1);
 * ```
 */
export function spellingDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}
