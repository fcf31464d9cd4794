/** Says of each phrase how it is meant: negated, by degree, or one of several. */

import { deny } from "./denied.ts";
import type { Item } from "./item.ts";
import type { PromptText } from "./text.ts";
import type { Ask, Phrase, Polarity, Sense } from "./types.ts";

/**
 * Resolves the scope of negations, degrees and alternatives.
 *
 * A negation extends across "and" and "or", and across a comma only where an "or"
 * follows in the list: in "no drums, piano" the piano plays.
 */
export function scopeOf(text: PromptText, phrases: readonly Phrase[]): Item[] {
  const items: Item[] = [];
  for (let i = 0; i < phrases.length;) {
    const phrase = phrases[i]!;
    const { sense } = phrase;
    if (sense.is === "not" && isMerely(phrases, i)) i++;
    else if (sense.is === "not") i = negate(text, phrases, i, items);
    else if (sense.is === "denied") {
      deny(text, items, phrase.end);
      i++;
    } else if (sense.is === "little" || sense.is === "too") {
      i = soften(text, phrases, i, items);
    } else if (sense.is === "but") i = compare(text, phrases, i, items);
    else if (sense.is === "or") i = alternative(text, phrases, i, items);
    else {
      items.push(itemOf(text, phrase));
      i++;
    }
  }
  return items;
}

/** "Not just drums", "if not": nothing is unwanted. */
function isMerely(phrases: readonly Phrase[], at: number): boolean {
  const next = phrases[at + 1], before = phrases[at - 1];
  return /^not$/i.test(phrases[at]!.written) &&
    (/^(?:just|only|merely|simply)$/i.test(next?.written ?? "") ||
      /^if$/i.test(before?.written ?? ""));
}

function itemOf(
  text: PromptText,
  phrase: Phrase,
  polarity: Polarity = "yes",
  from: number = phrase.start,
): Item {
  const { sense, start, end, written } = phrase;
  if (sense.is !== "ask") {
    return { is: "sense", sense, start, end, phrase: written };
  }
  const ask = sense.ask;
  return {
    is: "wish",
    end,
    wish: {
      ask,
      polarity,
      phrase: text.written(from, end),
      start: from,
      ...phrase.takenAs && { takenAs: phrase.takenAs },
    },
  };
}

/** Whether two wishes can be alternatives, or items of one list. */
function isSameSort(a: Ask, b: Ask): boolean {
  if (a.is === "set" && b.is === "set") {
    return Object.keys(a.fields).some((field) => field in b.fields);
  }
  return a.is === b.is;
}

/** The next phrase from `i` on that is neither small nor one of some kinds. */
function skip(
  phrases: readonly Phrase[],
  i: number,
  ...kinds: readonly Sense["is"][]
): number {
  while (
    i < phrases.length &&
    ["small", ...kinds].includes(phrases[i]!.sense.is)
  ) i++;
  return i;
}

function askAt(phrases: readonly Phrase[], i: number): Ask | undefined {
  const sense = phrases[i]?.sense;
  return sense?.is === "ask" ? sense.ask : undefined;
}

/** Reads a negation and what it extends to; returns the next index. */
function negate(
  text: PromptText,
  phrases: readonly Phrase[],
  at: number,
  items: Item[],
): number {
  // "Nothing that makes people talk louder" asks for nothing louder.
  const { written, end } = phrases[at]!;
  const isClause =
    /^(?:nothing|nichts|rien|nada|niente|niets)$/i.test(written) &&
    /^ (?:that|which|too \p{L}+ that|to \p{L}+|das|was|qui|que|che|dat|wat) /u
      .test(text.after(end)) &&
    // "Nothing that gets annoying after 20 loops" is looped all the same.
    !/^[^,.;:!?\n]*\bloops?\b/i.test(text.after(end));
  if (isClause) return passOver(text, phrases, at, items);
  // "Nothing loud except the bell" is not without it.
  const isExcept =
    /^(?:except|but|bar|apart from|other than|außer|sauf|excepto|salvo)/i
      .test(written);
  const isOfNo = isExcept &&
    items.slice(
      items.findLastIndex((item) =>
        item.is === "sense" && item.sense.is === "break" && item.sense.hard
      ) + 1,
    ).some((item) => item.is === "wish" && item.wish.polarity === "no");
  if (isOfNo) return passOver(text, phrases, at, items);
  const labelled = negateLabelled(text, phrases, at, items);
  if (labelled !== undefined) return labelled;
  const first = skip(
    phrases,
    at + 1,
    "too",
    "with",
    "little",
    "for",
    "only",
    "not",
  );
  const isCap = phrases.slice(at, first).some(({ sense }) =>
    sense.is === "too"
  );
  const { start } = phrases[at]!;
  const asked = askAt(phrases, first);
  if (!asked) {
    const described = describedAt(phrases, at, first);
    if (described === undefined) return negateOther(text, phrases, at, items);
    items.push(itemOf(text, phrases[described]!, "no", start));
    return described + 1;
  }
  const polarity: Polarity = isCap ? "most" : "no";
  const list = listFrom(phrases, first);
  let from = start;
  for (const index of list) {
    items.push(itemOf(text, phrases[index]!, polarity, from));
    // "And no snare" is told with what joins it.
    from = phrases[skip(phrases, index + 1, "break")]?.start ?? 0;
  }
  return list.at(-1)! + 1;
}

