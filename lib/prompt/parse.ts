/**
 * Reads a simple sentence as a request for music, by lists of words and patterns.
 * No model and no chance take part: the same words always ask for the same.
 */

import { PromptDraft, type PromptSpec, type Understood } from "./draft.ts";
import { refuseImitation } from "./imitation.ts";
import { SMALL_WORDS, type Term } from "./lexicon.ts";
import { PATTERNS } from "./patterns.ts";
import { PromptError } from "./prompt_error.ts";
import { type FoundTerm, PromptText } from "./prompt_text.ts";

/** What a prompt says. */
export interface ParsedPrompt {
  /** What it asks for. */
  readonly request: PromptSpec;
  /** Every phrase that was understood and its meaning, in the order written. */
  readonly understood: readonly Understood[];
  /**
   * Words that were not understood, in the order written. Small words, such as
   * "the", "with" and "music", are in neither list.
   */
  readonly ignored: readonly string[];
}

const MOST_CHARACTERS = 2000;

/**
 * Reads a prompt: key, tempo, length, meter, instruments, density, register,
 * loudness, moods, styles, temperature, seed, loop.
 *
 * If instruments are named, nothing else plays. Bpm are quarter notes per minute in
 * every meter. What is said outright overrides moods, and moods override styles.
 * "In D" is D major unless a mood makes it minor.
 *
 * @param text What someone would write, in English.
 * @returns The request, and how every word was understood.
 * @throws {PromptError} If the prompt contradicts itself, or asks for something
 * impossible or for someone's manner.
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
  const reader = new PromptReader(text);
  while (reader.step());
  return {
    request: reader.draft.finish(),
    understood: reader.draft.understood,
    ignored: reader.ignored,
  };
}

const NEGATION =
  /(?:no|without(?: any)?|w\/o|not|never|minus|except(?: for)?|excluding|exclude|omit|leave out|free of|don't|avoid|nor)(?![\p{L}\p{N}])/uy;
const WITHIN_NEGATION = new Set(
  "a an any at all be being in with becoming feel feeling get gets getting go have of really so sound sounding the too use using very"
    .split(" "),
);
const AND = /(?:\s*,)?\s*(?:and|&|\/)\s+(?:any |the |a )?|\s*\/\s*/y;
const OR = /(?:\s*,)?\s*(?:or|nor)\s+(?:any |the |a )?/y;
const COMMA = /\s*,\s*(?:any |the |a )?/y;
/** Reads a prompt phrase by phrase. */
class PromptReader {
  readonly draft = new PromptDraft();
  readonly ignored: string[] = [];
  readonly #text: PromptText;
  /** Place of the next phrase. */
  #at = 0;

  constructor(text: string) {
    this.#text = new PromptText(text);
  }

