/** Single words and numbers of a prompt: programs, compounds, misspellings, the unknown. */

import { nameOfProgram, phraseAt, SMALL_WORDS } from "./lexicon.ts";
import { spelledLike } from "./spelling.ts";
import type { PromptText } from "./text.ts";
import type { Ask, Sense } from "./types.ts";

/** A phrase found at a place of a prompt. */
export interface Found {
  readonly end: number;
  readonly sense: Sense;
  readonly takenAs?: string;
}

/** The sense of what asks for something. */
export const asked = (ask: Ask): Sense => ({ is: "ask", ask });

/** Whether a word, or a number with its sign, can begin at a place. */
export function startsAt(text: PromptText, at: number): boolean {
  const rest = text.after(at).slice(0, 2);
  const before = text.before(at).slice(-1);
  if (/^-[\d.]/.test(rest)) return /^$|[\s,;:=(]/.test(before);
  if (/^[>&+→♩~@]/.test(rest)) return true;
  return /^(?:[\p{L}\p{N}]|\.\d|->|[b#][IViv])/u.test(rest) &&
    !/[\p{L}\p{N}]/u.test(before);
}

const PROGRAM =
  /(?:(?:general midi|gm|midi)[ -]?)?(?:program|instrument|patch|gm|programm|programme|programa)(?: ?(?:number|no\.?|nr\.?|#))? ?(\d{1,3})(?!\d)/uy;

const GROUP = /(pad|lead|fx) ([1-8])(?!\d)/uy;
/** First programs of General MIDI's numbered groups. */
const GROUPS: Readonly<Record<string, number>> = { pad: 88, lead: 80, fx: 96 };

/** "Pad 2", "FX 4": General MIDI's names of its synthesisers. */
export function group(text: PromptText, at: number): Found | undefined {
  const match = text.match(GROUP, at);
  const first = GROUPS[match?.[1] ?? ""];
  if (!match || first === undefined) return undefined;
  const name = nameOfProgram(first + Number(match[2]) - 1);
  return name && {
    end: at + match[0].length,
    sense: asked({ is: "cast", name }),
  };
}

/** "program 46", counted from 0. */
export function program(text: PromptText, at: number): Found | undefined {
  const match = text.match(PROGRAM, at);
  const number = Number(match?.[1]);
  const name = match ? nameOfProgram(number) : undefined;
  if (!match || !name) return undefined;
  const ifFromOne = nameOfProgram(number - 1);
  const ask: Ask = {
    is: "cast",
    name,
    ...ifFromOne && ifFromOne !== name && { ifFromOne },
  };
  return { end: at + match[0].length, sense: asked(ask) };
}

/** German words made of an instrument, a genre or a mood and what it is of. */
const COMPOUND =
  /^(\p{L}{3,}?)s?(?:musik|stucks?|klange?n?|melodien?|beats?|themas?|stimmung|sounds?|quartett|trio|duo|solo|muziek|lied|song|loop|spiel|flache?n?|teppich)$/u;

/** Before a "long" that belongs to a length. */
const LENGTH_BEFORE =
  /(?:\d|\b(?:s|sec|secs|seconds?|m|min|mins|minutes?|hours?|bars?|measures?|half|too|how|as|so|quarter)) $/i;

/** A word that is taken for a known one, or that is small or unknown. */
export function wordAt(text: PromptText, at: number): Found | undefined {
  if (!startsAt(text, at)) return undefined;
  const [word] = text.words(at, 1);
  if (!word) return signedAt(text, at);
  const { end, text: plain } = word;
  const [, stem = ""] = COMPOUND.exec(plain) ?? [];
  // "Geigenmusik" is of a "Geige".
  const inner = stem === ""
    ? undefined
    : phraseAt([stem]) ?? phraseAt([stem.replace(/n$/, "")]);
  if (inner) return { end, sense: inner.sense };
  const isSmall = SMALL_WORDS.has(plain) ||
    // "A minute long" says no more than a minute does.
    plain === "long" && LENGTH_BEFORE.test(text.before(at));
  if (isSmall) return { end, sense: { is: "small" } };
  const near = spelledLike(plain);
  const senses = new Set(near.map((one) => phraseAt([one])!.sense));
  const [takenAs] = near;
  const [sense] = senses;
  if (takenAs && sense && senses.size === 1) return { end, sense, takenAs };
  return signedAt(text, at) ?? { end, sense: { is: "unknown" } };
}

/** A number with what is written to it, such as "-3x". */
function signedAt(text: PromptText, at: number): Found | undefined {
  const match = text.match(/-?[\d.]*\d(?:[^\s,;.]|\.(?=[^\s,;.]))*/uy, at);
  return match
    ? { end: at + match[0].length, sense: { is: "unknown" } }
    : undefined;
}
