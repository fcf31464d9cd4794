/** Chord symbols and roman numerals. */

import {
  type Chord,
  type ChordProgression,
  CHORDS,
  PITCH_CLASS_NAMES,
} from "../music/music.ts";
import { NATURALS } from "./naturals.ts";
import type { PromptText } from "./text.ts";

const SIGNS: Readonly<Record<string, number>> = {
  "": 0,
  "#": 1,
  "♯": 1,
  "b": -1,
  "♭": -1,
};
const SYMBOL = /^([A-G])([#♯b♭]?)([^/]*)(?:\/([A-G])([#♯b♭]?))?$/;
/** Other spellings of the suffixes of `CHORDS`, tried in this order. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:M7|maj|Maj|MA|ma|Δ)(?=7|9|13|$)/, "maj"],
  [/^(?:M7|Δ7?)$/, "maj7"],
  [/^(?:min|mi|-)/, "m"],
  [/^(?:m7\(?b5\)?|ø7?)$/, "m7b5"],
  [/^(?:°|o)(7?)$/, "dim$1"],
  [/^\+$/, "aug"],
  [/^maj$/, ""],
  [/^M$/, ""],
  [/^sus$/, "sus4"],
  [/^m\(?maj7\)?$/, "mmaj7"],
  [/^69$/, "6/9"],
  [/^7?alt$/, "7#9"],
];

/** The suffix as `CHORDS` writes it; undefined where there is no such chord. */
function suffixOf(written: string): string | undefined {
  let suffix = written;
  for (const [expression, to] of SPELLINGS) {
    if (CHORDS.has(suffix)) break;
    suffix = suffix.replace(expression, to);
  }
  return CHORDS.has(suffix) ? suffix : undefined;
}

/**
 * The chord of a symbol, such as "F#m7" or "C/E"; undefined if there is none.
 */
export function chordOf(symbol: string): Chord | undefined {
  const match = SYMBOL.exec(symbol);
  if (!match) return undefined;
  const [, letter, sign = "", written = "", bassLetter, bassSign = ""] = match;
  const suffix = suffixOf(written);
  if (suffix === undefined) return undefined;
  const pitchClass = (name: string, accidental: string) =>
    (NATURALS[name.toLowerCase()]! + SIGNS[accidental]! + 12) % 12;
  const root = pitchClass(letter!, sign);
  return {
    symbol,
    root,
    intervals: CHORDS.get(suffix)!,
    ...bassLetter && { bass: pitchClass(bassLetter, bassSign) },
  };
}

/** Between two chords. */
const JOINT = /,? (?:and|und|et|y) |\s*(?:\||->|→|-|,|>|\bto\b|\s)\s*/y;
const CHORD =
  /[A-G][#♯b♭]?[A-Za-z0-9#♯♭°øΔ+]*(?:\/[A-G][#♯b♭]?)?(?![\p{L}\p{N}#])/uy;
/** What makes the last of a row the tonic of a key, or its letter a word. */
const KEY_FOLLOWS =
  /^[ -]?(?:major|minor|maj\b|min\b|dur|moll|majeur|mineur|mayor|menor|dorian|phrygian|lydian|mixolydian|flat|sharp|pentatonic|harmonic|melodic)/i;
/** Kinds of chord that one symbol alone is enough to ask for. */
const SURE =
  /^[A-G][#♯b♭]?(?:m7|maj7|7|9|m9|maj9|9sus4|sus[24]|add9|m7b5|dim7?|aug|6\/9|mmaj7|m11|m6|13)$/;

/** A row of chords found in a prompt. */
export interface FoundChords {
  readonly end: number;
  /** Symbols with blanks between them. */
  readonly progression: string;
}

/** A row of chord symbols or of roman numerals at a place of a prompt. */
export function chordsAt(
  text: PromptText,
  at: number,
): FoundChords | undefined {
  return numeralsAt(text, at) ?? symbolsAt(text, at);
}

function symbolsAt(text: PromptText, at: number): FoundChords | undefined {
  const found: { symbol: string; end: number }[] = [];
  for (let from = at;;) {
    const match = text.matchWritten(CHORD, from);
    const [symbol = ""] = match ?? [];
    const end = from + symbol.length;
    if (symbol === "" || !chordOf(symbol)) break;
    if (KEY_FOLLOWS.test(text.after(end))) break;
    found.push({ symbol, end });
    const joint = text.matchWritten(JOINT, end);
    if (!joint) break;
    from = end + joint[0].length;
  }
  const symbols = found.map(({ symbol }) => symbol);
  const [first = ""] = symbols;
  // Two letters alone are rather a key and a note.
  const isTold =
    /(?:progression|chords?|changes|vamp|loop|playing|plays|akkorde|accords|acordes)[: ]+(?:of |is |are )?$/i
      .test(text.before(at));
  // "Only the notes C D E" are no chords.
  if (/(?:notes?|noten|notas):? (?:[A-G][#b]?,? )*$/i.test(text.before(at))) {
    return undefined;
  }
  const isRow = symbols.length > 2 || symbols.length === 2 && isTold ||
    symbols.length === 2 && symbols.every((one) => one.length > 1);
  const isSure = symbols.length > 0 && SURE.test(first);
  if (!isRow && !isSure) return undefined;
  return { end: found.at(-1)!.end, progression: symbols.join(" ") };
}

const DEGREES = ["i", "ii", "iii", "iv", "v", "vi", "vii"];
const NUMERAL = /^([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)$/;
const NUMERALS =
  /[b#]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?:maj7|maj9|m7|m9|7|9|6|sus[24]|dim7?|°7?|ø7?)?(?:[ \-–|,>→]+[b#]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?:maj7|maj9|m7|m9|7|9|6|sus[24]|dim7?|°7?|ø7?)?(?![\p{L}\p{N}']))+/uy;

function numeralsAt(text: PromptText, at: number): FoundChords | undefined {
  const match = text.matchWritten(NUMERALS, at);
  if (!match) return undefined;
  const numerals = match[0].split(/[ \-–|,>→]+/).filter(Boolean);
  return { end: at + match[0].length, progression: numerals.join(" ") };
}

const MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11];

/** The chord of a roman numeral in a key, such as "ii7" or "bVII". */
function chordOfNumeral(
  numeral: string,
  tonic: number,
  isMinor: boolean,
): Chord | undefined {
  const match = NUMERAL.exec(numeral);
  if (!match) return undefined;
  const [, sign = "", degree = "", rest = ""] = match;
  const number = DEGREES.indexOf(degree.toLowerCase());
  const scale = isMinor && sign === "" && number !== 6
    ? [0, 2, 3, 5, 7, 8, 10]
    : MAJOR_SCALE;
  const root = (tonic + scale[number]! + SIGNS[sign]! + 12) % 12;
  const isSmall = degree === degree.toLowerCase();
  const suffix = isSmall && !/^(?:m|dim|°|ø)/.test(rest) ? `m${rest}` : rest;
  return chordOf(PITCH_CLASS_NAMES[root]! + suffix);
}

/** Whether a progression is in roman numerals, which need a key. */
export function needsKey(progression: string): boolean {
  return NUMERAL.test(progression.split(" ")[0]!);
}

/**
 * The chords of a progression.
 *
 * @param progression Symbols or numerals with blanks between them.
 * @param key Of the numerals.
 */
export function progressionOf(
  progression: string,
  key: { readonly tonic: number; readonly isMinor: boolean },
): ChordProgression | undefined {
  const chords = progression.split(" ").map((one) =>
    chordOf(one) ?? chordOfNumeral(one, key.tonic, key.isMinor)
  );
  const known = chords.filter((chord) => chord !== undefined);
  if (known.length < chords.length) return undefined;
  return { chords: known, barsEach: 1 };
}
