/** The token that stands for another which a model does not know. */

import { type Meaning, parseToken } from "./chord_tokens.ts";
import { setDistance } from "./set_distance.ts";

/**
 * The known token that sounds most like another: for notes by distance in
 * semitones, for chords by the distance of their pitch classes. A note replaces a
 * chord, or a chord a note, only if `known` has none of the token's own kind.
 *
 * @param token A note or chord.
 * @param known The tokens to choose from; the same array for every token is
 * fastest, and must not change.
 * @returns One of `known`; of several equally near, the first.
 * @throws {RangeError} If `token` is none of this alphabet, or there is no
 * choice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nearestToken } from "immersic/tokens/chord/chord.ts";
 * assert.equal(nearestToken("C#5", ["C4", "D5", "0.4.7"]), "D5");
 * assert.equal(nearestToken("0.3.7", ["C4", "0.4.7", "5.9.0"]), "0.4.7");
 * ```
 */
export function nearestToken(token: string, known: readonly string[]): string {
  const meaning = parseToken(token);
  let nearest: string | undefined, least = Infinity;
  for (const [index, candidate] of meaningsOf(known).entries()) {
    const apart = distance(meaning, candidate);
    if (apart < least) [nearest, least] = [known[index], apart];
  }
  if (nearest === undefined) {
    throw new RangeError(
      `Cannot find a token near "${token}": there are no tokens to choose from.`,
    );
  }
  return nearest;
}

/** The meanings of lists of tokens: a list is asked for one token after another. */
const MEANINGS = new WeakMap<readonly string[], readonly Meaning[]>();

function meaningsOf(known: readonly string[]): readonly Meaning[] {
  const found = MEANINGS.get(known);
  if (found?.length === known.length) return found;
  const meanings = known.map(parseToken);
  MEANINGS.set(known, meanings);
  return meanings;
}

function distance(a: Meaning, b: Meaning): number {
  if ("pitch" in a && "pitch" in b) return Math.abs(a.pitch - b.pitch);
  const classes = (meaning: Meaning) =>
    "pitch" in meaning ? [meaning.pitch % 12] : meaning.pitchClasses;
  // More than any two notes, or chords, are apart.
  const otherKind = "pitch" in a === "pitch" in b ? 0 : 128;
  return otherKind + setDistance(classes(a), classes(b), 12);
}
