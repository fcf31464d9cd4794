/** What a user is told of how a prompt was read. */

import { Telling, type Told } from "./telling.ts";
import type { PromptText } from "./text.ts";
import type { Choice, ParsedPrompt, Phrase, Problem } from "./types.ts";

/** An entry of the report, whose meaning may be completed later. */
export interface Entry {
  readonly start: number;
  readonly phrase: string;
  meaning: string;
}

type Spoken = Pick<Phrase, "start" | "end" | "written">;

/** Collects what is told, in any order. */
export class Report {
  readonly #entries: Entry[] = [];
  readonly #places: Entry[] = [];
  readonly #events = new Set<Entry>();
  readonly #followed = new Set<number>();
  readonly #unknown: { readonly start: number; readonly phrase: string }[] = [];
  readonly #chosen: Choice[] = [];
  readonly #problems: Problem[] = [];

  /** Adds a phrase and what it was taken to mean. */
  tell(start: number, phrase: string, meaning: string): Entry {
    const entry = { start, phrase, meaning };
    this.#entries.push(entry);
    return entry;
  }

  /** Adds a stretch of the piece; all told of words in its phrase joins it. */
  place(start: number, phrase: string, when: string): void {
    this.#places.push({ start, phrase, meaning: when });
  }

  /** Adds something that happens at one time. */
  happen(start: number, phrase: string, meaning: string): void {
    this.#events.add(this.tell(start, phrase, meaning));
  }

  /** Marks a phrase that is followed, and told with what stands beside it. */
  follow(start: number): void {
    this.#followed.add(start);
  }

  /** Adds words that were not understood. */
  ignore(start: number, phrase: string): void {
    this.#unknown.push({ start, phrase });
  }

  /** Adds what chance decided. */
  choose(choice: Choice): void {
    this.#chosen.push(choice);
  }

  /** Adds what cannot be done, and what is done instead. */
  fault(problem: Problem): void {
    this.#problems.push(problem);
  }

  /** Whether anything told is of words at a place, be it as a stretch of the piece. */
  covers(phrase: Spoken): boolean {
    return this.tells(phrase) ||
      this.#places.some((one) => isOver(one, phrase));
  }

  /** Whether anything told is of words at a place, other than when they hold. */
  tells(phrase: Spoken): boolean {
    return [...this.#entries, ...this.#unknown].some((one) =>
      isOver(one, phrase)
    ) || this.#problems.some(({ phrase: other }) =>
      other.includes(phrase.written)
    );
  }

  /**
   * Entries of which no two share a word: those that do are one, those within the
   * phrase of a stretch in one with it.
   */
  #understood(text: PromptText, phrases: readonly Phrase[]): Understanding[] {
    const groups: Entry[][] = [];
    for (const one of [...this.#places, ...this.#entries]) {
      const [start, end] = wholeWords(text, one);
      const others = groups.filter((group) =>
        group.some((other) => isOver(other, { start, end }))
      );
      const joined = [...others.flat(), one];
      for (const group of others) groups.splice(groups.indexOf(group), 1);
      groups.push(joined);
    }
    return groups.map((group) => ({
      kind: "understood",
      spans: [
        ...group.map((one) => [one.start, endOf(one)] as const),
        ...group.filter((one) => this.#places.includes(one))
          .flatMap((one) => thenBefore(phrases, one)),
      ],
      isTimed: group.some((one) =>
        this.#places.includes(one) || this.#events.has(one)
      ),
      isLength: group.some(({ meaning }) =>
        /^(?:each|length|how long)/.test(meaning)
      ),
      meaning: this.#meaningOf(group),
    }));
  }

  #meaningOf(group: readonly Entry[]): string {
    const byStart = group.toSorted((a, b) => a.start - b.start);
    const rest = new Set(byStart.filter((one) => !this.#places.includes(one)));
    const meanings = byStart.filter((one) => this.#places.includes(one)).map(
      (place) => {
        const within = [...rest].filter((one) =>
          one.start >= place.start && one.start < endOf(place)
        );
        for (const one of within) rest.delete(one);
        const what = [...new Set(within.map(({ meaning }) => meaning))];
        return what.length === 0
          ? place.meaning
          : `${place.meaning}: ${what.join(", ")}`;
      },
    );
    const others = [...new Set([...rest].map(({ meaning }) => meaning))];
    return [
      ...new Set(meanings),
      ...others.length > 0 ? [others.join(", ")] : [],
    ].join("; ");
  }

  /** All of it, in the order written, every word of the text in one place. */
  finish(
    text: PromptText,
    phrases: readonly Phrase[],
  ): Omit<ParsedPrompt, "request"> {
    const unknown = this.#unknown.map(({ start, phrase }): Told => ({
      kind: "unknown",
      spans: [[start, start + phrase.length]],
    }));
    const problems = new Map(this.#problems.map((problem): [Told, Problem] => [
      { kind: "problem", spans: placesOf(problem.phrase, text) },
      problem,
    ]));
    const understood = this.#understood(text, phrases);
    const telling = new Telling(text, phrases, [
      ...unknown,
      ...understood,
      ...problems.keys(),
    ], this.#followed);
    const written = (one: Told) => telling.written(one);
    const ofKind = (kind: Told["kind"]) =>
      telling.told.filter((one) => one.kind === kind);
    return {
      understood: ofKind("understood").map((one) => ({
        phrase: written(one),
        meaning: understood.find((other) => other === one)!.meaning,
      })),
      ignored: ofKind("unknown").map(written),
      passedOver: ofKind("passed").map(written),
      chosen: this.#chosen,
      problems: [...problems].map(([told, problem]) => ({
        ...problem,
        ...telling.has(told) && { phrase: written(told) },
      })),
    };
  }
}

/** A row of what was understood. */
type Understanding = Told & { readonly meaning: string };

/** A place in a text, with the whole of the words at its ends. */
function wholeWords(text: PromptText, one: Entry): readonly [number, number] {
  const before = /[\p{L}\p{N}']*$/u.exec(text.before(one.start))![0].length;
  const after = /^[\p{L}\p{N}']*/u.exec(text.after(endOf(one)))![0].length;
  return [one.start - before, endOf(one) + after];
}

/** The "then" that begins a section, where it stands directly before it. */
function thenBefore(
  phrases: readonly Phrase[],
  { start }: Entry,
): (readonly [number, number])[] {
  const last = phrases.findLast((phrase) =>
    phrase.end <= start && phrase.sense.is !== "small" &&
    phrase.sense.is !== "and" &&
    !(phrase.sense.is === "break" && !phrase.sense.hard)
  );
  return last?.sense.is === "then" ? [[last.start, last.end]] : [];
}

const endOf = ({ start, phrase }: { start: number; phrase: string }) =>
  start + phrase.length;

/** Where a phrase stands in a text. */
function placesOf(phrase: string, text: PromptText): Told["spans"] {
  const whole = text.before(text.length);
  const spans: [number, number][] = [];
  for (let at = 0; phrase !== "" && (at = whole.indexOf(phrase, at)) >= 0;) {
    spans.push([at, at += phrase.length]);
  }
  return spans;
}

/** Whether what is told of some words is told of others too. */
function isOver(
  told: { readonly start: number; readonly phrase: string },
  { start, end }: Pick<Phrase, "start" | "end">,
): boolean {
  return told.start < end && told.start + told.phrase.length > start;
}