const isColon = (phrase: Phrase | undefined) => phrase?.written === ":";

/**
 * "Exclude: drums, guitar." negates all up to the full stop or the next label;
 * returns undefined where no colon follows the negation.
 */
function negateLabelled(
  text: PromptText,
  phrases: readonly Phrase[],
  at: number,
  items: Item[],
): number | undefined {
  const colon = skip(phrases, at + 1);
  if (!isColon(phrases[colon])) return undefined;
  let next = colon + 1;
  for (; next < phrases.length; next++) {
    const phrase = phrases[next]!;
    const { sense } = phrase;
    const isEnd = sense.is === "break" && sense.hard;
    const isLabel = sense.is === "only" && phrase.written.endsWith(":");
    if (isEnd || isLabel || isColon(phrases[next + 1])) break;
    const isJoint = ["break", "and", "or", "not"].includes(sense.is);
    if (!isJoint) items.push(itemOf(text, phrase, "no"));
  }
  return next;
}

/** Negations of things, not of qualities such as "not". */
const OF_THINGS =
  /(?:^|\s)(?:no|without|w\/o|ohne|keine?[mnrs]?|sans|sin|zero|any)$/i;

/** "No big hollywood strings": the instrument after words that say which. */
function describedAt(
  phrases: readonly Phrase[],
  at: number,
  first: number,
): number | undefined {
  if (!OF_THINGS.test(phrases[at]!.written)) return undefined;
  let next = first;
  for (; next < first + 3 && phrases[next]?.sense.is === "unknown";) {
    next = skip(phrases, next + 1);
  }
  return next > first && askAt(phrases, next)?.is === "cast" ? next : undefined;
}

/** What cannot be negated: with it the rest of the thought is not understood. */
const UNSAYABLE: readonly Sense["is"][] = [
  "at",
  "enter",
  "leave",
  "return",
  "all",
  "then",
  "every",
  "reprise",
  "abrupt",
  "fadeIn",
];

/** The same after a word that is not known, as in "don't end abruptly". */
const MANNERS: readonly Sense["is"][] = [
  "abrupt",
  "enter",
  "leave",
  "return",
  "silence",
  "fadeIn",
  "fadeOut",
];

/** A negation of what asks for nothing: "not cheesy", "no breakdown". */
function negateOther(
  text: PromptText,
  phrases: readonly Phrase[],
  at: number,
  items: Item[],
): number {
  const { start, end } = phrases[at]!;
  const next = skip(phrases, at + 1, "too", "with");
  const sense = phrases[next]?.sense.is;
  // "And never comes back" says nothing new.
  if (/^(?:never|nie|jamais|nunca)$/i.test(phrases[at]!.written)) {
    if (sense === "return" || sense === "enter") {
      items.push({
        is: "sense",
        sense: { is: "small" },
        start,
        end: phrases[next]!.end,
        phrase: text.written(start, phrases[next]!.end),
      });
      return next + 1;
    }
  }
  const following = phrases[skip(phrases, next + 1)]?.sense.is;
  const isManner = sense === "unknown" && following !== undefined &&
    MANNERS.includes(following);
  if (isManner || sense && UNSAYABLE.includes(sense)) {
    return passOver(text, phrases, at, items);
  }
  // "No notes" and "no music" are of small words.
  const last = sense === "unknown" || sense === "part" || sense === "hit" ||
      sense === "silence" || sense === "name" || sense === "fadeOut"
    ? next
    : next - 1;
  const upTo = Math.max(at, last);
  items.push({
    is: "sense",
    sense: { is: "unknown" },
    start,
    end: phrases[upTo]?.end ?? end,
    phrase: text.written(start, phrases[upTo]?.end ?? end),
  });
  return upTo + 1;
}

