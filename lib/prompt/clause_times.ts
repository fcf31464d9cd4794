/** Times of clauses that are said by other times: "before that", "until", "ends at". */

import type { Clause, Outline } from "./outline.ts";
import type { Item } from "./scope.ts";
import type { Ask, When } from "./types.ts";

/** The last time named before a clause: of another clause, or of what happens. */
function lastTime(
  { clauses, happenings }: Outline,
  but: Clause,
): When | undefined {
  const times = [
    ...clauses.filter((one) => one !== but).map(({ from, start }) => ({
      when: from,
      start,
    })),
    ...happenings.map(({ times, start }) => ({ when: times.at(-1), start })),
  ].filter(({ when }) =>
    typeof when === "object" && !("share" in when && when.share === 0)
  );
  return times.toSorted((a, b) => a.start - b.start).at(-1)?.when;
}

/** "Before that" is up to the last time named, "from then on" after it. */
export function relate(
  clause: Clause,
  relation: "before" | "after",
  outline: Outline,
): void {
  const time = lastTime(outline, clause);
  if (relation === "after") {
    if (time !== undefined) clause.from = time;
    return;
  }
  clause.from = { share: 0 };
  if (time === undefined) return;
  clause.to = time;
  clause.isUntil = true;
}

/**
 * Since when holds what is said "until" a time: since the last time named, or since
 * the beginning where none is, or where something is not to be until then.
 */
export function sinceOf(
  clause: Clause,
  items: readonly Item[],
  outline: Outline,
): When {
  const time = lastTime(outline, clause), { to } = clause;
  const isDenied = items.some((item) =>
    item.is === "wish" && item.wish.polarity === "no"
  );
  const isEarlier = typeof time === "object" && "seconds" in time &&
    typeof to === "object" && "seconds" in to && time.seconds < to.seconds;
  return isEarlier && !isDenied ? time : { share: 0 };
}

/** Has a clause that has begun end at a time. */
export function endAt(clause: Clause, item: Item): void {
  if (item.is !== "sense" || item.sense.is !== "at") return;
  clause.to = item.sense.from;
  clause.isUntil = true;
}

/** The length that "ends at 1:00" asks for. */
export function endingOf(items: readonly Item[]): Ask | undefined {
  const [end, at] = items.flatMap((item) =>
    item.is === "sense" && item.sense.is === "at" ? [item.sense.from] : []
  );
  if (end !== "end" || typeof at !== "object" || !("seconds" in at)) {
    return undefined;
  }
  const length = { seconds: at.seconds, exact: true };
  return { is: "set", fields: { length } };
}

/** A key that is changed "in the middle" stays. */
export function stayIn(clause: Clause, items: readonly Item[]): void {
  const { from, to } = clause;
  const isMiddle = typeof from === "object" && "share" in from &&
    typeof to === "object" && "share" in to && from.share > 0;
  const asks = items.flatMap((item) =>
    item.is === "wish" ? [item.wish.ask] : []
  );
  const isLasting = isMiddle && asks.length > 0 &&
    asks.every((ask) => ask.is === "modulate");
  if (!isLasting) return;
  clause.from = { share: 0.5 };
  delete clause.to;
}
