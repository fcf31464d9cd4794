/** What is held from beginning to end: "a drone on A", "an organ holding D minor". */

import {
  type HeldNotes,
  type InstrumentName,
  INSTRUMENTS,
  PITCH_CLASS_NAMES,
} from "../music/music.ts";
import { PITCH_CLASS, pitchClassIn } from "./pitches.ts";
import { phraseAt } from "./lexicon.ts";
import type { PromptText } from "./text.ts";
import type { Said } from "./said.ts";
import type { Ask, Fields, Hold, Phrase } from "./types.ts";

const DRONE =
  "(?:drones?|drone note|pedal(?:[ -]?(?:point|note|tone))?|bordun(?:ton)?|orgelpunkt|bourdon|note pedale|pedale|bordon|nota pedal|bordone)";
/** A note that goes on, without its name. */
const STEADY =
  "(?:constant|steady|continuous|sustained|unchanging|unbroken|held|permanent|never[ -]?ending|endless|single held|one held)";
const ADJECTIVE =
  "(?:(?:low|deep|soft|quiet|long|dark|single|constant|steady|very|continuous|sustained|big|fat|gentle|distant|tiefen?|tiefer|grave|graves) )*";
const ARTICLE =
  "(?:(?:just|only|one|an?|the|its|their|his|her|that|this|ein(?:e[mnr]?)?|der|dem|den|une?|le|la|una|el) )?";
const THROUGH =
  "(?:all (?:the way(?: through)?|the time|along|through)|the (?:whole|entire) (?:way(?: through)?|time|piece|track)|throughout|non-?stop|at all times|constantly|continuously|from (?:beginning|start) to (?:end|finish)|from start till end|through (?:the whole (?:thing|piece)|everything|it all)|without (?:ever )?(?:stopping|moving|changing)|die ganze zeit|durchgehend|durchweg|de bout en bout|tout le long|tout du long|du debut a la fin|todo el (?:rato|tiempo)|de principio a fin|per tutto il tempo)";
const BELOW =
  "(?:(?:humming|droning|running|ringing|sounding|going|buzzing|lying|sitting) )?(?:under(?:neath)?|below|beneath|behind|in the (?:bass|background)|darunter|dessous|por debajo|sotto)(?: (?:it(?: all)?|them|everything|the (?:tune|melody|music|rest|whole thing|whole piece|others)))?";
const TAIL = `(?:,? (?:${THROUGH}|${BELOW}))*`;
const SURE_TAIL = `(?:,? (?:${THROUGH}|${BELOW}))+`;
const ON =
  "(?:on|of|at|around|tuned to|auf|um|sur|de|en|in|su)(?: (?:an?|the|low|the note|note))?";
const HOLDS =
  "(?:(?:just |only |simply )?(?:hold(?:s|ing)?|sustain(?:s|ing)?|keep(?:s|ing)? holding|sit(?:s|ting)? on|stay(?:s|ing)? on|rest(?:s|ing)? on|repeat(?:s|ing)? nothing but|halt(?:en|et)?|tien(?:t|nent)|tenant|mantien(?:e|en)|tiene)(?: (?:just|only|to))?)";
const CHORD = "(?:[ -](major|minor|dur|moll|majeur|mineur|mayor|menor))?";
const THING = "(?:[ -](?:chord|note|triad|akkord|ton))?";

