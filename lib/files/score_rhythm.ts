/** Lengths of notes as notation has them: values, dots, ties and triplets. */

import { DIVISIONS } from "./score_grid.ts";

/** Names of note values, from the longest. */
const VALUES = [
  ["whole", 192],
  ["half", 96],
  ["quarter", 48],
  ["eighth", 24],
  ["16th", 12],
  ["32nd", 6],
  ["64th", 3],
] as const;

/** The name of a note value. */
export type ValueName = (typeof VALUES)[number][0];

/** A stretch of a voice: a chord or a rest. */
export interface Stretch {
  /** From the bar line, in steps of the grid. */
  readonly start: number;
  readonly end: number;
}

/** A note value, of which one or more, tied, make a stretch. */
export interface Value {
  readonly start: number;
  /** In steps of the grid. */
  readonly length: number;
  readonly name: ValueName;
  readonly dots: 0 | 1;
  /** Whether three of them last as long as two. */
  readonly isTriplet: boolean;
  /** Whether a group of triplets begins with it. */
  readonly beginsGroup: boolean;
  /** Whether a group of triplets ends with it. */
  readonly endsGroup: boolean;
}

/**
 * Writes the stretches of a voice as note values. A quarter note in which something
 * begins or ends off the straight grid is written in triplets.
 *
 * @param stretches One after the other, without a gap, from the bar line to the next.
 * @returns The values of each stretch, in order.
 */
export function valuesOf(stretches: readonly Stretch[]): Value[][] {
  const inTriplets = new Set<number>();
  for (const { start } of stretches) {
    if (start % 3 !== 0) inTriplets.add(Math.floor(start / DIVISIONS));
  }
  const end = stretches.at(-1)?.end ?? 0;
  return stretches.map((stretch) => {
    const values: Value[] = [];
    for (let start = stretch.start; start < stretch.end;) {
      const quarter = Math.floor(start / DIVISIONS);
      const isTriplet = inTriplets.has(quarter);
      const quarterEnd = Math.min(end, (quarter + 1) * DIVISIONS);
      let until = stretch.end;
      if (isTriplet) until = Math.min(until, quarterEnd);
      else {
        const last = Math.floor((stretch.end - 1) / DIVISIONS);
        const isCut = last > quarter && inTriplets.has(last);
        if (isCut) until = last * DIVISIONS;
      }
      const value = longest(start, until - start, isTriplet);
      values.push({
        start,
        ...value,
        isTriplet,
        beginsGroup: isTriplet && start === quarter * DIVISIONS,
        endsGroup: isTriplet && start + value.length === quarterEnd,
      });
      start += value.length;
    }
    return values;
  });
}

/** The longest value that may begin at a place and lasts no longer than a time. */
function longest(
  start: number,
  room: number,
  isTriplet: boolean,
): Pick<Value, "length" | "name" | "dots"> {
  for (const [name, straight] of VALUES) {
    const plain = isTriplet ? straight * 2 / 3 : straight;
    for (const dots of [1, 0] as const) {
      const length = dots === 1 ? plain * 1.5 : plain;
      if (length > room || !Number.isInteger(length)) continue;
      // One value may lie across the beat by half; of several, each begins where
      // its like do, so that the beat can be seen.
      const from = length === room
        ? Math.min(straight / 2, DIVISIONS)
        : straight;
      const fits = isTriplet ||
        start % from === 0 && (dots === 0 || length === room);
      if (fits) return { name, length, dots };
    }
  }
  throw new RangeError(
    `Cannot write a note: its length must be that of notes and rests down to 64ths, current value is ${room} of ${DIVISIONS} to a quarter note.`,
  );
}
