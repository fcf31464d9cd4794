/** How a prompt lays out its sections: as a song's, with their lengths, as a list. */

import {
  type Chunk,
  isCast,
  isContent,
  isKey,
  isLength,
  isLengthOfAll,
  isStretch,
  isTempo,
  isTempoOrKey,
  lengthOf,
  refOf,
  senseOf,
} from "./chunks.ts";
import type { PieceLength } from "../music/music.ts";
import type { Clause } from "./outline.ts";
import type { Item } from "./item.ts";
import type { PromptText } from "./text.ts";
import type { Wish } from "./types.ts";

/** What the chunks of a prompt say of its sections, all taken together. */
export interface Layout {
  /** Whether it names several parts of a song, or a form. */
  readonly isSong: boolean;
  /** Whether it only lists sections, with nothing said of them one by one. */
  readonly isBareSong: boolean;
  /** Whether lengths are those of sections. */
  readonly hasSpans: boolean;
  /** Whether stretches with their lengths follow each other: "20 s slow, 20 s …". */
  readonly isList: boolean;
  /** Whether it names one key at most, and one tempo in numbers. */
  readonly hasOneKey: boolean;
  /** Whether it has one tempo in numbers at most. */
  readonly hasOneTempo: boolean;
  /** Lengths after "for", and those of an intro before a "then". */
  readonly spans: ReadonlySet<Item>;
}

/** The length of each of several sections, and the wish that says so. */
export interface SectionLength {
  readonly span: PieceLength;
  readonly wish: Wish;
}

/** Whether a chunk lists a part of a song. */
const isPart = ({ items }: Chunk) =>
  items.some((item) => senseOf(item) === "part" && !refOf(item));

const isBars = (item: Item) =>
  item.is === "wish" && "bars" in (lengthOf(item.wish.ask) ?? {});

/** "Five seconds of silence" among stretches of music. */
const isSilenceOf = (item: Item) =>
  item.is === "sense" && item.sense.is === "silence" &&
  item.sense.seconds !== undefined;

/** The layout of chunks. */
export function layoutOf(chunks: readonly Chunk[]): Layout {
  const all = chunks.flatMap(({ items }) => items);
  const isSong = chunks.filter(isPart).length > 1 ||
    all.some((item) => ["form", "reprise"].includes(senseOf(item))) &&
      (chunks.some(isPart) || all.some((item) => senseOf(item) === "form"));
  const hasThen = chunks.some(({ before }) => before === "then");
  const isList = chunks.filter(isStretch).length > 1;
  const lengths =
    all.filter((item) =>
      isLength(item) && !isLengthOfAll(item) || isSilenceOf(item)
    ).length;
  const isStart = (item: Item) =>
    item.is === "sense" && item.sense.is === "at" &&
    typeof item.sense.from === "object" && "share" in item.sense.from &&
    item.sense.from.share === 0 && item.sense.to === undefined;
  const spans = new Set<Item>();
  for (const chunk of chunks) {
    for (const [i, item] of chunk.items.entries()) {
      const before = chunk.items[i - 1];
      const isFor = before && senseOf(before) === "for";
      // "Four bars of guitar alone at the beginning", beside a length of all.
      const isOpening = lengths > 1 && chunk.items.some(isStart);
      // "8 bars of drums, then bass joins".
      const isFirst = hasThen && chunk === chunks[0] && i === 0 &&
        isBars(item) && chunk.items.some(isCast);
      // "Starts only with percussion 8 bars", where others play later.
      const isOpeningCast = isBars(item) && chunk.items.some(isStart) &&
        chunk.items.some(isCast) &&
        chunks.some((one) => one !== chunk && one.items.some(isCast));
      const isOfPart = isFor || isOpening || isOpeningCast || isFirst ||
        hasThen && isPart(chunk);
      if (isLength(item) && isOfPart) {
        spans.add(item);
      }
    }
  }
  return {
    isSong,
    isBareSong: isBareList(chunks),
    hasSpans: lengths > 1 &&
      (hasThen || isSong || isList),
    isList,
    hasOneTempo: all.filter(isTempo).length <= 1,
    hasOneKey: all.filter(isKey).length <= 1 &&
      all.filter(isTempoOrKey).length <= 2,
    spans,
  };
}

/** Whether sections are only listed, as in "verse 8 bars, chorus 8 bars, rock". */
function isBareList(chunks: readonly Chunk[]): boolean {
  if (chunks.filter(isPart).length < 2) return false;
  const listed = chunks.slice(
    chunks.findIndex(isPart),
    chunks.findLastIndex(isPart) + 1,
  );
  return listed.every(({ items }) =>
    items.every((item) =>
      isLength(item) || ["part", "and", "for"].includes(senseOf(item))
    )
  );
}

