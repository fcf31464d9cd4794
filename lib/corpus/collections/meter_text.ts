/** Meters in tables, also those that a spreadsheet has turned into dates. */

/** A meter that a cell gives. */
export interface MeterText {
  /** Beats to the bar. */
  readonly numerator: number;
  /** 1, 2, 4, 8 or 16. */
  readonly denominator: number;
  /** Whether the cell held a date in its place. */
  readonly isDate: boolean;
}

const MONTHS = [
  ...["jan", "feb", "mar", "apr", "may", "jun"],
  ...["jul", "aug", "sep", "oct", "nov", "dec"],
];
const DENOMINATORS = [1, 2, 4, 8, 16];

/**
 * The meter that a cell gives: "4-4", "6/8", or the date that a spreadsheet makes
 * of "4-4", as "04월 04일", "4-Apr" or "2024-04-04". Day and month may have changed
 * places; then the one that can be a denominator is taken for it.
 *
 * @returns undefined where the cell gives none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { meterOf } from "immersic/corpus/collections/meter_text.ts";
 * assert.equal(meterOf("6-8")?.denominator, 8);
 * const { numerator, denominator } = meterOf("4-Mar")!; // 3-4, as a date
 * assert.deepEqual([numerator, denominator], [3, 4]);
 * assert.equal(meterOf("fast"), undefined);
 * ```
 */
export function meterOf(cell: string): MeterText | undefined {
  const plain = cell.match(/^\s*(\d{1,2})\s*[-/:_]\s*(\d{1,2})\s*$/);
  if (plain) return meter(Number(plain[1]), Number(plain[2]), false);
  const numbers = cell.toLowerCase()
    .replace(/\b\d{4}\b|\d{1,2}:\d{2}(?::\d{2})?/g, " ")
    .replace(
      new RegExp(`\\b(${MONTHS.join("|")})[a-z]*`, "g"),
      (_, name: string) => ` ${MONTHS.indexOf(name) + 1} `,
    ).match(/\d+/g)?.map(Number) ?? [];
  const [first, second] = numbers;
  if (numbers.length !== 2 || first === undefined || second === undefined) {
    return undefined;
  }
  // "3-4" may have become March 4 or April 3, written in either order.
  return DENOMINATORS.includes(second)
    ? meter(first, second, true)
    : meter(second, first, true);
}

function meter(
  numerator: number,
  denominator: number,
  isDate: boolean,
): MeterText | undefined {
  return numerator > 0 && DENOMINATORS.includes(denominator)
    ? { numerator, denominator, isDate }
    : undefined;
}
