/** Joins what goes from one thing to another, or takes turns with it. */

import { isClimax, isKey } from "./chunks.ts";
import { characterOf, MOODS } from "./moods.ts";
import type { Item } from "./item.ts";
import type { Ask, Wish } from "./types.ts";

/** Between two ends. */
const TO =
  /^(?:to|into|up to|towards?|bis|zu|à|a|hasta|naar|until|jusqu'à|->|→)$/i;
/** Classes of which one can become another along a line, the least first. */
const CLASSES = {
  loudness: ["soft", "medium", "loud"],
  density: ["sparse", "medium", "dense"],
  register: ["low", "middle", "high"],
  tempo: ["largo", "slow", "moderate", "lively", "fast"],
} as const;

/**
 * Joins what goes from one thing to another: "from soft to loud" is a line, "from G
 * to A" and "from sad to happy" are one after the other.
 */
export function rangesOf(given: readonly Item[]): Item[] {
  const items = withKeysNamed(given);
  const joined: Item[] = [];
  for (let i = 0; i < items.length; i++) {
    const contrast = contrastAt(items, i);
    if (contrast) {
      joined.push(contrast.item);
      i = contrast.last;
      continue;
    }
    // A "huge climax" is one anyway.
    const following = items[i + 1];
    const one = items[i]!;
    const isHuge = one.is === "wish" && isLoud(one.wish.ask);
    if (isHuge && following && isClimax(following)) continue;
    const climb = climbAt(items, i);
    if (climb) {
      joined.push(climb.item);
      i = climb.last;
      continue;
    }
    const item = items[i]!, to = items[i + 1], second = items[i + 2];
    const isRange = item.is === "wish" && to?.is === "sense" &&
      second?.is === "wish" && item.wish.polarity === "yes" &&
      second.wish.polarity === "yes" && TO.test(to.phrase);
    if (!isRange) {
      joined.push(item);
      continue;
    }
    const line = lineOf(item.wish, second.wish);
    if (line) {
      joined.push({ is: "wish", end: second.end, wish: line });
      i += 2;
    } else if (isOther(item.wish.ask, second.wish.ask)) {
      joined.push(item, { ...to, sense: { is: "then" } });
      i++;
    } else joined.push(item);
  }
  return joined;
}

/** Where several keys are named, "modulation" says no more than they do. */
function withKeysNamed(items: readonly Item[]): readonly Item[] {
  if (items.filter(isKey).length < 2) return items;
  return items.map((item) =>
    item.is === "wish" && item.wish.ask.is === "modulate" &&
      item.wish.ask.to.isUnsaid
      ? {
        is: "sense",
        sense: { is: "small" },
        start: item.wish.start,
        end: item.end,
        phrase: item.wish.phrase,
      }
      : item
  );
}

/** "Loud/soft contrasts": two loudnesses, and a word that they take turns. */
function contrastAt(
  items: readonly Item[],
  index: number,
): { readonly item: Item; readonly last: number } | undefined {
  const isLoudness = (item: Item | undefined) =>
    item?.is === "wish" && item.wish.ask.is === "set" &&
    item.wish.ask.fields.loudness !== undefined;
  const first = items[index]!;
  if (!isLoudness(first) || first.is !== "wish") return undefined;
  let second = index + 1;
  const isJoint = (item: Item | undefined) =>
    item?.is === "sense" && ["and", "or", "small"].includes(item.sense.is);
  while (second < index + 3 && isJoint(items[second])) second++;
  const other = items[second];
  const next = items[second + 1];
  // "In alternation".
  const isIn = next?.is === "sense" && /^(?:in|by)$/i.test(next.phrase);
  const at = second + (isIn ? 2 : 1);
  const word = items[at];
  if (!isLoudness(other) || other?.is !== "wish") return undefined;
  const isTurn = word?.is === "sense" &&
    /^(?:contrasts?|(?:in )?alternat\p{L}+|kontraste?|contrastes?|(?:in|by) turns?)$/iu
      .test(
        word.phrase,
      );
  if (!isTurn) return undefined;
  const phrase = `${first.wish.phrase} ${other.wish.phrase} ${word.phrase}`;
  const wish: Wish = { ...first.wish, ask: { is: "contrast" }, phrase };
  return { item: { is: "wish", wish, end: word.end }, last: at };
}

/** "Crescendo to massive", "grows to a huge finish": a line up to the most there is. */
function climbAt(
  items: readonly Item[],
  index: number,
): { readonly item: Item; readonly last: number } | undefined {
  const first = items[index]!, to = items[index + 1];
  const isUp = first.is === "wish" && first.wish.ask.is === "more" &&
    first.wish.ask.by > 0 && ["loudness", "build"].includes(first.wish.ask.of);
  if (!isUp || to?.is !== "sense" || !TO.test(to.phrase)) return undefined;
  let last = index + 2;
  const isSmall = (item: Item | undefined) =>
    item?.is === "sense" && item.sense.is === "small";
  while (isSmall(items[last])) last++;
  const target = items[last];
  const isTarget = target?.is === "wish"
    ? isLoud(target.wish.ask)
    : target?.sense.is === "at" && target.sense.from === "end";
  if (!target || !isTarget) return undefined;
  // A climax or a finish is where the line ends.
  const next = items[last + 1];
  const isEnd = next?.is === "sense" && next.sense.is === "at" &&
      next.sense.from === "end" ||
    next?.is === "wish" && next.wish.ask.is === "more" &&
      next.wish.ask.of === "build";
  const words = items.slice(index, last + (isEnd ? 2 : 1)).map((item) =>
    item.is === "wish" ? item.wish.phrase : item.phrase
  );
  const wish: Wish = {
    ...first.wish,
    ask: { is: "more", of: "build", by: 1 },
    phrase: words.join(" "),
  };
  const end = (isEnd ? next : target).end;
  return { item: { is: "wish", wish, end }, last: isEnd ? last + 1 : last };
}

/** Whether something is loud: a class, or a mood. */
function isLoud(ask: Ask): boolean {
  if (ask.is === "mood") {
    return characterOf(MOODS.get(ask.name)!).loudness === "loud";
  }
  return ask.is === "set" &&
    (ask.fields.loudness === "loud" || ask.fields.density === "dense");
}

/** "Soft to loud" as one wish; undefined where it is no line. */
function lineOf(first: Wish, second: Wish): Wish | undefined {
  const a = first.ask, b = second.ask;
  if (a.is !== "set" || b.is !== "set") return undefined;
  for (const what of ["loudness", "density", "register", "tempo"] as const) {
    const from = a.fields[what], to = b.fields[what];
    const scale: readonly string[] = CLASSES[what];
    if (from === undefined || to === undefined || from === to) continue;
    const by = scale.indexOf(to) > scale.indexOf(from) ? 1 : -1;
    return {
      ask: { is: "more", of: what, by, ends: [from, to] },
      polarity: "yes",
      phrase: `${first.phrase} to ${second.phrase}`,
      start: first.start,
    };
  }
  return undefined;
}

/** Whether one thing cannot be at the same time as another. */
function isOther(a: Ask, b: Ask): boolean {
  if (a.is === "mood" && b.is === "mood") return a.name !== b.name;
  return a.is === "set" && b.is === "set" &&
    (a.fields.tonic !== undefined && b.fields.tonic !== undefined ||
      a.fields.mode !== undefined && b.fields.mode !== undefined &&
        a.fields.mode !== b.fields.mode);
}
