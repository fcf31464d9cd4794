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
    const isLast = typeof from === "object" && "beforeEnd" in from;
    if (isLast && !from.isBars) happening.seconds = from.beforeEnd;
    if (typeof to !== "object") return;
    const isStart = typeof from === "object" && "share" in from;
    if (isStart && "seconds" in to) happening.seconds = to.seconds;
    if (isStart && "count" in to) happening.seconds = to.count;
  } else if (item.is === "wish") {
    const length = lengthOf(item.wish.ask);
    if (length && "seconds" in length) happening.seconds = length.seconds;
  }
}

/** Of a "final hit at 0:33" the number says when. */
export function keepNumbers({ times }: Happening): void {
  const isNumber = (time: When) => typeof time === "object";
  if (times.some(isNumber)) {
    times.splice(0, Infinity, ...times.filter(isNumber));
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

/** "Silence until 0:24" begins where what is before it ended. */
export function lastUntil(happening: Happening, from: When | undefined): void {
  const [to] = happening.times;
  const isTimed = typeof to === "object" && "seconds" in to &&
    typeof from === "object" && "seconds" in from && from.seconds < to.seconds;
  if (!isTimed) return;
  happening.times.splice(0, 1, from);
  happening.seconds = to.seconds - from.seconds;
}
