/** Refuses to imitate artists and works. */

import { artistAt } from "./artists.ts";
import { SMALL_WORDS } from "./lexicon.ts";
import { PromptError } from "./prompt_error.ts";
import type { PromptText } from "./prompt_text.ts";

const IMITATION =
  /(?:(?:in|with) the (?:style|manner|spirit|vein) of|in the style|sounds? like|inspired by|reminiscent of|à la|a la|like|by)\s+/y;
/** Most words of a name. */
const MOST_WORDS = 4;

/**
 * Refuses an artist's name at a place of a prompt: one of the list, or any after
 * words such as "in the style of".
 *
 * @throws {PromptError} If there is one.
 */
export function refuseImitation(text: PromptText, at: number): void {
  const introduction = text.match(IMITATION, at);
  if (introduction) {
    const [words] = introduction;
    refuseIntroduced(text, at, at + words.length);
  }
  refuseListed(text, at);
}

function refuseListed(text: PromptText, at: number): void {
  const words = text.words(at, MOST_WORDS);
  const count = artistAt(words.map(({ start, end }) => text.slice(start, end)));
  const last = words[count - 1];
  if (last) decline(text.written(at, last.end));
}

/** Refuses what stands at `start`, introduced from `at` on, if it is a name. */
function refuseIntroduced(text: PromptText, at: number, start: number): void {
  refuseListed(text, start);
  const words = text.words(start, MOST_WORDS);
  const [first] = words;
  if (!first || text.termAt(start) || SMALL_WORDS.has(first.text)) return;
  const asWritten = words.map((word) => text.slice(word.start, word.end));
  const introduction = text.written(at, start);
  const isExplicit = /style|manner|spirit|vein|à la|a la/i.test(introduction);
  // A capital shows a name, except in a Title Written Like This.
  const isName = isExplicit
    ? !/^(?:an?|the|my|this|that|old)$/.test(first.text)
    : /^\p{Lu}\p{Ll}{2}/u.test(asWritten[0]!) && !/\p{Lu}/u.test(introduction);
  if (!isName) return;
  let last = 0;
  while (/^\p{Lu}/u.test(asWritten[last + 1] ?? "")) last++;
  decline(text.written(start, words[last]!.end));
}

function decline(name: string): never {
  throw new PromptError(
    name,
    `"${name}" seems to be the name of an artist or a work, and nobody's manner is imitated here. Say what you like about it instead: tempo, mood, instruments, density.`,
  );
}
