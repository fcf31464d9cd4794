/** What the last bar of a piece may say. */

import type { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import type { Key } from "../music/music.ts";

/**
 * Leaves of a mask only what closes a piece: the tonic triad, struck within the
 * first half of the bar. Where nothing would be left all is.
 *
 * @param mask 1 where a token may come, shape [V]; changed in place.
 * @param grammar Stands in the last bar.
 */
export function restrictToClose(
  mask: Uint8Array,
  { types, numbers }: RemiAlphabet,
  grammar: RemiGrammar,
  { tonic, mode }: Key,
): void {
  const triad = [0, mode === "minor" ? 3 : 4, 7];
  const half = (grammar.barEnd - grammar.barStart) / 2;
  const kept = mask.map((allowed, id) => {
    if (allowed === 0) return 0;
    if (types[id] === "Position") return numbers[id] < half ? 1 : 0;
    if (types[id] !== "Pitch") return 1;
    return triad.includes((numbers[id] - tonic + 12) % 12) ? 1 : 0;
  });
  if (kept.includes(1)) mask.set(kept);
}
