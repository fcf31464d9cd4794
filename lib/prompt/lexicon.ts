/** The words and phrases that a prompt can use, but for numbers and keys. */

import { type InstrumentName, INSTRUMENTS } from "../music/music.ts";
import { adverbsOf, formsOf, keyOf, type Words } from "./inflect.ts";
import type {
  Ask,
  DrumAsk,
  Fields,
  Manner,
  Measure,
  Sense,
  When,
} from "./types.ts";
import DRUM_WORDS from "./words/drums.json" with { type: "json" };
import FIELDS from "./words/fields.json" with { type: "json" };
import GENRE_WORDS from "./words/genres.json" with { type: "json" };
import INSTRUMENT_WORDS from "./words/instruments.json" with { type: "json" };
import ADJECTIVES from "./words/mood_adjectives.json" with { type: "json" };
import MOOD_WORDS from "./words/moods.json" with { type: "json" };
import SMALL from "./words/small.json" with { type: "json" };
import STRUCTURE from "./words/structure.json" with { type: "json" };
import TELLING_WORDS from "./words/telling.json" with { type: "json" };

/** A concept: its phrases, and what they are in a sentence. */
export interface Concept {
  readonly words: Words;
  readonly sense: Sense;
  /** Grammar words are kept as they are; others get endings. */
  readonly isFixed: boolean;
}

interface FieldRow extends Words {
  readonly is: string;
  readonly value: unknown;
  readonly usual?: number;
}
interface DrumRow extends Words {
  readonly drums: DrumAsk;
}
interface StructureRow extends Words {
  readonly is: string;
  readonly share?: number | "end";
  readonly to?: number;
}

const CANNOT: Readonly<Record<string, Ask>> = {
  voices: {
    is: "cannot",
    reason: "nothing here sings or speaks",
    instead: "the music is instrumental",
  },
  sounds: {
    is: "cannot",
    reason: "only instruments play here; there are no recorded sounds",
    instead: "the music goes without them",
  },
  scales: {
    is: "cannot",
    reason: "this scale is not known here",
    instead: "another is taken, as the rest of the prompt suggests",
  },
  touch: {
    is: "cannot",
    reason:
      "tuning, bends, how freely the tempo moves and how a room sounds are not chosen here",
    instead: "the notes are played plainly",
  },
  earlier: {
    is: "cannot",
    reason: "earlier or uploaded music is not known here",
    instead: "a new piece is made",
  },
};

function askOf({ is, value, usual }: FieldRow): Ask {
  switch (is) {
    case "more": {
      const [of, by] = value as [Measure, 1 | -1];
      return { is, of, by };
    }
    case "manner":
      return { is, manner: value as Manner };
    case "size":
      return { is, count: value as number };
    case "fills":
      // How often is joined with it where it is said.
      return { is, everyBars: value as number };
    case "same":
      return { is, of: value as "tempo" | "key" | "meter" };
    case "beat":
      return { is: "cast", name: value as InstrumentName, isOpen: true };
    case "contrast":
    case "hold":
      return { is };
    case "without":
      return { is, name: value as InstrumentName };
    case "cannot":
      return CANNOT[value as string]!;
    case "fields":
      return { is: "set", fields: value as Partial<Fields> };
    case "echo":
      return { is, meaning: value as string };
    default:
      return {
        is: "set",
        fields: { [is]: value } as Partial<Fields>,
        ...usual !== undefined && { usual },
      };
  }
}

function structureOf({ is, share, to, en = "" }: StructureRow): Sense {
  const from: When | undefined = share === undefined
    ? undefined
    : share === "end"
    ? "end"
    : { share };
  if (is === "at") {
    return { is, from: from!, ...to !== undefined && { to: { share: to } } };
  }
  if (is === "part") {
    return { is, name: en.split(",")[0]!, ...from && { from } };
  }
  return { is } as Sense;
}

/** Rarer adjectives of a mood. */
const rarerOf = (mood: string): string =>
  (ADJECTIVES as Readonly<Record<string, string>>)[mood] ?? "";
/** Those, which are too many to look for misspelt. */
const RARER = new Set(
  Object.values(ADJECTIVES).flatMap((list) => list.split(", ").map(keyOf)),
);

const asked = (ask: Ask): Sense => ({ is: "ask", ask });

/** Every concept, in the order in which they claim a form that several have. */
export const CONCEPTS: readonly Concept[] = [
  ...(STRUCTURE as readonly StructureRow[]).map((row) => ({
    words: row,
    sense: structureOf(row),
    isFixed: true,
  })),
  ...(FIELDS as readonly FieldRow[]).map((row) => ({
    words: row,
    sense: asked(askOf(row)),
    // "Dure" is no form of the German "dur".
    isFixed: ["more", "progression", "mode"].includes(row.is),
  })),
  ...(DRUM_WORDS as readonly DrumRow[]).map(({ drums, ...words }) => ({
    words,
    sense: asked({
      is: "cast",
      name: "drums",
      drums,
      // A beat leaves room for others.
      ...drums.beat && { isOpen: true },
    }),
    isFixed: false,
  })),
  ...Object.entries(INSTRUMENT_WORDS).map(([name, words]) => ({
    words: words as Words,
    sense: asked({ is: "cast", name: name as InstrumentName }),
    isFixed: false,
  })),
  ...Object.entries(MOOD_WORDS).map(([name, { en, ...words }]) => ({
    words: { ...words, en: `${name}, ${en}, ${rarerOf(name)}` } as Words,
    sense: asked({ is: "mood", name }),
    isFixed: false,
  })),
  ...Object.entries(GENRE_WORDS).map(([name, words]) => ({
    words: words as Words,
    sense: asked({ is: "genre", name }),
    isFixed: false,
  })),
];

