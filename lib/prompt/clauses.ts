/** Groups what is asked by when it is asked: the whole piece, or a stretch of it. */

import type { InstrumentName, PieceLength } from "../music/music.ts";
import {
  type Chunk,
  chunksOf,
  cutOf,
  isChangeable,
  isContent,
  isGlobal,
  isLength,
  leavingOf,
  lengthOf,
  phraseOf,
  senseOf,
  startOf,
} from "./chunks.ts";
import {
  addTime,
  giveTime,
  type Happening,
  isHappening,
} from "./happenings.ts";
import type { Item } from "./scope.ts";
import type { PromptText } from "./text.ts";
import type { Ask, Sense, When, Wish } from "./types.ts";

/** What is asked of a stretch of the piece; of no stretch, of the whole. */
export interface Clause {
  /** Where it begins. @default after the clause before it */
  from?: When;
  /** Where it ends. @default where the next clause begins */
  to?: When;
  /** Whether `from` counts from the clause before it. */
  isLater?: boolean;
  /** Whether it says what holds from the beginning up to `to`. */
  isUntil?: boolean;
  /** How long it lasts. */
  span?: PieceLength;
  /** Its name in a song, such as "chorus". */
  name?: string;
  readonly how: "whole" | "then" | "part" | "at";
  readonly wishes: Wish[];
  /** Instruments that begin or end with this clause. */
  readonly enters: InstrumentName[];
  readonly leaves: InstrumentName[];
  /** Whether nothing plays but what it names. */
  isOnly: boolean;
  /** Instruments that belong to a genre named just before them. */
  readonly heads: Set<Wish>;
  /** As written, first words. */
  phrase: string;
  start: number;
}

/** A prompt's clauses and happenings. */
export interface Outline {
  readonly whole: Clause;
  /** In the order written. */
  readonly clauses: Clause[];
  readonly happenings: Happening[];
  /** Words that were not understood, with their places. */
  readonly unknown: { readonly phrase: string; readonly start: number }[];
  readonly names: { readonly phrase: string; readonly start: number }[];
  /** Instruments said to play solo, with others. */
  readonly solos: string[];
}

function newClause(how: Clause["how"], phrase = "", start = 0): Clause {
  return {
    how,
    wishes: [],
    enters: [],
    leaves: [],
    heads: new Set(),
    isOnly: false,
    phrase,
    start,
  };
}

/** Groups items into clauses. */
export function outlineOf(text: PromptText, items: readonly Item[]): Outline {
  return new Outliner(text, chunksOf(items)).outline;
}

class Outliner {
  readonly outline: Outline = {
    whole: newClause("whole"),
    clauses: [],
    happenings: [],
    unknown: [],
    names: [],
    solos: [],
  };
  /** The clause that what follows a comma belongs to. */
  #active: Clause | undefined;
  /** The happening that a list of times belongs to. */
  #happening: Happening | undefined;
  readonly #isSong: boolean;
  readonly #hasSpans: boolean;
  /** Lengths after "for". */
  readonly #spans = new Set<Item>();

  readonly #text: PromptText;

  constructor(text: PromptText, chunks: readonly Chunk[]) {
    this.#text = text;
    const parts = chunks.filter(({ items }) =>
      items.some((item) => senseOf(item) === "part")
    );
    this.#isSong = parts.length > 1;
    const lengths = chunks.flatMap(({ items }) => items.filter(isLength));
    const hasThen = chunks.some(({ before }) => before === "then");
    this.#hasSpans = lengths.length > 1 && (hasThen || this.#isSong);
    for (const { items } of chunks) {
      for (const [i, item] of items.entries()) {
        const before = items[i - 1];
        if (isLength(item) && before && senseOf(before) === "for") {
          this.#spans.add(item);
        }
      }
    }
    for (const [i, chunk] of chunks.entries()) {
      this.#read(chunk, chunks[i + 1]);
    }
    // A time that says nothing is no section.
    const { clauses } = this.outline;
    const told = clauses.filter(({ wishes, enters, leaves, how, span }) =>
      wishes.length + enters.length + leaves.length > 0 || how === "part" ||
      span
    );
    clauses.splice(0, Infinity, ...told);
  }

