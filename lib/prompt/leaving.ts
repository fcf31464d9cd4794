/** What stops: all of it for a while, or one part, which leaves. */

import { type Chunk, phraseOf, senseOf } from "./chunks.ts";
import type { Item } from "./item.ts";

/** "A dead stop at 0:12, then back in at 0:14": what stops and goes on is silent. */
export function withPauses(chunks: readonly Chunk[]): Chunk[] {
  const isTimed = ({ items }: Chunk) =>
    items.some((item) =>
      item.is === "sense" && item.sense.is === "at" &&
      typeof item.sense.from === "object" && "seconds" in item.sense.from
    );
  const goesOn = ({ items }: Chunk) =>
    items.some((item) =>
      ["return", "enter", "all", "stay"].includes(senseOf(item))
    );
  return chunks.map((chunk, i) => {
    const following = chunks.slice(i + 1);
    const isPause = isTimed(chunk) &&
      following.some((one) => isTimed(one) || goesOn(one));
    // "It breaks off; silence until 0:24": the silence says it.
    const [next] = following;
    const isNamed = next !== undefined && isTimed(next) &&
      next.items.some((item) => senseOf(item) === "silence");
    if (!isPause && !isNamed) return chunk;
    const items = chunk.items.map((item): Item =>
      item.is === "sense" && item.sense.is === "abrupt"
        ? { ...item, sense: { is: isPause ? "silence" : "stay" } }
        : item
    );
    return { ...chunk, items };
  });
}

/** "Violin only for the first 30 seconds" is of the time, and not of who plays. */
function withOnlyTimes(items: readonly Item[]): Item[] {
  return items.filter((item, i) => {
    if (senseOf(item) !== "only") return true;
    const before = items[i - 1];
    const isOfCast = before?.is === "sense"
      ? senseOf(before) === "but"
      : before?.wish.ask.is === "cast";
    const next = items.slice(i + 1).find((one) => senseOf(one) !== "for");
    return !(isOfCast && next && senseOf(next) === "at" &&
      /^(?:only|just|nur|erst|seulement|sólo|solamente|soltanto|alleen|apenas)$/i
        .test(phraseOf(item)));
  });
}

const STOPS =
  /^(?:stops?|stoppt|stoppen|s'arr[eê]te(?:nt)?|se detienen?|paran?|si ferma(?:no)?)$/i;
const GONE = /\bgone\b/i;

/** "The drums stop" is no silence: the drums leave. */
export function withLeaving(items: readonly Item[]): Item[] {
  return withOnlyTimes(items).map((item, i) => {
    const before = items[i - 1];
    const isStop = item.is === "sense" && item.sense.is === "silence" &&
      STOPS.test(phraseOf(item));
    const isPart = before?.is === "wish" && before.wish.ask.is === "cast";
    // "The cello is gone by 1:10" leaves, "it is gone by 1:10" fades out.
    const isGone = item.is === "sense" && item.sense.is === "fadeOut" &&
      GONE.test(phraseOf(item));
    return (isStop || isGone) && isPart
      ? { ...item, sense: { is: "leave" } }
      : item;
  });
}
