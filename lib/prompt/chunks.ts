/** Cuts a prompt's items into chunks, and says what is in one. */

import type { InstrumentName, PieceLength } from "../music/music.ts";
import type { Item } from "./item.ts";
import type { Ask, PartReference, Sense } from "./types.ts";

/** What stands between two breaks. */
export interface Chunk {
  readonly items: Item[];
  readonly before: "soft" | "hard" | "then" | "open" | "close";
}

/** What an item is. */
export const senseOf = (item: Item): Sense["is"] | "wish" =>
  item.is === "wish" ? "wish" : item.sense.is;
/** Its first character. */
export const startOf = (item: Item): number =>
  item.is === "wish" ? item.wish.start : item.start;
/** Which sections an item speaks of, where those are listed elsewhere. */
export const refOf = (item: Item): PartReference | undefined =>
  item.is === "sense" && item.sense.is === "part" ? item.sense.ref : undefined;
/** As written. */
export const phraseOf = (item: Item): string =>
  item.is === "wish" ? item.wish.phrase : item.phrase;

/** Cuts items at breaks and at words such as "then". */
export function chunksOf(items: readonly Item[]): Chunk[] {
  const chunks: Chunk[] = [];
  let chunk: Chunk = { items: [], before: "hard" };
  const next = (before: Chunk["before"]) => {
    if (chunk.items.length > 0) {
      chunks.push(chunk);
      chunk = { items: [], before };
    } else {
      // The stronger of two breaks.
      const isThen = before === "then" || chunk.before === "then";
      const isHard = before === "hard" || chunk.before === "hard";
      chunk = {
        items: [],
        before: isThen && chunks.length > 0 ? "then" : isHard ? "hard" : before,
      };
    }
  };
  for (const [i, item] of items.entries()) {
    const sense = item.is === "sense" ? item.sense : undefined;
    if (sense?.is === "break") {
      next(sense.hard ? "hard" : sense.edge ?? "soft");
    } else if (sense?.is === "then") next(saysMore(items, i) ? "then" : "soft");
    else if (isBefore(items, i)) next("then");
    else if (isAgain(item) && saysChange(chunk) && hasTimes(chunks)) {
      chunk = { ...chunk, before: "then" };
    } // "By the end" is where what grows through the whole has grown.
    else if (sense?.is !== "small" && sense?.is !== "by") {
      chunk.items.push(item);
    }
  }
  if (chunk.items.length > 0) chunks.push(chunk);
  return withLengths(listed(chunks.flatMap(splitAtAnd)));
}

/** "3 parts of 20 seconds each: calm, tense, …": a section for each that follows. */
function listed(chunks: readonly Chunk[]): readonly Chunk[] {
  const index = chunks.findIndex(({ items }) =>
    items.some((item) => senseOf(item) === "sections")
  );
  const header = chunks[index]?.items.find((item) =>
    senseOf(item) === "sections"
  );
  if (header?.is !== "sense" || header.sense.is !== "sections") return chunks;
  const { count, span } = header.sense;
  if (chunks.length < index + 1 + count) return chunks;
  return chunks.flatMap((chunk, i): Chunk[] => {
    if (i === index) {
      const items = chunk.items.filter((item) => item !== header);
      return items.length > 0 ? [{ ...chunk, items }] : [];
    }
    return i > index && i <= index + count
      ? [{ items: [...chunk.items, ...asSection(chunk, span)], before: "then" }]
      : [chunk];
  });
}

/** Items that say how long a section lasts, and that only who it names plays. */
function asSection({ items }: Chunk, length: PieceLength): Item[] {
  const start = startOf(items[0]!), end = items[0]!.end;
  const ask = { is: "set", fields: { length } } as const;
  const only: Item = {
    is: "sense",
    sense: { is: "only" },
    start,
    end,
    phrase: "only",
  };
  const isAdded = items.some((item) => senseOf(item) === "enter");
  return [
    { is: "wish", end, wish: { ask, polarity: "yes", phrase: "", start } },
    ...isAdded ? [] : [only],
  ];
}

/** "Slow intro, 30 seconds, then …": a length by itself is of the intro. */
function withLengths(chunks: readonly Chunk[]): Chunk[] {
  const merged: Chunk[] = [];
  for (const [i, chunk] of chunks.entries()) {
    const last = merged.at(-1);
    const isLengthOfIntro = chunk.items.every(isLength) &&
      chunk.before === "soft" && isNextThen(chunks, i) &&
      last?.items.some((item) => senseOf(item) === "part");
    if (last && isLengthOfIntro) {
      merged[merged.length - 1] = {
        ...last,
        items: [...last.items, ...chunk.items],
      };
    } else merged.push(chunk);
  }
  return merged;
}