  /** Reads the next phrase; false at the end. */
  step(): boolean {
    const text = this.#text;
    while (this.#at < text.length && !text.startsAt(this.#at)) this.#at++;
    if (this.#at >= text.length) return false;
    refuseImitation(text, this.#at);
    if (
      !this.#pattern() && !this.#negation() &&
      !this.#placed() && !this.#term()
    ) this.#word();
    return true;
  }

  #match(expression: RegExp, at = this.#at): RegExpExecArray | null {
    return this.#text.match(expression, at);
  }

  #pattern(): boolean {
    for (const { expression, read } of PATTERNS) {
      const match = this.#match(expression);
      if (!match) continue;
      const end = this.#at + match[0].length;
      const phrase = this.#text.written(this.#at, end);
      const before = this.#text.slice(0, this.#at);
      const after = this.#text.slice(end);
      if (read(match, { phrase, before, after, draft: this.draft }) === false) {
        continue;
      }
      this.#at = end;
      return true;
    }
    return false;
  }

  /** "no drums", "without piano, strings or bass", "not too fast". */
  #negation(): boolean {
    const match = this.#match(NEGATION);
    // "Never ending" is a phrase of its own.
    if (!match || this.#text.termAt(this.#at)) return false;
    const start = this.#at;
    let at = start + match[0].length;
    at = this.#text.skipBlanks(at);
    let found = this.#text.termAt(at);
    for (let word; !found && (word = this.#text.words(at, 1)[0]);) {
      if (!WITHIN_NEGATION.has(word.text)) break;
      at = this.#text.skipBlanks(word.end);
      found = this.#text.termAt(at);
    }
    const nothing = this.#match(
      /(?:instruments?|music|notes|sounds?)(?= *(?:$|[^\p{L}\s-]))/uy,
      at,
    );
    if (nothing) {
      const phrase = this.#text.written(start, at + nothing[0].length);
      throw new PromptError(
        phrase,
        `"${phrase}" leaves nothing to play. Name what is to sound.`,
      );
    }
    if (found?.term.kind === "instrument") {
      this.#silenceList(start, at);
    } else if (found?.term.kind === "loop") {
      const phrase = this.#text.written(start, found.end);
      this.draft.set("loop", false, phrase, "no loop");
      this.#at = found.end;
    } else if (found?.term.kind === "voices") {
      const phrase = this.#text.written(start, found.end);
      this.draft.echo(phrase, "instrumental, as always");
      this.#at = found.end;
    } else {
      // "Not fast" does not say how fast, so it is ignored.
      const number = PATTERNS.map(({ expression }) =>
        this.#match(expression, at)
      ).find((one) => one !== null);
      const end = found?.end ?? (number && at + number[0].length) ??
        this.#text.words(at, 1)[0]?.end ?? at;
      this.ignored.push(this.#text.written(start, end));
      this.#at = end;
    }
    return true;
  }

  /**
   * Silences the instruments listed after a negation. It extends across "and" and
   * "or", and across a comma only where an "or" follows in the list: in "no drums,
   * piano" the piano plays.
   */
  #silenceList(start: number, at: number): void {
    const items: { found: FoundTerm; at: number }[] = [];
    let upTo = 0;
    for (let next: number | undefined = at; next !== undefined;) {
      const found = this.#text.termAt(next);
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
      this.draft.silence(found.term.value, this.#text.written(from, found.end));
      this.#at = from = found.end;
      const joint = this.#match(OR) ?? this.#match(AND) ?? this.#match(COMMA);
      from += joint?.[0].length ?? 0;
    }
  }

  /**
   * Whether the negation extends to the last of the listed items, when it extends
   * to the first `upTo`.
   */
  #carries(
    items: readonly { found: { end: number } }[],
    upTo: number,
  ): boolean {
    const before = items.at(-2)!.found.end;
    if (this.#match(OR, before)) return true;
    return upTo === items.length - 1 && this.#match(AND, before) !== null;
  }

  /** "high strings", "low piano": before an instrument these name a register. */
  #placed(): boolean {
    const [word] = this.#text.words(this.#at, 1);
    if (!word) return false;
    const register = word.text;
    if (register !== "high" && register !== "low") return false;
    if (this.#text.termAt(this.#at)) return false;
    const after = this.#text.termAfter(word);
    if (after?.term.kind !== "instrument") return false;
    const phrase = this.#text.written(word.start, word.end);
    this.draft.set("register", register, phrase, `register: ${register}`);
    this.#at = word.end;
    return true;
  }

  #term(): boolean {
    const found = this.#text.termAt(this.#at);
    if (!found) return false;
    const phrase = this.#text.written(this.#at, found.end);
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
    const [word] = this.#text.words(this.#at, 1);
    const signed = this.#match(/-?[\d.]+[^\s,;]*/y);
    const end = signed ? this.#at + signed[0].length : word?.end ??
      this.#at + 1;
    const text = this.#text.written(this.#at, end);
    if (!SMALL_WORDS.has(text.toLowerCase())) this.ignored.push(text);
    this.#at = end;
  }
}