const READERS: readonly (readonly [source: string, needsCapital?: boolean])[] =
  [
    [`${ARTICLE}${ADJECTIVE}${DRONE} ${ON} (${PITCH_CLASS})${TAIL}`],
    [`${ARTICLE}${ADJECTIVE}(${PITCH_CLASS})[ -]${DRONE}${TAIL}`],
    [
      `${ARTICLE}${ADJECTIVE}(${PITCH_CLASS})(?:[ -]note)? (?:humming|droning|held|holding|sustained|ringing|buzzing|that never (?:stops|changes|moves|ends))${TAIL}`,
      true,
    ],
    [`${ARTICLE}${ADJECTIVE}held ${ADJECTIVE}(${PITCH_CLASS})${TAIL}`, true],
    [`${ARTICLE}${ADJECTIVE}(${PITCH_CLASS})${SURE_TAIL}`, true],
    [
      `${HOLDS} ${ARTICLE}${ADJECTIVE}(${PITCH_CLASS})${CHORD}${THING}${SURE_TAIL}`,
    ],
    [
      `(?:droning|drones?) (?:away )?${ON} (${PITCH_CLASS})${CHORD}${THING}${TAIL}`,
    ],
    [`(?:tanpuras?|tamburas?)(?: ${DRONE})?(?: ${ON} (${PITCH_CLASS}))?${TAIL}`],
    [
      `${ARTICLE}${ADJECTIVE}${STEADY} ${ADJECTIVE}(?:notes?|tones?|hum|pitch|bass note)(?: ${ON} (${PITCH_CLASS}))?${SURE_TAIL}`,
    ],
    [
      `(?:that|its|their|his|her) ${ADJECTIVE}${STEADY} ${ADJECTIVE}(?:notes?|tones?|hum)${TAIL}`,
    ],
    [
      `${ADJECTIVE}(?:notes?|tones?) that never (?:stops?|changes?|moves?|ends?)${TAIL}`,
    ],
    [`${ARTICLE}${ADJECTIVE}${DRONE}${SURE_TAIL}`],
    [`(?:its|their|his|her) ${ADJECTIVE}drones?${TAIL}`],
    [
      `${ARTICLE}${ADJECTIVE}${STEADY} \\p{L}+ (?:notes?|tones?) ${ON} (${PITCH_CLASS})${TAIL}`,
    ],
    [
      `(?:ein(?:e[mnr]?)? )?(?:tiefe[mnr]? )?(?:liegende[mnrs]?|durchgehende[mnrs]?|gehaltene[mnrs]?) (?:ton|bordun|grundton|bass(?:ton)?)${TAIL}|dauerton${TAIL}`,
    ],
    [
      `(?:une )?(?:note|basse) (?:grave )?(?:tenue|continue|constante)${TAIL}|(?:una )?nota (?:grave )?(?:sostenida|continua|tenida|constante|mantenida|tenuta)${TAIL}`,
    ],
  ];
const EXPRESSIONS = READERS.map(([source, needsCapital = false]) => ({
  expression: new RegExp(`(?:${source})(?![\\p{L}\\p{N}#])`, "uyd"),
  needsCapital,
}));

/** Who holds a "held string note". */
function playerIn(held: string): InstrumentName | undefined {
  const [, word = ""] = / (\p{L}+) (?:notes?|tones?) /u.exec(held) ?? [];
  const sense = phraseAt([word])?.sense;
  return sense?.is === "ask" && sense.ask.is === "cast"
    ? sense.ask.name
    : undefined;
}

/** What is held, the longest phrase for it at a place of a prompt. */
export function holdAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly ask: Ask } | undefined {
  let longest: { end: number; ask: Hold } | undefined;
  for (const { expression, needsCapital } of EXPRESSIONS) {
    const match = text.match(expression, at);
    if (!match || longest && at + match[0].length <= longest.end) continue;
    const [whole, note, mode] = match;
    const end = at + whole.length;
    const place = match.indices?.[1]?.[0] ?? at;
    // "A low hum" and "a drone" name no note.
    const isArticle = note === "a" && place === at ||
      needsCapital && !/^[A-H]/.test(text.written(place, place + 1));
    if (note !== undefined && isArticle) continue;
    const by = playerIn(whole);
    const isMinor = /^m(?:in|oll|en)/.test(mode ?? "");
    longest = {
      end,
      ask: {
        is: "hold",
        ...note !== undefined && { tonic: pitchClassIn(note) },
        ...mode !== undefined && { mode: isMinor ? "minor" : "major" },
        ...note !== undefined &&
          /^(?!.*\b(?:under|below|beneath))/.test(whole) &&
          !/^tan|^tam/.test(whole) && /\bdrones?$|\bdrones? on/.test(whole) &&
          { isStyle: true },
        ...by && { by },
        .../^(?:tanpura|tambura)/.test(whole) &&
          { by: "sitar", isBeside: true },
      },
    };
  }
  return longest;
}

/** Instruments that hold a note beneath what they play. */
const DRONERS: readonly InstrumentName[] = [
  "bagpipe",
  "sitar",
  "accordion",
  "reed organ",
  "church organ",
  "organ",
];
/** Between what is held and who holds it. */
const BY = /^(?:on|from|by|in|of|played by|held by|auf|von|an|par|por|de)$/i;

