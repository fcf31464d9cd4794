/** What happens at one time: hits, silences, fades. */

import { lengthOf } from "./chunks.ts";
import type { Item } from "./scope.ts";
import type { When } from "./types.ts";

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
    happening.times.push(item.sense.from);
  } else if (item.is === "wish") {
    const length = lengthOf(item.wish.ask);
    if (length && "seconds" in length) happening.seconds = length.seconds;
  }
}
