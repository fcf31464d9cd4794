/**
 * Phrases with numbers: tempo, meter, length, seed and temperature. A value that
 * cannot be is a problem, and the nearest that can be is taken.
 */

import { bareTempoAt } from "./bare_tempo.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import { COMPOUNDS } from "./compound_quantities.ts";
import {
  BARS,
  cannot,
  type Context,
  lengthAsk,
  meterAsk,
  qpmAsk,
  type Reader,
  set,
  SETTINGS,
} from "./settings.ts";
import { plainText, type PromptText } from "./text.ts";
import type { Ask } from "./types.ts";

/** What a phrase with a number asks for. */
export interface Quantity {
  readonly end: number;
  readonly ask: Ask;
}

const SECONDS = { s: 1, m: 60, h: 3600, u: 3600, o: 3600 } as const;
/** Continues with what the decade describes, as in "80s synth". */
const DESCRIBES =
  /^ (?!(?:of|and|long|loop|at|in|for|with|then|total|sting|stinger|cue|jingle|bumper|intro|outro|spot|ad|clip|ident|logo|version|edit)\b)\p{L}/u;
const UNIT =
  "(?:hours?|hrs?|hr|h|minutes?|mins?|min|m|seconds?|secs?|sec|s|stunden?|minuten?|minuut|sek(?:unden?)?|heures?|minutos?|minuti|segundos?|secondi|secondes?|seconden|horas?|seg|ore|ora|uur|uren)";
const COUNT = `(?:${NUMBER}|an?|half an?|half|eine halbe|une demi|media)`;
/** Between two numbers. A hyphen is only before a digit: "seventy-two" is one. */
const TO = "(?: ?- ?(?=[\\d.])| to | and | or | bis | a | oder )";
const EXACT = "(exactly |precisely |exact |genau |exactement |exactamente )?";
/** Between "tempo" and its number. */
const OF_TEMPO =
  "(?:(?:of|is|at|should be|will be|set to|von|de|=|:|about|around|roughly|approximately|exactly|a brisk|circa|ca\\.?) ?){0,3}";
const PER = "(?:per|a|an|to the|in a|pro)";
const BPM =
  `(?:(?:quarter|crotchet)(?:[ -]note)?s? (?:bpm|${PER} min(?:ute)?)|bpm|qpm|(?:beats|quarter notes|quarters) ${PER} min(?:ute)?|schlage(?: ${PER} minute)?|battements par minute|pulsaciones por minuto|ppm|a la noire|clics?)`;

function secondsPer(unit: string): number {
  if (/^stunde/.test(unit)) return 3600;
  const [first = "s"] = unit;
  return SECONDS[first as keyof typeof SECONDS];
}

function secondsIn(count: string, unit: string): number {
  const isHalf = /^(?:half|eine halbe|une demi|media)/.test(count);
  return (isHalf ? 0.5 : numberIn(count)) * secondsPer(unit);
}

/** The middle of a range, rounded; its order does not matter. */
function middle(low: string, high: string, unit = 1): number {
  return Math.round((numberIn(low) + numberIn(high)) / 2 * unit);
}

function inSeconds(seconds: number, exact?: string): Ask {
  return lengthAsk(
    exact === undefined ? { seconds } : { seconds, exact: true },
  );
}

const METER = "(\\d{1,2}) ?/ ?(\\d{1,2})";
const ONE = "(?:one|a|1|ein|einen|une|un|una)";
const BAR = "(?:bars?|measures?|takt|mesure|compas|battuta)";
const OF_METER = "(?: ?(?:of|in|im|de|en|di) )";
const TURNS =
  "(?:alternat\\p{L}+|(?:taking|takes?|in|by|through) turns?|turn by turn|turn and turn about|one after the other|back and forth|switching(?: every bar)?|im wechsel|abwechselnd|en alternance|alternados?|alternandos?e?)";
