/** The text of a prompt, and what stands at a place in it. */

import { type Term, termAt } from "./lexicon.ts";

/** A word of a prompt. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** In lower case. */
  readonly text: string;
}

/** A phrase of the lexicon in a prompt. */
export interface FoundTerm {
  readonly term: Term;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'.#♯♭]*/uy;
/** Between words of one phrase: blanks and hyphens. */
const JOINT = /[\s-]+/y;

/** A prompt with its quotes, hyphens and blanks made uniform. */
export class PromptText {
  readonly #text: string;
  /** In lower case, character for character as `#text`. */
  readonly #lower: string;

  /** @param text As the user wrote it. */
  constructor(text: string) {
    this.#text = text.normalize("NFC")
      .replace(/[‘’]/g, "'").replace(/[‐-―−]/g, "-").replace(/\s/g, " ")
      .replace(/ +/g, " ");
    this.#lower = Array.from(this.#text, (character) => {
      const lower = character.toLowerCase();
      return lower.length === character.length ? lower : character;
    }).join("");
  }

  /** Its length in characters. */
  get length(): number {
    return this.#text.length;
  }

  /** Whether a word, or a number with its sign, can begin at a place. */
  startsAt(at: number): boolean {
    const rest = this.#text.slice(at, at + 2);
    if (/^(?:[\p{L}\p{N}♩]|\.\d)/u.test(rest)) return true;
    const before = this.#text[at - 1] ?? " ";
    return /^-[\d.]/.test(rest) && /[\s,;:=(]/.test(before);
  }

  /** Matches a sticky expression at a place of the prompt in lower case. */
  match(expression: RegExp, at: number): RegExpExecArray | null {
    expression.lastIndex = at;
    return expression.exec(this.#lower);
  }

  /** The words from a place up to the next punctuation, at most `count`. */
  words(at: number, count = 5): Word[] {
    const words: Word[] = [];
    while (words.length < count) {
      const match = this.match(WORD, at);
      if (!match) break;
      const text = match[0].replace(/[.']+$/, "");
      const end = at + text.length;
      words.push({ start: at, end, text });
      const joint = this.match(JOINT, end);
      if (!joint) break;
      at = end + joint[0].length;
    }
    return words;
  }

  /** The longest phrase of the lexicon at a place. */
  termAt(at: number): FoundTerm | undefined {
    const words = this.words(at);
    const found = termAt(words.map((word) => word.text));
    const last = found && words[found.count - 1];
    return last && { term: found.term, end: last.end };
  }

  /** The phrase that follows a word, if one is joined to it. */
  termAfter({ end }: Word): FoundTerm | undefined {
    const joint = this.match(JOINT, end);
    return joint ? this.termAt(end + joint[0].length) : undefined;
  }

  /** The first place from `at` on that is no blank. */
  skipBlanks(at: number): number {
    while (this.#lower[at] === " ") at++;
    return at;
  }

  /** A part as it was written. */
  slice(start: number, end?: number): string {
    return this.#text.slice(start, end);
  }

  /** A part as it was written, without blanks at its ends. */
  written(start: number, end: number): string {
    return this.slice(start, end).trim();
  }
}
