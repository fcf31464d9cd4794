/** Groups what is asked by when it is asked: the whole piece, or a stretch of it. */

import {
  type Chunk,
  chunksOf,
  isBreakdown,
  isClimax,
  isContent,
  isKeyChange,
  isLatePart,
  isLength,
  isMore,
  isOfManner,
  isStretch,
  isTimes,
  ofFirst,
  phraseOf,
  refOf,
  senseOf,
  startOf,
} from "./chunks.ts";
import { withLeaving, withPauses } from "./leaving.ts";
import {
  addTime,
  addTimes,
  giveTime,
  type Happening,
  happeningIn,
  isHappening,
  isMoreTimes,
  keepNumbers,
  lastsAs,
  lastToNext,
  lastUntil,
  singleStroke,
  surprise,
} from "./happenings.ts";
import { ABOUT_MIDDLE, LATE, placeOfLone } from "./lone_parts.ts";
import {
  endAt,
  endingOf,
  isOtherThan,
  isSoloOf,
  lengthUpTo,
  placeAt,
  playOnlyThen,
  setEnd,
  sinceOf,
  stayIn,
  wishOf,
} from "./clause_times.ts";
import {
  beBig,
  type Clause,
  fillClause,
  isEmpty,
  newClause,
  newOutline,
  type Outline,
} from "./outline.ts";
import { inForm, lastEach, repeatOf } from "./sections_in_form.ts";
import {
  eachOf,
  isLastOf,
  isOfWhole,
  type Layout,
  layoutOf,
} from "./layout.ts";
import type { Item } from "./item.ts";
import { placeName } from "./part_refs.ts";
import { splitAt } from "./split_at.ts";
import { stepByStep } from "./stepwise.ts";
import { inTurn, isHeadOf, openingOf } from "./turns.ts";
import type { PromptText } from "./text.ts";

/** Groups items into clauses. */
export function outlineOf(text: PromptText, items: readonly Item[]): Outline {
  return new Outliner(text, stepByStep(inTurn(withPauses(chunksOf(items)))))
    .outline;
}

class Outliner {
  readonly outline = newOutline();
  /** The clause that what follows a comma belongs to. */
  #active: Clause | undefined;
  /** The happening that a list of times belongs to. */
  #happening: Happening | undefined;
  readonly #layout: Layout;
  /** Whose length is that of the first section. */
  readonly #opening: Chunk | undefined;
  #isOpening = false;
  #isOpened = false;
  #isHead = false; // whether parentheses say when the section is that goes on
  #isJustMade = false;
  readonly #text: PromptText;

  constructor(text: PromptText, chunks: readonly Chunk[]) {
    this.#text = text;
    const { each, rest } = eachOf(chunks, text);
    this.#layout = layoutOf(rest);
    this.#opening = openingOf(rest);
    if (each) this.outline.whole.wishes.push(each.wish);
    for (const [i, chunk] of rest.entries()) this.#read(chunk, rest[i + 1]);
    lastToNext(this.outline.happenings, this.outline.clauses);
    // A time that says nothing is no section.
    const { clauses } = this.outline;
    const told = clauses.filter((clause) => !isEmpty(clause));
    const listed = inForm(told, this.outline);
    clauses.splice(0, Infinity, ...lastEach(listed, each));
  }

