/** What tests of prompts share. */

import type { parseWithSpans } from "./parse.ts";
import { contentOf } from "./passed_over.ts";

/**
 * The content words of a prompt that lie in nothing told.
 *
 * @param word A global expression of a word.
 */
export function untoldIn(
  prompt: string,
  { spans, parsed }: ReturnType<typeof parseWithSpans>,
  word: RegExp,
): string[] {
  const problems = parsed.problems.map(({ phrase }) => phrase).join(" ");
  const words = prompt.normalize("NFC").matchAll(word);
  return [...words].flatMap(({ 0: word, index }) => {
    const end = index + word.length;
    const isTold = spans.some(([from, to]) => from < end && to > index) ||
      problems.includes(word);
    return isTold || contentOf(word).length === 0 ? [] : [word];
  });
}
