/** Parts of a song that are named alone: "no drums in the intro". */

import { isLength, senseOf } from "./chunks.ts";
import type { Item } from "./item.ts";
import type { PromptText } from "./text.ts";

/** When the key changes, and when a breakdown is, where nothing else is said. */
export const LATE = { from: "end" } as const;
export const ABOUT_MIDDLE = {
  from: { share: 0.5 },
  to: { share: 0.65 },
} as const;

/** Where parts of a song lie of which only one is named, as shares of the whole. */
const LONE_PARTS: ReadonlyMap<string, readonly [from: number, to: number]> =
  new Map([
    ["intro", [0, 0.15]],
    ["verse", [0.15, 0.45]],
    ["bridge", [0.6, 0.75]],
    ["outro", [0.85, 1]],
  ]);
const IN_PART =
  /(?:\b(?:in|during|for|throughout|at|only in|im|in der|pendant|dans|en|durante)|until after) (?:the |this |its |an? |l'|la |el |le )?$/i;

/**
 * The place of a part of a song of which something is said, as a time; undefined where
 * nothing is said of it, or it is no place.
 *
 * @param index Of the part among the items; −1 where there is none.
 */
export function placeOfLone(
  items: readonly Item[],
  index: number,
  text: PromptText,
): Item | undefined {
  const part = items[index];
  if (part?.is !== "sense" || part.sense.is !== "part") return undefined;
  const place = LONE_PARTS.get(part.sense.name);
  const isSaid = items.some((item) =>
    item.is === "wish" && !isLength(item) || senseOf(item) === "leave"
  );
  if (!place || !isSaid || !IN_PART.test(text.before(part.start))) {
    return undefined;
  }
  const [from, to] = place;
  const isToEnd = to === 1;
  return {
    ...part,
    sense: {
      is: "at",
      from: { share: from },
      ...!isToEnd && { to: { share: to } },
    },
  };
}
