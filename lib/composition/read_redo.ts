/** Reads "bars 5-8 keys, calmer": which bars and parts to make anew, and how. */

import {
  BarLines,
  familyOf,
  type InstrumentName,
  INSTRUMENTS,
  type NoteSequence,
  type Part,
  type PieceSpec,
  secondsToTicks,
} from "../music/music.ts";
import { parsePrompt, PromptError, type Understood } from "../prompt/prompt.ts";
import type { RedoWish } from "./redo.ts";
import type { RedoWishes } from "./redo_aims.ts";
import { STEPS } from "./step_words.ts";

/** What a text asks to make anew. */
export interface RedoReading {
  readonly wish: RedoWish;
  /** Every phrase that was understood and its meaning. */
  readonly understood: readonly Understood[];
  /** Words that were not understood. */
  readonly ignored: readonly string[];
  /** Sentences on what is asked and a redo does not do. */
  readonly notes: readonly string[];
}

/**
 * Reads which bars and parts of a piece to make anew, and what they are to be like.
 * Bars are counted from 1; without any, it is the whole piece. Parts go by their
 * names in the piece, or by what plays them; without any, it is all of them.
 *
 * @param text Such as "bars 5-8 keys, calmer" or "the last 4 bars without the
 * drums, in D minor, from C4 to C6".
 * @throws {PromptError} If it names bars or parts that the piece has not, or more
 * than one stretch.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRedo } from "immersic/composition/composition.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const piece = {
 *   ...emptySequence(480),
 *   parts: [{ name: "Keys", program: 0, isDrum: false }],
 *   totalTicks: 8 * 1920,
 * };
 * const { wish } = readRedo("bars 5-8 keys, calmer", piece);
 * assert.deepEqual(wish, {
 *   bars: [5, 8],
 *   parts: [0],
 *   wishes: { than: { density: -1, loudness: -1 } },
 * });
 * ```
 */
export function readRedo(text: string, piece: NoteSequence): RedoReading {
  const reader = new RedoReader(text);
  const bars = readBars(reader, piece);
  const named = readNames(reader, piece);
  const than = readSteps(reader);
  const range = readRange(reader);
  const { request, understood, ignored } = parsePrompt(reader.rest);
  const parts = partsOf(piece, named, request);
  const { density, register, loudness, key, moods, temperature } = request;
  // A mood's own mode would turn a part of a piece into another key.
  const isKeyAsked = key && (key.tonic !== undefined || moods.length === 0);
  const wishes: RedoWishes = {
    ...density && than.density === undefined && { density },
    ...register && than.register === undefined && { register },
    ...loudness && than.loudness === undefined && { loudness },
    ...isKeyAsked && { key },
    ...temperature !== undefined && { temperature },
    ...range && { range },
    ...Object.keys(than).length > 0 && { than },
  };
  return {
    wish: {
      ...bars && { bars },
      ...parts && { parts },
      ...Object.keys(wishes).length > 0 && { wishes },
    },
    understood: [...reader.understood, ...understood],
    ignored: ignored.filter((word) => !SMALL.has(word.toLowerCase())),
    notes: notesOn(request),
  };
}

/** What a redo leaves as it is. */
function notesOn(request: PieceSpec): string[] {
  const { qpm, tempo, meter, length, moods = [], styles = [] } = request;
  const kept = [
    ...qpm ?? (moods.length + styles.length === 0 ? tempo : undefined)
      ? ["tempo"]
      : [],
    ...meter ? ["meter"] : [],
    ...length ? ["length"] : [],
  ];
  return kept.length === 0 ? [] : [
    `New notes keep the ${
      new Intl.ListFormat("en").format(kept)
    } of the piece; change it for the whole piece.`,
  ];
}

/** Words of such a text that ask for nothing. */
const SMALL = new Set(
  "redo regenerate remake again anew new make only just all everything whole piece bar bars part parts track"
    .split(" "),
);

/** A text of which phrases are taken, one kind after the other. */
class RedoReader {
  readonly understood: Understood[] = [];
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  /** What has not been taken. */
  get rest(): string {
    return this.#rest;
  }

