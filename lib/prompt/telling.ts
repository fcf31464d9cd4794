/**
 * Divides the words of a prompt among what is told of it: each is in one phrase that
 * was understood, not understood, cannot be done, or is passed over.
 *
 * A word of which nothing is told joins what stands beside it. Only words of a closed
 * list join what was understood; one with a wish of its own, such as "not" or "until",
 * that no rule of the grammar took up is not understood.
 */

import { TELLING } from "./lexicon.ts";
import { plainText, type PromptText } from "./text.ts";
import type { Phrase, Sense } from "./types.ts";

/** What is told of words. */
export interface Told {
  readonly kind: "understood" | "unknown" | "problem" | "passed";
  /** The stretches of the text that it is of. */
  readonly spans: (readonly [start: number, end: number])[];
  /** Whether it says when something is, or how long. */
  readonly isTimed?: boolean;
  readonly isLength?: boolean;
}

/** A word of the text. */
interface Word {
  readonly start: number;
  readonly end: number;
  /** Without accents, in lower case. */
  readonly text: string;
  readonly phrase: Phrase | undefined;
  told?: Told;
}

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}'#♯♭]*[\p{L}\p{N}#♯♭])?/gu;
/** What a word may have beside the part of it that is told: an article, an ending. */
const EDGE = /^(?:(?:[cdjlmnst]|qu)'?|'?s|')?$/;

/** A prompt's words, and which of what is told each of them is in. */
export class Telling {
  readonly #text: PromptText;
  readonly #words: readonly Word[];
  readonly #told: Told[];
  readonly #obeyed: ReadonlySet<number>;
  /** The thought that is settled now. */
  #thought: readonly Word[] = [];

  /**
   * @param told All that is told; where two are of one word, the first has it.
   * @param obeyed Where phrases begin that are followed and of which nothing is told.
   */
  constructor(
    text: PromptText,
    phrases: readonly Phrase[],
    told: readonly Told[],
    obeyed: ReadonlySet<number>,
  ) {
    this.#text = text;
    this.#obeyed = obeyed;
    this.#told = [...told];
    const whole = text.before(text.length);
    const spoken = phrases.filter(({ sense }) => sense.is !== "break");
    this.#words = [...whole.matchAll(WORD)].map(({ 0: written, index }) => {
      const [start, end] = [index, index + written.length];
      const phrase = mostOver(spoken, start, end);
      return { start, end, text: plainText(written), phrase };
    });
    for (const one of told) {
      const isProblem = one.kind === "problem";
      for (const [from, to] of one.spans) {
        const over = this.#words.filter(({ start, end }) =>
          from < end && to > start
        );
        // What cannot be done may be of words that are told elsewhere.
        if (isProblem && over.some(({ told }) => told)) continue;
        for (const word of over) {
          if (isProblem || isIn(word, one)) word.told ??= one;
        }
      }
    }
    for (const words of this.#thoughts(phrases)) this.#settle(words);
  }

  /** What is told, in the order written. */
  get told(): readonly Told[] {
    const startOf = (told: Told) =>
      this.#words.find((word) => word.told === told)?.start ??
        told.spans[0]?.[0] ?? 0;
    return this.#told.filter((one) => this.has(one) || isOfSigns(one))
      .toSorted((a, b) => startOf(a) - startOf(b));

    /** Whether something is told of no word at all, but of signs. */
    function isOfSigns({ kind }: Told): boolean {
      return kind === "understood";
    }
  }

  /** Whether any word is in something told. */
  has(told: Told): boolean {
    return this.#words.some((word) => word.told === told);
  }

  /** The words of something told as written, with "…" for those between. */
  written(told: Told): string {
    const own = this.#words.filter((word) => word.told === told);
    const [first] = own, last = own.at(-1);
    const starts = told.spans.map(([start]) => start);
    const ends = told.spans.map(([, end]) => end);
    if (!first || !last) {
      // Its words may all be told as not understood, as in "… at 0:30".
      const isOfWords = this.#words.some(({ start, end }) =>
        told.spans.some(([from, to]) => from < end && to > start)
      );
      return isOfWords
        ? "…"
        : this.#text.written(Math.min(...starts), Math.max(...ends));
    }
    const isFirst = (word: Word) => word === first,
      isLast = (word: Word) => word === last;
    const stretches: string[] = [];
    let open: number | undefined;
    const among = this.#words.slice(
      this.#words.indexOf(first),
      this.#words.indexOf(last) + 1,
    );
    for (const [i, word] of among.entries()) {
      if (word.told !== told) continue;
      open ??= isFirst(word) ? this.#from(word, starts) : word.start;
      if (among[i + 1]?.told === told) continue;
      const end = isLast(word) ? this.#upTo(word, ends) : word.end;
      stretches.push(this.#text.written(open, end));
      open = undefined;
    }
    return stretches.join(" … ");
  }

  /** Where a stretch begins: signs before its first word belong to it. */
  #from(word: Word, starts: readonly number[]): number {
    const before = this.#words[this.#words.indexOf(word) - 1]?.end ?? 0;
    return Math.min(word.start, ...starts.filter((start) => start >= before));
  }

  #upTo(word: Word, ends: readonly number[]): number {
    const after = this.#words[this.#words.indexOf(word) + 1]?.start ?? Infinity;
    return Math.max(word.end, ...ends.filter((end) => end <= after));
  }

  /** The words between two breaks; a label with a colon is with what follows. */
  #thoughts(phrases: readonly Phrase[]): Word[][] {
    const thoughts: Word[][] = [[]];
    const breaks = phrases.filter(({ sense }) => sense.is === "break");
    let next = 0;
    for (const word of this.#words) {
      for (; breaks[next] && breaks[next]!.start < word.start; next++) {
        const isLabel = breaks[next]!.written === ":" &&
          thoughts.at(-1)!.every(({ told }) => !told);
        if (!isLabel && thoughts.at(-1)!.length > 0) thoughts.push([]);
      }
      thoughts.at(-1)!.push(word);
    }
    return thoughts;
  }

  /** Gives every word of a thought to something told. */
  #settle(words: readonly Word[]): void {
    this.#thought = words;
    for (let from = 0; from < words.length; from++) {
      if (words[from]!.told) continue;
      const found = words.findIndex(({ told }, i) => i > from && told);
      const to = found < 0 ? words.length : found;
      this.#join(words.slice(from, to), words[from - 1]?.told, words[to]?.told);
      from = to;
    }
    for (const [i, { told }] of words.entries()) {
      const before = words[i - 1]?.told;
      if (told?.kind !== "unknown" || before?.kind !== "unknown") continue;
      for (const word of this.#words) {
        if (word.told === told) word.told = before;
      }
    }
  }

  /** Gives a row of words to what is told before or after it. */
  #join(words: readonly Word[], before?: Told, after?: Told): void {
    if (words.length === 0) return;
    if (!before && !after) {
      const isPolite = words.every(({ text }) => TELLING.polite.has(text));
      this.#add(isPolite ? "passed" : "unknown", words);
      return;
    }
    const isWeighty = (word: Word, i: number) =>
      !this.#obeyed.has(word.phrase?.start ?? -1) &&
      !(after?.isTimed && this.#isBeforeEntry(word)) &&
      weighs(word, i, words, { before, after });
    const first = words.findIndex(isWeighty);
    if (first >= 0) {
      const last = words.findLastIndex(isWeighty) + 1;
      const own = this.#add("unknown", words.slice(first, last));
      this.#join(words.slice(0, first), before, own);
      return this.#join(words.slice(last), own, after);
    }
    const trailing = before ? trailingOf(words) : 0;
    if (before) this.#give(words.slice(0, trailing), before);
    // A request belongs to what was not understood, and within a phrase to that.
    const isWithin = before === after ||
      (after ?? before)?.kind === "unknown";
    let rest = words.slice(trailing);
    for (let isFirst = true; rest.length > 0; isFirst = false) {
      const [from, to] = passedIn(
        rest,
        isWithin,
        before !== undefined && isFirst,
      );
      const isSplit = to > 0;
      // What stands before a request follows what is before it.
      const lead = isSplit ? rest.slice(0, from) : rest;
      const beside = isSplit && isFirst ? before ?? after : after ?? before;
      this.#give(lead, beside!);
      if (!isSplit) break;
      this.#add("passed", rest.slice(from, to));
      rest = rest.slice(to);
    }
  }

  /** "A solo before the strings return": what follows the word comes after. */
  #isBeforeEntry({ text, start }: Word): boolean {
    return /^(?:before|bevor)$/.test(text) &&
      this.#thought.some((word) =>
        word.start > start &&
        /^(?:enter|return|all)$/.test(word.phrase?.sense.is ?? "")
      );
  }

  #give(words: readonly Word[], told: Told): void {
    for (const word of words) word.told = told;
  }

  #add(kind: Told["kind"], words: readonly Word[]): Told {
    const told: Told = { kind, spans: [] };
    this.#told.push(told);
    this.#give(words, told);
    return told;
  }
}

