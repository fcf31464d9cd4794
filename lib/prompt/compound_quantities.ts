/**
 * Tempi and lengths that are made of several numbers or stand in a sentence: "32 bars
 * a minute", "two and a quarter minutes", "four phrases of four bars", "over by 0:35".
 */

import { NUMBER, numberIn } from "./numbers.ts";
import {
  BARS,
  type Context,
  lengthAsk,
  qpmAsk,
  type Reader,
  set,
} from "./settings.ts";
import type { Ask } from "./types.ts";

const MINUTE = "(?:minutes?|mins?|minuten?|minutos?|minuti|minuto|minuut|m)";
const UNIT =
  `(${MINUTE}|hours?|stunden?|heures?|horas?|ore|uur|seconds?|secs?|sekunden?|seconden?|segundos?|secondi|secondes?|s)`;
/** What "under 80" stays below, and "over 80" above, in shares of the number. */
const BELOW = 0.93, ABOVE = 1.07;

/** Quarter notes of a bar of the meter that a prompt names, or a waltz has. */
function quartersPerBar({ before, after }: Context): number {
  const text = `${before} ${after}`;
  const [, count, unit] = /(\d{1,2}) ?\/ ?(\d{1,2})/.exec(text) ?? [];
  if (count) return 4 * Number(count) / Number(unit);
  return /wal[tz]|valse|mazurka|minuet|menuett?|ländler|in (?:three|3)\b/i
      .test(text)
    ? 3
    : 4;
}

const secondsPer = (unit: string): number =>
  /^[hou]|^st/.test(unit) ? 3600 : /^m/.test(unit) ? 60 : 1;

const inSeconds = (seconds: number): Ask => lengthAsk({ seconds });

/** What is repeated, and is no length by itself. */
const ROUND =
  "(?:times|rounds?|phrases?|verses?|sections?|blocks?|groups?|lots?|sets?|choruses|cycles?|passes|loops?|sentences?|lines?|strophen?|runden|phrasen|mal|fois|veces|volte|vezes|keer)";
const OVER =
  "(?:over(?: and done(?: with)?)?|done|finished|complete|through|wrapped up|out|at an end)";
/** A clock time, or a number and its unit. */
const TIME = `(?:(\\d{1,2}):(\\d\\d)|(${NUMBER})[ -]?${UNIT})`;

/** A time or a number of units in seconds. */
function timeIn(
  minutes: string | undefined,
  seconds: string | undefined,
  count: string | undefined,
  unit: string | undefined,
): number {
  return minutes === undefined
    ? numberIn(count!) * secondsPer(unit!)
    : 60 * Number(minutes) + Number(seconds);
}

