/**
 * A simple sentence, read as a request for music. Words that mean something
 * here are listed in `prompt/`; there is no model behind it and no chance, so
 * that the same words always ask for the same.
 */

import { artistAt } from "./artists.ts";
import { Draft, type PromptSpec, type Understood } from "./draft.ts";
import { SMALL_WORDS, type Term, termAt } from "./lexicon.ts";
import { PATTERNS } from "./patterns.ts";
import { PromptError } from "./prompt_error.ts";

/** A prompt, read. */
export interface ParsedPrompt {
  readonly request: PromptSpec;
  /** Every phrase that says something, in the order written, and what. */
  readonly understood: readonly Understood[];
  /**
   * Words that mean nothing here, in the order written. Small words, such as
   * "the", "with" and "music", are in neither list.
   */
  readonly ignored: readonly string[];
}

const MOST_CHARACTERS = 2000;

/**
 * Reads a prompt: key, tempo, length, meter, instruments, density, register,
 * loudness, moods, styles, temperature, seed, loop.
 *
 * Named instruments are all that play; if none is named they are free. Bpm are
 * quarter notes per minute in every meter. Explicit words go before moods,
 * moods before styles. "In D" is D major unless a mood makes it minor.
 *
 * @param text What someone would write, in English.
 * @returns The request, and for every word how it was taken.
 * @throws {PromptError} If the prompt contradicts itself, asks for what there
 * cannot be, or for someone's manner.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePrompt } from "immersic/prompt/prompt.ts";
 * const { request, ignored } = parsePrompt("foggy piano in D minor, 70 bpm");
 * assert.deepEqual(request.key, { tonic: 2, mode: "minor" });
 * assert(request.qpm === 70 && request.playing.join() === "piano");
 * assert.deepEqual(ignored, ["foggy"]);
 * ```
 */
