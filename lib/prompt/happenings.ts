/** What happens at one time: hits, silences, fades. */

import { isLength, lengthOf, phraseOf, senseOf, startOf } from "./chunks.ts";
import type { Item } from "./item.ts";
import type { Period, PieceEvent, PieceLength } from "../music/music.ts";
import type { PromptText } from "./text.ts";
import type { When, Wish } from "./types.ts";

/** What happens at one or several times. */
export interface Happening {
  readonly what: "hit" | "silence" | "fadeIn" | "fadeOut" | "abrupt";
  readonly times: When[];
  seconds?: number;
  /** How often it comes. */
  every?: Period;
  /** Who strikes a hit alone. */
  readonly by?: PieceEvent["by"];
  /** Whether its time is only that of what stands before it. */
  isDerived?: boolean;
  phrase: string; // as written
  readonly start: number;
}

/** What begins so many seconds after a silence ends it. */
const NEAR_SECONDS = 6;
const HAPPENINGS = ["hit", "silence", "fadeIn", "fadeOut", "abrupt"] as const;
type What = (typeof HAPPENINGS)[number];
/** Whether the piece ends at once. */
export const isAbrupt = ({ what }: Happening): boolean => what === "abrupt";
/** Whether a sense is of something that happens. */
export const isHappening = (is: string): is is What =>
  (HAPPENINGS as readonly string[]).includes(is);

/** Whether items are only more times of what happens, or how long it lasts. */
export function isMoreTimes(items: readonly Item[]): boolean {
  return items.every((item) =>
    ["at", "and", "for", "with"].includes(senseOf(item)) || isLength(item)
  ) && items.some((item) => ["at", "for"].includes(senseOf(item)));
}

/**
 * "A sudden stop, two seconds of nothing": the second says how long the first is,
 * which gets its duration and its words.
 */
export function lastsAs(
  { what, times, seconds, phrase }: Happening,
  before: Happening | undefined,
): boolean {
  const isSame = what === "silence" && before?.what === "silence" &&
    times.length === 0 && seconds !== undefined &&
    before.seconds === undefined && before.times.length === 1;
  if (!isSame) return false;
  before.seconds = seconds;
  before.phrase += `, ${phrase}`;
  return true;
}

/** Adds the time or the duration that an item gives. */
export function addTime(happening: Happening, item: Item): void {
  if (item.is === "sense" && item.sense.is === "silence") {
    const { seconds } = item.sense;
    if (seconds !== undefined) happening.seconds = seconds;
  }
  if (item.is === "sense" && item.sense.is === "every") {
    const { period } = item.sense;
    happening.every = period;
    happening.times.push(
      "bars" in period ? { bar: period.bars + 1 } : period,
    );
  }
  if (item.is === "sense" && item.sense.is === "at") {
    const { from, to } = item.sense;
    // A time that is said takes the place of one that was only near.
    if (happening.isDerived) happening.times.length = 0;
    happening.isDerived = false;
    happening.times.push(from);
    const isLast = typeof from === "object" && "beforeEnd" in from;
    if (isLast && !from.isBars) happening.seconds = from.beforeEnd;
    if (typeof to !== "object") return;
    if (
      happening.what === "silence" && typeof from === "object" &&
      "seconds" in from && "seconds" in to
    ) happening.seconds = to.seconds - from.seconds;
    const isStart = typeof from === "object" && "share" in from;
    if (isStart && "seconds" in to) happening.seconds = to.seconds;
    if (isStart && "count" in to) happening.seconds = to.count;
  } else if (item.is === "wish") {
    const length = lengthOf(item.wish.ask);
    if (length && "seconds" in length) happening.seconds = length.seconds;
  }
}

/** Words before a time at which a silence is over; how many characters they have. */
const GOES_ON =
  /\b(?:back|again|resum\p{L}+|restart\p{L}*|starts?|continu\p{L}+|goes on|weiter|wieder|repren\p{L}+|reprise|vuelve|sigue)\b/iu;
const BACK = 24;

/** Adds times that follow those of something that happens. */
export function addTimes(
  happening: Happening,
  items: readonly Item[],
  text: PromptText,
): void {
  const { end } = items.at(-1)!;
  const written = text.written(startOf(items[0]!) - BACK, end);
  for (const item of items) {
    if (!endsSilence(happening, item, written)) addTime(happening, item);
  }
  happening.phrase = text.written(happening.start, end);
}

