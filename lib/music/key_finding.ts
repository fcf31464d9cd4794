/** The key that music is in, by the time that each pitch class sounds. */

import { KEY_FINDERS, KEY_PROFILES, type KeyFinder } from "./key_profiles.ts";
import { sumsOf } from "./measures.ts";
import type { NoteSequence } from "./note_sequence.ts";
import type { Key } from "./theory.ts";

/** A key that was found, and how well the music fits it. */
export interface FoundKey extends Key {
  /** Pearson's r of the music with the key's profile, −1 to 1. */
  readonly correlation: number;
}

/**
 * The key that music is most likely in: the one whose profile correlates best
 * with the time each pitch class sounds (the Krumhansl–Schmuckler algorithm,
 * C. Krumhansl, "Cognitive Foundations of Musical Pitch", 1990).
 *
 * @param music A sequence, whose drums do not count and whose notes of no length
 * count as a tick; or twelve weights, of C, C sharp, … B.
 * @param finder Whose profiles.
 * @returns The key. Music that favours no pitch class, and silence, give C major
 * with correlation 0.
 * @throws {RangeError} If weights are given that are not twelve finite numbers,
 * none negative.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findKey } from "immersic/music/music.ts";
 * const { tonic, mode } = findKey([0, 0, 2, 0, 1, 0, 2, 0, 0, 3, 0, 1]);
 * assert(tonic === 2 && mode === "major");
 * ```
 */
export function findKey(
  music: NoteSequence | ArrayLike<number>,
  finder: KeyFinder = "krumhansl",
): FoundKey {
  const weights = "notes" in music ? sumsOf(music).pitchClassTicks : music;
  return keyFits(weights, finder).reduce((best, fit) =>
    fit.correlation > best.correlation ? fit : best
  );
}

/**
 * The key that music is most likely in, by each published set of profiles. They
 * weigh the scale degrees differently, and agree where the key is plain.
 *
 * @param music As {@linkcode findKey} takes it.
 * @returns One for each {@linkcode KeyFinder}, that of {@linkcode findKey} first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keysHeard } from "immersic/music/music.ts";
 * const keys = keysHeard([4, 0, 2, 0, 3, 1, 0, 3, 0, 1, 0, 1]);
 * assert(keys.every(({ tonic, mode }) => tonic === 0 && mode === "major"));
 * ```
 */
export function keysHeard(
  music: NoteSequence | ArrayLike<number>,
): FoundKey[] {
  const weights = "notes" in music ? sumsOf(music).pitchClassTicks : music;
  return KEY_FINDERS.map((finder) => findKey(weights, finder));
}

/**
 * How well music fits each of the 24 keys, by the algorithm of
 * {@linkcode findKey}.
 *
 * @param weights Twelve, of C, C sharp, … B.
 * @param finder Whose profiles.
 * @returns The major keys upwards from C, then the minor keys.
 * @throws {RangeError} If the weights are not twelve finite numbers, none
 * negative.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyFits } from "immersic/music/music.ts";
 * const fits = keyFits([3, 0, 1, 0, 2, 0, 0, 2, 0, 0, 0, 1]);
 * const cMajor = fits[0]!, cMinor = fits[12]!;
 * assert(cMajor.correlation > cMinor.correlation);
 * ```
 */
export function keyFits(
  weights: ArrayLike<number>,
  finder: KeyFinder = "krumhansl",
): FoundKey[] {
  const given = Array.from(weights);
  if (
    given.length !== 12 ||
    !given.every((weight) => weight >= 0 && weight < Infinity)
  ) {
    throw new RangeError(
      `Cannot find a key: the weights must be twelve finite numbers, none negative, current value is ${
        given.join(", ")
      }.`,
    );
  }
  return (["major", "minor"] as const).flatMap((mode) =>
    given.map((_, tonic) => {
      const correlation = keyCorrelation(given, tonic, mode, finder);
      return { tonic, mode, correlation };
    })
  );
}

/**
 * How well music fits one key, as {@linkcode keyFits} has it: Pearson's
 * correlation with the key's profile, 0 where all pitch classes weigh the same.
 * Allocates nothing, because it runs at every note sampled.
 *
 * @param weights Twelve finite numbers, none negative, of C, C sharp, … B.
 * @param tonic Pitch class 0–11.
 * @param finder Whose profiles.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyCorrelation, keyFits } from "immersic/music/music.ts";
 * const weights = [3, 0, 1, 0, 2, 0, 0, 2, 0, 0, 0, 1];
 * const [cMajor] = keyFits(weights);
 * assert.equal(keyCorrelation(weights, 0, "major"), cMajor?.correlation);
 * ```
 */
export function keyCorrelation(
  weights: ArrayLike<number>,
  tonic: number,
  mode: Key["mode"],
  finder: KeyFinder = "krumhansl",
): number {
  const profile = KEY_PROFILES[finder][mode];
  let sumX = 0, sumY = 0;
  for (let i = 0; i < 12; i++) {
    sumX += weights[(tonic + i) % 12]!;
    sumY += profile[i]!;
  }
  const meanX = sumX / 12, meanY = sumY / 12;
  let xy = 0, xx = 0, yy = 0;
  for (let i = 0; i < 12; i++) {
    const x = weights[(tonic + i) % 12]! - meanX, y = profile[i]! - meanY;
    xy += x * y;
    xx += x ** 2;
    yy += y ** 2;
  }
  // Equal values may differ from their mean in the last bit.
  return xx <= 1e-20 * meanX ** 2 ? 0 : xy / Math.sqrt(xx * yy);
}