/** "Bars alternating 3/4 and 4/4", "one bar of 7/8, one bar of 4/4, taking turns". */
const METERS_IN_TURN = [
  `(?:(?:the )?(?:meter|metre|time signature|time|${BAR})s? )?(?:(?:keeps? |that )?(?:alternat\\p{L}+|switch(?:es|ing)|chang(?:es|ing) every ${BAR}|abwechselnd|im wechsel|alternance|alternando|alternancia))(?: (?:back and forth|each ${BAR}|every ${BAR}))?(?: ?(?:between|from|zwischen|entre|de|of))? ${METER}(?: time| bars?)? ?(?:,? ?(?:and|with|to|/|then|und|et|y|e|con) ) ?${METER}(?: time)?`,
  `${METER}(?: time)?(?: ?(?:,|and|then|und|et|y|e|plus|\\+|/) ?)+${METER}(?: time)?,? (?:bars? )?${TURNS}`,
  `(?:with )?${ONE} ${BAR}${OF_METER}?${METER}(?: ?(?:,|and|then|und|dann|et|puis|y|luego|followed by) ?)+${ONE} (?:${BAR})?${OF_METER}?${METER}(?:,? (?:then )?(?:${TURNS}|and so on|again and again|over and over|repeat\\p{L}*))?(?: like that)?`,
];

/** Requires that a word ends. */
const END = "(?![\\p{L}\\p{N}#])";

