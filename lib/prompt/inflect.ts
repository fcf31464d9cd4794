/** The forms that a word of the tables takes in a sentence. */

import { plainText } from "./text.ts";

/** Languages of the word tables; "more" is any other, in the forms given. */
export const LANGUAGES = ["en", "de", "fr", "es", "more"] as const;

/** A language of the word tables. */
export type Language = (typeof LANGUAGES)[number];

/** Phrases of one meaning, with commas between them, by language. */
export type Words = { readonly [L in Language]?: string };

const ENDINGS: Readonly<Record<Language, readonly string[]>> = {
  en: ["s"],
  de: ["e", "en", "er", "es", "em"],
  fr: ["e", "s", "es"],
  es: ["s", "es"],
  more: [],
};

/** A phrase as the lexicon keeps it: plain, with single blanks for hyphens. */
export function keyOf(phrase: string): string {
  return plainText(phrase.normalize("NFC")).trim()
    .replace(/[ _]*-(?!>)[ _]*/g, " ")
    // A French article is a word of its own.
    .replace(/(^|[^a-z])((?:[cdjlmnst]|qu)')(?=[a-z]{2})/g, "$1$2 ");
}

/**
 * The phrases of a row and their forms: plurals and, of adjectives, the endings
 * of gender and case.
 */
export function* formsOf(
  words: Words,
  { isFixed = false }: { readonly isFixed?: boolean } = {},
): Generator<readonly [form: string, isOwn: boolean]> {
  for (const language of LANGUAGES) {
    for (const phrase of words[language]?.split(",") ?? []) {
      const key = keyOf(phrase);
      if (key === "") continue;
      yield [key, true];
      if (isFixed || key.length < 3 || /[^a-z ]/.test(key)) continue;
      for (const ending of ENDINGS[language]) yield [key + ending, false];
      if (language === "en" && /(?:s|x|ch|sh)$/.test(key)) {
        yield [`${key}es`, false];
      }
      if (language === "es" && key.endsWith("o") && !key.includes(" ")) {
        const stem = key.slice(0, -1);
        for (const ending of ["a", "as", "amente"]) {
          yield [stem + ending, false];
        }
      }
      if (language === "fr" && key.endsWith("x") && !key.includes(" ")) {
        yield [`${key.slice(0, -1)}se`, false];
      }
    }
  }
}

/** The adverb and the like of an English adjective. */
export function* adverbsOf(words: Words): Generator<string> {
  for (const phrase of words.en?.split(",") ?? []) {
    const key = keyOf(phrase);
    if (key === "" || key.includes(" ")) continue;
    yield key.endsWith("y") ? `${key.slice(0, -1)}ily` : `${key}ly`;
    yield `${key}ish`;
    yield key.endsWith("y") ? `${key.slice(0, -1)}ier` : `${key}er`;
  }
}
