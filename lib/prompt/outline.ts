/** A prompt's clauses: what is asked, and of which stretch of the piece. */

import type { InstrumentName, PieceLength } from "../music/music.ts";
import {
  isGlobal,
  isLength,
  isLengthOfAll,
  leavingOf,
  lengthOf,
  phraseOf,
  senseOf,
  startOf,
} from "./chunks.ts";
import type { Happening } from "./happenings.ts";
import type { Item } from "./item.ts";
import type { PartReference, Sense, When, Wish } from "./types.ts";

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
  /** Instruments that come back with it, and are silent before. */
  readonly returns: InstrumentName[];
  /** Whether what it names plays alone, or everyone plays. */
  isOnly: boolean;
  isAll: boolean;
  /** Which listed sections it only describes. */
  ref?: PartReference;
  /** Instruments that play only where a clause has them here. */
  own?: readonly InstrumentName[];
  /** The clause that it repeats: a section of the same letter or name. */
  like?: Clause;
  /** Instruments that belong to a genre named just before them. */
  readonly heads: Set<Wish>;
  phrase: string; // as written, first words
  start: number;
}

/** A prompt's clauses and happenings. */
export interface Outline {
  readonly whole: Clause;
  /** In the order written. */
  readonly clauses: Clause[];
  readonly happenings: Happening[];
  /** The order of sections by letters. */
  form?: {
    readonly letters: readonly string[];
    readonly phrase: string;
    readonly start: number;
  };
  /** Words that were not understood, with their places. */
  readonly unknown: { readonly phrase: string; readonly start: number }[];
  /** Names that are not known, and the words around them. */
  readonly names: { readonly phrase: string; readonly name: string }[];
  /** Where words begin that say who comes and goes, and are followed. */
  readonly moves: number[];
  /** Instruments said to play solo, with others. */
  readonly solos: string[];
  /** Words that shape the whole, and what they mean. */
  readonly shaping: {
    readonly phrase: string;
    readonly start: number;
    readonly meaning: string;
  }[];
}

/** Words for an entry that is a hit. */
const SLAMS = /^(?:slam|crash|burst|pound|blast|bang)\p{L}* in$/iu;
/** Words for an entry that sends the others away. */
const TAKES_OVER = /^(?:tak(?:es?|ing) over|übern[ei]hm)/i;
/** Words for everyone that also say how full it sounds. */
const FULL = /band|everyone|tutti|ensemble|group/i;
/** A genre's word that names who plays. */
const TUTTI = /(?:orchest(?:ra|er|re)|orquesta)$/i;

/** A sound of the drums, and not the drums. */
const DRUM_SOUND = /^(?!.*\b(?:drums?|beats?|kit|percussion)\b)/i;

/** What is of the instrument alone that stands before it: a "piano march". */
const SOLO_FORMS =
  /sonat|suite|partita|fugue|fuga|march|waltz|etude|étude|nocturne|minuet|lullab|hymn|ragtime|\brag\b/i;
/** Music that a keyboard plays alone. */
const INVENTION = /\b(?:invention|fugue|toccata|partita|prelude)s?\b/i;
const KEYBOARDS = {
  harpsichord: true,
  piano: true,
  organ: true,
  "church organ": true,
};

/** A clause that says nothing yet. */
export function newClause(how: Clause["how"], phrase = "", start = 0): Clause {
  return {
    how,
    wishes: [],
    enters: [],
    leaves: [],
    returns: [],
    heads: new Set(),
    isOnly: false,
    isAll: false,
    phrase,
    start,
  };
}

/** Whether a clause says nothing, as a time alone does. */
export function isEmpty(
  { wishes, enters, leaves, how, span, isAll }: Clause,
): boolean {
  return wishes.length + enters.length + leaves.length === 0 &&
    how !== "part" && !span && !isAll;
}

