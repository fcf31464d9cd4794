/** Takes a misspelt word for the one known word that it is near to. */

import { spellingDistance } from "../base/base.ts";
import { SMALL_WORDS, SPELLABLE } from "./lexicon.ts";
import COMMON from "./words/common.json" with { type: "json" };

/** From so many letters on, two of them may be wrong. */
const LONG_WORD = 10;

/** Right words that are near to a word of the lexicon; they stay as they are. */
const RIGHT = new Set(COMMON.words.split(" "));

/** Small words that are long enough to be misspelt. */
const SMALL = [...SMALL_WORDS].filter((word) => /^[a-z]{6,}$/.test(word));

/**
 * The known words that a word can be a misspelling of: at one letter's distance,
 * or two from ten letters on, with the first letter or the first two exchanged.
 * Only the nearest are given.
 *
 * @param word Without accents, in lower case.
 */
export function spelledLike(word: string): readonly string[] {
  if (!/^[a-z]{5,}$/.test(word) || RIGHT.has(word)) return [];
  const most = word.length >= LONG_WORD ? 2 : 1;
  let nearest = most + 1;
  let found: string[] = [];
  for (const known of SPELLABLE) {
    const isBegun = known[0] === word[0] || known[0] === word[1];
    if (!isBegun) continue;
    const distance = spellingDistance(word, known, most);
    // Short words are near to many.
    if (distance === 0 || distance > most || known.length < 5 && distance > 1) {
      continue;
    }
    if (distance < nearest) [nearest, found] = [distance, []];
    if (distance === nearest) found.push(known);
  }
  const isSmall = SMALL.some((small) =>
    small[0] === word[0] && spellingDistance(word, small, nearest) <= nearest
  );
  return isSmall ? [] : found;
}
