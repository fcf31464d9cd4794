/** How a prompt lays out its sections: as a song's, with their lengths, as a list. */

import {
  type Chunk,
  isKey,
  isLength,
  isStretch,
  isTempoOrKey,
  senseOf,
} from "./chunks.ts";
import type { Item } from "./scope.ts";

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
  /** Lengths after "for", and those of an intro before a "then". */
  readonly spans: ReadonlySet<Item>;
}

const isPart = ({ items }: Chunk) =>
  items.some((item) => senseOf(item) === "part");

/** The layout of chunks. */
export function layoutOf(chunks: readonly Chunk[]): Layout {
  const all = chunks.flatMap(({ items }) => items);
  const isSong = chunks.filter(isPart).length > 1 ||
    all.some((item) => senseOf(item) === "form");
  const hasThen = chunks.some(({ before }) => before === "then");
  const isList = chunks.filter(isStretch).length > 1;
  const lengths = all.filter(isLength).length;
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
      if (isLength(item) && (isFor || isOpening || hasThen && isPart(chunk))) {
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
    hasOneKey: all.filter(isKey).length <= 1 &&
      all.filter(isTempoOrKey).length <= 2,
    spans,
  };
}

/** Whether sections are only listed, as in "verse 8 bars, chorus 8 bars, rock". */
function isBareList(chunks: readonly Chunk[]): boolean {
  if (!chunks.some(isPart)) return false;
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