  /** Takes the first match of an expression. */
  take(
    expression: RegExp,
    tell: (match: RegExpExecArray) => string,
  ): RegExpExecArray | undefined {
    const match = expression.exec(this.#rest);
    if (!match) return undefined;
    const end = match.index + match[0].length;
    this.understood.push({ phrase: match[0].trim(), meaning: tell(match) });
    this.#rest = `${this.#rest.slice(0, match.index)} ; ${
      this.#rest.slice(end)
    }`;
    return match;
  }
}

const BAR = "(?:bars?|measures?|mm?\\.|takte?n?|mesures?|compas(?:es)?|compás)";
const TO =
  "\\s*(?:-|–|—|to|through|until|till|and|bis|und|à|a|al|et|y|hasta)\\s*";
const TIME = "(\\d+):(\\d\\d)";
const COUNT = "(\\d+|two|three|four|five|six|seven|eight|twelve|sixteen)";
const COUNTS = new Map<string | undefined, number>([
  ["two", 2],
  ["three", 3],
  ["four", 4],
  ["five", 5],
  ["six", 6],
  ["seven", 7],
  ["eight", 8],
  ["twelve", 12],
  ["sixteen", 16],
]);
const countOf = (word: string | undefined) =>
  COUNTS.get(word?.toLowerCase()) ?? Number(word ?? 1);

/** How bars are named: what is matched, and the first and last of them. */
const BAR_FORMS: readonly {
  readonly form: RegExp;
  readonly bars: (
    groups: readonly (string | undefined)[],
    count: number,
    barAt: (seconds: number) => number,
  ) => [number, number];
}[] = [
  {
    form: form(`${BAR}\\s*(\\d+)${TO}(?:${BAR}\\s*)?(\\d+)`),
    bars: ([first, last]) => [Number(first), Number(last)],
  },
  {
    form: form(`(?:from|after|ab|nach)\\s+${BAR}\\s*(\\d+)(?: on(?:wards?)?)?`),
    bars: ([first], count) => [Number(first), count],
  },
  {
    form: form(`(?:up to|until|till|before|bis)\\s+${BAR}\\s*(\\d+)`),
    bars: ([last]) => [1, Number(last)],
  },
  {
    form: form(`${BAR}\\s*(\\d+)`),
    bars: ([bar]) => [Number(bar), Number(bar)],
  },
  {
    form: form(`(?:the )?first(?: ${COUNT})? ${BAR}`),
    bars: ([bars]) => [1, countOf(bars)],
  },
  {
    form: form(`(?:the )?last(?: ${COUNT})? ${BAR}`),
    bars: ([bars], count) => [count - countOf(bars) + 1, count],
  },
  {
    form: form(`(?:the )?(first|second|last) half`),
    bars: ([which], count) =>
      which?.toLowerCase() === "first"
        ? [1, Math.ceil(count / 2)]
        : [Math.ceil(count / 2) + 1, count],
  },
  {
    form: form(`(?:from )?${TIME}${TO}${TIME}`),
    bars: ([a, b, c, d], _, barAt) => [
      barAt(60 * Number(a) + Number(b)),
      barAt(60 * Number(c) + Number(d) - 0.01),
    ],
  },
];

/** Whole words, in any case. */
function form(source: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, "iu");
}

/** The bars that a text names, undefined for all. */
function readBars(
  reader: RedoReader,
  piece: NoteSequence,
): readonly [number, number] | undefined {
  const lines = BarLines.of(piece);
  const barAt = (seconds: number) =>
    lines.barAt(Math.max(0, Math.round(secondsToTicks(piece, seconds)))) + 1;
  let bars: readonly [number, number] | undefined, phrase = "";
  for (let i = 0; i < BAR_FORMS.length;) {
    const { form, bars: barsOf } = BAR_FORMS[i]!;
    const match = reader.take(form, (found) => {
      const [first, last] = barsOf(found.slice(1), lines.count, barAt);
      return first === last ? `bar ${first}` : `bars ${first} to ${last}`;
    });
    if (!match) {
      i++;
      continue;
    }
    if (bars) {
      throw new PromptError(
        match[0],
        `"${phrase}" and "${
          match[0]
        }" are two stretches. Redo one after the other.`,
      );
    }
    bars = barsOf(match.slice(1), lines.count, barAt);
    phrase = match[0];
  }
  if (!bars) return undefined;
  const [first, last] = bars;
  if (first >= 1 && first <= last && last <= lines.count) return bars;
  throw new PromptError(
    phrase,
    first > last
      ? `"${phrase}" ends before it begins. Name the first bar first.`
      : `the piece has bars 1 to ${lines.count}, and "${phrase}" is not within them.`,
  );
}

