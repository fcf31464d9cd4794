/** Times as a clock shows them. */

/**
 * A time as minutes and seconds, to a tenth of a second where it is no whole one.
 *
 * @param seconds At least 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clockTime } from "immersic/music/music.ts";
 * assert.deepEqual([65, 12.5, 59.99].map(clockTime), ["1:05", "0:12.5", "1:00"]);
 * ```
 */
export function clockTime(seconds: number): string {
  const tenths = Math.round(10 * seconds);
  const rest = tenths % 600;
  const text = rest % 10 === 0 ? `${rest / 10}` : (rest / 10).toFixed(1);
  return `${Math.floor(tenths / 600)}:${rest < 100 ? "0" : ""}${text}`;
}
