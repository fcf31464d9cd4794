/** Finds people, bands, films and games whose manner is asked for. */

import { artistAt } from "./artists.ts";
import { phraseAt, SMALL_WORDS } from "./lexicon.ts";
import type { PromptText, Word } from "./text.ts";

/** Words that a name follows. */
const INTRODUCTION =
  /(?:(?:in|with) the (?:style|manner|spirit|vein) of|in the style|(?:something )?between|sounds? like|inspired by|reminiscent of|a la|im stil von|comme|wie|al estilo de|like|by)\s+/y;
/** What follows a name. */
const FOLLOWS =
  /[ -]?(?:esque|style|styled|type beat|vibes?|inspired|like)(?!\p{L})/uy;
/** Most words of a name. */
const MOST_WORDS = 4;

/** A name: its place, and the place of the words around it. */
export interface FoundName {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * A name at a place of a prompt: one of the list, or any with a capital after
 * words such as "in the style of" or before "style". Composers who are in the
 * lexicon are no names.
 */
export function nameAt(text: PromptText, at: number): FoundName | undefined {
  const found = [
    listedAt(text, at),
    introducedAt(text, at),
    followedAt(text, at),
  ].filter((one) => one !== undefined);
  return found.toSorted((a, b) => b.end - a.end)[0];
}

function listedAt(text: PromptText, at: number): FoundName | undefined {
  const words = text.words(at, MOST_WORDS);
  const count = artistAt(words.map((word) => word.text));
  const last = words[count - 1];
  if (!last) return undefined;
  const follows = text.match(FOLLOWS, last.end);
  return {
    start: at,
    end: last.end + (follows?.[0].length ?? 0),
    name: text.written(at, last.end),
  };
}

function isKnown(words: readonly Word[]): boolean {
  const [first] = words;
  return first === undefined ||
    phraseAt(words.map(({ text }) => text)) !== undefined ||
    SMALL_WORDS.has(first.text) && !/^(?:the)$/.test(first.text);
}

function introducedAt(text: PromptText, at: number): FoundName | undefined {
  const match = text.match(INTRODUCTION, at);
  if (!match) return undefined;
  const start = at + match[0].length;
  const listed = listedAt(text, start);
  if (listed) return { ...listed, start: at };
  const words = text.words(start, MOST_WORDS);
  if (isKnown(words)) return undefined;
  const introduction = text.written(at, start);
  const isExplicit = /style|manner|spirit|vein|à la|a la|stil|estilo/i.test(
    introduction,
  );
  const asWritten = words.map((word) => text.written(word.start, word.end));
  // A capital shows a name, except in a Title Written Like This.
  const isName = isExplicit
    ? !/^(?:an?|the|my|this|that|old)$/.test(words[0]!.text)
    : /^\p{Lu}\p{Ll}{2}/u.test(asWritten[0]!) && !/\p{Lu}/u.test(introduction);
  if (!isName) return undefined;
  const end = endOfCapitals(words, asWritten);
  return { start: at, end, name: text.written(start, end) };
}

function endOfCapitals(
  words: readonly Word[],
  asWritten: readonly string[],
): number {
  let last = 0;
  while (/^\p{Lu}/u.test(asWritten[last + 1] ?? "")) last++;
  return words[last]!.end;
}

/** "Zelda fairy fountain style", "Xyz-esque": unknown words with a capital. */
function followedAt(text: PromptText, at: number): FoundName | undefined {
  const words = text.words(at, MOST_WORDS);
  const [first] = words;
  const isCount = /^(?:two|three|four|five|six|\d+)$/.test(first?.text ?? "");
  if (
    !first || isCount ||
    !/^\p{Lu}\p{Ll}{2}/u.test(text.written(first.start, first.end))
  ) {
    return undefined;
  }
  if (isKnown(words) || !/[\s,[(]|^$/.test(text.before(at).slice(-1))) {
    return undefined;
  }
  for (const [i, word] of words.entries()) {
    const match = text.match(FOLLOWS, word.end);
    const name = text.written(at, word.end);
    const isSmall = i > 0 && SMALL_WORDS.has(word.text);
    // "Sarabande in the style of Bach" is no name up to "style".
    if (i > 0 && /^(?:in|im|of|by|al|dans)$/.test(word.text)) return undefined;
    if (match && !isSmall) {
      return { start: at, end: word.end + match[0].length, name };
    }
    if (/style|esque/.test(word.text)) {
      return { start: at, end: word.end, name };
    }
  }
  return undefined;
}
