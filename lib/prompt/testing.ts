/** What tests of prompts share. */

import type { ParsedPrompt } from "./types.ts";

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}'#♯♭]*[\p{L}\p{N}#♯♭])?/gu;

/** The words of a text, with its quotes made uniform. */
function wordsIn(text: string): string[] {
  return text.normalize("NFC").replace(/[‘’´`]/g, "'").match(WORD) ?? [];
}

/**
 * The words of a prompt that are told in no phrase, or in more than one: "-piano" and
 * "+piano". What cannot be done may be of words that are told elsewhere too.
 */
export function wrongIn(
  prompt: string,
  { understood, ignored, passedOver, problems }: ParsedPrompt,
): string[] {
  const missing = wordsIn(prompt), twice: string[] = [];
  const take = (phrase: string, isAlso: boolean) => {
    for (const word of wordsIn(phrase)) {
      const at = missing.indexOf(word);
      if (at >= 0) missing.splice(at, 1);
      else if (!isAlso) twice.push(`+${word}`);
    }
  };
  const once = [...understood.map(({ phrase }) => phrase), ...ignored];
  for (const phrase of [...once, ...passedOver]) take(phrase, false);
  for (const { phrase } of problems) take(phrase, true);
  return [...missing.map((word) => `-${word}`), ...twice];
}
