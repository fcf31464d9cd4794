/** The text of a prompt, and the words that stand at a place in it. */

/** A word of a prompt. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** Without accents, in lower case. */
  readonly text: string;
}

/** A word, or a sign that stands for one. */
const WORD =
  /->|→|[&+>]|w\/o?(?![\p{L}])|(?:[cdjlmnst]|qu)'(?=\p{L}{2})|[a-z]&[a-z](?!\p{L})|[\p{L}\p{N}][\p{L}\p{N}'.#♯♭]*/uy;
/** Between words of one phrase: blanks and hyphens. */
const JOINT =
  /[ _]*-(?![>\d])[ _]*|[ _]+|(?<=(?:^|[^\p{L}])(?:[cdjlmnst]|qu)')/uy;

/**
 * A text without accents and capitals, character for character.
 *
 * @param text In composed form (NFC).
 */
export function plainText(text: string): string {
  return Array.from(text, (character) => {
    const [plain = ""] = character.normalize("NFD").toLowerCase();
    const short = plain === "ß" ? "s" : plain === "œ" ? "o" : plain;
    return short.length === character.length ? short : character;
  }).join("");
}

/** A prompt with its quotes, hyphens and blanks made uniform. */
export class PromptText {
  readonly #text: string;
  /** Without accents and capitals, character for character as `#text`. */
  readonly #plain: string;

  /** @param text As the user wrote it. */
  constructor(text: string) {
    this.#text = text.normalize("NFC")
      .replace(/[‘’´`]/g, "'").replace(/[“”„«»]/g, '"').replace(/[‐-―−]/g, "-")
      .replace(/[^\S\n]/g, " ").replace(/ +/g, " ");
    this.#plain = plainText(this.#text);
  }

  /** Its length in characters. */
  get length(): number {
    return this.#text.length;
  }

  /** Matches a sticky expression at a place of the plain text. */
  match(expression: RegExp, at: number): RegExpExecArray | null {
    expression.lastIndex = at;
    return expression.exec(this.#plain);
  }

  /** Matches a sticky expression at a place of the text as written. */
  matchWritten(expression: RegExp, at: number): RegExpExecArray | null {
    expression.lastIndex = at;
    return expression.exec(this.#text);
  }

  /** The words from a place up to the next punctuation, at most `count`. */
  words(at: number, count: number): Word[] {
    const words: Word[] = [];
    while (words.length < count) {
      const match = this.match(WORD, at);
      if (!match) break;
      const text = /^\p{L}{1,2}'$/u.test(match[0])
        ? match[0]
        : match[0].replace(/[.']+$/, "");
      const end = at + text.length;
      words.push({ start: at, end, text });
      const joint = this.match(JOINT, end);
      if (!joint) break;
      at = end + joint[0].length;
    }
    return words;
  }

  /** A part as it was written, without blanks at its ends. */
  written(start: number, end?: number): string {
    return this.#text.slice(start, end).trim();
  }

  /** The text before a place, as written. */
  before(at: number): string {
    return this.#text.slice(0, at);
  }

  /** The text after a place, as written. */
  after(at: number): string {
    return this.#text.slice(at);
  }
}