const READERS: readonly (readonly [source: string, read: Reader])[] = [
  // Meter.
  [
    "(-?[\\d.]+) ?/ ?(\\d+)(?!/)(?! (?:an? )?(?:minute|hour|second|streams?))(?:[ -](?:time signature|time|meter|metre|takt))?",
    ([, numerator, denominator]) =>
      `${numerator}/${denominator}` === "24/7"
        ? undefined
        : meterAsk(Number(numerator), Number(denominator)),
  ],
  [
    "(two|three|four|five|six|seven|nine|twelve)[ -](four|eight)(?:[ -](?:time|meter|metre)|(?= *(?:$|[,;.)\\n])))",
    ([, numerator, denominator]) =>
      meterAsk(numberIn(numerator!), numberIn(denominator!)),
  ],
  [
    `(${NUMBER})(?:[ -]beats? (?:per|to the|to a|a|in a|in each|in every)| (?:in|to) (?:an?|the|each|every)) (?:bar|measure)`,
    ([, count]) => meterAsk(numberIn(count!), 4),
  ],
  ...METERS_IN_TURN.map((source): readonly [string, Reader] => [
    source,
    ([, a, b, c, d]) => {
      const first = meterAsk(Number(a), Number(b));
      const second = meterAsk(Number(c), Number(d));
      if (first.is !== "set" || second.is !== "set") return undefined;
      return set({
        meter: first.fields.meter!,
        secondMeter: second.fields.meter!,
      });
    },
  ]),
  // Tempo.
  [
    `(?:exactly |about |around |circa )?(${NUMBER})(?:[ -]?ish)?[ -]?${BPM}`,
    ([, qpm]) => qpmAsk(numberIn(qpm!)),
  ],
  [
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]?${BPM}`,
    ([, low, high]) => {
      const ask = qpmAsk(middle(low!, high!));
      return ask.is === "set"
        ? { ...ask, ends: [numberIn(low!), numberIn(high!)] }
        : ask;
    },
  ],
  [
    `(?:(?:about|around) )?(${NUMBER})[ -]?${BPM} (faster|quicker|slower|higher|lower|more|less)(?! than)`,
    ([, qpm, how]) => ({
      is: "more",
      of: "tempo",
      by: /^(?:s|lo|le)/.test(how!) ? -1 : 1,
      qpm: numberIn(qpm!),
    }),
  ],
  [
    `(a bit |a little |a touch |slightly |a tad |just |much |a lot |way |far |etwas |viel )?(faster|quicker|slower|schneller|langsamer) (?:than|als) (${NUMBER})(?:[ -]?${BPM})?(?! ?(?:bars?|seconds?|minutes?|%|percent|times))`,
    ([, degree = "", how, qpm]) => {
      const by = /^(?:much|a lot|way|far|viel)/.test(degree)
        ? 1.25
        : degree === ""
        ? 1.07
        : 1.04;
      const isMore = /^(?:f|q|schn)/.test(how!);
      return qpmAsk(Math.round(numberIn(qpm!) * (isMore ? by : 1 / by)));
    },
  ],
  [
    `(?:under|below|at most|unter|no more than|less than|slower than|langsamer als) (${NUMBER})[ -]?${BPM}`,
    ([, most]) => qpmAsk(Math.round(numberIn(most!) * 0.93)),
  ],
  [
    `(?:over|above|at least|uber|more than|faster than|schneller als) (${NUMBER})[ -]?${BPM}`,
    ([, least]) => qpmAsk(Math.round(numberIn(least!) * 1.07)),
  ],
  [
    `(\\d{1,2}) ?(?:%|percent) (faster|slower) than (${NUMBER})(?:[ -]?${BPM})?`,
    ([, share, how, qpm]) =>
      qpmAsk(Math.round(
        numberIn(qpm!) * (1 + Number(share) / (how === "faster" ? 100 : -100)),
      )),
  ],
  [
    `(${NUMBER})[ -]dotted[ -](?:quarters|quarter notes|crotchets) ${PER} min(?:ute)?|(?:♩\\.|dotted[ -](?:quarter(?:[ -]note)?|crotchet)) ?(?:=|at|is) ?(${NUMBER})`,
    ([, count, other]) => qpmAsk(1.5 * numberIn((count ?? other)!)),
  ],
  [
    `(?:metronome(?: mark(?:ing)?)?(?: at| of| =|:)? ?)(${NUMBER})|(?:at |something like |around |about )?(${NUMBER}) (?:on|by) the metronome`,
    ([, qpm, other]) => qpmAsk(numberIn((qpm ?? other)!)),
  ],
  [
    `(${NUMBER})[ -](?:eighths|eighth notes|8ths) ${PER} min(?:ute)?`,
    ([, eighths]) => qpmAsk(numberIn(eighths!) / 2),
  ],
  [
    `(?:(?:tempo|bpm|qpm|speed|viertel) ?${OF_TEMPO}|(?:♩|noire|negra|quarter note|quarter|crotchet) ?= ?)(${NUMBER})(?:[ -]?${BPM})?`,
    ([, qpm]) => qpmAsk(numberIn(qpm!)),
  ],
  // Length.
  [
    `${EXACT}(${NUMBER})[ -]${BARS}`,
    ([, , bars]) => lengthAsk({ bars: numberIn(bars!) }),
  ],
  [
    `(?:bars|measures|takte|mesures|compases)"? ?[:=] ?(${NUMBER})`,
    ([, bars]) => lengthAsk({ bars: numberIn(bars!) }),
  ],
  [
    `(${NUMBER})[ -]${BARS} ?(?:\\+|plus|and then|and another|then another) ?(${NUMBER})[ -]${BARS}(?! of)`,
    ([, first, second]) =>
      lengthAsk({ bars: numberIn(first!) + numberIn(second!) }),
  ],
  [
    `(?:for )?another (${NUMBER})(?:[ -]${BARS})?(?= *(?:$|[,;.!?\\n)]))`,
    ([, bars], { before }) =>
      new RegExp(`\\d[ -]${BARS}`).test(plainText(before))
        ? lengthAsk({ bars: numberIn(bars!) })
        : undefined,
  ],
  [
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]${BARS}`,
    ([, low, high]) => lengthAsk({ bars: middle(low!, high!) }),
  ],
  [
    `${EXACT}~?(-?\\d+):(\\d\\d)(?: (?:minutes|min))?( exactly| sharp)?`,
    ([, exact, minutes, seconds, sharp]) =>
      Number(seconds) > 59
        ? cannot(
          "after the colon of a length come seconds, 00 to 59",
          "the length is left open",
        )
        : inSeconds(Number(minutes) * 60 + Number(seconds), exact ?? sharp),
  ],
  [
    "(?:until |till? |to |up to )?the (?:very )?end (?:at|is at|comes at) (\\d+):(\\d\\d)",
    ([, minutes, seconds]) =>
      inSeconds(Number(minutes) * 60 + Number(seconds), "exactly"),
  ],
  [
    `(?<=\\b(?:intro|verse|chorus|bridge|outro|breakdown|solo|hook|strophe|refrain|interlude|coda)(?: ?[=:x] ?| ))([3-9]|[1-9]\\d|(?<=\\b(?:intro|outro|solo|coda|breakdown|bridge|interlude)[ =:x]{1,3})[12])(?= *(?:$|[,;.\\n)+]| (?:and|then)\\b))`,
    ([, bars]) => lengthAsk({ bars: Number(bars) }),
  ],
  [
    `${EXACT}(\\d{1,2}) ?(?:m|min|mins|minutes?|minuten)\\.? ?(?:and )?([0-5]?\\d)(?![\\d:])`,
    ([, exact, minutes, seconds]) =>
      inSeconds(60 * Number(minutes) + Number(seconds), exact),
  ],
  [
    "(\\d{1,2})'(\\d\\d)(?:\"|'')?",
    ([, minutes, seconds]) => inSeconds(60 * Number(minutes) + Number(seconds)),
  ],
  [
    `${EXACT}(${NUMBER}|an?)(?: and a half| and half| et demie?| y media?| e mezz[oa])[ -]?(${UNIT})|${EXACT}(?:(?:an?|one|una?|un|une) )?(hour|minute|minuto|hora|heure) (?:and a half|y medi[oa]|et demie)`,
    ([, exact, count, unit, exactly, one]) => {
      const each = secondsPer((unit ?? one)!);
      const value = count === undefined ? 1.5 : numberIn(count) + 0.5;
      return inSeconds(value * each, exact ?? exactly);
    },
  ],
  [
    `(${NUMBER}) (${UNIT}) (?:e mezz[oa]|y medi[oa]|et demie?|und eine halbe)`,
    ([, count, unit]) =>
      inSeconds((numberIn(count!) + 0.5) * secondsPer(unit!)),
  ],
  [
    `(${NUMBER}|une) minutes? trente`,
    ([, count]) => inSeconds(60 * numberIn(count!) + 30),
  ],
  ["minute and a half", () => inSeconds(90)],
  [
    `(?:anderthalb|eineinhalb) (${UNIT})|(?:1|one) and a half (${UNIT})`,
    ([, unit, other]) => inSeconds(1.5 * secondsPer((unit ?? other)!)),
  ],
  [
    `(?:no longer than|under|less than|at most|not longer than|max(?:imum)?|hochstens|maximal) (?:of )?(${COUNT})[ -]?(${UNIT})( and a half)?`,
    ([, count, unit, half]) =>
      inSeconds(
        0.9 * (secondsIn(count!, unit!) +
          (half === undefined ? 0 : 0.5 * secondsPer(unit!))),
      ),
  ],
  [
    `${EXACT}(${COUNT})(?:[ -]?ish)?[ -]?(${UNIT})(?:(?: and | )?(${NUMBER})[ -]?(${UNIT}))?( exactly| sharp)?`,
    (match, context) => readLength(match, context),
  ],
  [
    `(${COUNT}) (?:whole|full|entire|long|solid|good) (${UNIT})`,
    ([, count, unit]) => inSeconds(secondsIn(count!, unit!)),
  ],
  [
    `(?:repeat|loop|last|run|go(?:es)? on|keep|keeps going|keep going)(?:s|ed|ing)? (?:it )?for (${COUNT})[ -]?(${UNIT})`,
    ([, count, unit]) => inSeconds(secondsIn(count!, unit!)),
  ],
  [
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]?(${UNIT})`,
    ([, low, high, unit]) => inSeconds(middle(low!, high!, secondsPer(unit!))),
  ],
  ...COMPOUNDS,
  ...SETTINGS,
];

