/** What comes step by step: a key that climbs every two bars, one player after another. */

import { type Chunk, isKey, lengthOf, senseOf, startOf } from "./chunks.ts";
import type { Item } from "./item.ts";
import type { Modulation, Wish } from "./types.ts";

/** How often the key moves where nothing says how long or how far. */
const USUAL_MOVES = 4;
/** More sections than this are too short to be heard as such. */
const MOST_MOVES = 24;

/** Chunks in which all that comes step by step has its own places. */
export function stepByStep(chunks: readonly Chunk[]): Chunk[] {
  const whole = withTargets(inTurn(chunks));
  return whole.flatMap((chunk) => climbing(chunk, whole));
}

/** "From C to F" is one thought where the key climbs from the one to the other. */
function withTargets(chunks: readonly Chunk[]): readonly Chunk[] {
  return chunks.flatMap((chunk, i): Chunk[] => {
    const isClimbing = (one: Chunk | undefined) =>
      one?.items.some(moveOf) && barsOf(one) !== undefined;
    const isTarget = (one: Chunk | undefined) =>
      one?.before === "then" && one.items.every(isKey);
    if (isTarget(chunk) && isClimbing(chunks[i - 1])) return [];
    const next = chunks[i + 1];
    return next && isClimbing(chunk) && isTarget(next)
      ? [{ ...chunk, items: [...chunk.items, ...next.items] }]
      : [chunk];
  });
}

/** "Adds drums, adds guitar, adds keys": each comes after the one before. */
function inTurn(chunks: readonly Chunk[]): readonly Chunk[] {
  const isEntry = ({ items }: Chunk) =>
    items.some((item) => senseOf(item) === "enter") &&
    items.some((item) => item.is === "wish" && item.wish.ask.is === "cast") &&
    items.every((item) => senseOf(item) !== "at");
  if (chunks.filter(isEntry).length < 2) return chunks;
  // "Verse (8 bars, add bass)": what stands in parentheses is of the verse.
  const isInside = (index: number) => {
    const edge = chunks.slice(0, index + 1).findLast(({ before }) =>
      before !== "soft"
    );
    return edge?.before === "open";
  };
  return chunks.map((chunk, i) =>
    i > 0 && chunk.before === "soft" && isEntry(chunk) && !isInside(i)
      ? { ...chunk, before: "then" }
      : chunk
  );
}

function moveOf(item: Item): Modulation | undefined {
  if (item.is !== "wish" || item.wish.polarity !== "yes") return undefined;
  const { ask } = item.wish;
  return ask.is === "modulate" && ask.to.semitones !== undefined
    ? ask.to
    : undefined;
}

const tonicOf = (item: Item | undefined): number | undefined =>
  item?.is === "wish" && item.wish.ask.is === "set"
    ? item.wish.ask.fields.tonic
    : undefined;

/** Bars from one move to the next, in a chunk that says so. */
function barsOf({ items }: Chunk): number | undefined {
  return items.flatMap((item) =>
    item.is === "sense" && item.sense.is === "every" &&
      "bars" in item.sense.period
      ? [item.sense.period.bars]
      : []
  )[0];
}

/** "Up a half step every two bars from C to G": a chunk for each move of the key. */
function climbing(chunk: Chunk, all: readonly Chunk[]): Chunk[] {
  const moving = chunk.items.find(moveOf);
  const bars = barsOf(chunk);
  if (moving?.is !== "wish" || bars === undefined || bars < 1) return [chunk];
  const { semitones } = moveOf(moving)!;
  const everything = all.flatMap(({ items }) => items);
  const keys = chunk.items.filter(isKey);
  const target = keys.findLast((item) => startOf(item) > startOf(moving));
  const first = everything.find((item) => isKey(item) && item !== target);
  const from = tonicOf(first), to = tonicOf(target);
  const length = everything.map((item) =>
    item.is === "wish" ? lengthOf(item.wish.ask) : undefined
  ).find((one) => one && "bars" in one);
  const way = from === undefined || to === undefined
    ? undefined
    : ((semitones! > 0 ? to - from : from - to) + 12) % 12 || 12;
  const moves = way !== undefined
    ? Math.round(way / Math.abs(semitones!))
    : length && "bars" in length
    ? Math.ceil(length.bars / bars) - 1
    : USUAL_MOVES;
  if (moves < 1 || moves > MOST_MOVES) return [chunk];
  const { end, wish: { start } } = moving;
  const rest = chunk.items.flatMap((item): Item[] => {
    if (item === moving || senseOf(item) === "until") return [];
    if (item === target) {
      const { wish } = item as Extract<Item, { is: "wish" }>;
      const meaning = "where the key arrives";
      return [asWish(item, wish.phrase, { is: "echo", meaning })];
    }
    if (senseOf(item) !== "every") return [item];
    const { phrase } = item as Extract<Item, { is: "sense" }>;
    const meaning = `the key moves every ${bars} bars`;
    return [asWish(item, phrase, { is: "echo", meaning })];
  });
  const isOpen = everything.every((item) =>
    item.is !== "wish" || lengthOf(item.wish.ask) === undefined
  );
  if (isOpen) {
    const ask = {
      is: "set",
      fields: { length: { bars: (moves + 1) * bars } },
    } as const;
    rest.push(asWish(moving, moving.wish.phrase, ask));
  }
  const steps = Array.from({ length: moves }, (_, i): Chunk => ({
    before: "soft",
    items: [{
      is: "sense",
      sense: { is: "at", from: { bar: 1 + (i + 1) * bars } },
      start,
      end,
      phrase: moving.wish.phrase,
    }, moving],
  }));
  return [{ ...chunk, items: rest }, ...steps];
}

function asWish(item: Item, phrase: string, ask: Wish["ask"]): Item {
  const start = startOf(item);
  return {
    is: "wish",
    end: item.end,
    wish: { ask, polarity: "yes", phrase, start },
  };
}
