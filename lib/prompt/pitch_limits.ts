/**
 * Limits on the notes of a part: how high and low, how wide, how far from note to
 * note, how short. "Not above C5", "C4 to G5", "within an octave", "no leaps bigger
 * than a fifth", "nothing shorter than a quarter note".
 */

import { phraseAt } from "./lexicon.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import {
  INTERVAL,
  intervalIn,
  PITCH,
  PITCH_CLASS,
  pitchClassIn,
  pitchIn,
} from "./pitches.ts";
import type { PromptText } from "./text.ts";
import type { Ask, Limit } from "./types.ts";

/** Lowest and highest MIDI pitch. */
const LOWEST = 0, HIGHEST = 127;

const END = "(?![\\p{L}\\p{N}#])";
const NOT =
  "(?:not|never|nothing|none|no(?: single)? (?:notes?|pitch(?:es)?|tones?)|no|don'?t|do not|doesn'?t|does not|shouldn'?t|should not|must not|mustn'?t|won'?t|can'?t|cannot|without|nicht|nichts|nie|keine? (?:ton|tone|note|noten)|pas|jamais|rien|aucune note|nunca|nada|ninguna nota|sin)";
const FILLING =
  "(?:ever|anything|any|notes?|that|is|are|be|it|to|go|goes|going|get|gets|play|plays|playing|sing|reach|reaches|rise|rises|climb|climbs|drop|drops|fall|falls|sink|dip|dips|further|gehen|geht|gehe|steigen|spielen|plus|mas|vaya|suba|baje|monter|monte|descendre)";
const ABOVE =
  "(?:above|higher than|over|beyond|past|exceed(?:s|ing)?|uber|hoher als|oberhalb(?: von)?|au dessus d[eu]|plus haut que|plus aigu que|por encima de|mas alto que|mas agudo que)";
const BELOW =
  "(?:below|lower than|under|beneath|deeper than|unter|tiefer als|unterhalb(?: von)?|en dessous d[eu]|au dessous d[eu]|plus bas que|plus grave que|por debajo de|mas bajo que|mas grave que)";
const KEEPS =
  "(?:(?:stays?|staying|keeps?|kept|keep it|keeping|remains?|remaining|always|bleibt|bleiben|reste|queda) )";
const BETWEEN =
  " ?(?:-|to|up to|and|through|thru|bis|a|au?|y|et|e|and up to|\\.\\.+|…) ?";
const HIGHEST_NOTE =
  "(?:(?:highest|top|maximum|max|uppermost|hochste|hochster|plus haute|mas alta) (?:note|pitch|tone|ton)|ceiling)(?: (?:of|should be|must be|is|being|at|ist|est|es))?[: =]*";
const LOWEST_NOTE =
  "(?:(?:lowest|bottom|minimum|min|tiefste|tiefster|plus basse|mas baja) (?:note|pitch|tone|ton)|floor)(?: (?:of|should be|must be|is|being|at|ist|est|es))?[: =]*";
const THE = "(?:the |a |an )?";
const FAR =
  "(?:leaps?|jumps?|skips?|intervals?|sprunge|spruge|intervalle|sauts?|saltos?|intervalos?)(?! (?:in|of) (?:the )?(?:volume|loudness|level|dynamics?|tempo|mood))";
const WIDER =
  "(?:bigger|larger|wider|greater|more|grosser|weiter|plus grands?|plus larges?|mayores|mas grandes)";
const THAN = " (?:than|als|que|qu'|de) ?";
const A = "(?:an? |the |one |eine? |une? |una? )?";
/** Note values, in quarter notes; those of other languages without accents. */
const VALUES: readonly (readonly [RegExp, number])[] = [
  [/^(?:whole|ganze|ronde|redonda)/, 4],
  [/^(?:half|halbe|blanche|blanca)/, 2],
  [/^(?:quarter|crotchet|viertel|noire|negra)/, 1],
  [/^(?:eighth|8th|quaver|achtel|croche|corchea)/, 0.5],
  [
    /^(?:sixteenth|16th|semiquaver|sechzehntel|double croche|semicorchea)/,
    0.25,
  ],
];
const VALUE =
  "(?:(?:whole|half|quarter|eighth|8th|sixteenth|16th)(?:[ -]?notes?|s)|crotchets?|semiquavers?|quavers?|(?:ganze|halbe|viertel|achtel|sechzehntel)(?:noten?|n)?|doubles? croches?|croches?|noires?|blanches?|rondes?|semicorcheas?|corcheas?|negras?|blancas?|redondas?)";

