/** A prompt's clauses: what is asked, and of which stretch of the piece. */

import type { InstrumentName, PieceLength } from "../music/music.ts";
import {
  isGlobal,
  isLength,
  leavingOf,
  lengthOf,
  phraseOf,
  senseOf,
} from "./chunks.ts";
import type { Happening } from "./happenings.ts";
import type { Item } from "./scope.ts";
import type { Sense, When, Wish } from "./types.ts";

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

/** A genre's word that names who plays. */
const TUTTI = /(?:orchest(?:ra|er|re)|orquesta)$/i;

/** A clause that says nothing yet. */
export function newClause(how: Clause["how"], phrase = "", start = 0): Clause {
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

/**
 * Adds what items ask to a clause, or to the whole what is of the whole wherever it
 * stands.
 *
 * @param isSpan Whether a length is that of the clause.
 * @param phrase The items as written.
 */
export function fillClause(
  outline: Outline,
  clause: Clause,
  items: readonly Item[],
  { isSpan, phrase }: {
    readonly isSpan: (item: Item) => boolean;
    readonly phrase: string;
  },
): void {
  const { unknown, names } = outline;
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
    if (isLength(item) && isSpan(item)) {
      clause.span = lengthOf(wish.ask)!;
      continue;
    }
    if (wish.ask.is === "genre") {
      genre = i;
      // A "piano sonata" is of the piano alone.
      const before = casts.at(-1);
      const isOf = before && isWish(items[i - 1], before) &&
        /sonat|suite|partita|fugue|fuga/i.test(wish.phrase);
      if (isOf) clause.heads.add(before);
    }
    if (wish.ask.is === "cast" && wish.polarity === "yes") {
      const between = items.slice(genre + 1, i);
      const isHead = genre >= 0 && !wish.ask.isOpen &&
        between.every((one) => senseOf(one) === "for");
      // A "string quartet" is complete.
      const isGroup = /quart|quint(?:et|ett)|sextet|orchest/i.test(wish.phrase);
      if (isHead || isGroup) clause.heads.add(wish);
      casts.push(wish);
    }
    const isOfPiece = clause.how !== "whole" &&
      (isGlobal(wish.ask) ||
        wish.ask.is === "genre" && clause.how !== "then" &&
          !TUTTI.test(wish.phrase));
    (isOfPiece ? outline.whole : clause).wishes.push(wish);
  }
  castClause(outline, clause, items, { casts, phrase });
}

/** Whether an item is a wish. */
function isWish(item: Item | undefined, wish: Wish): boolean {
  return item?.is === "wish" && item.wish === wish;
}

/** Says who plays in a clause, who begins and who ends with it. */
function castClause(
  outline: Outline,
  clause: Clause,
  items: readonly Item[],
  { casts, phrase }: {
    readonly casts: readonly Wish[];
    readonly phrase: string;
  },
): void {
  const names = casts.flatMap(({ ask }) => ask.is === "cast" ? [ask.name] : []);
  const has = (sense: Sense["is"]) =>
    items.some((item) => senseOf(item) === sense);
  if (has("enter")) clause.enters.push(...names);
  clause.leaves.push(...leavingOf(items));
  if (has("leave") && clause.leaves.length === 0) {
    // "… and leaves at bar 13" is of who came in before.
    const before = outline.clauses.at(-2);
    clause.leaves.push(...before?.enters ?? []);
  }
  if (!has("only")) return;
  const only = items.find((item) => senseOf(item) === "only")!;
  // "With a sax solo" keeps the others.
  const before = items[items.indexOf(only) - 1];
  const isLead = before?.is === "wish" && /solo/i.test(phraseOf(only));
  if (isLead && (has("with") || clause.how === "at")) return;
  const isElse =
    /else|more|other|additional|extra|further|that's|nichts|ander|weiter|rien|autre|nada m|otro|by itself|own/i
      .test(phraseOf(only));
  if (names.length > 0 || isElse) clause.isOnly = true;
  if (names.length > 1 && has("with") && /solo/i.test(phraseOf(only))) {
    outline.solos.push(phrase);
  }
}
