/** How many play an instrument: "two violins", "flute trio", "piano four hands". */

import {
  type InstrumentName,
  INSTRUMENTS,
  type Players,
} from "../music/music.ts";
import { phraseAt } from "./lexicon.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import type { Entry } from "./report.ts";
import type { Said } from "./said.ts";
import { plainText, type PromptText } from "./text.ts";
import type { Ask, Phrase, Sense } from "./types.ts";

type Cast = Extract<Ask, { readonly is: "cast" }>;

/** Most players of one instrument that have parts of their own. */
const MOST = 6;

/** Who plays in a group that has a name, by what the whole of it is here. */
const GROUPS: readonly (readonly [
  name: RegExp,
  of: InstrumentName,
  members: readonly InstrumentName[],
])[] = [
  [
    /^(?:string quartets?|streichquartetts?|quatuors? a cordes|cuartetos? de cuerdas?|quartett[oi] d'archi)$/,
    "strings",
    ["violin", "violin", "viola", "cello"],
  ],
  [
    /^(?:string trios?|streichtrios?|trios? a cordes|trios? de cuerdas?)$/,
    "strings",
    ["violin", "viola", "cello"],
  ],
  [
    /^(?:string quintets?|streichquintetts?|quintettes? a cordes|quintetos? de cuerdas?)$/,
    "strings",
    ["violin", "violin", "viola", "viola", "cello"],
  ],
  [
    /^(?:brass quintets?|blechblaserquintetts?|quintettes? de cuivres)$/,
    "brass",
    ["trumpet", "trumpet", "french horn", "trombone", "tuba"],
  ],
  [
    /^brass quartets?$/,
    "brass",
    ["trumpet", "trumpet", "trombone", "trombone"],
  ],
  [
    /^(?:satb|satb choir|mixed voices|gemischter chor|choeur mixte|coro mixto)$/,
    "choir",
    ["choir", "choir", "choir", "choir"],
  ],
];

/** Those of whom a number says nothing, or that a number is not of. */
const UNCOUNTED: readonly InstrumentName[] = [
  "drums",
  "bass",
  "keys",
  "pad",
  "melody",
  "strings",
  "brass",
  "woodwinds",
  "choir",
  "timpani",
  "bells",
];
/** Those with whom a "trio" or "quartet" is of other instruments. */
const LEADS_GROUP =
  /piano|organ|keys|bass|drums|synth|guitar|choir|pad|lead|vibraphone|harpsichord/;

const COUNT =
  `(${NUMBER}|(?:a )?(?:pair|duo|trio|quartet|quintet|couple) of|twin|dual|double)`;
const BEFORE = new RegExp(
  `(?:^|[\\s(,;])${COUNT} ((?:\\p{L}[\\p{L}'-]* ){0,2})$`,
  "u",
);
const OF: Readonly<Record<string, number>> = {
  pair: 2,
  couple: 2,
  duo: 2,
  twin: 2,
  dual: 2,
  double: 2,
  trio: 3,
  quartet: 4,
  quintet: 5,
};
/** Words between a number and an instrument that say which, and name nothing else. */
const NUMBERED =
  /(?:bars?|takte?|phases?|parts?|sections?|takes?|scenes?|levels?|at|no\.?|nr\.?|track|chapter|episode|#|opus|year|grade|page|verse|stage|round|over|under|about|in|of|to|from|and a half) $/;

const GROUP_AFTER =
  /^ (duos?|duetts?|duets?|trios?|quartets?|quartetts?|quintets?|quintetts?)\b/;
const SIZES: Readonly<Record<string, number>> = {
  du: 2,
  tr: 3,
  quar: 4,
  quin: 5,
};

const HANDS =
  /(?:for )?(?:(?:four|4)[ -]hand(?:s|ed)?|vierhandig(?:e[srnm]?)?|zu vier handen|a quatre mains|quatre mains|a cuatro manos|a quattro mani)(?![\p{L}\p{N}])/uy;

/** "Four hands" of a piano: two play, at a place of a prompt. */
export function handsAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly sense: Sense } | undefined {
  const match = text.match(HANDS, at);
  return match
    ? {
      end: at + match[0].length,
      sense: { is: "ask", ask: { is: "cast", name: "piano", count: 2 } },
    }
    : undefined;
}

/** Phrases in which instruments know how many play them, in the order written. */
export function withSeveral(
  text: PromptText,
  phrases: readonly Phrase[],
): Phrase[] {
  const plain = plainText(text.before(text.length));
  const counts = new Map<Phrase, string>();
  const made = phrases.map((phrase, i): Phrase => {
    const { sense } = phrase;
    if (sense.is !== "ask" || sense.ask.is !== "cast") return phrase;
    const group = groupOf(plain.slice(phrase.start, phrase.end), sense.ask);
    if (group) return { ...phrase, sense: { is: "ask", ask: group } };
    const found = countBefore(plain, phrase, sense.ask) ??
      countAfter(plain, phrase, sense.ask, phrases[i - 1]);
    if (!found) return phrase;
    for (const one of phrases) {
      const isOfCount = one.start < found.end && one.end > found.start;
      if (isOfCount) counts.set(one, sense.ask.name);
    }
    return {
      ...phrase,
      sense: { is: "ask", ask: { ...sense.ask, count: found.count } },
    };
  });
  return made.map((phrase, i) => {
    const name = counts.get(phrases[i]!);
    const meaning = `so many play ${name}`;
    return name === undefined
      ? phrase
      : { ...phrase, sense: { is: "ask", ask: { is: "echo", meaning } } };
  });
}

/** A group that has a name, with its members. */
function groupOf(plain: string, ask: Cast): Cast | undefined {
  const name = plain.replace(/[ -]+/g, " ").trim();
  const group = GROUPS.find(([expression, of]) =>
    of === ask.name && expression.test(name)
  );
  return group && { ...ask, members: group[2] };
}

interface FoundCount {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

function countBefore(
  plain: string,
  { start, end }: Phrase,
  { name, drums }: Cast,
): FoundCount | undefined {
  if (drums || UNCOUNTED.includes(name)) return undefined;
  const match = BEFORE.exec(plain.slice(0, start));
  if (!match) return undefined;
  const [, number = "", between = ""] = match;
  const at = match.index + match[0].indexOf(number);
  if (NUMBERED.test(plain.slice(0, at))) return undefined;
  const count = OF[number.replace(/^a /, "").replace(/ of$/, "")] ??
    numberIn(number);
  if (!(Number.isInteger(count) && count >= 2 && count <= MOST)) {
    return undefined;
  }
  // "Two bass drums and a flute": what stands between names no one else.
  const words = between.trim().split(" ").filter((word) => word !== "");
  const isPlain = words.every((word) => {
    const sense = phraseAt([word])?.sense;
    return (sense === undefined || sense.is === "only" ||
      sense.is === "ask" && ["mood", "genre", "set"].includes(sense.ask.is)) &&
      !/^(?:and|with|of|or|part|hand|bar|beat|minute|second|string|foot|note)s?$/
        .test(word);
  });
  // "2 guitar" and "a double bass" are no two.
  const isOne = plain.slice(start, end).replace(/-/g, " ") === name ||
    /^(?:double|bass|guitar|piano)$/.test(plain.slice(start, end));
  return isPlain && !isOne
    ? { count, start: at, end: at + number.length }
    : undefined;
}

/** "Clarinet trio": so many of the instrument that alone stands before the word. */
function countAfter(
  plain: string,
  { start, end }: Phrase,
  { name, drums }: Cast,
  before: Phrase | undefined,
): FoundCount | undefined {
  const match = GROUP_AFTER.exec(plain.slice(end));
  const isJoined = before?.sense.is === "and" || before?.sense.is === "with" ||
    /(?:[,&+/-]|and|und|et|y) ?$/.test(plain.slice(0, start));
  const isOther = drums || UNCOUNTED.includes(name) ||
    LEADS_GROUP.test(name) && !/guitar du/.test(`${name}${match?.[0] ?? ""}`);
  if (!match || isJoined || isOther) return undefined;
  // "Flute duet with harp" is one of both.
  if (
    /^ (?:with|and|for|of|mit|und|avec|con) /.test(
      plain.slice(end + match[0].length),
    )
  ) return undefined;
  const word = match[1]!;
  const size = Object.entries(SIZES).find(([head]) => word.startsWith(head));
  return size &&
    { count: size[1], start: end + 1, end: end + match[0].length };
}

/**
 * Notes the players of an instrument of which several play, or of a group that has a
 * name.
 *
 * @param entry What is told of it: completed.
 */
export function addPlayers(
  { players }: Said,
  { name, count = 1, members }: Cast,
  entry: Entry,
): void {
  if (members) {
    players.set(name, members);
    const sorts = [...new Set(members)].map((one) =>
      `${members.filter((other) => other === one).length} ${one}`
    );
    entry.meaning += `: ${sorts.join(", ")}`;
  } else if (count > 1) {
    players.set(name, Array<InstrumentName>(count).fill(name));
    entry.meaning += `, ${count} of them`;
  }
}

/**
 * Who is played by several, of those that play.
 *
 * @param said Of the whole and of its parts.
 */
export function playersOf(
  said: readonly Said[],
  playing: readonly InstrumentName[],
): Players[] {
  const byName = new Map(said.flatMap(({ players }) => [...players]));
  return [...byName].flatMap(([name, members]) => {
    const [program] = INSTRUMENTS[name].programs;
    if (program === undefined || !playing.includes(name)) return [];
    const programs = members.map((one) => INSTRUMENTS[one].programs[0]!);
    return [{ program, programs }];
  });
}