/** Whether a "then" follows, with nothing before it but how the first section is. */
function isNextThen(chunks: readonly Chunk[], index: number): boolean {
  const next = chunks.findIndex(({ before }, i) =>
    i > index && before !== "soft"
  );
  return chunks[next]?.before === "then" && next <= index + 2 &&
    chunks.slice(index + 1, next).every(({ items }) => !items.some(isLength));
}

/** The items after one, up to the next break. */
function restOf(items: readonly Item[], index: number): Item[] {
  // "Then comes the mouse: piccolo": what it is stands after the colon.
  const end = items.findIndex((item, i) =>
    i > index && ["break", "then"].includes(senseOf(item)) &&
    phraseOf(item) !== ":"
  );
  return items.slice(index + 1, end < 0 ? items.length : end);
}

/** Whether anything that is understood follows, which "back to school" lacks. */
function saysMore(items: readonly Item[], index: number): boolean {
  const rest = restOf(items, index);
  return rest.length === 0 ||
    rest.some((item) => !["small", "unknown", "and"].includes(senseOf(item)));
}

function isAgain(item: Item): boolean {
  return item.is === "sense" && item.sense.is === "small" &&
    /^(?:again|wieder|encore|nuevamente)$/i.test(item.phrase);
}

/** Whether a chunk says how the music is, as "quiet again" does. */
function saysChange({ items, before }: Chunk): boolean {
  return before === "soft" &&
    items.some((item) => item.is === "wish" && isChangeable(item.wish.ask)) &&
    items.every((item) => senseOf(item) !== "at");
}

/** Whether anything before is of a time. */
function hasTimes(chunks: readonly Chunk[]): boolean {
  return chunks.some(({ before, items }) =>
    before === "then" || items.some((item) => senseOf(item) === "at")
  );
}

/** "A solo before the strings return": what follows the word comes after. */
function isBefore(items: readonly Item[], index: number): boolean {
  const item = items[index]!;
  return item.is === "sense" && item.sense.is === "small" &&
    /^(?:before|bevor|avant que|antes de que)$/i.test(item.phrase) &&
    restOf(items, index).some((one) =>
      ["enter", "return", "all"].includes(senseOf(one))
    );
}

/** "Enters at 0:10 and leaves at 0:20" are two chunks. */
function splitAtAnd(chunk: Chunk): Chunk[] {
  const { items, before } = chunk;
  const hasTime = (some: readonly Item[]) =>
    some.some((item) => senseOf(item) === "at" || refOf(item));
  const and = items.findIndex((item, i) =>
    senseOf(item) === "and" && hasTime(items.slice(0, i)) &&
    hasTime(items.slice(i))
  );
  if (and < 0) return splitAtParts(chunk);
  return [
    ...splitAtParts({ items: items.slice(0, and), before }),
    ...splitAtAnd({ items: items.slice(and + 1), before: "soft" }),
  ];
}

/** "Verse 8 bars chorus 8 bars": parts of a song of which each has its length. */
function splitAtParts(chunk: Chunk): Chunk[] {
  const { items, before } = chunk;
  const isPart = (item: Item) => senseOf(item) === "part" && !refOf(item);
  const parts = items.filter(isPart).length;
  if (parts < 2 || items.filter(isLength).length !== parts) return [chunk];
  // "8 bars verse 8 bars chorus".
  const isHead = isLength(items[0]!) ? isLength : isPart;
  const heads = [...items.keys()].filter((i) => isHead(items[i]!));
  return heads.map((from, i) => ({
    items: items.slice(i === 0 ? 0 : from, heads[i + 1]),
    before: i === 0 ? before : "soft",
  }));
}

/** The length that is asked for, if one is. */
export function lengthOf(ask: Ask): PieceLength | undefined {
  return ask.is === "set" ? ask.fields.length : undefined;
}

/** Whether an item names who plays. */
export function isCast(item: Item): boolean {
  return item.is === "wish" && item.wish.ask.is === "cast";
}

/** Instruments that items want. */
export function castNames(items: readonly Item[]): InstrumentName[] {
  return items.flatMap((item) =>
    item.is === "wish" && item.wish.ask.is === "cast" &&
      item.wish.polarity === "yes"
      ? [item.wish.ask.name]
      : []
  );
}

/** Whether an item asks for a length. */
export function isLength(item: Item): boolean {
  return item.is === "wish" && lengthOf(item.wish.ask) !== undefined;
}

/** Whether an item says where the end is, as "until the end at 1:20" does. */
export function isLengthOfAll(item: Item): boolean {
  return isLength(item) && /\bend\b/i.test(phraseOf(item));
}

