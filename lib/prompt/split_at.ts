/** What of a thought is of the time in it. */

import { isCast, isContent, senseOf, startOf } from "./chunks.ts";
import type { Item } from "./item.ts";

const isComing = (item: Item) =>
  ["enter", "leave", "return"].includes(senseOf(item));

/** What of a chunk is of the time in it, and what is not. */
export function splitAt(
  items: readonly Item[],
  index: number,
): { readonly own: readonly Item[]; readonly rest: readonly Item[] } {
  const before = items.slice(0, index), after = items.slice(index + 1);
  // "A cello comes in at 0:28 and takes the tune": all is of the verb.
  if (before.some(isCast) && before.some(isComing)) {
    const cut = cutOf(before);
    return {
      own: [...before.slice(cut), ...after],
      rest: before.slice(0, cut),
    };
  }
  // "Trompete kommt ab Takt 9 dazu": what follows is of the verb before.
  const isOfVerb = before.some(isCast) &&
    after.every((item) => !isContent(item) || isComing(item));
  if (isOfVerb && after.some(isComing)) {
    const cut = cutOf(before);
    return {
      own: [...before.slice(cut), ...after],
      rest: before.slice(0, cut),
    };
  }
  if (!after.some(isContent)) {
    const cut = cutOf(before);
    // "The guitar at the end by itself" is alone then.
    const isOnly = (item: Item) => senseOf(item) === "only";
    return {
      own: [...before.slice(cut), ...after.filter(isOnly)],
      rest: [...before.slice(0, cut), ...after.filter((one) => !isOnly(one))],
    };
  }
  // "A softer middle part for clarinets".
  const head = before.at(-1);
  const isHead = head?.is === "wish" && head.wish.ask.is === "more" &&
    head.end + 1 === startOf(items[index]!);
  const count = before.length - (isHead ? 1 : 0);
  return {
    own: [...before.slice(count), ...after],
    rest: before.slice(0, count),
  };
}

/** Where what belongs to a time after it begins: after the last "with" or "and". */
function cutOf(items: readonly Item[]): number {
  // "Gets heavier with drums after 1:00": both are of the time.
  const isCompared = items.some((item) =>
    item.is === "wish" && /er$/.test(item.wish.phrase) &&
    (item.wish.ask.is === "mood" || item.wish.ask.is === "more")
  );
  if (isCompared) return 0;
  const last = items.findLastIndex((item, i) =>
    ["with", "but"].includes(senseOf(item)) &&
    // "A kick, but only from bar 9" is one thought.
    items.slice(i + 1).some(isContent)
  );
  return last + 1;
}