  #read(chunk: Chunk, following: Chunk | undefined): void {
    const { items, before } = chunk;
    const at = items.findIndex((item) => senseOf(item) === "at");
    const part = items.findIndex((item) => senseOf(item) === "part");
    const happening = items.find((item) => isHappening(senseOf(item)));
    if (before === "hard") this.#active = undefined;
    if (this.#addTimes(items)) return;
    if (happening && at >= 0 && this.#endsAt(items)) return;
    if (happening && this.#happen(happening, chunk)) return;
    this.#happening = undefined;
    if (before === "then") return this.#then(items);
    if (part >= 0 && this.#isSong) return this.#part(items, part);
    if (at >= 0) return this.#at(items, at);
    const isStart = following?.before === "then" && !this.#active;
    if (isStart && !this.#hasClauses()) return this.#first(items);
    const isMore = items.some((item) =>
      item.is === "wish"
        ? item.wish.ask.is === "more"
        : item.sense.is === "enter" || item.sense.is === "leave"
    );
    const clause = this.#active;
    if (clause && (clause.how !== "then" || isMore)) this.#fill(clause, items);
    else this.#fillWhole(items);
  }

  #clause(how: Clause["how"], items: readonly Item[]): Clause {
    const start = Math.min(...items.map(startOf));
    const end = Math.max(...items.map((item) => item.end));
    return newClause(how, this.#text.written(start, end), start);
  }

  #hasClauses(): boolean {
    return this.outline.clauses.length > 0;
  }

  /** More times of the happening before them, and how long it lasts. */
  #addTimes(items: readonly Item[]): boolean {
    const happening = this.#happening;
    const isTimes =
      items.every((item) =>
        ["at", "and", "for", "with"].includes(senseOf(item)) || isLength(item)
      ) && items.some((item) => ["at", "for"].includes(senseOf(item)));
    if (!happening || !isTimes) return false;
    for (const item of items) addTime(happening, item);
    return true;
  }

  /** A hit, a silence or a fade; false where it has no time and needs one. */
  #happen(found: Item, { items }: Chunk): boolean {
    if (found.is !== "sense" || !isHappening(found.sense.is)) return false;
    const { is: what } = found.sense;
    const happening: Happening = {
      what,
      times: [],
      phrase: this.#clause("at", items).phrase,
      start: startOf(found),
    };
    for (const item of items) addTime(happening, item);
    if (happening.times.length === 0) {
      const { clauses, happenings } = this.outline;
      giveTime(happening, clauses.at(-1), happenings.at(-1));
    }
    const isTimed = happening.times.length > 0;
    if (!isTimed && (what === "hit" || what === "silence")) {
      // "Hits" and "pause" name no time and ask for nothing here.
      this.outline.unknown.push({ phrase: found.phrase, start: found.start });
      return false;
    }
    this.outline.happenings.push(happening);
    this.#happening = happening;
    const rest = items.filter((item) =>
      item !== found && senseOf(item) !== "at" && !isLength(item)
    );
    if (rest.some((item) => item.is === "wish")) {
      if (this.#active) this.#fill(this.#active, rest);
      else this.#fillWhole(rest);
    }
    return true;
  }

  #then(items: readonly Item[]): void {
    const clause = this.#clause("then", items);
    this.outline.clauses.push(clause);
    this.#active = clause;
    const at = items.find((item) => senseOf(item) === "at");
    if (at) this.#place(clause, at);
    if (items.some((item) => senseOf(item) === "until")) this.#setEnd(clause);
    this.#fill(clause, items.filter((item) => item !== at));
  }

  /** What stands before the first "then": its moods and the like come first. */
  #first(items: readonly Item[]): void {
    const clause = this.#clause("then", items);
    clause.from = { share: 0 };
    const isOfSection = (item: Item) =>
      item.is === "wish"
        ? isChangeable(item.wish.ask) ||
          isLength(item) && this.#isSpan(item)
        : item.sense.is === "only" || item.sense.is === "at";
    const isSolo = items.some((item) => senseOf(item) === "only");
    const own = items.filter((item) =>
      isOfSection(item) ||
      isSolo && item.is === "wish" && item.wish.ask.is === "cast"
    );
    this.outline.clauses.push(clause);
    this.#fill(clause, own);
    this.#fillWhole(items.filter((item) => !own.includes(item)));
  }

