/** Times in a prompt: "at 0:12", "after 20 seconds", "bars 5-8", "the last 10". */

import { NUMBER, numberIn } from "./numbers.ts";
import type { PromptText } from "./text.ts";
import type { PieceLength } from "../music/music.ts";
import type { When } from "./types.ts";

/** A time or a stretch of time found in a prompt. */
export interface FoundTime {
  readonly end: number;
  readonly from: When;
  readonly to?: When;
  /** Whether it is only a number with a colon, which may be a length. */
  readonly isBare?: boolean;
  /** Whether it counts from the last time named. */
  readonly isLater?: boolean;
  /** Whether it is before or after the last time named, as "before that" is. */
  readonly relation?: "before" | "after";
  /** How long it lasts, where it begins at the end of the one before. */
  readonly span?: PieceLength;
}

const UNIT =
  "(seconds?|secs?|s|minutes?|mins?|min|m|bars?|measures?|sek(?:unden?)?|minuten?|takte?n?|secondes?|mesures?|segundos?|minutos?|compases)";
const CODE = "(\\d{1,2}):(\\d\\d)";
const AT =
  "(?:at|from|on|starting at|starting from|around|by|after|@|bei|ab|nach|um|a partir de|a partir del|apres|desde|desde el|tras|despues de|a los|a|von|vanaf|op|bij|rond|na|dal|dalla|da|dopo|alle|verso|vers|en el|aos|a partir dos|depois de)";
const THE = "(?:the |den |die |les |las |los )?";
/** After "two minutes in": "D minor", "a warm key", "3/4" are no place. */
const NO_PLACE =
  "all|total|length|\\d+/\\d+|(?:[b-h]|a(?= (?:flat|sharp|major|minor|dur|moll|mixo|dor|phryg|lyd|aeol|locr)))(?:[#♯♭b]|is|es|[ -](?:flat|sharp))?(?![\\p{L}\\p{N}])|a[#♯♭b](?![\\p{L}\\p{N}])|(?:an?|the|our|my|some) (?:[\\p{L}'-]+ ){0,4}?(?:keys?|style|modes?|mood|manner|tempo|meter|metre|time|way|vein|spirit|major|minor|scale|fashion|groove|feel)(?! changes?)(?![\\p{L}\\p{N}])";
const sticky = (source: string) =>
  new RegExp(`${source}(?![\\p{L}\\p{N}]|:\\d)`, "uy");

function inUnit(value: number, unit: string): When {
  if (/^(?:b|mea|t|mes|c)/.test(unit)) return { bar: value + 1 };
  return { seconds: /^m/.test(unit) ? 60 * value : value };
}

type Reader = (match: RegExpExecArray) => Omit<FoundTime, "end"> | undefined;
const codeOf = (minutes = "0", seconds = "0"): When => ({
  seconds: 60 * Number(minutes) + Number(seconds),
});

/** How music is, directly after a time that is named by what happens at it. */
const IS_SO =
  "(?=,? (?:it(?:'s| is) |all |everything (?:is |in )?|in )?(?:minor|major|soft|quiet|loud|slow|fast|calm|dark|bright|happy|sad|only|no|nothing)\\b)";
/** "Before the laugh minor, after it major": what happened at the time named last. */
const NO_PART =
  "(?!(?:chorus|verse|bridge|intro|outro|solo|end|start|beat|bar|half|middle|last|final|first|second|breakdown|hook|coda|beginning)\\b)";
const BEFORE_THAT =
  `before (?:the|that|this|his|her) ${NO_PART}\\p{L}+${IS_SO}|` +
  "(?:before|until|up to|up until) (?:that|then|this|there)|davor|vorher|bis dahin|avant cela|avant ca|antes de eso|hasta entonces";