const EXPRESSIONS = READERS.map(([source, read]) => ({
  expression: new RegExp(source + END, "uy"),
  read,
}));

/** "two minutes", "1m30s", "90s", but neither "the 80s" nor "a m…". */
function readLength(
  [, exact, count, unit, more, moreUnit, exactly]: RegExpExecArray,
  { phrase, before, after }: Context,
): Ask | undefined {
  const isDecade = /^\d{3}0s$/.test(phrase) || /^\d0s$/.test(phrase) &&
      (/\bthe $/i.test(before) || DESCRIBES.test(after)) &&
      !/(?:loop|screen|intro|clip|jingle) $/i.test(before);
  // "808s" are drums.
  if (isDecade || /^(?:808|909|707|303)s$/.test(phrase)) return undefined;
  // "a m…" is no length, "Amin" is a chord, and "ones" is a word.
  const isArticle = /^(?:an?|un|een|um)$/.test(count!) && unit!.length < 3;
  const isWord = /^[a-z]+$/i.test(phrase) || /^A min$/.test(phrase);
  if (isArticle || isWord) return undefined;
  const rest = more === undefined ? 0 : secondsIn(more, moreUnit!);
  if (rest >= secondsPer(unit!)) {
    return cannot(
      "minutes and seconds of a length go up to 59",
      "the length is left open",
    );
  }
  return inSeconds(secondsIn(count!, unit!) + rest, exact ?? exactly);
}