  #read(chunk: Chunk, following: Chunk | undefined): void {
    const { before } = chunk;
    if (before === "hard" || before === "close" && !this.#isHead) {
      this.#active = undefined;
    }
    if (before === "open" && this.#isJustMade) {
      this.#active = this.outline.clauses.at(-1);
    }
    this.#isHead = isHeadOf(chunk, this.#active);
    const count = this.outline.clauses.length;
    this.#isOpening = chunk === this.#opening;
    this.#readChunk({ ...chunk, items: withLeaving(chunk.items) }, following);
    this.#isOpened ||= this.#isOpening;
    this.#isJustMade = this.outline.clauses.length > count;
  }

  #readChunk(chunk: Chunk, following: Chunk | undefined): void {
    const { items, before } = chunk;
    const at = items.findIndex((item) => senseOf(item) === "at");
    const part = items.findIndex((item) => senseOf(item) === "part");
    const ref = items.findIndex((item) => refOf(item) !== undefined);
    if (ref >= 0) return this.#describe(items, ref);
    const happening = items.find((item) => isHappening(senseOf(item)));
    if (this.#addTimes(items) || this.#again(items)) return;
    const stroke = singleStroke(items, this.#text, isTimes(following));
    if (happening && this.#happen(happening, chunk, following)) return;
    if (stroke && this.#happen(stroke, chunk, following)) return;
    this.#happening = undefined;
    const isHeaded = this.#active?.how === "part" &&
      this.#active.wishes.length === 0 && !this.#active.span;
    const { isSong, isList } = this.#layout;
    if (part >= 0 && isSong) return this.#part(items, part);
    if (before === "then" || isList && isStretch(chunk) && !isHeaded) {
      return this.#then(items);
    }
    if (at < 0) {
      const lone = placeOfLone(items, part, this.#text);
      if (lone) return this.#at(items.with(part, lone), part);
      if (!this.#active && this.#apart(items, isKeyChange, LATE)) return;
      if (!isSong && this.#apart(items, isBreakdown, ABOUT_MIDDLE)) return;
    }
    if (at >= 0) return this.#at(items, at);
    if (items.some((item) => senseOf(item) === "stay")) {
      return this.#fillWhole(items);
    }
    const isTimed = items.some((item) => this.#layout.spans.has(item)) &&
      following?.items.some((item) => senseOf(item) === "at");
    const isStart =
      (following?.before === "then" || isTimed || this.#isOpening) &&
      !this.#active;
    if (isStart && this.outline.clauses.length === 0) return this.#first(items);
    const [first, second] = this.outline.clauses;
    if (this.#isOpened && first && !second) {
      this.#fill(first, items.filter(isOfManner));
      return this.#fillWhole(items.filter((item) => !isOfManner(item)));
    }
    const isLast = isLastOf(this.#layout, this.#active, { chunk, following });
    if (isLast || isOfWhole(this.#layout, this.#active, items)) {
      return this.#fillWhole(items);
    }
    const clause = this.#active;
    // A second length is that of the whole.
    if (clause?.span && items.some(isLength)) this.#active = undefined;
    if (
      clause && clause === this.#active &&
      (clause.how !== "then" || isMore(items) || isEmpty(clause) ||
        isSoloOf(this.outline, clause, items) ||
        isOtherThan(this.outline, clause, items))
    ) this.#fill(clause, items);
    else this.#fillWhole(items);
  }

  #clause(how: Clause["how"], items: readonly Item[]): Clause {
    const start = Math.min(...items.map(startOf));
    const end = Math.max(...items.map((item) => item.end));
    return newClause(how, this.#text.written(start, end), start);
  }

  /** More times of the happening before them, and how long it lasts. */
  #addTimes(items: readonly Item[]): boolean {
    const happening = this.#happening;
    if (!happening || !isMoreTimes(items)) return false;
    addTimes(happening, items, this.#text);
    return true;
  }

  /** A hit, a silence or a fade; false where it has no time and needs one. */
  #happen(found: Item, { items }: Chunk, following?: Chunk): boolean {
    const parts = happeningIn(items, found);
    if (!parts) return false;
    const { what, own, rest, by } = parts;
    const { phrase, start } = this.#clause("at", own);
    const happening: Happening = {
      what,
      times: [],
      phrase,
      start,
      ...by !== undefined && { by },
    };
    for (const item of own) addTime(happening, item);
    if (lastsAs(happening, this.outline.happenings.at(-1))) return true;
    keepNumbers(happening);
    const isUntil = items.some((item) => senseOf(item) === "until");
    if (isUntil) {
      lastUntil(happening, this.outline.clauses.findLast(({ to }) => to)?.to);
    }
    const { clauses, happenings } = this.outline;
    giveTime(happening, clauses.at(-1), happenings.at(-1));
    if (what === "hit" && happening.times.length === 0) {
      surprise(happening, this.#text.before(startOf(own[0]!)));
    }
    const isOpen = happening.times.length === 0 && !isTimes(following);
    if (isOpen && /hit|silence/.test(what)) {
      // "Hits" and "pause" name no time and ask for nothing here.
      const [phrase, start] = [phraseOf(found), startOf(found)];
      this.outline.unknown.push({ phrase, start });
      return false;
    }
    const ask = lengthUpTo(happening, items);
    if (ask) this.outline.whole.wishes.push(wishOf(ask, happening));
    happenings.push(happening);
    this.#happening = happening;
    if (rest.some((item) => item.is === "wish")) {
      if (this.#active) this.#fill(this.#active, rest);
      else this.#fillWhole(rest);
    }
    return true;
  }

  #then(items: readonly Item[]): void {
    const clause = this.#clause("then", items);
    const { clauses } = this.outline, last = clauses.at(-1);
    if (this.#isJustMade && last && isEmpty(last) && last.from) {
      clause.from = last.from; // "At 1:05 it turns to major".
      clause.phrase = this.#text.written(last.start, items.at(-1)!.end);
      clause.start = clauses.pop()!.start;
    }
    clauses.push(clause);
    this.#active = clause;
    const at = items.find((item) => senseOf(item) === "at");
    if (at) placeAt(this.outline, clause, at);
    if (items.some((item) => senseOf(item) === "until")) setEnd(clause);
    this.#fill(clause, items.filter((item) => item !== at));
  }

  /** What stands before the first "then": its moods and the like come first. */
  #first(items: readonly Item[]): void {
    const clause = this.#clause("then", items);
    clause.from = { share: items.some(isLatePart) ? 0.5 : 0 };
    const own = ofFirst(items, (item) => this.#isSpan(item));
    this.outline.clauses.push(clause);
    this.#fill(clause, own);
    this.#fillWhole(items.filter((item) => !own.includes(item)));
  }

  /** Something that has a time of its own where none is said; false without it. */
  #apart(
    items: readonly Item[],
    isOwn: (item: Item) => boolean,
    time: Pick<Clause, "from" | "to">,
  ): boolean {
    const own = items.filter(isOwn);
    if (own.length === 0) return false;
    const clause = Object.assign(this.#clause("at", own), time);
    this.outline.clauses.push(clause);
    this.#fill(clause, own);
    this.#fillWhole(items.filter((item) => !isOwn(item)));
    return true;
  }

  /** Whether a length is of its clause: "for two bars", or one of several. */
  #isSpan(item: Item): boolean {
    return this.#layout.hasSpans || this.#layout.spans.has(item);
  }

  /** "Back to the beginning": the first section once more. */
  #again(items: readonly Item[]): boolean {
    const found = items.find((item) => senseOf(item) === "reprise");
    const [first] = this.outline.clauses;
    if (!found || !first || isEmpty(first)) return false;
    const clause = repeatOf(first, this.#clause(first.how, items));
    this.outline.clauses.push(clause);
    this.#active = clause;
    const at = items.find((item) => senseOf(item) === "at");
    if (at) placeAt(this.outline, clause, at);
    const rest = items.filter((item) => item !== found && item !== at);
    this.#fill(clause, rest);
    if (clause.wishes.length > first.wishes.length) delete clause.like;
    return true;
  }

  #part(items: readonly Item[], index: number): void {
    const part = items[index]!;
    const clause = this.#clause("part", items);
    if (part.is === "sense" && part.sense.is === "part") {
      clause.name = part.sense.name;
    }
    this.outline.clauses.push(clause);
    this.#active = clause;
    const at = items.find((item) => senseOf(item) === "at");
    if (at) placeAt(this.outline, clause, at);
    this.#fill(clause, items.filter((item) => item !== at));
  }

  /** What is said of sections that are listed elsewhere. */
  #describe(items: readonly Item[], index: number): void {
    this.#part(items, index);
    const part = items[index]!, clause = this.#active!;
    clause.ref = refOf(part)!;
    const meaning = placeName(clause.name ?? "", clause.ref);
    const [phrase, start] = [phraseOf(part), startOf(part)];
    this.outline.shaping.push({ phrase, start, meaning });
  }

  /** A time in a chunk: it is of what follows it, or else of what stands before. */
  #at(items: readonly Item[], index: number): void {
    const at = items[index]!;
    if (this.#endsAt(items) || this.#placesLast(items, at)) return;
    const before = items.slice(0, index), after = items.slice(index + 1);
    const { own, rest } = splitAt(items, index);
    // "Until the last 10 seconds, where only …" is of what follows.
    const isUntil = !after.some((item) => senseOf(item) === "only") &&
      [...before, ...own].some((item) =>
        senseOf(item) === "until" || isClimax(item)
      );
    if (rest.length > 0) {
      if (this.#active) this.#fill(this.#active, rest);
      else this.#fillWhole(rest);
    }
    const active = this.#active;
    if (isUntil && active?.how === "then" && active.to === undefined) {
      endAt(active, at);
      return this.#fill(active, own);
    }
    const clause = this.#clause("at", [...own, at]);
    this.outline.clauses.push(clause);
    placeAt(this.outline, clause, at);
    if (isUntil) {
      setEnd(clause);
      clause.from = sinceOf(clause, own, this.outline);
    }
    playOnlyThen(clause, own, this.#text.before(startOf(at)));
    // "At 0:40 the alarm: brass" says after the colon what is then.
    stayIn(clause, own);
    const isUntold = own.every((item) => senseOf(item) === "unknown");
    // What follows "…, in the middle" is of the whole.
    const isOpen = clause.to !== undefined &&
      (isUntil || !own.some((item) => before.includes(item)));
    this.#active = isOpen || isUntold ? clause : undefined;
    this.#fill(clause, own);
  }

  /** "Ends at 1:00" is a length, and an end. */
  #endsAt(items: readonly Item[]): boolean {
    const ask = endingOf(items);
    if (!ask) return false;
    const clause = this.#clause("at", items);
    this.outline.whole.wishes.push(wishOf(ask, clause));
    clause.from = "end";
    for (const item of items) beBig(clause, item);
    this.outline.clauses.push(clause);
    this.#fill(clause, items);
    return true;
  }

  /** A time by itself is of the clause before it, if that has none. */
  #placesLast(items: readonly Item[], at: Item): boolean {
    const last = this.outline.clauses.at(-1);
    const isAlone = items.every((item) => item === at || !isContent(item));
    const isSpan = at.is === "sense" && at.sense.is === "at" && at.sense.span;
    const isPlaced = last?.from !== undefined && !this.#isHead;
    if (!isAlone || isSpan || !last || isPlaced || last.span) return false;
    placeAt(this.outline, last, at);
    this.#active = last;
    return true;
  }

  #fillWhole(items: readonly Item[]): void {
    this.#fill(this.outline.whole, items);
  }

  #fill(clause: Clause, items: readonly Item[]): void {
    fillClause(this.outline, clause, items, {
      isSpan: (item) =>
        clause.how === "part" || clause.how !== "whole" && this.#isSpan(item),
      phrase: items.length > 0 ? this.#clause("at", items).phrase : "",
    });
  }
}