/** The first of two, as in "quarter and half notes". */
const BARE =
  "(?:whole|half|quarter|eighth|8th|sixteenth|16th|ganze|halbe|viertel|achtel|sechzehntel)";

/** A limit found in a prompt. */
export interface FoundLimit {
  readonly end: number;
  readonly ask: Ask;
}

type Reader = (groups: readonly (string | undefined)[]) => Limit | undefined;

/** The note value's length in quarter notes. */
function quartersIn(text: string): number | undefined {
  return VALUES.find(([value]) => value.test(text))?.[1];
}

/** Notes of a length or longer; undefined of no known one. */
const ofLength = (quarters: number | undefined): Limit | undefined =>
  quarters === undefined
    ? undefined
    : { leastQuarters: quarters, apartQuarters: quarters };

function between(low: string, high: string): Limit | undefined {
  const first = pitchIn(low);
  const isWhole = new RegExp(`^${PITCH}$`, "u").test(high);
  // "Middle C to G" is up to the next one.
  const second = isWhole
    ? pitchIn(high)
    : first + (pitchClassIn(high) - first % 12 + 12) % 12 || first + 12;
  return first === second
    ? undefined
    : { range: [Math.min(first, second), Math.max(first, second)] };
}

const octaves = (text: string | undefined, half?: string): Limit => ({
  span: Math.round(
    12 *
      ((text === undefined || /^(?:single|same|ein|une?)/.test(text)
        ? 1
        : numberIn(text) || 1) + (half ? 0.5 : 0)),
  ),
});

const upTo = (pitch: string | undefined, by = 0): Limit => ({
  range: [LOWEST, pitchIn(pitch!) + by],
});
const from = (pitch: string | undefined, by = 0): Limit => ({
  range: [pitchIn(pitch!) + by, HIGHEST],
});

