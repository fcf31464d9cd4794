/** Sections with numbers, "phase 1 (20 s): organ", and by hyphens, "soft-loud-soft". */

import { phraseAt } from "./lexicon.ts";
import type { PromptText } from "./text.ts";
import type { Phrase, Sense } from "./types.ts";

const NUMBERED =
  "(?:phase|part|section|stage|movement|scene|layer|step|teil|abschnitt|phase|partie|parte|fase) (\\d|one|two|three|four|five|six|[iv]{1,3})(?= ?(?:[:(=]|- ))";

/** The heading of one of several sections with numbers, at a place of a prompt. */
export function phaseAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly sense: Sense } | undefined {
  const match = text.match(new RegExp(NUMBERED, "uy"), at);
  if (!match) return undefined;
  const all = text.before(text.length).toLowerCase()
    .match(new RegExp(`\\b${NUMBERED}`, "gu")) ?? [];
  return new Set(all).size > 1
    ? { end: at + match[0].length, sense: { is: "part", name: match[0] } }
    : undefined;
}

const TURNS = /(?<![\p{L}-])(\p{L}+)-(\p{L}+)-(\p{L}+)(?![\p{L}-])/gu;

/** Phrases in which "soft-loud-soft" is three sections, one after the other. */
export function withTurns(
  text: PromptText,
  phrases: readonly Phrase[],
): readonly Phrase[] {
  const written = text.before(text.length);
  const then = [...written.matchAll(TURNS)].flatMap((match) => {
    const [first, second, third] = match.slice(1).map((word) =>
      fieldOf(word.toLowerCase())
    );
    const isTurn = first !== undefined && first === second &&
      second === third &&
      match[1] !== match[2] && match[2] !== match[3];
    if (!isTurn) return [];
    const one = match.index + match[1]!.length;
    return [one, one + 1 + match[2]!.length];
  });
  if (then.length === 0) return phrases;
  const breaks = then.map((start): Phrase => ({
    start,
    end: start + 1,
    written: "-",
    sense: { is: "then" },
  }));
  return [...phrases, ...breaks].toSorted((a, b) => a.start - b.start);
}

/** What a word sets, of what can change from section to section. */
function fieldOf(word: string): string | undefined {
  const sense = phraseAt([word])?.sense;
  if (sense?.is !== "ask" || sense.ask.is !== "set") return undefined;
  return ["loudness", "tempo", "density", "register"]
    .find((field) => sense.ask.is === "set" && field in sense.ask.fields);
}

const MORE_AND_MORE =
  /(?:cada vez (?:m[aá]s|menos)|de plus en plus|de moins en moins|sempre (?:pi[uù]|meno)|cada vez mais|steeds) $/i;
/** By what a word sets: the words at the lower end of it. */
const LOWER = ["largo", "slow", "sparse", "low", "soft"];

/** "Cada vez más lenta": what a word sets is where the music moves to. */
export function moreAndMore(
  text: PromptText,
  phrase: Phrase,
): Phrase | undefined {
  const { sense, start } = phrase;
  const before = MORE_AND_MORE.exec(text.before(start));
  if (!before || sense.is !== "ask" || sense.ask.is !== "set") return undefined;
  const { fields } = sense.ask;
  for (const what of ["tempo", "loudness", "density", "register"] as const) {
    const value = fields[what];
    if (value === undefined) continue;
    const isLess = /menos|moins|meno/i.test(before[0]);
    const by = LOWER.includes(value) === isLess ? 1 : -1;
    return {
      ...phrase,
      start: start - before[0].length,
      written: text.written(start - before[0].length, phrase.end),
      sense: { is: "ask", ask: { is: "more", of: what, by } },
    };
  }
  return undefined;
}