/** "Stops at 0:18, back at 0:23": the second time ends the silence. */
function endsSilence(
  happening: Happening,
  item: Item,
  written: string,
): boolean {
  const [from] = happening.times.slice(-1);
  const to = item.is === "sense" && item.sense.is === "at"
    ? item.sense.from
    : undefined;
  const isEnd = happening.what === "silence" && GOES_ON.test(written) &&
    typeof from === "object" && "seconds" in from && typeof to === "object" &&
    "seconds" in to && to.seconds > from.seconds;
  if (isEnd) happening.seconds = to.seconds - from.seconds;
  return isEnd;
}

/** Instruments of which one stroke is meant where a single one has a time. */
const STRUCK =
  /^(?:gongs?|tam-?tam|(?:church |tubular |single |low )?bells?|chimes?|cymbal|crash cymbal|triangle|timpani|glocke|cloche|campana|singing bowl|snare|kick|kick drum|snare drum|woodblock|cowbell|orchestra hit|orchestral hit|orchestra stab)$/i;
/** After an instrument of which one note is meant: "a single harp note". */
const NOTE = /^ (?:notes?|chord|pluck|tone|stroke|stab)\b/i;
const ONE =
  /\b(?:an?|one|single|final|last|lone|loud|soft|big|huge|gentle|distant|deep|ein|eine|einen|un|une|una) $/i;

/** Small sounds that a woodblock makes. */
const TICK = /^(?:(?:clock )?tick(?:s|ing)?|click(?:s|ing)?)$/i, WOODBLOCK = 76;

/** Who a wish has strike alone; undefined where it names no instrument. */
function strikerOf(item: Item | undefined): PieceEvent["by"] {
  if (item?.is !== "wish" || item.wish.polarity !== "yes") return undefined;
  const { ask } = item.wish;
  if (ask.is !== "cast") return undefined;
  if (ask.drums) return ask.drums.sounds?.[0];
  return ask.name === "drums" ? undefined : ask.name;
}

/** What happens in a chunk, and what else it says. */
export interface FoundHappening {
  readonly what: Happening["what"];
  /** The words for it, for its time, and for who strikes. */
  readonly own: readonly Item[];
  readonly rest: readonly Item[];
  readonly by?: PieceEvent["by"];
}

/** What happens in a chunk by an item of it; an instrument strikes. */
export function happeningIn(
  items: readonly Item[],
  found: Item,
): FoundHappening | undefined {
  const is = senseOf(found);
  const what = is === "wish" ? "hit" : is;
  if (!isHappening(what)) return undefined;
  const striker = what === "hit" ? strikerNear(items, found) : undefined;
  const isOwn = (item: Item, i: number) =>
    item === found || item === striker?.item ||
    ["at", "every"].includes(senseOf(item)) ||
    isDuration(items, i, items.indexOf(found)) ||
    // A "loud bang" is loud, and not the piece; a "high bell" is high.
    what === "hit" && isOfSound(item) &&
      (items[i + 1] === found || items[i + 1] === striker?.item);
  return {
    what,
    own: items.filter(isOwn),
    rest: items.filter((item, i) => !isOwn(item, i)),
    ...striker && { by: striker.by },
  };
}

/** Whether a length is of what happens: it stands beside it, or after a "for". */
function isDuration(
  items: readonly Item[],
  index: number,
  found: number,
): boolean {
  const is = senseOf(items[found]!);
  const isOfPiece = /\bend\b/i.test(phraseOf(items[index]!));
  if (!isLength(items[index]!) || isOfPiece || is === "abrupt") return false;
  const between = items.slice(
    Math.min(index, found) + 1,
    Math.max(index, found),
  );
  return between.every((item) =>
    !["with", "and"].includes(senseOf(item)) || /^over$/i.test(phraseOf(item))
  );
}

/** Whether an item says how loud or how high something is. */
function isOfSound(item: Item): boolean {
  return item.is === "wish" && item.wish.ask.is === "set" &&
    (item.wish.ask.fields.loudness ?? item.wish.ask.fields.register) !==
      undefined;
}

/** Hits that come as a surprise, though no time is named. */
const SURPRISES =
  /^(?:loud )?(?:bangs|jump ?scares|thunder ?claps|booms|big hits|crashes|lightning strikes)/i;
const SUDDEN =
  /\b(?:sudden|unexpected|random|occasional|surprise|surprising|plötzlichen?r?|soudains?|repentin[oa]s?)(?: \p{L}+){0,2} $/iu;
/** Where they come, as shares of the piece: one, or several. */
const SURPRISE_SHARES = { one: [0.6], several: [0.3, 0.55, 0.8] } as const;

