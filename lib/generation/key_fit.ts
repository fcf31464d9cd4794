/** How plainly what has sounded is in a key, and what would make it plainer. */

import {
  type Key,
  KEY_FINDERS,
  keyCorrelation,
  type KeyFinder,
} from "../music/music.ts";

/** All keys, the major ones upwards from C, then the minor ones. */
const KEYS: readonly Key[] = (["major", "minor"] as const).flatMap((mode) =>
  Array.from({ length: 12 }, (_, tonic) => ({ tonic, mode }))
);

/**
 * By finder, key and pitch class: how well it alone fits the key, of mean 0 and
 * deviation 1.
 */
const WEIGHTS = KEY_FINDERS.map((finder) =>
  KEYS.map((key) => weightsOf(key, finder))
);

function weightsOf({ tonic, mode }: Key, finder: KeyFinder): Float64Array {
  return Float64Array.from({ length: 12 }, (_, pitchClass) => {
    // A single pitch class correlates with a key as its profile says.
    const one = new Float64Array(12);
    one[pitchClass] = 1;
    return keyCorrelation(one, tonic, mode, finder) * Math.sqrt(11);
  });
}

/**
 * Measures what has sounded against a key. Allocates nothing once made, because it
 * runs at every note sampled.
 */
export class KeyFit {
  /** Index of the key in {@linkcode KEYS}; −1 without one. */
  readonly #key: number;
  /** By pitch class. */
  readonly weights = new Float64Array(12);
  #margin = 0;

  constructor(key: Key | undefined) {
    this.#key = KEYS.findIndex(({ tonic, mode }) =>
      tonic === key?.tonic && mode === key.mode
    );
    this.reset();
  }

  /**
   * By how much the key correlates better than any other with what has sounded, −2
   * to 2, to the key finder that is least sure of it; 0 without a key, or before
   * anything has sounded.
   */
  get margin(): number {
    return this.#margin;
  }

  /** Forgets what sounded: pitch classes weigh as in the mean of all key finders. */
  reset(): void {
    this.#margin = 0;
    if (this.#key < 0) return;
    for (let i = 0; i < 12; i++) {
      const sum = WEIGHTS.reduce((sum, keys) => sum + keys[this.#key]![i]!, 0);
      this.weights[i] = sum / WEIGHTS.length;
    }
  }

  /** Takes over what another of the same key has measured. */
  copy(other: KeyFit): void {
    this.#margin = other.margin;
    this.weights.set(other.weights);
  }

  /**
   * Measures. From then on pitch classes weigh by how well they fit the key, and how
   * much better than its strongest rival, to the finder that is least sure: pitches
   * that fit both, such as tonic and fifth of the parallel key, would leave it unsure.
   *
   * @param sounding Time that each pitch class sounded, shape [12].
   */
  measure(sounding: Float64Array): void {
    if (this.#key < 0) return;
    this.#margin = 2;
    for (let finder = 0; finder < KEY_FINDERS.length; finder++) {
      const own = correlation(sounding, this.#key, finder);
      let rival = -1, strongest = -1;
      for (let key = 0; key < KEYS.length; key++) {
        if (key === this.#key) continue;
        const fit = correlation(sounding, key, finder);
        if (rival >= 0 && fit <= strongest) continue;
        rival = key;
        strongest = fit;
      }
      if (own - strongest >= this.#margin) continue;
      this.#margin = own - strongest;
      const keys = WEIGHTS[finder]!;
      for (let i = 0; i < 12; i++) {
        this.weights[i] = 2 * keys[this.#key]![i]! - keys[rival]![i]!;
      }
    }
  }
}

function correlation(
  sounding: Float64Array,
  key: number,
  finder: number,
): number {
  const { tonic, mode } = KEYS[key]!;
  return keyCorrelation(sounding, tonic, mode, KEY_FINDERS[finder]);
}
