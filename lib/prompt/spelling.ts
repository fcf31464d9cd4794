/** Takes a misspelt word for the one known word that it is near to. */

import { SMALL_WORDS, SPELLABLE } from "./lexicon.ts";
import COMMON from "./words/common.json" with { type: "json" };

/** From so many letters on, two of them may be wrong. */
const LONG_WORD = 10;

/** Right words that are near to a word of the lexicon; they stay as they are. */
const RIGHT = new Set(COMMON.words.split(" "));

/** Small words that are long enough to be misspelt. */
const SMALL = [...SMALL_WORDS].filter((word) => /^[a-z]{6,}$/.test(word));

/**
 * The number of letters to change, add, leave out or exchange with a neighbour to
 * make one word of another (optimal string alignment), up to a limit.
 *
 * @returns A number above `most` where it is more than that.
 */
export function spellingDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}

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