/** The phrase that most of a word is in. */
function mostOver(
  phrases: readonly Phrase[],
  from: number,
  to: number,
): Phrase | undefined {
  const shared = ({ start, end }: Phrase) =>
    Math.min(end, to) - Math.max(start, from);
  return phrases.reduce<Phrase | undefined>(
    (most, phrase) =>
      shared(phrase) > (most ? shared(most) : 0) ? phrase : most,
    undefined,
  );
}

/** Whether something is told of a word, and, if it was understood, of all of it. */
function isIn({ start, end, text, phrase }: Word, { kind, spans }: Told) {
  const over = spans.filter(([from, to]) => from < end && to > start);
  if (over.length === 0) return false;
  const isCourtesy = kind === "unknown" && TELLING.courtesies.has(text);
  if (kind !== "understood") return !isCourtesy;
  // A small word between two that were understood may have its own wish.
  const is = phrase?.sense.is;
  if (is === "small" || is === "unknown" || is && JOINTS.includes(is)) {
    return false;
  }
  const from = Math.min(...over.map(([from]) => from));
  const to = Math.max(...over.map(([, to]) => to));
  return EDGE.test(text.slice(0, Math.max(0, from - start))) &&
    EDGE.test(text.slice(Math.min(text.length, to - start)));
}