/** After how long something within a piece is. */
const OF_PART =
  /^(?: \p{L}+){0,2} (?:breaks?|fills?|rests?|pauses?|pick-?ups?|turnarounds?|lead-?ins?|tags?|count-?ins?|gaps?|stops?|solos?|call|response|answers?)\b/iu;

/** The longest phrase with a number at a place of a prompt. */
export function quantityAt(
  text: PromptText,
  at: number,
): Quantity | undefined {
  let longest: Quantity | undefined;
  for (const { expression, read } of EXPRESSIONS) {
    const match = text.match(expression, at);
    if (!match) continue;
    const end = at + match[0].length;
    if (longest && end <= longest.end) continue;
    const ask = read(match, {
      phrase: text.written(at, end),
      before: text.before(at),
      after: text.after(end),
    });
    // "Every ten seconds" and "every eight bars" say how often.
    const isOften = ask?.is === "set" && ask.fields.length !== undefined &&
      /(?:every|each|alle|toutes les|cada)(?: about)? $/i.test(
        text.before(at),
      ) &&
      !/^ (?:long|lang)\b/i.test(text.after(end)) &&
      // "…; each 16 bars" is how long each section is.
      !(/[,;.] each $/i.test(text.before(at)) &&
        /^ *(?:$|[,;.)\n])/.test(text.after(end)));
    // "A two-bar drum break" is no piece of two bars.
    const isOfPart = /[- ]bar$/.test(match[0]) && OF_PART.test(text.after(end));
    const isPast = ask?.is === "set" && ask.fields.qpm !== undefined &&
      /\b(?:was|were|currently|used to be)(?: at)? $/i.test(text.before(at));
    if (ask && !isOften && !isOfPart) {
      longest = { end, ask: isPast ? { ...ask, isPast } : ask };
    }
  }
  if (longest) return longest;
  const bare = bareTempoAt(text, at);
  return bare && { end: bare.end, ask: set({ qpm: bare.qpm }) };
}