/** Phrases in which what is held knows who holds it: "organ holding D minor". */
export function withHolders(phrases: readonly Phrase[]): Phrase[] {
  return phrases.map((phrase, i) => {
    const { sense } = phrase;
    if (sense.is !== "ask" || sense.ask.is !== "hold" || sense.ask.by) {
      return phrase;
    }
    const by = holderBefore(phrases, i) ?? holderAfter(phrases, i);
    return by
      ? { ...phrase, sense: { is: "ask", ask: { ...sense.ask, ...by } } }
      : phrase;
  });
}

type Holder = Pick<Hold, "by" | "isBeside">;

function holderBefore(
  phrases: readonly Phrase[],
  at: number,
): Holder | undefined {
  let isBeside = false;
  for (let i = at - 1; i >= 0; i--) {
    const { sense } = phrases[i]!;
    if (sense.is === "ask" && sense.ask.is === "cast") {
      const { name } = sense.ask;
      if (name === "drums") return undefined;
      if (!isBeside) return { by: name };
      return DRONERS.includes(name) ? { by: name, isBeside } : undefined;
    }
    if (sense.is === "with") isBeside = true;
    else if (!["small", "unknown"].includes(sense.is) || at - i > 3) return;
  }
  return undefined;
}

function holderAfter(
  phrases: readonly Phrase[],
  at: number,
): Holder | undefined {
  const [by, ...rest] = phrases.slice(at + 1, at + 5);
  if (!by || !BY.test(by.written)) return undefined;
  const next = rest.find(({ sense, written }) =>
    sense.is !== "small" && !/^(?:low|deep)$/i.test(written)
  );
  return next?.sense.is === "ask" && next.sense.ask.is === "cast" &&
      next.sense.ask.name !== "drums"
    ? { by: next.sense.ask.name }
    : undefined;
}

/**
 * Decides who holds what is held where nobody is named: a pad, or who plays alone.
 *
 * @param said Of the whole: gets the pad among those who play.
 * @param clauses What is said of parts of the piece.
 */
export function setHolder(
  said: Said,
  clauses: readonly Said[],
  isOnly: boolean,
): void {
  const hold = said.hold ?? clauses.find((one) => one.hold)?.hold;
  if (!hold) return;
  said.hold = hold;
  if (hold.by) return;
  const named = [said, ...clauses].flatMap(({ named }) => [...named.keys()])
    .filter((name) => name !== "drums");
  const able = named.find((name) => INSTRUMENTS[name].role === "pad") ??
    named.find((name) => DRONERS.includes(name)) ??
    (isOnly ? named[0] : undefined);
  if (able) said.hold = { ...hold, by: able, isBeside: true };
  else {
    said.hold = {
      ...hold,
      by: "pad",
      ...named.length === 0 && { isBeside: true },
    };
    if (named.length > 0) said.late = [...said.late ?? [], "pad"];
  }
}

/** The chord that is held, as a symbol. */
const symbolOf = (hold: Hold) =>
  `${PITCH_CLASS_NAMES[hold.tonic ?? 0]}${hold.mode === "minor" ? "m" : ""}`;

/**
 * What is held. A note that is held is the tonic where no key is named, and a chord
 * is the only one.
 *
 * @param fields The piece's, changed in place.
 */
export function heldOf(
  { hold }: Said,
  fields: { -readonly [F in keyof Fields]?: Fields[F] },
): HeldNotes | undefined {
  const [program] = hold?.by ? INSTRUMENTS[hold.by].programs : [];
  if (!hold || program === undefined) return undefined;
  const { tonic, mode, isBeside } = hold;
  if (tonic !== undefined && fields.tonic === undefined) {
    fields.tonic = tonic;
    if (mode) fields.mode ??= mode;
  }
  if (mode && tonic !== undefined) fields.progression ??= symbolOf(hold);
  const third = mode === "minor" ? 3 : 4;
  const chord = mode ? [0, third, 7] : [0];
  return {
    program,
    ...tonic !== undefined &&
      { pitchClasses: chord.map((step) => (tonic + step) % 12) },
    ...isBeside && { isBeside },
  };
}