/** "Don't start with drums": nothing of the rest of the thought is asked for. */
function passOver(
  text: PromptText,
  phrases: readonly Phrase[],
  at: number,
  items: Item[],
): number {
  const end = phrases.findIndex(({ sense }, i) =>
    i > at && (sense.is === "break" || sense.is === "but")
  );
  const next = end < 0 ? phrases.length : end;
  const { start } = phrases[at]!, last = phrases[next - 1]!;
  items.push({
    is: "sense",
    sense: { is: "unknown" },
    start,
    end: last.end,
    phrase: text.written(start, last.end),
  });
  return next;
}

/** Words that end a list of what is not wanted. */
const TURNS =
  /^(?:maybe|perhaps|just|only|vielleicht|peut-être|quizás?|tal vez)$/i;

/** Indices of the wishes that a negation of the first extends to. */
function listFrom(phrases: readonly Phrase[], first: number): number[] {
  const list = [first];
  const asked = askAt(phrases, first)!;
  let upTo = 1;
  let hasOr = false;
  for (let at = first + 1;;) {
    const joint = phrases[at]?.sense;
    const isJoint = joint?.is === "and" || joint?.is === "or" ||
      joint?.is === "break" && !joint.hard;
    if (!isJoint) break;
    // ", or" and ", and" are one joint.
    const second = phrases[at + 1]?.sense;
    const both = joint.is === "break" &&
        (second?.is === "or" || second?.is === "and")
      ? [joint.is, second.is]
      : [joint.is];
    const next = skip(phrases, at + both.length, "not");
    const ask = askAt(phrases, next);
    // "No drums, maybe rhodes" wants the second.
    const isTurn = phrases.slice(at, next).some(({ written }) =>
      TURNS.test(written)
    );
    if (!ask || isTurn || !isSameSort(ask, asked)) break;
    list.push(next);
    const isOr = both.includes("or"), isAnd = both.includes("and");
    hasOr ||= isOr;
    if (isOr || isAnd && upTo === list.length - 1) upTo = list.length;
    at = next + 1;
  }
  return list.slice(0, upTo);
}

const REPEATED = /(?:each|every|jede\p{L}*|chaque|cada) \p{L}+ $/iu;

/** "slightly sad", "kind of dark": less of a mood. Elsewhere a small word. */
function soften(
  text: PromptText,
  phrases: readonly Phrase[],
  at: number,
  items: Item[],
): number {
  const { start, sense } = phrases[at]!;
  const next = skip(phrases, at + 1, "too", "little");
  const ask = askAt(phrases, next);
  if (!ask || sense.is === "too") return at + 1;
  // "Each verse a bit higher" rises all the way.
  if (ask.is === "more" && REPEATED.test(text.before(start))) return at + 1;
  items.push(itemOf(text, phrases[next]!, "little", start));
  return next + 1;
}

/** "But slower": a wish for the whole, as "a bit slower" is. */
function compare(
  text: PromptText,
  phrases: readonly Phrase[],
  at: number,
  items: Item[],
): number {
  items.push(itemOf(text, phrases[at]!));
  const next = skip(phrases, at + 1, "little");
  if (askAt(phrases, next)?.is !== "more") return at + 1;
  items.push(itemOf(text, phrases[next]!, "little"));
  return next + 1;
}

/** "D or maybe F": joins two wishes of one sort as alternatives. */
function alternative(
  text: PromptText,
  phrases: readonly Phrase[],
  at: number,
  items: Item[],
): number {
  const next = skip(phrases, at + 1);
  const ask = askAt(phrases, next);
  // "Of" is a Dutch "or" only directly between two wishes.
  const isOf = phrases[at]!.written.toLowerCase() === "of";
  if (isOf && !(askAt(phrases, at - 1) && next === at + 1)) return at + 1;
  let before = items.length - 1;
  for (let item; (item = items[before]); before--) {
    const isSkipped = item.is === "sense" &&
      (item.sense.is === "small" ||
        item.sense.is === "break" && !item.sense.hard);
    if (!isSkipped) break;
  }
  const last = items[before];
  const isPair = ask && last?.is === "wish" &&
    last.wish.polarity === "yes" && isSameSort(last.wish.ask, ask);
  if (!isPair) return at + 1;
  const { wish } = last;
  const { end } = phrases[next]!;
  items.splice(before, Infinity, {
    is: "wish",
    end,
    wish: {
      ...wish,
      phrase: text.written(wish.start, end),
      options: [...wish.options ?? [wish.ask], ask],
    },
  });
  return next + 1;
}
