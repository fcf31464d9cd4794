/** From the numbers of tokens as they were met to the ids of a corpus. */

import { closedVocabulary } from "../tokens/remi/remi.ts";
import { type Tokenizer, Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import type { TokenNumbers } from "./token_numbers.ts";

/**
 * Gives tokens their ids in the corpus's vocabulary, in place: a large corpus is
 * held in memory only once.
 *
 * @param numbers What the ids of the readings mean before.
 */
export function* renumber(
  readings: readonly { readonly ids: Int32Array }[],
  numbers: TokenNumbers,
  tokenizer: Tokenizer,
): Generator<void, Vocabulary> {
  const { tokens } = numbers;
  const used = new Uint8Array(tokens.length);
  // Files kept twice share their ids.
  const pieces = new Set(readings.map(({ ids }) => ids));
  for (const ids of pieces) {
    for (const id of ids) used[id] = 1;
    yield;
  }
  const alphabet = new Set(tokens.filter((_, id) => used[id]));
  const vocabulary = Vocabulary.fromTokens(
    tokenizer.name === "remi"
      ? closedVocabulary(alphabet, tokenizer.options)
      : alphabet,
  );
  const idOf = Int32Array.from(
    tokens,
    (token, id) => used[id] ? vocabulary.id(token) : -1,
  );
  for (const ids of pieces) {
    ids.forEach((id, i) => ids[i] = idOf[id]!);
    yield;
  }
  return vocabulary;
}