  /** Whether a length is of its clause: "for two bars", or one of several. */
  #isSpan(item: Item): boolean {
    return this.#hasSpans || this.#spans.has(item);
  }

  #part(items: readonly Item[], index: number): void {
    const part = items[index]!;
    const clause = this.#clause("part", items);
    if (part.is === "sense" && part.sense.is === "part") {
      clause.name = part.sense.name;
    }
    this.outline.clauses.push(clause);
    this.#active = clause;
    this.#fill(clause, items.filter((item) => item !== part));
  }

  /** A time in a chunk: it is of what follows it, or else of what stands before. */
  #at(items: readonly Item[], index: number): void {
    const at = items[index]!;
    if (this.#endsAt(items) || this.#placesLast(items, at)) return;
    const before = items.slice(0, index), after = items.slice(index + 1);
    const isBefore = !after.some((item) => isContent(item));
    const own = isBefore ? before.slice(cutOf(before)) : after;
    const rest = isBefore ? before.slice(0, cutOf(before)) : before;
    const isUntil = before.some((item) => senseOf(item) === "until");
    if (rest.length > 0) {
      if (this.#active) this.#fill(this.#active, rest);
      else this.#fillWhole(rest);
    }
    const clause = this.#clause("at", [...own, at]);
    this.outline.clauses.push(clause);
    this.#place(clause, at);
    if (isUntil) {
      this.#setEnd(clause);
      clause.from = { share: 0 };
    }
    this.#active = clause.to !== undefined || own.length === 0
      ? clause
      : undefined;
    this.#fill(clause, own);
  }

  /** "Ends at 1:00" is a length. */
  #endsAt(items: readonly Item[]): boolean {
    const times = items.flatMap((item) =>
      item.is === "sense" && item.sense.is === "at" ? [item.sense.from] : []
    );
    const [end, at] = times;
    if (end !== "end" || typeof at !== "object" || !("seconds" in at)) {
      return false;
    }
    const ask: Ask = {
      is: "set",
      fields: { length: { seconds: at.seconds, exact: true } },
    };
    const { phrase, start } = this.#clause("at", items);
    this.outline.whole.wishes.push({ ask, polarity: "yes", phrase, start });
    return true;
  }

  /** A time by itself is of the clause before it, if that has none. */
  #placesLast(items: readonly Item[], at: Item): boolean {
    const last = this.outline.clauses.at(-1);
    const isAlone = items.every((item) => item === at || !isContent(item));
    const isSpan = at.is === "sense" && at.sense.is === "at" && at.sense.span;
    if (!isAlone || isSpan || !last || last.from !== undefined || last.span) {
      return false;
    }
    this.#place(last, at);
    this.#active = last;
    return true;
  }

  #place(clause: Clause, item: Item): void {
    if (item.is !== "sense" || item.sense.is !== "at") return;
    const { from, to, isLater = false, span } = item.sense;
    if (span) {
      clause.span = span;
      return;
    }
    clause.from = from;
    if (to !== undefined) clause.to = to;
    clause.isLater = isLater;
  }

  /** The time of a clause with "until" is its end. */
  #setEnd(clause: Clause): void {
    if (clause.from === undefined) return;
    clause.to = clause.from;
    clause.isUntil = true;
    delete clause.from;
  }

  #fillWhole(items: readonly Item[]): void {
    this.#fill(this.outline.whole, items);
  }

  #fill(clause: Clause, items: readonly Item[]): void {
    const { unknown, names } = this.outline;
    const casts: Wish[] = [];
    let genre = -1;
    for (const [i, item] of items.entries()) {
      if (item.is === "sense") {
        const { sense, phrase, start } = item;
        if (sense.is === "unknown") unknown.push({ phrase, start });
        else if (sense.is === "name") names.push({ phrase: sense.name, start });
        continue;
      }
      const { wish } = item;
      if (isLength(item) && this.#isOfClause(clause, item)) {
        clause.span = lengthOf(wish.ask)!;
        continue;
      }
      if (wish.ask.is === "genre") genre = i;
      if (wish.ask.is === "cast" && wish.polarity === "yes") {
        const between = items.slice(genre + 1, i);
        const isHead = genre >= 0 && !wish.ask.isOpen &&
          between.every((one) => senseOf(one) === "for");
        if (isHead) clause.heads.add(wish);
        casts.push(wish);
      }
      const isOfPiece = clause.how !== "whole" &&
        (isGlobal(wish.ask) ||
          wish.ask.is === "genre" && clause.how !== "then");
      (isOfPiece ? this.outline.whole : clause).wishes.push(wish);
    }
    this.#cast(clause, items, casts);
  }

  #isOfClause({ how }: Clause, item: Item): boolean {
    return how === "part" || how !== "whole" && this.#isSpan(item);
  }

  #cast(clause: Clause, items: readonly Item[], casts: readonly Wish[]): void {
    const names = casts.flatMap(({ ask }) =>
      ask.is === "cast" ? [ask.name] : []
    );
    const has = (sense: Sense["is"]) =>
      items.some((item) => senseOf(item) === sense);
    if (has("enter")) clause.enters.push(...names);
    clause.leaves.push(...leavingOf(items));
    if (!has("only")) return;
    const only = items.find((item) => senseOf(item) === "only")!;
    // "With a sax solo" keeps the others.
    const before = items[items.indexOf(only) - 1];
    const isLead = before?.is === "wish" && /solo/i.test(phraseOf(only));
    if (isLead && (has("with") || clause.how === "at")) return;
    const isElse = /else|more|other|that's|nichts|rien|nada m|by itself|own/i
      .test(phraseOf(only));
    if (names.length > 0 || isElse) clause.isOnly = true;
    if (names.length > 1 && has("with") && /solo/i.test(phraseOf(only))) {
      this.outline.solos.push(this.#clause("at", items).phrase);
    }
  }
}