/** Whether an item asks for a key. */
export function isKey(item: Item): boolean {
  return item.is === "wish" && item.wish.ask.is === "set" &&
    item.wish.ask.fields.tonic !== undefined;
}

/** Whether an item asks for a tempo in numbers. */
export function isTempo(item: Item): boolean {
  return item.is === "wish" && item.wish.ask.is === "set" &&
    item.wish.ask.fields.qpm !== undefined;
}

/** Whether an item asks for a key, or a tempo in numbers. */
export function isTempoOrKey(item: Item): boolean {
  return isKey(item) || isTempo(item);
}

/** Whether an item changes the key by distance. */
export function isKeyChange(item: Item): boolean {
  return item.is === "wish" && item.wish.ask.is === "modulate" &&
    item.wish.polarity === "yes";
}

/** Whether an item is a part of a song that does not begin it. */
export function isLatePart(item: Item): boolean {
  return item.is === "sense" && item.sense.is === "part" &&
    /^(?:bridge|chorus|breakdown|the drop)$/.test(item.sense.name);
}

/** Whether an item is a breakdown. */
export function isBreakdown(item: Item): boolean {
  return item.is === "sense" && item.sense.is === "part" &&
    item.sense.name === "breakdown";
}

/** Whether a wish can differ from section to section. */
export function isChangeable(ask: Ask): boolean {
  if (["mood", "more", "modulate", "swell"].includes(ask.is)) return true;
  return ask.is === "set" &&
    ["tempo", "qpm", "density", "register", "loudness", "tonic", "mode"]
      .some((field) => field in ask.fields);
}

/** Whether an item says in words how the music is, and in which key or tempo not. */
export function isOfManner(item: Item): boolean {
  if (item.is !== "wish") return false;
  const { ask } = item.wish;
  return ask.is === "mood" || ask.is === "set" &&
      ["tempo", "density", "register", "loudness"]
        .some((field) => field in ask.fields);
}

/** What is of the first section, of all that stands before the first "then". */
export function ofFirst(
  items: readonly Item[],
  isSpan: (item: Item) => boolean,
): Item[] {
  const isSolo = items.some((item) => senseOf(item) === "only");
  return items.filter((item) =>
    item.is === "wish"
      ? isChangeable(item.wish.ask) || isLength(item) && isSpan(item) ||
        isSolo && isCast(item)
      : ["only", "at", "all"].includes(item.sense.is)
  );
}

/** Whether a wish is of the whole piece, wherever it stands. */
export function isGlobal(ask: Ask): boolean {
  if (["cannot", "echo", "contrast", "hold"].includes(ask.is)) return true;
  return ask.is === "set" &&
    ["length", "temperature", "randomSeed", "loop", "swing", "close", "rounds"]
      .some((field) => field in ask.fields);
}

/** Whether items say that something changes, or who comes and goes. */
export function isMore(items: readonly Item[]): boolean {
  return items.some((item) =>
    item.is === "wish"
      ? item.wish.ask.is === "more"
      : ["enter", "return", "leave", "all"].includes(item.sense.is)
  );
}

/** Whether an item says something of the music at a time. */
export function isContent(item: Item): boolean {
  const sense = senseOf(item);
  return item.is === "wish" && !isGlobal(item.wish.ask) || sense === "enter" ||
    sense === "return" || sense === "all" || sense === "leave" ||
    sense === "unknown";
}

/** Instruments that stop: those after a word such as "drop", or before "leaves". */
export function leavingOf(items: readonly Item[]): InstrumentName[] {
  const index = items.findIndex((item) => senseOf(item) === "leave");
  if (index < 0) return [];
  const namesIn = (some: readonly Item[]) =>
    some.flatMap((item) =>
      item.is === "wish" && item.wish.ask.is === "cast" &&
        !item.wish.ask.drums
        ? [item.wish.ask.name]
        : []
    );
  const after = namesIn(items.slice(index));
  return after.length > 0 ? after : namesIn(items.slice(0, index));
}

/** Whether an item is a climax: the music grows up to it. */
export function isClimax(item: Item): boolean {
  return item.is === "wish" && item.wish.ask.is === "more" &&
    item.wish.ask.of === "build" && /\bclimax|\bpeak/i.test(item.wish.phrase);
}

/** Whether a chunk is a length and what is asked of it: "20 s slow". */
export function isStretch({ items }: Chunk): boolean {
  return items[0] !== undefined && isLength(items[0]) &&
    items.some((item) => item.is === "wish" && isChangeable(item.wish.ask));
}

/** Whether a chunk gives only times, as after "hit points:" and "the door (0:17)". */
export function isTimes(chunk: Chunk | undefined): boolean {
  return chunk !== undefined && chunk.before !== "hard" &&
    chunk.items.every((item) => senseOf(item) === "at");
}