export function parsePrompt(text: string): ParsedPrompt {
  if (text.length > MOST_CHARACTERS) {
    throw new PromptError(
      "",
      `it must have at most ${MOST_CHARACTERS} characters, current value is ${text.length}. A sentence or two will do.`,
    );
  }
  const reader = new Reader(text);
  while (reader.step());
  return {
    request: reader.draft.finish(),
    understood: reader.draft.understood,
    ignored: reader.ignored,
  };
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'.#♯♭]*/uy;
/** Between words of one phrase: blanks and hyphens. */
const JOINT = /[\s-]+/y;
const NEGATION =
  /(?:no|without(?: any)?|w\/o|not|never|minus|except(?: for)?|excluding|exclude|omit|leave out|free of|don't|avoid|nor)(?![\p{L}\p{N}])/uy;
const WITHIN_NEGATION = new Set(
  "a an any at all be being in with becoming feel feeling get gets getting go have of really so sound sounding the too use using very"
    .split(" "),
);
const AND = /(?:\s*,)?\s*(?:and|&|\/)\s+(?:any |the |a )?|\s*\/\s*/y;
const OR = /(?:\s*,)?\s*(?:or|nor)\s+(?:any |the |a )?/y;
const COMMA = /\s*,\s*(?:any |the |a )?/y;
const IMITATION =
  /(?:(?:in|with) the (?:style|manner|spirit|vein) of|in the style|sounds? like|inspired by|reminiscent of|à la|a la|like|by)\s+/y;

class Reader {
  readonly draft = new Draft();
  readonly ignored: string[] = [];
  readonly #text: string;
  /** In lower case, character for character as `#text`. */
  readonly #lower: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.normalize("NFC")
      .replace(/[‘’]/g, "'").replace(/[‐-―−]/g, "-").replace(/\s/g, " ")
      .replace(/ +/g, " ");
    this.#lower = Array.from(this.#text, (character) => {
      const lower = character.toLowerCase();
      return lower.length === character.length ? lower : character;
    }).join("");
  }

  /** Reads on by a phrase; false at the end. */
  step(): boolean {
    while (this.#at < this.#text.length && !this.#atStart()) this.#at++;
    if (this.#at >= this.#text.length) return false;
    if (
      !this.#imitation() && !this.#pattern() && !this.#negation() &&
      !this.#placed() && !this.#term()
    ) this.#word();
    return true;
  }

  /** Whether a word, or a number with its sign, can begin here. */
  #atStart(): boolean {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (/^(?:[\p{L}\p{N}♩]|\.\d)/u.test(rest)) return true;
    const before = this.#text[this.#at - 1] ?? " ";
    return /^-[\d.]/.test(rest) && /[\s,;:=(]/.test(before);
  }

  #match(expression: RegExp, at = this.#at): RegExpExecArray | null {
    expression.lastIndex = at;
    return expression.exec(this.#lower);
  }

  /** The words from a place on that no punctuation parts, at most `count`. */
  #words(at = this.#at, count = 5): Word[] {
    const words: Word[] = [];
    while (words.length < count) {
      const match = this.#match(WORD, at);
      if (!match) break;
      const text = match[0].replace(/[.']+$/, "");
      const end = at + text.length;
      words.push({ start: at, end, text });
      const joint = this.#match(JOINT, end);
      if (!joint) break;
      at = end + joint[0].length;
    }
    return words;
  }

  #termAt(at: number): { term: Term; end: number } | undefined {
    const words = this.#words(at);
    const found = termAt(words.map((word) => word.text));
    return found && { term: found.term, end: words[found.count - 1].end };
  }

  #written(start: number, end: number): string {
    return this.#text.slice(start, end).trim();
  }

  /** Refuses an artist's name, listed or by what stands before it. */
  #imitation(): boolean {
    const introduction = this.#match(IMITATION);
    if (introduction) {
      const start = this.#at + introduction[0].length;
      const words = this.#words(start, 4);
      const asWritten = words.map((w) => this.#text.slice(w.start, w.end));
      const listed = artistAt(asWritten);
      if (listed > 0) this.#decline(start, words[listed - 1].end);
      const explicit = /style|manner|spirit|vein|à la|a la/.test(
        introduction[0],
      );
      // A capital tells a name, except in a Title Written Like This.
      const written = this.#written(this.#at, start);
      const isName = words.length > 0 &&
        (explicit
          ? !/^(?:an?|the|my|this|that|old)$/.test(words[0].text)
          : /^\p{Lu}\p{Ll}{2}/u.test(asWritten[0]) && !/\p{Lu}/u.test(written));
      if (
        isName && !this.#termAt(start) && !SMALL_WORDS.has(words[0].text)
      ) {
        let last = 0;
        while (/^\p{Lu}/u.test(asWritten[last + 1] ?? "")) last++;
        this.#decline(start, words[last].end);
      }
    }
    const words = this.#words(this.#at, 4);
    const listed = artistAt(
      words.map((word) => this.#text.slice(word.start, word.end)),
    );
    if (listed > 0) this.#decline(this.#at, words[listed - 1].end);
    return false;
  }

  #decline(start: number, end: number): never {
    const name = this.#written(start, end);
    throw new PromptError(
      name,
      `"${name}" seems to be the name of an artist or a work, and nobody's manner is imitated here. Say what you like about it instead: tempo, mood, instruments, density.`,
    );
  }

  #pattern(): boolean {
    for (const { expression, read } of PATTERNS) {
      const match = this.#match(expression);
      if (!match) continue;
      const end = this.#at + match[0].length;
      const phrase = this.#written(this.#at, end);
      const before = this.#text.slice(0, this.#at);
      const after = this.#text.slice(end);
      if (read(match, phrase, this.draft, before, after) === false) continue;
      this.#at = end;
      return true;
    }
    return false;
  }

  /** "no drums", "without piano, strings or bass", "not too fast". */
  #negation(): boolean {
    const match = this.#match(NEGATION);
    // "Never ending" is a phrase of its own.
    if (!match || this.#termAt(this.#at)) return false;
    const start = this.#at;
    let at = start + match[0].length;
    const skip = () => {
      while (this.#lower[at] === " ") at++;
    };
    skip();
    let found = this.#termAt(at);
    for (let word; !found && (word = this.#words(at, 1)[0]);) {
      if (!WITHIN_NEGATION.has(word.text)) break;
      at = word.end;
      skip();
      found = this.#termAt(at);
    }
    const nothing = this.#match(
      /(?:instruments?|music|notes|sounds?)(?= *(?:$|[^\p{L}\s-]))/uy,
      at,
    );
    if (nothing) {
      const phrase = this.#written(start, at + nothing[0].length);
      throw new PromptError(
        phrase,
        `"${phrase}" leaves nothing to play. Name what is to sound.`,
      );
    }
    if (found?.term.kind === "instrument") {
      this.#silenceList(start, at);
    } else if (found?.term.kind === "loop") {
      const phrase = this.#written(start, found.end);
      this.draft.set("loop", false, phrase, "no loop");
      this.#at = found.end;
    } else if (found?.term.kind === "voices") {
      const phrase = this.#written(start, found.end);
      this.draft.echo(phrase, "instrumental, as always");
      this.#at = found.end;
    } else {
      // What it is not to be says too little about what it is to be.
      const number = PATTERNS.map(({ expression }) =>
        this.#match(expression, at)
      ).find((one) => one !== null);
      const end = found?.end ?? (number && at + number[0].length) ??
        this.#words(at, 1)[0]?.end ?? at;
      this.ignored.push(this.#written(start, end));
      this.#at = end;
    }
    return true;
  }

  /**
   * Silences the instruments listed after a negation. "And" and "or" carry it
   * on; a comma does so only where an "or" follows it in the list, for in "no
   * drums, piano" the piano plays.
   */
  #silenceList(start: number, at: number): void {
    const items: { found: { term: Term; end: number }; at: number }[] = [];
    let upTo = 0;
    for (let next: number | undefined = at; next !== undefined;) {
      const found = this.#termAt(next);
      if (found?.term.kind !== "instrument") break;
      items.push({ found, at: next });
      const or = this.#match(OR, found.end);
      const and = this.#match(AND, found.end);
      const comma = this.#match(COMMA, found.end);
      const joint = or ?? and ?? comma;
      const isCarried = items.length === 1 || this.#carries(items, upTo);
      if (isCarried) upTo = items.length;
      next = joint ? found.end + joint[0].length : undefined;
    }
    let from = start;
    for (const { found } of items.slice(0, upTo)) {
      if (found.term.kind !== "instrument") continue;
      this.draft.silence(found.term.value, this.#written(from, found.end));
      this.#at = from = found.end;
      const joint = this.#match(OR) ?? this.#match(AND) ?? this.#match(COMMA);
      from += joint?.[0].length ?? 0;
    }
  }

  /** Whether the last of some listed items carries the negation up to it. */
  #carries(
    items: readonly { found: { end: number } }[],
    upTo: number,
  ): boolean {
    const before = items[items.length - 2].found.end;
    if (this.#match(OR, before)) return true;
    return upTo === items.length - 1 && this.#match(AND, before) !== null;
  }

  /** "high strings", "low piano": a register, before an instrument only. */
  #placed(): boolean {
    const [word] = this.#words(this.#at, 1);
    const register = word?.text;
    if (register !== "high" && register !== "low") return false;
    if (this.#termAt(this.#at)) return false;
    const next = this.#match(JOINT, word.end);
    const after = next && this.#termAt(word.end + next[0].length);
    if (after?.term.kind !== "instrument") return false;
    const phrase = this.#written(word.start, word.end);
    this.draft.set("register", register, phrase, `register: ${register}`);
    this.#at = word.end;
    return true;
  }

  #term(): boolean {
    const found = this.#termAt(this.#at);
    if (!found) return false;
    const phrase = this.#written(this.#at, found.end);
    this.#at = found.end;
    this.#take(found.term, phrase);
    return true;
  }

  #take(term: Term, phrase: string): void {
    const { draft } = this;
    switch (term.kind) {
      case "tempo":
        return draft.set("tempo", term.value, phrase, `tempo: ${term.value}`);
      case "density":
      case "register":
      case "loudness":
      case "meter": {
        const { kind, value } = term;
        return draft.set(kind, value as never, phrase, `${kind}: ${value}`);
      }
      case "temperature":
        return draft.set(
          "temperature",
          term.value,
          phrase,
          `temperature: ${term.value}`,
        );
      case "mode":
        return draft.setKey(undefined, term.value, phrase);
      case "instrument":
        return draft.play(term.value, phrase);
      case "without":
        return draft.silence(term.value, phrase);
      case "mood":
        return draft.addMood(term.value, phrase);
      case "style":
        return draft.addStyle(term.value, phrase);
      case "seconds":
        return draft.set(
          "length",
          { seconds: term.value },
          phrase,
          `length: ${term.value} seconds`,
        );
      case "endless":
        return draft.set(
          "length",
          { endless: true },
          phrase,
          "an endless stream",
        );
      case "loop":
        return draft.set("loop", true, phrase, "a seamless loop");
      case "instrumental":
        draft.echo(phrase, "instrumental, as always");
        return;
      case "voices":
        // Nothing here sings.
        this.ignored.push(phrase);
        return;
    }
  }

  #word(): void {
    const [word] = this.#words(this.#at, 1);
    const signed = this.#match(/-?[\d.]+[^\s,;]*/y);
    const end = signed ? this.#at + signed[0].length : word?.end ??
      this.#at + 1;
    const text = this.#written(this.#at, end);
    if (!SMALL_WORDS.has(text.toLowerCase())) this.ignored.push(text);
    this.#at = end;
  }
}