const OCTAVES = "(?:octaves?|oktaven?|octavas?)";
const ONE = "(single|same|one|an?|eine[rn]?|une?|una?)";
const READERS: readonly (readonly [source: string, read: Reader])[] = [
  // From one pitch to another.
  [
    `(?:(?:only )?(?:(?:in )?(?:the |a )?(?:range|compass|ambitus|tessitura|register|umfang)(?: is| of| from| between)?:? ?|from |between |within |zwischen |von |entre |de |notes? |pitch(?:es)? )+)?(${PITCH})${BETWEEN}(${PITCH})(?: range| only)?`,
    ([low, high]) => between(low!, high!),
  ],
  [
    `(?:(?:in )?(?:the )?range(?: is| of| from)?:? ?|from |between |within )+(${PITCH})${BETWEEN}(${PITCH_CLASS})`,
    ([low, high]) => between(low!, high!),
  ],
  [
    `(?:midi )(?:notes?|pitch(?:es)?|numbers?|note numbers?)?:? ?(?:from |between )?(\\d{1,3})${BETWEEN}(\\d{1,3})`,
    ([low, high]) => {
      const range = [Number(low), Number(high)] as const;
      return range[0] < range[1] && range[1] <= HIGHEST ? { range } : undefined;
    },
  ],
  [
    "(?:only|just|nur) (?:scale )?steps|steps only|(?:moves?|moving|goes|going) (?:only )?(?:by|in) steps?|no leaps|nur (?:ton)?schritte|sans sauts|por grados conjuntos",
    () => ({ mostLeap: 2 }),
  ],
  [
    `(?:(?:only|just|all|nur) )?(${BARE})[ -]?not(?:es|en)(?: only)?(?= *(?:$|[,;.!)\n]))`,
    ([value]) => ofLength(quartersIn(value!)),
  ],
  // Only some notes.
  [
    `(?:(?:use |using |with |play |playing |nur |solo |seulement )?only|just|nur|seulement|solo) (?:use |with )?(?:the |die |les |las )?(?:\\w+ )?(?:notes?|pitches|tones|tone|noten|notas) ((?:${PITCH_CLASS}(?:, (?:and |und |et |y )?| and | und | et | y | ))+${PITCH_CLASS})`,
    ([list]) => {
      const names = list!.split(
        /, (?:and |und |et |y )?| and | und | et | y | /,
      );
      return { pitchClasses: [...new Set(names.map(pitchClassIn))] };
    },
  ],
  [
    "(?:in )?(?:a |the )?(?:whole[ -]tone(?:s)?(?: scale)|whole[ -]tone|ganztonleiter|gamme par tons|escala de tonos enteros)",
    () => ({ pitchClasses: [0, 2, 4, 6, 8, 10] }),
  ],
  [
    "(?:in )?(?:a |the )?(?:octatonic(?: scale)?|diminished scale)",
    () => ({ pitchClasses: [0, 2, 3, 5, 6, 8, 9, 11] }),
  ],
  // Up to a pitch, or down to one.
  [
    `${NOT}(?: ${FILLING}){0,4} ${ABOVE} ${THE}(${PITCH})`,
    ([pitch]) => upTo(pitch),
  ],
  [
    `${NOT}(?: ${FILLING}){0,4} ${BELOW} ${THE}(${PITCH})`,
    ([pitch]) => from(pitch),
  ],
  [
    `(?:no higher than|up to|at most|hochstens(?: bis)?|nur bis|maximum|max|jusqu'? ?au?|hasta(?: el)?) ${THE}(${PITCH})`,
    ([pitch]) => upTo(pitch),
  ],
  [
    `(?:no lower than|down to|at least|mindestens) ${THE}(${PITCH})`,
    ([pitch]) => from(pitch),
  ],
  [`${KEEPS}?${BELOW} ${THE}(${PITCH})`, ([pitch]) => upTo(pitch, -1)],
  [`${KEEPS}?${ABOVE} ${THE}(${PITCH})`, ([pitch]) => from(pitch, 1)],
  [`${HIGHEST_NOTE}${THE}(${PITCH})`, ([pitch]) => upTo(pitch)],
  [`${LOWEST_NOTE}${THE}(${PITCH})`, ([pitch]) => from(pitch)],
  [
    `(?:from )?(${PITCH})(?: (?:and|or|und|et|y))? (?:up|upwards?|above|higher|aufwarts|hoher)`,
    ([pitch]) => from(pitch),
  ],
  [
    `(?:from )?(${PITCH})(?: (?:and|or|und|et|y))? (?:down|downwards?|below|lower|abwarts|tiefer|max|maximum)`,
    ([pitch]) => upTo(pitch),
  ],
  // So wide.
  [
    `(?:(?:stays? |stay(?:ing)? |keep(?:s|ing)? |only |all )?(?:with)?in(?:side)?(?: the (?:range|space|compass))?(?: of)?|innerhalb(?: von)?|range of|(?:no |not )?more than|no wider than|dans|dentro de|en una sola|compass of|ambitus of|spanning(?: only)?) (?:just |only )?(${NUMBER}|an?|single|same|eine[rn]?|une?|una) ${OCTAVES}( and a half)?(?: (?:range|only|at most))?`,
    ([count, half]) => octaves(count, half),
  ],
  [
    `(?:with)?in (?:a |one )?(?:single|one|the same) ${OCTAVES}`,
    () => octaves(undefined),
  ],
  [
    `(${NUMBER}|an?|single)[ -]${OCTAVES}( and a half)? (?:range|only|at most|compass|ambitus|max|maximum|umfang)`,
    ([count, half]) => octaves(count, half),
  ],
  [
    `${ONE}[ -]octave(?= (?:melody|tune|theme|line|riff|piece))`,
    () => octaves(undefined),
  ],
  [`only ${ONE} octave`, () => octaves(undefined)],
  [
    `(?:within(?: the range of)?|in the range of|range of) ${A}(${INTERVAL})`,
    ([interval]) => ({ span: intervalIn(interval!) }),
  ],
  [
    "(?:narrow|small|limited|tight) (?:range|ambitus|compass)",
    () => ({ span: 12 }),
  ],
  // So far from note to note.
  [
    `(?:${NOT}(?: big| large| wide)? )${FAR}(?: (?:that are|are))?(?: ${WIDER}${THAN}|${THAN}| of more than | over | above | beyond | wider than )${A}(${INTERVAL})`,
    ([interval]) => ({ mostLeap: intervalIn(interval!) }),
  ],
  [
    `(?:${FAR}|moves?) (?:up to|of at most|at most|no (?:bigger|larger|wider|more) than|not (?:bigger|larger|wider) than|hochstens) ${A}(${INTERVAL})`,
    ([interval]) => ({ mostLeap: intervalIn(interval!) }),
  ],
  [
    `(?:${NOT}) (?:big |large |wide |sudden |grossen? |grands? |grandes )${FAR}`,
    () => ({ mostLeap: 7 }),
  ],
  [`(?:no|without|ohne|sans|sin) ${FAR}`, () => ({ mostLeap: 2 })],
  [
    "(?:in )?(?:stepwise|step ?wise|conjunct)(?: motion| movement| melody| only)?|(?:only |moves? )?by step|(?:moving |moves |only )?in steps|schrittweise|par degres conjoints|por grados conjuntos",
    () => ({ mostLeap: 2 }),
  ],
  [
    "(?:(?:slow(?:ly)?|crawling|creeping|chromatic|moving|moves|only|all) )*(?:in |by )?(?:half[ -]?steps|semitones|halbtonschritt(?:e|en)?|demi tons)(?: only)?",
    () => ({ mostLeap: 1 }),
  ],
  // So short.
  [
    `(?:${NOT}(?: ${FILLING})*|no notes?) (?:faster|shorter|smaller|quicker|schnelleres?|kurzeres?|kurzeren?|plus (?:court|rapide)|mas (?:corto|rapido))${THAN}${A}(${VALUE}|half|quarter|eighth|sixteenth)`,
    ([value]) => ofLength(quartersIn(value!)),
  ],
  [
    `(?:no|without|avoid|ohne|keine|sans|sin) (${VALUE})`,
    ([value]) => ofLength((quartersIn(value!) ?? NaN) * 2),
  ],
  [
    `(?:only|nur|just|seulement|solo) (${VALUE})|(${VALUE}) (?:only|nur|seulement|solo|and longer|or longer)`,
    ([one, other]) => ofLength(quartersIn((one ?? other)!)),
  ],
  [
    "(?:all |only |everything )?in (whole|half)[ -]notes(?: only| throughout)?|in (ganze|halbe)n noten|en (rondes|blanches)|en (redondas|blancas)",
    (groups) => ofLength(quartersIn(groups.find((one) => one !== undefined)!)),
  ],
  [
    `(?:only |just |nothing but |nur |seulement |solo )(${VALUE}|${BARE}) (?:and|&|or|und|et|y) (${VALUE})(?: only)?|(${VALUE}|${BARE}) (?:and|&|or|und|et|y) (${VALUE}) (?:only|nur|seulement|solo)`,
    ([a, b, c, d]) => {
      const [one, other] = [a ?? c, b ?? d].map((value) => quartersIn(value!));
      return ofLength(Math.min(one ?? NaN, other ?? NaN));
    },
  ],
];

