/** How often something comes: "every 30 seconds", "at the end of each phrase". */

import type { Period } from "../music/music.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import type { PromptText } from "./text.ts";
import type { Ask, Phrase, Sense } from "./types.ts";

/** Bars of a phrase, and of a section of which nothing else is said. */
const PHRASE_BARS = 4, SECTION_BARS = 8;
/** Bars from one to the next of what comes "now and then". */
const SELDOM_BARS = 6;
/** Bars from one drum fill to the next where nothing says how many. */
const FILL_BARS = 8;

const EVERY =
  "(?:once |about once |roughly once |one )?(?:every|each|once an?|alle|aller|jede[rsn]?|toutes les|tous les|chaque|cada|per)(?: (?:about|around|roughly|approximately|ca\\.?|etwa|environ))?";
const UNIT =
  "(seconds?|secs?|s|minutes?|mins?|min|bars?|measures?|sekunden?|minuten?|takte?n?|secondes?|mesures?|segundos?|minutos?|compas(?:es)?)";
const END = "(?![\\p{L}\\p{N}])";
const COUNTED = new RegExp(
  `(?:at the (?:end|start|beginning) of )?${EVERY} (?:(${NUMBER}|\\d+(?:st|nd|rd|th)|other|second|third|fourth|eighth|half|zweite[nrs]?|vierte[nrs]?|deuxieme|segundo|other ${NUMBER}|second ${NUMBER})[ -])?${UNIT}${END}`,
  "uy",
);
/** "Six seconds apart", which is no length of the piece. */
const APART = new RegExp(
  `(${NUMBER})[ -]?${UNIT} (?:apart|from each other)${END}`,
  "uy",
);
const PHRASE = new RegExp(
  `(?:(?:at|on|before) the end of |to end |after |between )?(?:each|every|the|jede[rsn]?|chaque|cada|all) (phrases?|sections?|parts?|phrasen?|frases?)${END}`,
  "uy",
);
const SELDOM =
  /(?:every )?(?:now and then|now and again|once in a while|from time to time|here and there|ab und zu|hin und wieder|de temps en temps|de vez en cuando)(?![\p{L}\p{N}])/uy;
const ORDINALS: Readonly<Record<string, number>> = {
  other: 2,
  second: 2,
  zweite: 2,
  deuxieme: 2,
  segundo: 2,
  third: 3,
  fourth: 4,
  vierte: 4,
  eighth: 8,
  half: 0.5,
};
/** Before what is in every bar, and is no single thing: "on beat one of every bar". */
const WITHIN = /\b(?:of|on|in|for|during|auf|in|von|de|en) $/i;

function periodOf(count: string | undefined, unit: string): Period {
  const turns = /^(?:other|second) (.+)$/.exec(count ?? "");
  const value = turns
    ? 2 * numberIn(turns[1]!)
    : count === undefined
    ? 1
    : ORDINALS[count.replace(/[nrs]$/, "")] ?? ORDINALS[count] ??
      numberIn(count.replace(/(?<=\d)(?:st|nd|rd|th)$/, ""));
  if (/^(?:b|mea|t|mes|c)/.test(unit)) return { bars: value };
  return { seconds: /^m/.test(unit) ? 60 * value : value };
}

/** How often something comes, at a place of a prompt. */
export function recurrenceAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly sense: Sense } | undefined {
  const before = text.before(at);
  const counted = text.match(COUNTED, at);
  const isWithin = WITHIN.test(before) && !/ of $/i.test(before) ||
    counted?.[1] === undefined && /(?:of|on|in) $/i.test(before);
  // "Each 16 bars long" is the length of each.
  const isLength = /^each \d/.test(counted?.[0] ?? "");
  if (counted && !isWithin && !isLength) {
    const period = periodOf(counted[1], counted[2]!);
    const value = "bars" in period ? period.bars : period.seconds;
    const isKnown = value > 0 && !/\bper\b/.test(counted[0]) ||
      /\b(?:tick|click|beat|pulse|hit|bell|strike|one|once)s? (?:per )?$/i
        .test(before);
    if (isKnown) {
      return { end: at + counted[0].length, sense: { is: "every", period } };
    }
  }
  const apart = text.match(APART, at);
  if (apart) {
    const period = periodOf(apart[1], apart[2]!);
    return { end: at + apart[0].length, sense: { is: "every", period } };
  }
  const phrase = text.match(PHRASE, at);
  if (
    phrase &&
    /end|after|between|before|each|every|jede|chaque|cada/.test(phrase[0])
  ) {
    const bars = /^(?:sect|part)/.test(phrase[1]!) ? SECTION_BARS : PHRASE_BARS;
    const isOfFill = /\bfills?\b|\broll\b/i.test(before.slice(-40));
    if (isOfFill) {
      return {
        end: at + phrase[0].length,
        sense: { is: "every", period: { bars } },
      };
    }
  }
  const seldom = text.match(SELDOM, at);
  return seldom
    ? {
      end: at + seldom[0].length,
      sense: { is: "every", period: { bars: SELDOM_BARS }, isLoose: true },
    }
    : undefined;
}

