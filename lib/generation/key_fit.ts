/** How well pitches, and what has sounded, fit a key. */

import { type Key, keyCorrelation } from "../music/music.ts";
import type { RemiAlphabet } from "../tokens/remi/remi.ts";

const MODES = ["major", "minor"] as const;

/**
 * By how much a key correlates better than any other with what has sounded, −2 to
 * 2; 0 without a key, or before anything has sounded.
 *
 * @param sounding Time that each pitch class sounded, shape [12].
 */
export function keyMargin(
  sounding: Float64Array,
  key: Key | undefined,
): number {
  if (!key) return 0;
  let other = -1;
  for (const mode of MODES) {
    for (let tonic = 0; tonic < 12; tonic++) {
      if (tonic === key.tonic && mode === key.mode) continue;
      other = Math.max(other, keyCorrelation(sounding, tonic, mode));
    }
  }
  return keyCorrelation(sounding, key.tonic, key.mode) - other;
}

/** By id: how well a pitch fits a key, of mean 0 and deviation 1; else 0. */
export function keyProfile(
  { types, numbers }: RemiAlphabet,
  key: Key | undefined,
): Float64Array {
  return Float64Array.from(numbers, (pitch, id) => {
    if (!key || types[id] !== "Pitch") return 0;
    // A single pitch class correlates with a key as its profile says.
    const one = new Float64Array(12);
    one[pitch % 12] = 1;
    return keyCorrelation(one, key.tonic, key.mode) * Math.sqrt(11);
  });
}
