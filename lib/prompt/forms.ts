/** Forms by letters: "AABA", "ternary form", and what their letters stand for. */

import { phraseAt } from "./lexicon.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import type { PromptText } from "./text.ts";
import type { Sense } from "./types.ts";

/** A form, or the letter of a section, found in a prompt. */
export interface FoundForm {
  readonly end: number;
  readonly sense: Sense;
}

/** Letters of sections without anything between them, as in "ABA". */
const SOLID = /[A-E]'?(?:[A-E]'?){1,11}(?![\p{L}\p{N}#])/uy;
/** The same as in "A-B-A" or "A B A". */
const SPACED =
  /[A-E]'?( ?[-–] ?|, ?|\/| )[A-E]'?(?:\1[A-E]'?){0,10}(?![\p{L}\p{N}#])/uy;
/** Words by which letters are a form, before them and after them. */
const BEFORE =
  /\b(?:form|structure|schema|structured|forme|forma|aufbau|repeat|repeats)(?: (?:is|of|as|like|ist))?:? ?"?$/i;
/** A form with a name, whose letters may follow. */
const RONDO = /\brond(?:o|eau)s?\b/i;
const AFTER =
  /^"?[- ]?(?:song )?(?:form|structure|schema|forme|forma|pattern|sections)\b/i;
const NAMED: readonly (readonly [RegExp, string])[] = [
  [
    /(?:in )?(?:a )?(?:ternary|three[- ]part(?! (?:invention|fugue|chorale|harmon|counterpoint|texture|writing|canon|round|choir|polyphon|hymn|sinfonia)))(?: song)?(?: form)?|da capo(?: form)?|dreiteilige? (?:lied)?form/uy,
    "ABA",
  ],
  [
    /(?:in )?(?:a )?(?:binary|two[- ]part) form|zweiteilige? (?:lied)?form/uy,
    "AB",
  ],
  [
    /(?:the )?(?:opening|first|main|initial) (?:theme|melody|tune|part|section|idea|music) (?:returns|comes back|again|is repeated)(?: at the end)?/uy,
    "ABA",
  ],
  [
    /(?:it )?(?:should )?(?:ends?|ending|finish(?:es|ing)?) (?:just )?(?:like|as|the way|how|where) it (?:began|begins|started|starts)|com(?:es?|ing) full circle/uy,
    "ABA",
  ],
  [/(?:in )?(?:a )?rondo(?: form)?/uy, "ABACA"],
  [/(?:in )?(?:a )?(?:32|thirty[- ]two)[- ]bar (?:song )?form/uy, "AABA"],
];
/** The letter of a section with the word for it: "section A", "B part". */
const WITH_WORD =
  /(?:the )?(?:(?:section|part|teil|partie|parte)[- ]([A-E])|([A-E])[- ](?:section|part|teil))(?![\p{L}\p{N}#])(?: again)?/uy;
/** A letter alone, where a thought begins, before what says that it is a section. */
const ALONE =
  /([A-E])'?(?= ?(?:=|:|\(|(?:is|in|with|has|for|on|again|plays|should|ist|mit|avec|con)\b))/uy;
/** The same before a word of how it sounds, which follows an article too. */
const DESCRIBED =
  /([A-E])'?(?= (?:slow|fast|calm|loud|soft|quiet|sad|happy|dark|bright|lively|gentle|minor|major)\b)/uy;
const STARTS = /(?:^|[,;.:(\n|]|->|→|\band|\bthen|\bund|\bthe) ?$/i;

/** The letters of a form; undefined where they are something else. */
function lettersOf(written: string): string[] | undefined {
  const letters = written.match(/[A-E]/g) ?? [];
  const firsts = [...new Set(letters)];
  // A form begins with A and brings in one letter after the other.
  const isOrdered = firsts.every((letter, i) => letter === "ABCDE"[i]);
  return isOrdered && firsts.length > 1 ? letters : undefined;
}

/** A form of letters, or by its name, at a place of a prompt. */
export function formAt(text: PromptText, at: number): FoundForm | undefined {
  for (const [expression, letters] of NAMED) {
    const match = text.match(expression, at);
    if (!match) continue;
    const end = at + match[0].length;
    if (/^[\p{L}]/u.test(text.after(end))) continue;
    return { end, sense: { is: "form", letters: [...letters] } };
  }
  const framed = framedAt(text, at);
  if (framed) return framed;
  const match = text.matchWritten(SOLID, at) ?? text.matchWritten(SPACED, at);
  const letters = match && lettersOf(match[0]);
  if (!letters) return undefined;
  const end = at + match[0].length;
  const isNamed = BEFORE.test(text.before(at)) || AFTER.test(text.after(end)) ||
    RONDO.test(text.before(at));
  const isSolid = /^[A-E]+$/.test(match[0]) || /[-–]/.test(match[0]);
  const returns = letters.length > new Set(letters).size;
  // "ABBA" is a band, "A B C" are notes.
  const isSure = isSolid && returns && match[0] !== "ABBA";
  if (!isNamed && !isSure) return undefined;
  const word = AFTER.exec(text.after(end))?.[0] ?? "";
  return { end: end + word.length, sense: { is: "form", letters } };
}

/** "The last eight bars like the first": as many sections as so many bars make. */
const FRAMED = new RegExp(
  `(?:the )?last (${NUMBER}) bars (?:should |could |to |must )?(?:be |are |is |sound(?:s|ed)?|repeat(?:s|ed)?)(?: the same)?(?: just| exactly)? ?(?:like|as)? the first(?: ${NUMBER})?(?: bars)?`,
  "uy",
);
/** Most sections of such a form. */
const MOST_FRAMED = 5;

function framedAt(text: PromptText, at: number): FoundForm | undefined {
  const match = text.match(FRAMED, at);
  if (!match) return undefined;
  const own = numberIn(match[1]!);
  const others = text.before(at) + text.after(at + match[0].length);
  const bars = Number(/(\d+)[ -]bars?\b/i.exec(others)?.[1] ?? 3 * own);
  const count = Math.min(MOST_FRAMED, Math.max(2, Math.round(bars / own)));
  const letters = ["A", ...["B", "C", "D"].slice(0, count - 2), "A"];
  return { end: at + match[0].length, sense: { is: "form", letters } };
}

/** Whether a prompt names sections by letters at all. */
export function hasForm(text: PromptText): boolean {
  for (let at = 0; at < text.length; at++) {
    const isStart = !/[\p{L}\p{N}]$/u.test(text.before(at).slice(-1));
    if (isStart && formAt(text, at)) return true;
  }
  return letteredOf(text.before(text.length)) > 1;
}

/** How many letters begin a line or a list as "A: …; B: …" does. */
function letteredOf(written: string): number {
  const found = written.matchAll(
    /(?:^|[,;.:(\n] ?)(?:(?:section|part) )?([A-E])(?: (?:section|part))? ?[:=]/gi,
  );
  return new Set([...found].map(([, letter]) => letter)).size;
}

/** The letter of a section, in a prompt that has a form. */
export function letterAt(text: PromptText, at: number): FoundForm | undefined {
  const before = text.before(at);
  const isStart = STARTS.test(before);
  // "A calm piano" is no section, unless a form stands before it.
  const isAfterForm = /(?<!\p{L})[A-E]{2,}(?!\p{L})/u.test(before);
  const match = text.matchWritten(WITH_WORD, at) ??
    (isStart ? text.matchWritten(ALONE, at) : null) ??
    (isStart && isAfterForm ? text.matchWritten(DESCRIBED, at) : null);
  const letter = match?.[1] ?? match?.[2];
  if (!match || letter === undefined) return undefined;
  return {
    end: at + match[0].length,
    sense: { is: "part", name: letter },
  };
}

const PART =
  "(?:intro(?:duction)?|verse|chorus|pre-?chorus|bridge|hook|solo|outro|coda|refrain|middle (?:eight|8)|strophe|couplet|estrofa|estribillo|puente)";
/** "Verse verse chorus verse chorus", without commas between. */
const IN_WORDS = new RegExp(
  `(${PART}(?:(?:[ ]?[-/>→+–][ >]?| and | then | und | et | y | )${PART}){2,11})(?![\\p{L}\\p{N}])`,
  "uy",
);
/** Most different sections of such a form. */
const MOST_KINDS = 6;

/** The name that the lexicon has for a part of a song. */
function partNameOf(word: string): string {
  const sense = phraseAt(word.split(/[ -]/))?.sense;
  return sense?.is === "part" ? sense.name : word;
}

/**
 * A form in words at a place of a prompt, where one part of a song comes back and
 * nothing is said of any of them.
 */
export function wordFormAt(
  text: PromptText,
  at: number,
): FoundForm | undefined {
  const match = text.match(IN_WORDS, at);
  if (!match) return undefined;
  const names = match[0].match(new RegExp(PART, "gu")) ?? [];
  const kinds = [...new Set(names)];
  const end = at + match[0].length;
  // What follows may be said of the last one: "verse chorus verse calm".
  const isBare = /^ ?(?:$|[,;.!?\n)"]|form|structure|song)/.test(
    text.after(end),
  );
  const returns = names.length > kinds.length && kinds.length > 1;
  if (!returns || !isBare || kinds.length > MOST_KINDS) return undefined;
  return { end, sense: { is: "form", letters: names.map(partNameOf) } };
}