/** Phrases with numbers, and what they ask for. */
export const COMPOUNDS: readonly (readonly [source: string, read: Reader])[] = [
  // Tempo.
  [
    `(${NUMBER})[ -]?${BARS} (?:per|a|an|to the|in a|pro|par|por|al|à la) (?:min(?:ute|uto|uut)?)`,
    ([, bars], context) =>
      qpmAsk(Math.round(numberIn(bars!) * quartersPerBar(context))),
  ],
  [
    `(?:half[ -]?(?:note)?|minim|halbe|blanche|blanca) ?(?:=|at|is|equals) ?(${NUMBER})`,
    ([, count]) => qpmAsk(2 * numberIn(count!)),
  ],
  [
    "(?:in )?(?:the )?(low|lower|early|mid|middle|high|upper|late)[ -]?(\\d{2,3})'?s (?:bpm|beats|tempo)",
    ([, which, tens]) =>
      qpmAsk(
        Number(tens) +
          (/^(?:low|ear)/.test(which!) ? 2 : /^mid/.test(which!) ? 5 : 8),
      ),
  ],
  [
    `(?:(?:not|no|nothing|never|nicht|pas) (?:any )?(?:faster|quicker|over|above|more|schneller|plus vite)(?: than| als| que)?|(?:tempo|speed|bpm)(?: should| must| has to| needs to)? (?:stays?|be|keeps?|remains?|is)? ?(?:under|below)|stays? (?:under|below)|keep (?:it|the tempo) (?:under|below)) (${NUMBER})(?: ?bpm)?(?! ?(?:${BARS}|%|percent|notes?|times|instruments|parts|voices|${UNIT}))`,
    ([phrase, most]) =>
      isTempo(most!, phrase)
        ? qpmAsk(Math.round(numberIn(most!) * BELOW))
        : undefined,
  ],
  [
    `(?:(?:not|no|nothing|never|nicht|pas) (?:any )?(?:slower|below|under|less|langsamer|plus lent)(?: than| als| que)?|(?:tempo|speed|bpm)(?: should| must| has to| needs to)? (?:stays?|be|keeps?|remains?|is)? ?(?:over|above)|stays? above|keep (?:it|the tempo) above) (${NUMBER})(?: ?bpm)?(?! ?(?:${BARS}|%|percent|notes?|times|instruments|parts|voices|${UNIT}))`,
    ([phrase, least]) =>
      isTempo(least!, phrase)
        ? qpmAsk(Math.round(numberIn(least!) * ABOVE))
        : undefined,
  ],
  [
    `(?:around|about|near|at|round) the (${NUMBER}) mark`,
    ([phrase, qpm]) =>
      isTempo(qpm!, phrase) ? qpmAsk(numberIn(qpm!)) : undefined,
  ],
  [
    `(${NUMBER}) (?:pulsaciones|pulsos|pulsations|pulsazioni|batidas|battiti|slagen|beats)(?: (?:por|par|al|per) min(?:uto|ute|uut))?`,
    ([phrase, qpm]) =>
      isTempo(qpm!, phrase) ? qpmAsk(numberIn(qpm!)) : undefined,
  ],
  // Length.
  [
    `(an?|one|eine|une|un|uno|een|${NUMBER})[ -]?${MINUTE} (?:and |und |et |y |e |en )?(${NUMBER})(?= *(?:$|[,;.:)\\n]| (?:of|for|long|in total|total|or so|please|with)\\b))`,
    ([, minutes, seconds]) => {
      const rest = numberIn(seconds!);
      return rest > 0 && rest < 60
        ? inSeconds(60 * numberIn(minutes!) + rest)
        : undefined;
    },
  ],
  [
    `(${NUMBER}|an?) (?:and )?(?:(a|one) quarter|three quarters|a third|two thirds)[ -]?${UNIT}`,
    ([phrase, count, , unit]) =>
      inSeconds((numberIn(count!) + shareIn(phrase)) * secondsPer(unit!)),
  ],
  [
    `(?:three[ -]quarters|(?:a|one)[ -]quarter|two[ -]thirds|(?:a|one)[ -]third) of an? ${UNIT}`,
    ([phrase, unit]) => inSeconds(shareIn(phrase) * secondsPer(unit!)),
  ],
  [`anderhalve ${UNIT}`, ([, unit]) => inSeconds(1.5 * secondsPer(unit!))],
  [
    `(${NUMBER}) ${ROUND}(?: of| von| de| di| van| à| x)? (${NUMBER})[ -]?${BARS}`,
    ([, count, bars]) =>
      lengthAsk({ bars: numberIn(count!) * numberIn(bars!) }),
  ],
  [
    `(${NUMBER}) (${NUMBER})[ -]bar (?:phrases|sections|blocks|groups|parts|loops|patterns|sentences)`,
    ([, count, bars]) =>
      lengthAsk({ bars: numberIn(count!) * numberIn(bars!) }),
  ],
  [
    `(${NUMBER}) (?:choruses|rounds|times through|passes|cycles) (?:of|through)`,
    ([, count]) => {
      const rounds = numberIn(count!);
      return Number.isInteger(rounds) && rounds > 0
        ? set({ rounds })
        : undefined;
    },
  ],
  [
    "(?:(?:played|repeated|round|through) |(?<=(?:bars?|form|whole thing|it) ))(twice|thrice)(?: through| over)?(?! as)",
    ([, how]) => set({ rounds: how === "twice" ? 2 : 3 }),
  ],
  [
    `(?:(?:it|that|which|and|piece|track|music|song|thing|must|should|has to|needs to|needs|want it|to|will|'ll) )*(?:(?:is|be|it's|are|all) (?:all )?|(?<=(?:^|[,;.:(]) ?))${OVER} (?:at|by|after|in|within|before) (?:exactly )?${TIME}`,
    ([, minutes, seconds, count, unit]) =>
      inSeconds(timeIn(minutes, seconds, count, unit)),
  ],
  [
    `(?:that |which |and |it )?(?:wraps? up|wrapping up|concludes?|comes? to (?:an end|a close)) (?:at|by|after|in|within|before) (?:exactly )?${TIME}`,
    ([, minutes, seconds, count, unit]) =>
      inSeconds(timeIn(minutes, seconds, count, unit)),
  ],
  [
    `(?:no|not) (?:a second )?(?:over|longer than|more than|beyond) (${NUMBER}|an?) ?${UNIT}`,
    ([, count, unit]) => inSeconds(0.9 * numberIn(count!) * secondsPer(unit!)),
  ],
  [
    `(?:just )?(?:shy of|short of|under) (${NUMBER}|an?) ?${UNIT}`,
    ([, count, unit]) => inSeconds(0.9 * numberIn(count!) * secondsPer(unit!)),
  ],
];

/** The share of one that words such as "three quarters" name. */
function shareIn(phrase: string): number {
  if (/three[ -]quarters/.test(phrase)) return 0.75;
  if (/quarter/.test(phrase)) return 0.25;
  return /two[ -]thirds/.test(phrase) ? 2 / 3 : 1 / 3;
}

/** Whether a number that no unit follows can be a tempo. */
function isTempo(number: string, phrase: string): boolean {
  const value = numberIn(number);
  return value >= 40 && value <= 240 || /bpm|tempo|speed/.test(phrase);
}
