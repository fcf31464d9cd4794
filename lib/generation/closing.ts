/** Restricts the last bar of a piece to what closes it. */

import type { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import type { Key } from "../music/music.ts";

/**
 * Clears from a mask the pitches outside the tonic triad, and the positions after
 * the first half of the bar. A mask that would be left empty stays as it is.
 *
 * @param mask 1 where a token may come, shape [V]; changed in place.
 * @param grammar Of a section whose last bar is being written.
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
    if (types[id] === "Position") return numbers[id]! < half ? 1 : 0;
    if (types[id] !== "Pitch") return 1;
    return triad.includes((numbers[id]! - tonic + 12) % 12) ? 1 : 0;
  });
  if (kept.includes(1)) mask.set(kept);
}