const AFTER_THAT =
  `after (?:it|(?:the|that|this|his|her) ${NO_PART}\\p{L}+)${IS_SO}|` +
  "from (?:then|there|that point|this point|here)(?: on(?:wards?)?)?|after(?=:)|(?:after|from) (?:the drop|that moment|this moment)|ab da|ab dann|von da an|danach(?=:)|a partir de (?:la|ahi|alli)|desde (?:ahi|entonces)";

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [
    sticky(`(?:${BEFORE_THAT})`),
    () => ({ from: { share: 0 }, relation: "before" }),
  ],
  [
    sticky(`(?:${AFTER_THAT})`),
    () => ({ from: { share: 0.5 }, relation: "after" }),
  ],
  [
    sticky(`(?:from )?${CODE} ?(?:-|to|until|till|bis) ?${CODE}`),
    ([, m, s, m2, s2]) => ({ from: codeOf(m, s), to: codeOf(m2, s2) }),
  ],
  [
    sticky(
      `(?:between|zwischen|entre|tussen|tra) ${CODE} (?:and|und|et|y|en|e) ${CODE}`,
    ),
    ([, m, s, m2, s2]) => ({ from: codeOf(m, s), to: codeOf(m2, s2) }),
  ],
  [
    sticky(`(?:${AT} |en )${CODE}`),
    ([, m, s]) => ({ from: codeOf(m, s) }),
  ],
  [
    sticky(
      `(?:${AT} )?(?:the |the mark of )?(?:second|sekunde|seconde|segundo|secondo) (\\d{1,3})`,
    ),
    ([, seconds]) => ({ from: { seconds: Number(seconds) } }),
  ],
  [
    sticky("(?:(?:at|@) )?:(\\d\\d)"),
    ([, seconds]) => ({ from: codeOf("0", seconds) }),
  ],
  [
    sticky(CODE),
    ([, m, s]) => ({ from: codeOf(m, s), isBare: true }),
  ],
  [
    sticky(
      `(?<=\\b(?:then|dann|puis|luego) )(?:after|nach|apres|tras|despues de) (?:another |weiteren )?(${NUMBER}) ?${UNIT}`,
    ),
    ([, count, unit]) => ({
      from: inUnit(numberIn(count!), unit!),
      isLater: true,
    }),
  ],
  [
    sticky(
      `(?:after|nach|apres|tras|despues de|from) (?:${THE}(?:first|ersten|premi[eè]res|premiers|primeros|primeras) )?(${NUMBER}) ?${UNIT}`,
    ),
    ([, count, unit]) => ({ from: inUnit(numberIn(count!), unit!) }),
  ],
  [
    sticky(
      `(?:at|on|bei|um|@|a los) (${NUMBER}) ?${UNIT}(?! (?:per|pro|par|por|(?:an?|the) (?:bar|measure|beat|minute|second|hour)s?) ?)`,
    ),
    ([, count, unit]) => ({ from: inUnit(numberIn(count!), unit!) }),
  ],
  [
    sticky(`(?:for )?${THE}(?:next|following|nachsten) (${NUMBER}) ?${UNIT}`),
    ([, count, unit]) => {
      const at = inUnit(numberIn(count!), unit!);
      const span = typeof at === "object" && "bar" in at
        ? { bars: at.bar - 1 }
        : { seconds: (at as { seconds: number }).seconds };
      return { from: { share: 0 }, span };
    },
  ],
  [
    sticky(
      `(${NUMBER}) ?${UNIT} (?:in|into it|into the piece)(?! (?:${NO_PLACE}))`,
    ),
    ([, count, unit]) => ({ from: inUnit(numberIn(count!), unit!) }),
  ],
  [
    sticky(`(${NUMBER}) ?${UNIT} (?:later|spater|plus tard|mas tarde)`),
    ([, count, unit]) => ({
      from: inUnit(numberIn(count!), unit!),
      isLater: true,
    }),
  ],
  [
    sticky(
      "(?:from )?(?:bar|measure|takt|mesure|compas) (\\d+) (?:to|until|bis|a) (?:bar )?(\\d+)",
    ),
    ([, first, last]) => ({
      from: { bar: Number(first) },
      to: { bar: Number(last) + 1 },
    }),
  ],
  [
    sticky(
      "(?<=(?:until|till?|up to|before|bis|vor|hasta|antes de|avant|jusqu'a|jusqu'a la)(?: the)? )(?:bar|measure|takt|mesure|compas) (\\d+)",
    ),
    ([, bar]) => ({ from: { bar: Number(bar) } }),
  ],
  [
    sticky(`(?:${AT}|in) (?:bar|measure|takt|mesure|compas) (\\d+)`),
    ([, bar]) => ({ from: { bar: Number(bar) } }),
  ],
  [
    sticky(
      `(?:in |from )?(?:bars|measures|takte|mesures|compases) (\\d+) ?(?:-|to|bis|a) ?(\\d+)`,
    ),
    ([, first, last]) => ({
      from: { bar: Number(first) },
      to: { bar: Number(last) + 1 },
    }),
  ],
  [
    sticky(
      `(?:after|nach|apres|tras) (${NUMBER})(?= (?:the|der|die|das|le|la|el) )`,
    ),
    ([, count]) => ({ from: { count: numberIn(count!) } }),
  ],
  [
    sticky(`(?:at |${AT} )?(?:minute) (\\d+)(?! ?[:=] )`),
    ([, minute]) => ({ from: { seconds: 60 * Number(minute) } }),
  ],
  [
    sticky("minute (\\d+)(?= ?[:=])"),
    ([, minute]) => ({
      from: { seconds: 60 * Number(minute) - 60 },
      to: { seconds: 60 * Number(minute) },
    }),
  ],
  [
    sticky(
      `(?:in |for |during )?${THE}(first|last|erste|letzte|premiere|derniere|primer|ultimo) (half )?(?:minute|minuto)`,
    ),
    ([, which, half]) => {
      const seconds = half ? 30 : 60;
      return /^(?:f|e|p)/.test(which!)
        ? { from: { share: 0 }, to: { seconds } }
        : { from: { beforeEnd: seconds } };
    },
  ],
  [
    sticky(
      `(?:in |for |during )?${THE}(?:first|ersten|premieres|primeros) (?!one(?! ?(?:s|m|b)))(${NUMBER})(?: ?${UNIT})?`,
    ),
    ([, count, unit = "?"]) => {
      const value = numberIn(count!);
      return {
        from: { share: 0 },
        to: unit === "?" ? { count: value } : inUnit(value, unit),
      };
    },
  ],
  [
    sticky(
      `(?:in |for |during )?${THE}(first|last|final|erste[nr]?|letzte[nr]?) (?:bar|measure|takt)`,
    ),
    ([, which]) =>
      /^(?:f(?!inal)|e)/.test(which!)
        ? { from: { share: 0 }, to: { bar: 2 } }
        : { from: { beforeEnd: 1, isBars: true } },
  ],
  [
    sticky(
      "(?:in |for |during |over |uber )?(?:the |den |les |los )?(?:very )?(?:last|final|closing|letzten|dernieres|ultimos) (few |couple of |two or three |paar |quelques )?(?:bars|measures|takten?|mesures|compases)",
    ),
    ([, few = ""]) => ({
      from: { beforeEnd: /couple/.test(few) ? 2 : LAST_BARS, isBars: true },
    }),
  ],
  [
    sticky(
      `(?:in |for |during )?${THE}(?:last|final|letzten|dernieres|ultimos) (?!one(?! ?(?:s|m|b)))(${NUMBER})(?: ?${UNIT})?`,
    ),
    ([, count, unit = "s"]) => {
      const value = numberIn(count!);
      const at = inUnit(value, unit);
      return {
        from: typeof at === "object" && "seconds" in at
          ? { beforeEnd: at.seconds }
          : { beforeEnd: value, isBars: true },
      };
    },
  ],
];