/** What joins what stands beside it, whatever that is. */
const JOINTS: readonly Sense["is"][] = [
  "and",
  "but",
  "with",
  "for",
  "too",
  "little",
  "stay",
];
/** What is obeyed only as part of something that has a time. */
const TIMED: readonly Sense["is"][] = [
  "then",
  "enter",
  "leave",
  "return",
  "all",
  "until",
  "by",
];

/** Whether a word says more than it may where it joins what was understood. */
function weighs(
  { text, phrase }: Word,
  index: number,
  words: readonly Word[],
  { before, after }: {
    readonly before: Told | undefined;
    readonly after: Told | undefined;
  },
): boolean {
  const is = phrase?.sense.is;
  const isTimed = (after ?? before)?.isTimed === true;
  if (afterPhraseAt(words, index) > 0 || isWithin(words, index)) return false;
  if (is === "small") {
    // "One cello" is a cello.
    if (text === "one" || text === "ein") {
      return !(index === words.length - 1 && after?.kind === "understood");
    }
    // "Hits for four seconds each", "each 16 bars".
    if (text === "each") {
      const isLast = index === words.length - 1;
      return !(index === 0 && (before?.isLength || before?.isTimed)) &&
        !(isLast && after?.isLength);
    }
    // "At 0:40 quiet again".
    const isOfTime = /^(?:again|wieder)$/.test(text);
    return TELLING.weighty.has(text) && !(isOfTime && isTimed);
  }
  if (is === "or") return text !== "of";
  if (is === undefined) return true;
  if (TIMED.includes(is)) return !isTimed;
  return !JOINTS.includes(is);
}

/** How many words of a phrase that follows what it is of begin at a place. */
function afterPhraseAt(words: readonly Word[], index: number): number {
  const phrase = TELLING.afterPhrases.find((phrase) =>
    phrase.every((text, i) => words[index + i]?.text === text)
  );
  return phrase?.length ?? 0;
}

/** Whether a word is within such a phrase that begins before it. */
function isWithin(words: readonly Word[], index: number): boolean {
  return [1, 2, 3, 4].some((back) =>
    index - back >= 0 && afterPhraseAt(words, index - back) > back
  );
}

/** How many words at the beginning belong to what stands before them. */
function trailingOf(words: readonly Word[]): number {
  let count = 0;
  while (count < words.length) {
    const phrase = afterPhraseAt(words, count);
    if (phrase === 0 && !TELLING.after.has(words[count]!.text)) break;
    count += Math.max(1, phrase);
  }
  return count;
}

/**
 * From where to where words are a courtesy or a request, which ask for nothing.
 *
 * @param isWithin Whether they stand where only a courtesy is one.
 * @param isAfter Whether something is told of what stands before them.
 */
function passedIn(
  words: readonly Word[],
  isWithin: boolean,
  isAfter: boolean,
): readonly [from: number, to: number] {
  const isCore = ({ text }: Word) =>
    TELLING.courtesies.has(text) || !isWithin && TELLING.requests.has(text);
  const isPolite = ({ text }: Word) => TELLING.polite.has(text);
  const first = words.findIndex(isCore);
  if (first < 0) return [0, 0];
  let from = first;
  const joins = ({ text }: Word) => /^(?:and|but|so|und|et|y)$/.test(text);
  while (from > 0 && (isAfter ? joins : isPolite)(words[from - 1]!)) from--;
  const last = words.findLastIndex((word, i) =>
    isCore(word) && words.slice(first, i).every(isPolite)
  );
  // "Write me", "I would like".
  const next = words[last + 1]?.text ?? "";
  const isMore = /^(?:me|us|mir|uns|moi|nous)$/.test(next) ||
    next === "like" && /^(?:would|(?:i|we)'d)$/.test(words[last]!.text);
  return [from, last + (isMore ? 2 : 1)];
}