/** What sounds once at a time, and no instrument: "a chord every two bars". */
const SINGLE =
  /\b(?:notes?|chords?|tones?|pluck|strum|sound|akkorde?|tone?|accords?|acordes?|notas?)\b/i;

/**
 * Phrases in which what says how often is joined with what comes so: drum fills, and
 * single notes and chords, which are then so far apart.
 *
 * @param phrases In the order written.
 */
export function withRecurrences(phrases: readonly Phrase[]): Phrase[] {
  return phrases.map((phrase, i): Phrase => {
    const { sense } = phrase;
    if (isStrokeOf(phrases, i)) return { ...phrase, sense: { is: "small" } };
    if (isFills(sense)) {
      const own = chunkOf(phrases, i).find(({ sense }) => sense.is === "every");
      const period = own?.sense.is === "every" ? own.sense.period : undefined;
      const everyBars = period && "bars" in period
        ? Math.max(1, Math.round(period.bars))
        : FILL_BARS;
      const ask: Ask = { is: "fills", everyBars };
      return { ...phrase, sense: { is: "ask", ask } };
    }
    if (sense.is !== "every") return phrase;
    const chunk = chunkOf(phrases, i);
    if (chunk.some((one) => isFills(one.sense)) && "bars" in sense.period) {
      return { ...phrase, sense: { is: "small" } };
    }
    const before = chunk.filter(({ start }) => start < phrase.start);
    // "Very few notes. Like one every five seconds."
    const isOne = /^one /i.test(phrase.written);
    const isSingle = !sense.isLoose &&
        (isOne ? phrases.slice(0, i) : before)
          .some(({ written }) => SINGLE.test(written)) &&
        !before.some(({ sense }) => sense.is === "hit") ||
      before.some((one) => isStrokeOf(phrases, phrases.indexOf(one)));
    if (!isSingle) return phrase;
    const { period } = sense;
    const limit = "bars" in period
      ? { apartBars: period.bars }
      : { apartSeconds: period.seconds };
    const isCast = ({ sense }: Phrase) =>
      sense.is === "ask" && sense.ask.is === "cast";
    const isOfPart = chunk.some(isCast) ||
      before.some((one) => isStrokeOf(phrases, phrases.indexOf(one)));
    return {
      ...phrase,
      sense: { is: "ask", ask: { is: "limit", limit, isOfPart } },
    };
  });
}

/** Instruments that are struck, and the words for one stroke of them. */
const STRUCK = /bowl|bell|gong|chime|triangle|cymbal|timpani|drum|vibraphone/i;
const STROKE = /^(?:strikes?|hits?|ping)$/i;

/** "Singing bowls, one strike every 20 seconds": a stroke of what is named before. */
function isStrokeOf(phrases: readonly Phrase[], index: number): boolean {
  const phrase = phrases[index];
  if (!phrase || !STROKE.test(phrase.written)) return false;
  const chunk = chunkOf(phrases, index);
  const isCast = ({ sense }: Phrase) =>
    sense.is === "ask" && sense.ask.is === "cast";
  const last = phrases.slice(0, index).findLast(isCast);
  return chunk.some(({ sense }) => sense.is === "every") &&
    !chunk.some(isCast) && last !== undefined && STRUCK.test(last.written);
}

const isFills = (sense: Sense): boolean =>
  sense.is === "ask" && sense.ask.is === "fills";

/** The phrases between the breaks around one. */
function chunkOf(phrases: readonly Phrase[], index: number): Phrase[] {
  const isBreak = ({ sense }: Phrase) => sense.is === "break";
  const from = phrases.findLastIndex((one, i) => i < index && isBreak(one));
  const to = phrases.findIndex((one, i) => i > index && isBreak(one));
  return phrases.slice(from + 1, to < 0 ? phrases.length : to);
}