const SILENCE = new RegExp(
  `(?:for |about |a full )?(${NUMBER})[ -]?(seconds?|secs?|sek(?:unden?)?|secondes?|segundos?|secondi)'? (?:of |de |di |d'|lang |vo(?:n|ller) )?(?:(?:complete|total|absolute|dead|pure|utter|just|vollige[rn]?|absolute[rn]?) )?(?:nothing(?: at all)?|silence|quiet|stille|nichts|rien|silence total|silencio(?: total)?|nada|silenzio(?: totale)?)(?![\\p{L}])|nothing(?: at all)?(?= (?:plays? |sounds? |happens )?(?:between|from) \\d)|(?:silence|silencio|silenzio|stille)(?: (?:total|totale|absolu|absoluto|complete|assoluto))? (?:of|for|de|di|per|pendant|durante|por|von) (${NUMBER})[ -]?(seconds?|secs?|sek(?:unden?)?|secondes?|segundos?|secondi)(?![\\p{L}])`,
  "uy",
);

/** "Two seconds of nothing": how long nothing sounds, at a place of a prompt. */
export function silenceAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly seconds?: number } | undefined {
  const match = text.match(SILENCE, at);
  const seconds = numberIn(match?.[1] ?? match?.[3] ?? "");
  if (!match) return undefined;
  return { end: at + match[0].length, ...seconds > 0 && { seconds } };
}

/** Bars that "the last bars" are. */
const LAST_BARS = 3;
const SECONDS = "(?:seconds?|secs?|s|sek(?:unden?)?|secondes?|segundos?)";
const LISTED = new RegExp(
  `(\\d+)(?: ?${SECONDS})?(?=(?:,? (?:(?:and|und|et|y|&) )?\\d+)+ ?${SECONDS}\\b|\\D|$)(?!\\d)`,
  "uy",
);
const WHOLE_LIST = new RegExp(
  `\\d+(?:,? (?:(?:and|und|et|y|&) )?\\d+)* ?${SECONDS}(?![\\p{L}\\p{N}])`,
  "uy",
);
const IN_LIST = /(?:at|@|bei|um|a|a los) (?:\d+,? (?:(?:and|und|et|y|&) )?)*$/i;

/** A number without a unit, of what happens at one time: "stop at 18". */
const AT_NUMBER = /(?:hits?|stops?|silence|strikes?|boom|crash|ends?) at $/i;

/**
 * One of several seconds, each number of "at 3, 7, 8 and 13 secs", or a number
 * without a unit.
 */
export function listedTimeAt(
  text: PromptText,
  at: number,
): FoundTime | undefined {
  const number = AT_NUMBER.test(text.before(at)) &&
    text.match(/\d+(?= *(?:$|[,;.)\n](?!\d)))/uy, at);
  if (number) {
    return {
      end: at + number[0].length,
      from: { seconds: Number(number[0]) },
    };
  }
  const before = IN_LIST.exec(text.before(at));
  const isSeveral = /\d/.test(before?.[0] ?? "") ||
    /^\d+,? (?:(?:and|und|et|y|&) )?\d/.test(text.after(at));
  if (!before || !isSeveral || !text.match(WHOLE_LIST, at)) return undefined;
  const match = text.match(LISTED, at);
  return match
    ? { end: at + match[0].length, from: { seconds: Number(match[1]) } }
    : undefined;
}

/** A time at a place of a prompt. */
export function timeAt(text: PromptText, at: number): FoundTime | undefined {
  for (const [expression, read] of READERS) {
    const match = text.match(expression, at);
    const found = match && read(match);
    if (found) return { end: at + match[0].length, ...found };
  }
  return undefined;
}