/** The parts that a text calls by their names or numbers in the piece. */
function readNames(reader: RedoReader, { parts }: NoteSequence): number[] {
  const found: number[] = [];
  const names = parts.map(({ name }, part) => ({ name: name.trim(), part }))
    .filter(({ name }) => /\p{L}/u.test(name))
    .sort((a, b) => b.name.length - a.name.length);
  for (const { name, part } of names) {
    const escaped = name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    const before = "(?<!(?:no|not|without|but|except|ohne|sans|sin)(?: the)? )";
    const match = reader.take(
      new RegExp(before + form(`(?:the )?${escaped}`).source, "iu"),
      () => `the part ${name}`,
    );
    if (match) found.push(...sameName(parts, name), part);
  }
  const numbered = form("(?:part|track|voice) (\\d+)");
  for (;;) {
    const match = reader.take(numbered, ([, number]) => `part ${number}`);
    if (!match) break;
    const part = Number(match[1]) - 1;
    if (!parts[part]) {
      throw new PromptError(
        match[0],
        `the piece has parts 1 to ${parts.length}, and "${
          match[0]
        }" is none of them.`,
      );
    }
    found.push(part);
  }
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Parts of one name, which are made anew together. */
function sameName(parts: readonly Part[], name: string): number[] {
  return parts.flatMap((part, i) => part.name.trim() === name ? [i] : []);
}

/** More or less of what the bars have now. */
function readSteps(reader: RedoReader): NonNullable<RedoWishes["than"]> {
  const than: Record<string, -1 | 1> = {};
  for (const { words, than: steps, meaning } of STEPS) {
    if (
      reader.take(
        form(`(?:a (?:bit|little|lot) |much )?${words}`),
        () => meaning,
      )
    ) Object.assign(than, steps);
  }
  return than;
}

const NOTE = "([a-g])([#♯b♭]?)(-?\\d)";
const LOWEST = 0, HIGHEST = 127;

/** "from C3 to C5", "above C4", "below G5": lowest and highest pitch. */
function readRange(reader: RedoReader): RedoWishes["range"] {
  const pitchOf = ([letter, sign, octave]: readonly (string | undefined)[]) => {
    const step = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 }[
      letter!.toLowerCase()
    ]!;
    const by = sign === "" ? 0 : /[#♯]/.test(sign!) ? 1 : -1;
    return 12 * (Number(octave) + 1) + step + by;
  };
  const both = reader.take(
    form(`(?:(?:in the )?range |from |between |within )?${NOTE}${TO}${NOTE}`),
    ([phrase]) => `pitches ${phrase.trim()}`,
  );
  if (both) {
    const low = pitchOf(both.slice(1, 4)), high = pitchOf(both.slice(4));
    if (low <= high) return [low, high];
    throw new PromptError(
      both[0],
      `"${
        both[0].trim()
      }" ends below where it begins. Name the lowest note first.`,
    );
  }
  const low = reader.take(
    form(`(?:above|over|not below|from) ${NOTE}(?: up)?`),
    ([phrase]) => `pitches ${phrase}`,
  );
  const high = reader.take(
    form(`(?:below|under|not above|up to) ${NOTE}`),
    ([phrase]) => `pitches ${phrase}`,
  );
  return low || high
    ? [
      low ? pitchOf(low.slice(1)) : LOWEST,
      high ? pitchOf(high.slice(1)) : HIGHEST,
    ]
    : undefined;
}

/** The parts named, and those that play the instruments named; undefined for all. */
function partsOf(
  { parts, notes }: NoteSequence,
  named: readonly number[],
  { playing = [], silent = [], styles = [] }: PieceSpec,
): number[] | undefined {
  const sounding = new Set(notes.map(({ part }) => part));
  const withNotes = (found: number[]) => {
    const able = found.filter((part) => sounding.has(part));
    return able.length > 0 ? able : found;
  };
  const playersOf = (name: InstrumentName) => {
    const found = parts.flatMap((part, i) => isPlayedBy(name, part) ? [i] : []);
    // A style names instruments, too, and the piece may lack some.
    if (found.length > 0 || styles.length > 0) return withNotes(found);
    const all = new Intl.ListFormat("en").format(
      parts.map(({ name }, i) => name || `part ${i + 1}`),
    );
    throw new PromptError(
      name,
      `no part of the piece is ${name}; it has ${all}. Name one of these.`,
    );
  };
  const asked = new Set([...named, ...playing.flatMap(playersOf)]);
  // "No keys" names all of a family, of which the piece has some.
  const known = silent.filter((name) =>
    parts.some((part) => isPlayedBy(name, part))
  );
  const gone = new Set((known.length > 0 ? known : silent).flatMap(playersOf));
  if (asked.size + gone.size === 0) return undefined;
  const all = asked.size > 0 ? [...asked] : withNotes([...parts.keys()]);
  const left = all.filter((part) => !gone.has(part)).sort((a, b) => a - b);
  if (left.length > 0) return left;
  throw new PromptError("", "no part is left to redo. Leave one of them in.");
}

/** Whether a part is an instrument, or has a role. */
function isPlayedBy(name: InstrumentName, part: Part): boolean {
  if (part.isDrum || name === "drums") {
    return part.isDrum === (name === "drums");
  }
  if (INSTRUMENTS[name].programs.includes(part.program)) return true;
  return name === "pad" && familyOf(part) === "Strings" ||
    name === "keys" && ["Organ", "Guitar"].includes(familyOf(part) ?? "");
}