const EXPRESSIONS = READERS.map(([source, read]) => ({
  expression: new RegExp(`(?:${source})${END}`, "uy"),
  read,
}));

/** What names all that plays, and not one part. */
const ALL =
  /(?:nothing|everything|all|no notes?|nichts|alles|rien|tout|nada|todo)\b/i;

/** The longest limit on notes at a place of a prompt. */
export function limitAt(text: PromptText, at: number): FoundLimit | undefined {
  let longest: FoundLimit | undefined;
  for (const { expression, read } of EXPRESSIONS) {
    const match = text.match(expression, at);
    if (!match) continue;
    const end = at + match[0].length;
    if (longest && end <= longest.end) continue;
    const limit = read(match.slice(1));
    // "C6 - G7" are chords as well.
    const isChords = /^[a-h][#b]?[679] ?-/.test(match[0]);
    if (!limit || isChords) continue;
    const isOfPart = !ALL.test(match[0]) && namesPart(text, at, end);
    longest = { end, ask: { is: "limit", limit, isOfPart } };
  }
  return longest;
}

/** Whether an instrument is named in the same thought as what stands in a place. */
function namesPart(text: PromptText, at: number, end: number): boolean {
  const before = /[^,.;:!?\n)]*$/.exec(text.before(at))?.[0] ?? "";
  const after = /^[^,.;:!?\n(]*/.exec(text.after(end))?.[0] ?? "";
  if (ALL.test(before)) return false;
  return hasInstrument(text, at - before.length, at) ||
    hasInstrument(text, end, end + after.length);
}

function hasInstrument(text: PromptText, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (/[\p{L}\p{N}]/u.test(text.before(at).slice(-1))) continue;
    const words = text.words(at, 3).filter(({ end }) => end <= to);
    const ask = phraseAt(words.map((word) => word.text))?.sense;
    if (ask?.is === "ask" && ask.ask.is === "cast") return true;
  }
  return false;
}
