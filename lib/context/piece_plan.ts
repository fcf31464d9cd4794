/** What is planned of a piece before its first note. */

import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";

/** The length of a piece, and who plays. */
export interface PiecePlan {
  /** Its bars; Infinity where it is to go on. */
  readonly bars: number;
  /** Its programs, and {@linkcode FIRST_KIT} + its kits. */
  readonly instruments: ReadonlySet<number>;
}

/**
 * The plan that a piece kept to.
 *
 * @param ids Of the whole piece.
 */
export function planOf(
  ids: ArrayLike<number>,
  { types, numbers }: RemiAlphabet,
): PiecePlan {
  let bars = 0;
  const instruments = new Set<number>();
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!, type = types[id];
    if (type === "Bar") bars++;
    else if (type === "Program") instruments.add(numbers[id]!);
    else if (type === "Kit") instruments.add(FIRST_KIT + numbers[id]!);
  }
  return { bars, instruments };
}

/** Nothing is planned. */
export const NO_PLAN: PiecePlan = { bars: Infinity, instruments: new Set() };
