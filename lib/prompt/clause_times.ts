/** Times of clauses that are said by other times: "before that", "until", "ends at". */

import { castNames } from "./chunks.ts";
import { characterOf, MOODS } from "./moods.ts";
import { beBig, type Clause, type Outline } from "./outline.ts";
import type { Item } from "./item.ts";
import type { Happening } from "./happenings.ts";
import type { Ask, When, Wish } from "./types.ts";

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
function relate(
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

/** Gives a clause the time that an item says. */
export function placeAt(outline: Outline, clause: Clause, item: Item): void {
  if (item.is !== "sense" || item.sense.is !== "at") return;
  const { from, to, isLater = false, span, relation } = item.sense;
  if (relation) return relate(clause, relation, outline);
  if (span) {
    clause.span = span;
    return;
  }
  clause.from = from;
  beBig(clause, item);
  if (to !== undefined) clause.to = to;
  clause.isLater = isLater;
}

/** The time of a clause with "until" is its end. */
export function setEnd(clause: Clause): void {
  if (clause.from === undefined) return;
  Object.assign(clause, { to: clause.from, isUntil: true });
  delete clause.from;
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

/** Words for a fade that is over at the time that is named. */
const UNTIL_GONE =
  /gone|nothing|silen|disappear|vanish|inaudible|nichts|stille|plus rien|nada/i;

/** The length of a piece that is cut off, or has faded away, at a time. */
export function lengthUpTo(
  { what, phrase, times }: Happening,
  items: readonly Item[],
): Ask | undefined {
  const isUpTo = what === "abrupt" ||
    what === "fadeOut" && UNTIL_GONE.test(phrase);
  const [seconds] = items.flatMap((item) =>
    item.is === "sense" && item.sense.is === "at" &&
      typeof item.sense.from === "object" && "seconds" in item.sense.from
      ? [item.sense.from.seconds]
      : []
  );
  if (!isUpTo || seconds === undefined) return undefined;
  times.length = 0;
  const exact = what === "abrupt";
  return { is: "set", fields: { length: { seconds, exact } } };
}

/** Before a time: nowhere else than then. */
const ONLY_THEN =
  /\b(?:only|just|nur|erst|seulement|uniquement|sólo|solamente|alleen) $/i;

/** "Drums only in bars 17-24": before, and after a stretch, they are silent. */
export function playOnlyThen(
  clause: Clause,
  items: readonly Item[],
  before: string,
): void {
  if (!ONLY_THEN.test(before)) return;
  const names = castNames(items);
  if (clause.to !== undefined && !clause.isUntil) clause.own = names;
  else if (clause.from !== undefined) clause.enters.push(...names);
}

/** What is asked by some words. */
export function wishOf(
  ask: Ask,
  { phrase, start }: Pick<Wish, "phrase" | "start">,
): Wish {
  return { ask, polarity: "yes", phrase, start };
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
    asks.every((ask) =>
      ask.is === "modulate" ||
      ask.is === "set" && ask.fields.tonic !== undefined
    );
  if (!isLasting) return;
  clause.from = { share: 0.5 };
  delete clause.to;
}

/** What words, and no numbers, say of how music is. */
const BY_WORD = ["tempo", "density", "loudness", "register"] as const;
/** The same, and a tempo in numbers. */
const OTHER = [...BY_WORD, "qpm"] as const;

/**
 * Whether items say otherwise than what came before a clause, as "super fast" does in
 * "slow piano, then a storm, super fast": then they are of the clause.
 */
export function isOtherThan(
  { clauses, whole }: Outline,
  clause: Clause,
  items: readonly Item[],
): boolean {
  const before = [whole, ...clauses.filter((one) => one !== clause)]
    .flatMap(({ wishes }) => wishes);
  return items.some((item) =>
    item.is === "wish" && item.wish.polarity === "yes" &&
    OTHER.some((field) => {
      const { ask: own } = item.wish;
      const value = own.is === "set" ? own.fields[field] : undefined;
      return value !== undefined && before.some(({ ask, polarity }) => {
        const other = fieldOf(ask, field);
        return polarity === "yes" && other !== undefined && other !== value;
      });
    })
  );
}

/**
 * Whether items say that only those play in a clause who are named nowhere before:
 * "brass, 16 bars. Then 4 bars very soft, only a flute".
 */
export function isSoloOf(
  { clauses, whole }: Outline,
  clause: Clause,
  items: readonly Item[],
): boolean {
  const named = (wishes: readonly Wish[]) =>
    wishes.flatMap(({ ask }) => ask.is === "cast" ? [ask.name] : []);
  const own = named(
    items.flatMap((one) => one.is === "wish" ? [one.wish] : []),
  );
  const others = named(
    [whole, ...clauses.filter((one) => one !== clause)]
      .flatMap(({ wishes }) => wishes),
  );
  return items.some((one) => one.is === "sense" && one.sense.is === "only") &&
    own.length > 0 && others.length > 0 && named(clause.wishes).length === 0 &&
    own.every((name) => !others.includes(name));
}

function fieldOf(ask: Ask, field: (typeof OTHER)[number]) {
  if (ask.is === "set") return ask.fields[field];
  return ask.is === "mood" && field !== "qpm"
    ? characterOf(MOODS.get(ask.name)!)[field]
    : undefined;
}
