/** What happens at one time: hits, silences, fades. */

import { lengthOf } from "./chunks.ts";
import type { Item } from "./scope.ts";
import type { When, Wish } from "./types.ts";

/** What happens at one or several times. */
export interface Happening {
  readonly what: "hit" | "silence" | "fadeIn" | "fadeOut" | "abrupt";
  readonly times: When[];
  seconds?: number;
  readonly phrase: string;
  readonly start: number;
}

const HAPPENINGS = ["hit", "silence", "fadeIn", "fadeOut", "abrupt"] as const;
type What = (typeof HAPPENINGS)[number];
/** Whether a sense is of something that happens. */
export const isHappening = (is: string): is is What =>
  (HAPPENINGS as readonly string[]).includes(is);

/** Adds the time or the duration that an item gives. */
export function addTime(happening: Happening, item: Item): void {
  if (item.is === "sense" && item.sense.is === "at") {
    const { from, to } = item.sense;
    happening.times.push(from);
    if (typeof to !== "object") return;
    const isStart = typeof from === "object" && "share" in from;
    if (isStart && "seconds" in to) happening.seconds = to.seconds;
    if (isStart && "count" in to) happening.seconds = to.count;
  } else if (item.is === "wish") {
    const length = lengthOf(item.wish.ask);
    if (length && "seconds" in length) happening.seconds = length.seconds;
  }
}

/** A hit without a time is at the time just named, a silence a second after it. */
export function giveTime(
  { what, times }: Happening,
  clause:
    | { readonly wishes: readonly Wish[]; readonly from?: When }
    | undefined,
  before: Happening | undefined,
): void {
  const isBare = clause?.wishes.length === 0;
  if (what === "hit" && isBare && clause.from !== undefined) {
    times.push(clause.from);
  }
  const last = before?.times.at(-1);
  const isTimed = typeof last === "object" && "seconds" in last;
  if (what === "silence" && isTimed) times.push({ seconds: last.seconds + 1 });
}