const SENSES = new Map<string, Sense>();
/** Phrases as the tables have them, without further forms. */
const OWN = new Set<string>();

for (const isOwnPass of [true, false]) {
  for (const { words, sense, isFixed } of CONCEPTS) {
    for (const [form, isOwn] of formsOf(words, { isFixed })) {
      if (isOwn !== isOwnPass || SENSES.has(form)) continue;
      SENSES.set(form, sense);
      if (isOwn) OWN.add(form);
    }
    const isMood = sense.is === "ask" && sense.ask.is === "mood";
    if (isOwnPass || !isMood) continue;
    for (const form of adverbsOf(words)) {
      if (!SENSES.has(form)) SENSES.set(form, sense);
    }
  }
}

const MOST_WORDS = Math.max(
  ...[...SENSES.keys()].map((phrase) => phrase.split(" ").length),
);

/** Single words of the tables that are long enough to be misspelt. */
export const SPELLABLE: readonly string[] = [...OWN].filter((form) =>
  /^[a-z]{4,}$/.test(form) && !RARER.has(form) && SENSES.get(form)!.is === "ask"
);

/**
 * Words that ask for nothing by themselves. Those that are no grammar, such as "full"
 * and "sudden", are told as not understood where nothing else tells of them.
 */
export const SMALL_WORDS: ReadonlySet<string> = new Set(
  wordsIn(Object.values(SMALL).join(" ")),
);

/** What joins phrases, and is told with those that it joins. */
export const GRAMMAR: readonly Sense["is"][] = [
  "and",
  "or",
  "but",
  "with",
  "for",
  "too",
  "little",
  "then",
  "until",
  "by",
];

/** Those of them that are grammar, or say no more than that music is wanted. */
export const FILLERS: ReadonlySet<string> = new Set([
  ...[...SENSES].flatMap(([form, { is }]) =>
    GRAMMAR.includes(is) && !form.includes(" ") ? [form] : []
  ),
  ...[...SMALL_WORDS.difference(new Set(wordsIn(SMALL.told)))]
    // "Hat" has German, and is heard on a drum kit.
    .filter((word) => SENSES.get(word)?.is !== "ask"),
  // Of "a minute long".
  "long",
]);

/** In words for how full music is, which do not say that much moves in it. */
export const FULLNESS: RegExp = new RegExp(
  TELLING_WORDS.fullness.replaceAll(" ", "|"),
  "i",
);

/** Small words by how they are told where no rule of the grammar has taken them up. */
export const TELLING = {
  /** Of courtesy, such as "please". */
  courtesies: new Set(wordsIn(TELLING_WORDS.courtesies)),
  /** That say no more than that music is wanted, such as "write". */
  requests: new Set(wordsIn(TELLING_WORDS.requests)),
  /** Both, and what may stand among them: a thought of these asks for nothing. */
  polite: new Set(
    wordsIn(
      `${TELLING_WORDS.courtesies} ${TELLING_WORDS.requests} ${TELLING_WORDS.polite}`,
    ),
  ),
  /** That belong to what stands before them, such as "piece". */
  after: new Set(wordsIn(TELLING_WORDS.after)),
  /** Phrases of which that is true, as their words. */
  afterPhrases: TELLING_WORDS.afterPhrases.split(",").map((phrase) =>
    wordsIn(phrase.trim())
  ),
  /** That say something of their own, such as "again". */
  weighty: new Set(wordsIn(TELLING_WORDS.weighty)),
} as const;

/** What a single form means, undefined if it is unknown. */
export function senseOf(form: string): Sense | undefined {
  return SENSES.get(form);
}

/**
 * The longest known phrase at the beginning of some words.
 *
 * @param words Without accents, in lower case, in the order they were written.
 * @returns What it is and how many words it has; undefined if there is none.
 */
export function phraseAt(
  words: readonly string[],
): { sense: Sense; count: number } | undefined {
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count--) {
    const sense = SENSES.get(words.slice(0, count).join(" "));
    if (sense) return { sense, count };
  }
  return undefined;
}

/** The words of a list, plain. */
function wordsIn(list: string): string[] {
  return list.normalize("NFD").replace(/\p{M}/gu, "").split(/\s+/);
}

/** Most words that a phrase of the lexicon has. */
export const LONGEST_PHRASE = MOST_WORDS;

/** The names that exclude others of their family, by name. */
export function familyOfName(name: InstrumentName): readonly InstrumentName[] {
  const row =
    (INSTRUMENT_WORDS as Record<string, { without?: string[] }>)[name];
  return (row?.without as InstrumentName[] | undefined) ?? [name];
}

/** The name of an instrument that plays a General MIDI program. */
export function nameOfProgram(program: number): InstrumentName | undefined {
  const able = Object.entries(INSTRUMENTS).filter(([, { programs, isRole }]) =>
    !isRole && programs.includes(program)
  );
  const rank = ([, { programs }]: (typeof able)[number]) =>
    (programs[0] === program ? 0 : 100) + programs.length;
  const [best] = able.toSorted((a, b) => rank(a) - rank(b));
  return best?.[0] as InstrumentName | undefined;
}