const EACH =
  /\b(?:each|apiece|per (?:section|part)|jeweils|chacune?|cada una?)\b/i;
/** After a length, and before one. */
const EACH_AFTER = new RegExp(`^ ?(?:long,? )?(?:for )?${EACH.source}`, "i");
const EACH_BEFORE =
  /\b(?:(?:each|every|both|all)(?: of (?:them|the (?:sections|parts)))?(?: (?:sections?|parts?|verses?|ones?))?(?: (?:is|are|lasts?|takes?|has|have|should (?:be|last)|being|with|gets?))?|(?:sections|parts) (?:of|are|last)) $/i;

/**
 * Takes "16 bars each" out of the chunks of a prompt with several sections, unless it
 * is of chords.
 */
export function eachOf(
  chunks: readonly Chunk[],
  text: PromptText,
): { readonly each?: SectionLength; readonly rest: readonly Chunk[] } {
  const all = chunks.flatMap(({ items }) => items);
  const parts = all.filter((item) => senseOf(item) === "part").length;
  const isSectioned = parts > 1 ||
    all.some((item) => senseOf(item) === "form") ||
    chunks.some(({ before }) => before === "then");
  const hasChords = all.some((item) =>
    item.is === "wish" && item.wish.ask.is === "set" &&
    item.wish.ask.fields.progression !== undefined
  );
  const found = isSectioned
    ? all.find((item) => spanOfEach(item, text, hasChords))
    : undefined;
  if (found?.is !== "wish") return { rest: chunks };
  const span = spanOfEach(found, text, hasChords)!;
  const name = "bars" in span
    ? `${span.bars} bars`
    : `${"seconds" in span ? span.seconds : ""} seconds`;
  const ask = { is: "echo", meaning: `each section: ${name}` } as const;
  return {
    each: { span, wish: { ...found.wish, ask } },
    rest: chunks.map((chunk) => ({
      ...chunk,
      items: chunk.items.filter((item) => item !== found),
    })).filter(({ items }) => items.length > 0).flatMap(splitParts),
  };
}

/** "Verse and chorus" are two sections. */
function splitParts(chunk: Chunk): Chunk[] {
  const { items } = chunk;
  const parts = items.filter((item) => senseOf(item) === "part");
  const isBare = items.every((item) => ["part", "and"].includes(senseOf(item)));
  return parts.length > 1 && isBare
    ? parts.map((part) => ({ ...chunk, items: [part] }))
    : [chunk];
}

/** The length of each section that an item says; undefined where it says none. */
function spanOfEach(
  item: Item,
  text: PromptText,
  hasChords: boolean,
): PieceLength | undefined {
  if (item.is !== "wish" || item.wish.ask.is !== "set") return undefined;
  const { wish: { ask, phrase, start }, end } = item;
  const { barsEach } = ask.fields;
  if (barsEach !== undefined) {
    return hasChords || /chord|akkord|acorde|accord/i.test(phrase)
      ? undefined
      : { bars: barsEach };
  }
  const isEach = EACH_AFTER.test(text.after(end)) || EACH.test(phrase) ||
    EACH_BEFORE.test(text.before(start));
  return isEach ? lengthOf(ask) : undefined;
}

/** Whether a chunk is a last tempo or key, or the only tempo: that of the whole. */
export function isLastOf(
  { hasOneKey, hasOneTempo }: Layout,
  active: Clause | undefined,
  { chunk: { items, before }, following }: {
    readonly chunk: Chunk;
    readonly following: Chunk | undefined;
  },
): boolean {
  const isMoving = active?.wishes.some(({ ask }) =>
    ask.is === "more" && ask.of === "tempo"
  );
  if (items.every(isTempo) && hasOneTempo && !isMoving) return true;
  return !following && before === "soft" && !active?.to && hasOneKey &&
    items.every(isTempoOrKey);
}

/**
 * What follows a bare list of sections is of the whole, and so is the only length
 * of a song where it stands by itself.
 */
export function isOfWhole(
  { hasOneKey, isBareSong, hasSpans }: Layout,
  active: Clause | undefined,
  items: readonly Item[],
): boolean {
  if (active?.how !== "part") return false;
  // "…, in D" by itself, where nothing else has a key.
  if (isBareSong || hasOneKey && items.every(isKey)) return true;
  return !hasSpans && items.some(isLength) &&
    items.every((item) => !isContent(item));
}
