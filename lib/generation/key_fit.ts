/** How well pitches, and what has sounded, fit a key. */

import {
  type Key,
  KEY_FINDERS,
  keyCorrelation,
  type KeyFinder,
} from "../music/music.ts";
import type { RemiAlphabet } from "../tokens/remi/remi.ts";

const MODES = ["major", "minor"] as const;

/**
 * By how much a key correlates better than any other with what has sounded, −2 to
 * 2, to the key finder that is least sure of it; 0 without a key, or before
 * anything has sounded.
 *
 * @param sounding Time that each pitch class sounded, shape [12].
 */
export function keyMargin(
  sounding: Float64Array,
  key: Key | undefined,
): number {
  if (!key) return 0;
  let least = 2;
  for (let i = 0; i < KEY_FINDERS.length; i++) {
    least = Math.min(least, marginOf(KEY_FINDERS[i]!, sounding, key));
  }
  return least;
}

/** The margin to one key finder. */
function marginOf(
  finder: KeyFinder,
  sounding: Float64Array,
  key: Key,
): number {
  let other = -1;
  for (let i = 0; i < MODES.length; i++) {
    const mode = MODES[i]!;
    for (let tonic = 0; tonic < 12; tonic++) {
      if (tonic === key.tonic && mode === key.mode) continue;
      const fit = keyCorrelation(sounding, tonic, mode, finder);
      if (fit > other) other = fit;
    }
  }
  return keyCorrelation(sounding, key.tonic, key.mode, finder) - other;
}

/**
 * By id: how well a pitch fits a key, of mean 0 and deviation about 1, after all
 * key finders; else 0.
 */
export function keyProfile(
  { types, numbers }: RemiAlphabet,
  key: Key | undefined,
): Float64Array {
  return Float64Array.from(numbers, (pitch, id) => {
    if (!key || types[id] !== "Pitch") return 0;
    // A single pitch class correlates with a key as its profile says.
    const one = new Float64Array(12);
    one[pitch % 12] = 1;
    const fits = KEY_FINDERS.map((finder) =>
      keyCorrelation(one, key.tonic, key.mode, finder)
    );
    return fits.reduce((sum, fit) => sum + fit) / fits.length * Math.sqrt(11);
  });
}