/** An outline without anything. */
export function newOutline(): Outline {
  return {
    whole: newClause("whole"),
    clauses: [],
    happenings: [],
    unknown: [],
    names: [],
    moves: [],
    solos: [],
    shaping: [],
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
  const casts: Wish[] = [], denied: Wish[] = [];
  let genre = -1;
  for (const [i, item] of items.entries()) {
    if (item.is === "sense") {
      const { sense, phrase, start } = item;
      if (["unknown", "every", "reprise"].includes(sense.is)) {
        unknown.push({ phrase, start });
      }
      if (sense.is === "name") names.push({ phrase, name: sense.name });
      else if (sense.is === "part" && sense.name === "breakdown") {
        breakDown(clause, phrase, start);
      } else if (sense.is === "form") {
        outline.form ??= { letters: sense.letters, phrase, start };
      } else if (sense.is === "all" && FULL.test(phrase)) {
        // Of the whole piece it says how full it sounds.
        const ask = { is: "set", fields: { density: "dense" } } as const;
        const wish = { ask, polarity: "yes", phrase, start } as const;
        if (clause.how === "whole") clause.wishes.push(wish);
      }
      continue;
    }
    const { wish } = item;
    if (isLength(item) && isSpan(item) && !isLengthOfAll(item)) {
      clause.span = lengthOf(wish.ask)!;
      continue;
    }
    if (wish.ask.is === "genre") {
      genre = i;
      // A "piano sonata" is of the piano alone.
      const before = casts.at(-1);
      const isOf = before && isWish(items[i - 1], before) &&
        SOLO_FORMS.test(wish.phrase);
      if (isOf) clause.heads.add(before);
    }
    if (wish.ask.is === "cast" && wish.polarity === "no") denied.push(wish);
    if (wish.ask.is === "cast" && wish.polarity === "yes") {
      const between = items.slice(genre + 1, i);
      // "Lofi with jazzy rhodes" stays lofi.
      const head = items[genre];
      const isManner = head && /y$/i.test(phraseOf(head)) &&
        clause.wishes.filter(({ ask }) => ask.is === "genre").length > 1;
      const isHead = genre >= 0 && !wish.ask.isOpen && !isManner &&
        between.every((one) => senseOf(one) === "for");
      // A "string quartet" is complete.
      const isInvention = INVENTION.test(phrase) && wish.ask.name in KEYBOARDS;
      const isGroup = /quart|quint(?:et|ett)|sextet|orchest/i.test(wish.phrase);
      if (isHead || isGroup || isInvention) clause.heads.add(wish);
      casts.push(wish);
    }
    const isOfPiece = clause.how !== "whole" &&
      (isGlobal(wish.ask) ||
        wish.ask.is === "genre" && clause.how !== "then" &&
          !TUTTI.test(wish.phrase));
    // After a drop everyone plays, and so does a whole orchestra.
    const isTutti = wish.ask.is === "genre" && TUTTI.test(wish.phrase);
    if (clause.how !== "whole" && (isTutti || isDrop(wish))) {
      clause.isAll = true;
    }
    (isOfPiece ? outline.whole : clause).wishes.push(wish);
  }
  castClause(outline, clause, items, { casts, denied, phrase });
}

function isDrop({ ask, phrase }: Wish): boolean {
  return ask.is === "set" && ask.fields.density !== undefined &&
    /\bdrops?\b/i.test(phrase);
}

/** Whether an item is a wish. */
function isWish(item: Item | undefined, wish: Wish): boolean {
  return item?.is === "wish" && item.wish === wish;
}

/** Ends that are loud and full. */
const BIG =
  /^(?:big|grand|huge|massive|epic|gro(?:ß|ss)|grande?|gran) |\bbang$/i;

/** A "big finish" is loud and full. */
export function beBig({ wishes }: Clause, item: Item): void {
  const isEnd = item.is === "sense" && item.sense.is === "at" &&
    item.sense.from === "end";
  if (!isEnd || !BIG.test(item.phrase)) return;
  const { phrase, start } = item;
  for (const fields of [{ loudness: "loud" }, { density: "dense" }] as const) {
    wishes.push({ ask: { is: "set", fields }, polarity: "yes", phrase, start });
  }
}

/** In a breakdown little plays, softly, and no drums. */
function breakDown(clause: Clause, phrase: string, start: number): void {
  if (clause.how === "whole") return;
  const fields = { density: "sparse", loudness: "soft" } as const;
  for (const [field, value] of Object.entries(fields)) {
    const ask = { is: "set", fields: { [field]: value } } as const;
    clause.wishes.push({ ask, polarity: "yes", phrase, start });
  }
  const hasBeat = clause.wishes.some((wish) =>
    wish.ask.is === "cast" && wish.ask.name === "drums"
  );
  if (hasBeat) return;
  const ask = { is: "without", name: "drums" } as const;
  clause.wishes.push({ ask, polarity: "yes", phrase, start });
}

/** "Everything drops out except the drums": they alone play on. */
function playOn(
  { whole }: Outline,
  clause: Clause,
  playing: readonly Wish[],
): void {
  for (const wish of playing) {
    const index = clause.wishes.indexOf(wish);
    const phrase = wish.ask.is === "cast" ? wish.ask.name : wish.phrase;
    const kept: Wish = { ...wish, polarity: "yes", phrase };
    if (index >= 0) clause.wishes[index] = kept;
    // They play before too.
    whole.wishes.push(kept);
  }
  clause.isOnly = true;
}

/** Says who plays in a clause, who begins and who ends with it. */
function castClause(
  outline: Outline,
  clause: Clause,
  items: readonly Item[],
  { casts, denied, phrase }: {
    readonly casts: readonly Wish[];
    readonly denied: readonly Wish[];
    readonly phrase: string;
  },
): void {
  const names = casts.flatMap(({ ask }) => ask.is === "cast" ? [ask.name] : []);
  const has = (sense: Sense["is"]) =>
    items.some((item) => senseOf(item) === sense);
  if (has("enter") || has("return")) clause.enters.push(...names);
  if (names.length > 0) {
    outline.moves.push(
      ...items.filter((item) => /^(?:enter|return|leave)$/.test(senseOf(item)))
        .map(startOf),
    );
  }
  const slam = items.find((item) => SLAMS.test(phraseOf(item)));
  if (has("enter") && slam && clause.from !== undefined) {
    // "Drums slam in" is a hit too.
    outline.happenings.push({
      what: "hit",
      times: [clause.from],
      phrase: phraseOf(slam),
      start: startOf(slam),
    });
  }
  if (items.some((item) => TAKES_OVER.test(phraseOf(item)))) {
    clause.isOnly = true;
  }
  if (has("return")) clause.returns.push(...names);
  const isOut = has("leave") &&
    (has("all") ||
      items.some((item) =>
        senseOf(item) === "leave" &&
        /everything|everyone|\ball\b/i.test(phraseOf(item))
      ));
  if (isOut) {
    const kept = [...casts, ...denied];
    if (kept.length > 0) return playOn(outline, clause, kept);
    outline.unknown.push({ phrase, start: clause.start });
    return;
  }
  if (has("all") && clause.how !== "whole") clause.isAll = true;
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
  const isLead = /^lone$/i.test(phraseOf(only)) && has("with") ||
    before?.is === "wish" && /solo/i.test(phraseOf(only));
  // Those that play beside it may be named before: "rhodes chords and a sax solo".
  const others = clause.wishes.filter((wish) =>
    wish.ask.is === "cast" && !casts.includes(wish)
  );
  if (isLead && (has("with") || clause.how === "at" || others.length > 0)) {
    return;
  }
  // "Lofi, only snare on 2 and 4" is of the kit.
  const isOfKit = casts.length > 0 &&
    casts.every(({ ask, phrase }) =>
      ask.is === "cast" && ask.name === "drums" && DRUM_SOUND.test(phrase)
    );
  if (isOfKit && clause.wishes.some(({ ask }) => ask.is === "genre")) return;
  const isElse =
    /else|more|other|additional|extra|further|that's|nichts|ander|weiter|rien|autre|nada m|otro|by itself|own/i
      .test(phraseOf(only));
  if (names.length > 0 || isElse) {
    clause.isOnly = true;
    const meaning = "nobody else plays";
    outline.shaping.push({
      phrase: phraseOf(only),
      start: startOf(only),
      meaning,
    });
  }
  if (names.length > 1 && has("with") && /solo/i.test(phraseOf(only))) {
    outline.solos.push(phrase);
    // "Solo piano with strings": it leads.
    const soloist = casts.find(({ start }) => start > startOf(only)) ??
      casts[0]!;
    clause.wishes.push({
      ask: { is: "manner", manner: "leads" },
      polarity: "yes",
      phrase: soloist.phrase,
      start: soloist.start,
    });
  }
}