/** Gives "sudden loud bangs" times of their own. */
export function surprise({ times, phrase }: Happening, before: string): void {
  if (!SURPRISES.test(phrase) && !SUDDEN.test(before)) return;
  const shares = SURPRISE_SHARES[/s$/i.test(phrase) ? "several" : "one"];
  times.push(...shares.map((share) => ({ share })));
}

/** "A timpani hit": the instrument directly before or after what happens. */
function strikerNear(
  items: readonly Item[],
  found: Item,
):
  | { readonly item: Item; readonly by: NonNullable<PieceEvent["by"]> }
  | undefined {
  if (/pauke/i.test(phraseOf(found))) return { item: found, by: "timpani" };
  if (TICK.test(phraseOf(found))) return { item: found, by: WOODBLOCK };
  const at = items.indexOf(found);
  for (const item of [found, items[at - 1], items[at + 1]]) {
    const by = strikerOf(item);
    if (item && by !== undefined) return { item, by };
  }
  return undefined;
}

/** "A gong at 0:20": the item of an instrument that strikes once. */
export function singleStroke(
  items: readonly Item[],
  text: PromptText,
  hasMoreTimes: boolean,
): Item | undefined {
  const isOften = items.some((item) => senseOf(item) === "every");
  const isTimed = isOften ||
    items.some((item) =>
      item.is === "sense" && item.sense.is === "at" &&
      !/^from\b|^ab\b/i.test(item.phrase)
    );
  const isOther = items.some((item) =>
    item.is === "sense" && ["enter", "return", "leave"].includes(item.sense.is)
  );
  if (!isTimed || isOther) return undefined;
  return items.find((item) =>
    item.is === "wish" && strikerOf(item) !== undefined &&
    (STRUCK.test(item.wish.phrase) || NOTE.test(text.after(item.end))) &&
    (isOften || hasMoreTimes || ONE.test(text.before(startOf(item))) ||
      /(?:hit|stab)$/i.test(item.wish.phrase))
  );
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
  happening: Happening,
  clause:
    | {
      readonly wishes: readonly Wish[];
      readonly from?: When;
      readonly to?: When;
      readonly span?: PieceLength;
    }
    | undefined,
  before: Happening | undefined,
): void {
  const { what, times } = happening;
  if (times.length > 0) return;
  const isBare = clause?.wishes.length === 0;
  const { from, span } = clause ?? {};
  if (what === "hit" && isBare && from !== undefined) times.push(from);
  else if (what === "hit" && span && "seconds" in span && isBeginning(from)) {
    // "Quiet for 10 s, then a hit".
    times.push({ seconds: span.seconds });
  }
  const last = before?.times.at(-1);
  const isTimed = typeof last === "object" && "seconds" in last;
  if (what === "hit" && times.length === 0 && isTimed && before?.seconds) {
    // "Three seconds of silence, then a hit".
    if (before.what === "silence") {
      times.push({ seconds: last.seconds + before.seconds });
    }
  }
  if (what === "silence" && isTimed) times.push({ seconds: last.seconds + 1 });
  else if (what === "silence" && span && "seconds" in span) {
    // "20 seconds of calm, then 5 of silence".
    if (isBeginning(from)) times.push({ seconds: span.seconds });
    else if (typeof from === "object" && "seconds" in from) {
      times.push({ seconds: from.seconds + span.seconds });
    }
  } else if (what === "silence" && clause?.to !== undefined) {
    // "Rises until 1:20: everything stops".
    times.push(clause.to);
  }
  happening.isDerived = true;
}

function isBeginning(from: When | undefined): boolean {
  return from === undefined ||
    typeof from === "object" && "share" in from && from.share === 0;
}

/** A silence lasts up to what comes next, where that is near. */
export function lastToNext(
  happenings: readonly Happening[],
  clauses: readonly { readonly from?: When }[],
): void {
  const secondsOf = (when: When | undefined) =>
    typeof when === "object" && "seconds" in when ? [when.seconds] : [];
  const times = [
    ...happenings.flatMap((one) => one.times.flatMap(secondsOf)),
    ...clauses.flatMap(({ from }) => secondsOf(from)),
  ];
  for (const happening of happenings) {
    const [from] = happening.times.flatMap(secondsOf);
    const isOpen = happening.what === "silence" &&
      happening.seconds === undefined && happening.times.length === 1;
    if (!isOpen || from === undefined) continue;
    const next = Math.min(...times.filter((time) => time > from));
    if (next - from <= NEAR_SECONDS) happening.seconds = next - from;
  }
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
