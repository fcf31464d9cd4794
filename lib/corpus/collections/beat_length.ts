/** The length of a quarter note in music whose file does not say it. */

/** Lengths that files have, with how likely each is, as a logarithm. */
const LENGTHS: readonly (readonly [ticks: number, likelihood: number])[] = [
  [480, 0],
  [384, -0.5],
  [120, -0.7],
  [192, -0.7],
  [240, -0.7],
  [96, -0.8],
  [1024, -0.8],
  [960, -1],
  [256, -1.5],
  [512, -1.5],
  [768, -1.5],
];
/** Usual time from one onset to the next, in seconds and in quarter notes. */
const USUAL_SECONDS = 0.24, USUAL_QUARTERS = 0.4;
/** Onsets are on the grid within this share of a quarter note. */
const TOLERANCE = 1 / 48;

/**
 * The likeliest number of ticks to a quarter note: one with most onsets on its
 * sixteenths and triplets, and with onsets as close together as music has them.
 *
 * @param onsets When notes begin, in ticks.
 * @param qpm Quarter notes per minute.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ticksPerQuarterOf } from "immersic/corpus/collections/beat_length.ts";
 * const eighths = Array.from({ length: 64 }, (_, i) => i * 192);
 * assert.equal(ticksPerQuarterOf(eighths, 100), 384);
 * ```
 */
export function ticksPerQuarterOf(
  onsets: readonly number[],
  qpm: number,
): number {
  const times = [...new Set(onsets)].sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
    .sort((a, b) => a - b);
  const gap = gaps[gaps.length >> 1];
  let best = LENGTHS[0]![0], most = -Infinity;
  if (gap === undefined) return best;
  for (const [ticks, likelihood] of LENGTHS) {
    const onGrid = times.filter((time) =>
      isNear(time, ticks / 4, ticks) || isNear(time, ticks / 3, ticks)
    ).length / times.length;
    const quarters = gap / ticks, seconds = quarters * 60 / qpm;
    const score = likelihood + 12 * onGrid -
      Math.log2(seconds / USUAL_SECONDS) ** 2 -
      Math.log2(quarters / USUAL_QUARTERS) ** 2;
    if (score > most) {
      [best, most] = [ticks, score];
    }
  }
  return best;
}

function isNear(time: number, step: number, ticks: number): boolean {
  return Math.abs(time - Math.round(time / step) * step) <= TOLERANCE * ticks;
}
