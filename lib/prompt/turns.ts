/** Chunks put in the order in which they are meant: headings, turns, first stretches. */

import {
  type Chunk,
  isCast,
  isContent,
  isLength,
  isLengthOfAll,
  lengthOf,
  phraseOf,
  senseOf,
} from "./chunks.ts";
import type { Item } from "./item.ts";
import type { Clause } from "./outline.ts";

const isAt = (item: Item) => senseOf(item) === "at";

/** Chunks in which times stand with what they are of. */
export function inTurn(chunks: readonly Chunk[]): Chunk[] {
  return headed(chunks).flatMap(splitAtTurn);
}

/** "Spring (0:00-0:20) flute and harp": the stretch is of what follows. */
function headed(chunks: readonly Chunk[]): Chunk[] {
  const made: Chunk[] = [];
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i]!, next = chunks[i + 1], last = made.at(-1);
    const [time] = chunk.items;
    const isStretch = chunk.items.length === 1 && time?.is === "sense" &&
      time.sense.is === "at" && time.sense.to !== undefined;
    const isHeading = isStretch && chunk.before === "open" &&
      next?.before === "close" && next.items.some(isContent) &&
      !last?.items.some((item) =>
        item.is === "wish" && !["genre", "mood"].includes(item.wish.ask.is)
      );
    if (!isHeading) made.push(chunk);
    else {
      made.push({ before: "hard", items: [time, ...next.items] });
      i++;
    }
  }
  return made;
}

/**
 * Whether parentheses only say when or how long a section is that has begun and says
 * nothing else yet: "phase 1 (20 s): organ", "a quiet middle part (bars 17-24) of harp".
 */
export function isHeadOf(
  { items, before }: Chunk,
  clause: Clause | undefined,
): boolean {
  const isOpen = clause?.how === "part" ||
    clause?.how === "at" && typeof clause.from === "object" &&
      "share" in clause.from;
  return before === "open" && isOpen &&
    items.every((item) => isAt(item) || isLength(item));
}

/** "At 0:45 the timpani drop out and horns come in": both are at that time. */
function splitAtTurn(chunk: Chunk): Chunk[] {
  const { items } = chunk;
  const at = items.find(isAt);
  const indexOf = (...senses: string[]) =>
    items.findIndex((item) => senses.includes(senseOf(item)));
  const leaves = indexOf("leave"), enters = indexOf("enter", "return");
  if (!at || leaves < 0 || enters < 0) return [chunk];
  const cut = items.findIndex((item, i) =>
    i > Math.min(leaves, enters) && i < Math.max(leaves, enters) &&
    (senseOf(item) === "and" || /^(?:while|as)$/i.test(phraseOf(item)))
  );
  const first = items.slice(0, cut), second = items.slice(cut + 1);
  const isWhole = (some: readonly Item[]) =>
    some.some(isCast) &&
    some.some((item) => ["leave", "enter", "return"].includes(senseOf(item)));
  if (cut < 0 || !isWhole(first) || !isWhole(second)) return [chunk];
  const timed = (some: readonly Item[]) =>
    some.includes(at) ? some : [at, ...some];
  return [
    { ...chunk, items: [...timed(first)] },
    { items: [...timed(second)], before: "hard" },
  ];
}

/**
 * The chunk whose length is that of the first section, where it does not stand
 * directly before the "then" of the next one: "16 bars of brass, in F. Then 4 bars …".
 */
export function openingOf(chunks: readonly Chunk[]): Chunk | undefined {
  const spanOf = ({ items }: Chunk) => {
    const found = items.find((item) => isLength(item) && !isLengthOfAll(item));
    return found?.is === "wish" ? lengthOf(found.wish.ask) : undefined;
  };
  const second = chunks.findIndex((chunk) => chunk.before === "then");
  if (second < 1) return undefined;
  const before = chunks.slice(0, second);
  // A time or a part says by itself what is of the beginning.
  const isPlaced = before.some(({ items }) =>
    items.some((item) =>
      ["at", "enter", "leave"].includes(senseOf(item)) ||
      item.is === "sense" && item.sense.is === "part" &&
        item.sense.name !== "intro"
    )
  );
  const spans = before.filter((chunk) => spanOf(chunk) !== undefined);
  const [own] = spans;
  const next = spanOf(chunks[second]!);
  const kind = own && Object.keys(spanOf(own)!)[0]!;
  // "2 minutes, piano, then 30 seconds of drums": the first is of the whole.
  const isOfSection = own && next && spans.length === 1 && kind! in next &&
    own !== before.at(-1) &&
    own.items.some((item) => !isLength(item) && isContent(item));
  return isOfSection && !isPlaced ? own : undefined;
}
