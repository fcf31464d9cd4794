/** Meters: their names, where they hold, and the length of a bar. */

import type { NoteSequence, TimeSignature } from "./note_sequence.ts";

/** A meter, such as 6/8, wherever it holds. */
export type Meter = Pick<TimeSignature, "numerator" | "denominator">;

/** The meter until a piece states one, as MIDI files have it: 4/4. */
export const DEFAULT_METER: Meter = { numerator: 4, denominator: 4 };

/**
 * A meter by name.
 *
 * @example
 * ```ts
 * import { meterName } from "immersic/music/music.ts";
 * console.assert(meterName({ numerator: 6, denominator: 8 }) === "6/8");
 * ```
 */
export function meterName({ numerator, denominator }: Meter): string {
  return `${numerator}/${denominator}`;
}

/**
 * A meter from its name, as {@linkcode meterName} gives it.
 *
 * @throws {RangeError} If the name is not two whole numbers with a slash between.
 *
 * @example
 * ```ts
 * import { parseMeter } from "immersic/music/music.ts";
 * console.assert(parseMeter("6/8").numerator === 6);
 * ```
 */
export function parseMeter(name: string): Meter {
  const [, numerator, denominator] = /^(\d+)\/(\d+)$/.exec(name) ?? [];
  if (numerator === undefined || denominator === undefined) {
    throw new RangeError(
      `Cannot read a meter: it must be like 6/8, current value is ${name}.`,
    );
  }
  return { numerator: Number(numerator), denominator: Number(denominator) };
}

/**
 * The meter of tick 0: the one stated there, or else {@linkcode DEFAULT_METER},
 * though a later meter may follow.
 *
 * @example
 * ```ts
 * import { firstMeter, meterName } from "immersic/music/music.ts";
 * const timeSignatures = [{ ticks: 1920, numerator: 3, denominator: 4 }];
 * console.assert(meterName(firstMeter({ timeSignatures })) === "4/4");
 * ```
 */
export function firstMeter(
  { timeSignatures: [first] }: Pick<NoteSequence, "timeSignatures">,
): Meter {
  return first?.ticks === 0 ? first : DEFAULT_METER;
}

/**
 * The first meter that a piece states, at whatever tick;
 * {@linkcode DEFAULT_METER} if it states none. {@linkcode firstMeter} gives the
 * meter of tick 0.
 *
 * @example
 * ```ts
 * import { firstStatedMeter, meterName } from "immersic/music/music.ts";
 * const timeSignatures = [{ ticks: 1920, numerator: 3, denominator: 4 }];
 * console.assert(meterName(firstStatedMeter({ timeSignatures })) === "3/4");
 * ```
 */
export function firstStatedMeter(
  { timeSignatures: [first] }: Pick<NoteSequence, "timeSignatures">,
): Meter {
  return first ?? DEFAULT_METER;
}

/**
 * The meter that holds at a tick.
 *
 * @example
 * ```ts
 * import { meterAt, meterName } from "immersic/music/music.ts";
 * const timeSignatures = [{ ticks: 1920, numerator: 3, denominator: 4 }];
 * console.assert(meterName(meterAt({ timeSignatures }, 1919)) === "4/4");
 * console.assert(meterName(meterAt({ timeSignatures }, 1920)) === "3/4");
 * ```
 */
export function meterAt(
  { timeSignatures }: Pick<NoteSequence, "timeSignatures">,
  ticks: number,
): Meter {
  let low = 0, high = timeSignatures.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeSignatures[middle]!.ticks <= ticks) low = middle + 1;
    else high = middle;
  }
  return timeSignatures[low - 1] ?? DEFAULT_METER;
}

/**
 * Quarter notes to the bar, a fraction in a meter such as 7/8.
 *
 * @example
 * ```ts
 * import { quartersPerBar } from "immersic/music/music.ts";
 * console.assert(quartersPerBar({ numerator: 6, denominator: 8 }) === 3);
 * ```
 */
export function quartersPerBar(meter: Meter): number {
  return ticksPerBar(meter, 1);
}

/**
 * Length of a bar. Where a short bar does not come out whole in ticks the
 * length is a fraction; `barStarts()` rounds.
 *
 * @param meter The meter.
 * @param ticksPerQuarter Ticks to a quarter note.
 * @returns Ticks to the bar.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ticksPerBar } from "immersic/music/music.ts";
 * assert(ticksPerBar({ numerator: 6, denominator: 8 }, 480) === 1440);
 * ```
 */
export function ticksPerBar(
  { numerator, denominator }: Meter,
  ticksPerQuarter: number,
): number {
  return numerator * 4 * ticksPerQuarter / denominator;
}

/**
 * Quarter notes from one beat to the next: a dotted quarter in 6/8, 9/8 and 12/8.
 *
 * @example
 * ```ts
 * import { beatQuarters } from "immersic/music/music.ts";
 * console.assert(beatQuarters({ numerator: 6, denominator: 8 }) === 1.5);
 * console.assert(beatQuarters({ numerator: 3, denominator: 4 }) === 1);
 * ```
 */
export function beatQuarters({ numerator, denominator }: Meter): number {
  const isCompound = denominator === 8 && numerator % 3 === 0;
  return isCompound ? 1.5 : 4 / denominator;
}
