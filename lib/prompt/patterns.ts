/**
 * Patterns of phrases with numbers or note names: tempo, meter, length, seed,
 * temperature and key.
 */

import { TEMPO_RANGE } from "../tokens/remi/remi.ts";
import type { PieceLength, ScaleName } from "../music/music.ts";
import type { PromptDraft } from "./draft.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import { PromptError } from "./prompt_error.ts";

/** A phrase that matched, and where. */
export interface Phrase {
  /** As written. */
  readonly phrase: string;
  /** The prompt before it, as written. */
  readonly before: string;
  /** The prompt after it, as written. */
  readonly after: string;
  /** What the prompt has asked for so far; gets what the phrase asks for. */
  readonly draft: PromptDraft;
}

/** A kind of phrase. */
export interface Pattern {
  /** Sticky, matched against the prompt in lower case. */
  readonly expression: RegExp;
  /**
   * Adds what a phrase asks for to the draft.
   *
   * @param match Of `expression`.
   * @returns False if it is no such phrase after all.
   */
  read(match: RegExpExecArray, phrase: Phrase): boolean | void;
}

/** Requires that a word ends. */
const END = "(?![\\p{L}\\p{N}#])";
const pattern = (source: string, read: Pattern["read"]): Pattern => ({
  expression: new RegExp(source + END, "uy"),
  read,
});

/** Longest piece, in hours and in bars; a stream can be longer. */
const MOST_HOURS = 3, MOST_BARS = 5000;
const MOST_NUMERATOR = 16;
const MOST_TEMPERATURE = 2;

function setQpm(qpm: number, phrase: string, draft: PromptDraft): void {
  const [slowest, fastest] = TEMPO_RANGE;
  if (!(qpm >= slowest && qpm <= fastest)) {
    throw new PromptError(
      phrase,
      `the tempo must be from ${slowest} to ${fastest} bpm, current value is ${qpm}. Most ambient music has 60 to 100.`,
    );
  }
  draft.set("qpm", qpm, phrase, `${qpm} quarter notes per minute`);
}

function setMeter(
  numerator: number,
  denominator: number,
  phrase: string,
  draft: PromptDraft,
): void {
  if (
    !Number.isInteger(numerator) || numerator < 1 ||
    numerator > MOST_NUMERATOR || ![1, 2, 4, 8, 16].includes(denominator)
  ) {
    throw new PromptError(
      phrase,
      `there is no meter ${numerator}/${denominator}: it must have 1 to ${MOST_NUMERATOR} beats, each a whole, half, quarter, eighth or sixteenth note. Write 4/4, 3/4 or 6/8.`,
    );
  }
  const meter = `${numerator}/${denominator}`;
  draft.set("meter", meter, phrase, `meter: ${meter}`);
}

function setLength(
  length: PieceLength,
  phrase: string,
  draft: PromptDraft,
): void {
  if ("bars" in length) {
    const { bars } = length;
    if (!Number.isInteger(bars) || bars < 1 || bars > MOST_BARS) {
      throw new PromptError(
        phrase,
        `the length must be a whole number of bars from 1 to ${MOST_BARS}, current value is ${bars}. For more, ask for an endless stream.`,
      );
    }
    draft.set("length", length, phrase, `length: ${bars} bars`);
  } else if ("seconds" in length) {
    const { seconds, exact } = length;
    if (!(seconds >= 1 && seconds <= MOST_HOURS * 3600)) {
      throw new PromptError(
        phrase,
        `the length must be from 1 second to ${MOST_HOURS} hours, current value is ${seconds} seconds. For more, ask for an endless stream.`,
      );
    }
    draft.set(
      "length",
      length,
      phrase,
      `length: ${exact ? "exactly " : ""}${seconds} seconds`,
    );
  }
}

const SECONDS = { s: 1, m: 60, h: 3600 } as const;
/** Continues with what the length describes, as in "80s synth". */
const DESCRIBES = /^ (?!(?:of|and|long|loop|at|in|for|with)\b)\p{L}/u;
const UNIT = "(?:hours?|hrs?|hr|h|minutes?|mins?|min|m|seconds?|secs?|sec|s)";
const COUNT = `(?:${NUMBER}|an?|half an?|half)`;
const BARS = "(?:bars?|measures?)";
/** Between two numbers. A hyphen is only before a digit: "seventy-two" is one. */
const TO = "(?: ?- ?(?=[\\d.])| to | and )";
const EXACT = "(exactly |precisely |exact )?";
const OF = "(?:of |is |at |= ?|: ?)?";

/** Seconds in a unit, by its first letter. */
function secondsPer(unit: string): number {
  return SECONDS[unit[0] as keyof typeof SECONDS];
}

function secondsIn(count: string, unit: string): number {
  const value = /^half/.test(count) ? 0.5 : numberIn(count);
  return value * secondsPer(unit);
}

/** The middle of a range, rounded. */
function middle(
  low: string,
  high: string,
  phrase: string,
  unit = 1,
): number {
  const [from, to] = [numberIn(low), numberIn(high)];
  if (from > to) {
    throw new PromptError(
      phrase,
      `a range must rise, current values are ${from} and ${to}.`,
    );
  }
  return Math.round((from + to) / 2 * unit);
}

const MODES: Readonly<Record<string, ScaleName>> = {
  "harmonic minor": "harmonicMinor",
  "melodic minor": "melodicMinor",
  "natural minor": "minor",
  "minor pentatonic": "minorPentatonic",
  "pentatonic minor": "minorPentatonic",
  "major pentatonic": "majorPentatonic",
  "pentatonic major": "majorPentatonic",
  "pentatonic": "majorPentatonic",
  "major": "major",
  "minor": "minor",
  "maj": "major",
  "min": "minor",
  "dorian": "dorian",
  "phrygian": "phrygian",
  "lydian": "lydian",
  "mixolydian": "mixolydian",
  "aeolian": "minor",
  "ionian": "major",
  "locrian": "locrian",
};
const MODE = `(${Object.keys(MODES).join("|")})`;
const SIGN = "#+|♯|♭|bb?(?![a-z])|[ -]sharp|[ -]flat";
const ACCIDENTAL = `(${SIGN})?`;
const NATURALS: Readonly<Record<string, number>> = {
  c: 0,
  d: 2,
  e: 4,
  f: 5,
  g: 7,
  a: 9,
  b: 11,
};
/** What follows "a minor" where "a" is an article. */
const THINGS =
  /^ (?:key|mode|scale|tonality|piece|song|tune|track|loop|ballad|theme|waltz|mood|feel|sound)/i;

function tonicIn(letter: string, accidental = "", phrase: string): number {
  const natural = NATURALS[letter];
  const sign = accidental.replace(/[ -]/g, "");
  const shift = sign === ""
    ? 0
    : /^(?:#|♯|sharp)$/.test(sign)
    ? 1
    : /^(?:b|♭|flat)$/.test(sign)
    ? -1
    : NaN;
  if (natural === undefined || Number.isNaN(shift)) {
    throw new PromptError(
      phrase,
      `"${phrase}" is no key: a key is on one of the notes A to G, with at most one sharp (#) or flat (b)${
        letter === "h" ? "; the German H is B" : ""
      }.`,
    );
  }
  return (natural + shift + 12) % 12;
}

/** In the order they are tried. */
export const PATTERNS: readonly Pattern[] = [
  // Meter.
  pattern(
    "(-?[\\d.]+) ?/ ?(\\d+)(?! (?:an? )?(?:minute|hour|second))(?:[ -](?:time signature|time|meter|metre))?",
    ([, numerator, denominator], { phrase, draft }) =>
      setMeter(Number(numerator), Number(denominator), phrase, draft),
  ),
  pattern(
    "(two|three|four|five|six|seven|nine|twelve)[ -](four|eight)(?:[ -](?:time|meter|metre))",
    ([, numerator, denominator], { phrase, draft }) =>
      setMeter(numberIn(numerator!), numberIn(denominator!), phrase, draft),
  ),
  pattern(
    `(${NUMBER})[ -]beats? (?:per|to the|to a|a|in a) (?:bar|measure)`,
    ([, count], { phrase, draft }) =>
      setMeter(numberIn(count!), 4, phrase, draft),
  ),
  // Tempo.
  pattern(
    `(${NUMBER})[ -]?(?:bpm|qpm|(?:beats|quarter notes|quarters) (?:per|a) minute)`,
    ([, qpm], { phrase, draft }) => setQpm(numberIn(qpm!), phrase, draft),
  ),
  pattern(
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]?(?:bpm|qpm|beats (?:per|a) minute)`,
    ([, low, high], { phrase, draft }) =>
      setQpm(middle(low!, high!, phrase), phrase, draft),
  ),
  pattern(
    `(?:(?:tempo|bpm|qpm|speed) ?${OF}|♩ ?= ?)(${NUMBER})(?: ?(?:bpm|qpm))?`,
    ([, qpm], { phrase, draft }) => setQpm(numberIn(qpm!), phrase, draft),
  ),
  // Length.
  pattern(
    `${EXACT}(${NUMBER})[ -]${BARS}`,
    ([, , bars], { phrase, draft }) =>
      setLength({ bars: numberIn(bars!) }, phrase, draft),
  ),
  pattern(
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]${BARS}`,
    ([, low, high], { phrase, draft }) =>
      setLength({ bars: middle(low!, high!, phrase) }, phrase, draft),
  ),
  pattern(
    `${EXACT}(-?\\d+):(\\d\\d)(?: (?:minutes|min))?`,
    ([, exact, minutes, seconds], { phrase, draft }) => {
      if (Number(seconds) > 59) {
        throw new PromptError(
          phrase,
          `"${phrase}" is no length: after the colon come seconds, 00 to 59.`,
        );
      }
      const whole = Number(minutes) * 60 + Number(seconds);
      setLength(withExact(whole, exact), phrase, draft);
    },
  ),
  pattern(
    `${EXACT}(${NUMBER}|an?)(?: and a half)[ -](${UNIT})|${EXACT}(?:an?|one) (hour|minute) and a half`,
    ([, exact, count, unit, exactly, one], { phrase, draft }) => {
      const each = secondsPer((unit ?? one)!);
      const seconds = (count === undefined ? 1.5 : numberIn(count) + 0.5) *
        each;
      setLength(withExact(seconds, exact ?? exactly), phrase, draft);
    },
  ),
  pattern(
    `${EXACT}(${COUNT})[ -]?(${UNIT})(?:(?: and | )?(${NUMBER})[ -]?(${UNIT}))?( exactly| sharp)?`,
    (
      [, exact, count, unit, more, moreUnit, exactly],
      { phrase, before, after, draft },
    ) => {
      // "the 80s" and "80s synth" are a decade.
      const isDecade = /^\d0s$/.test(phrase) &&
        (/\bthe $/i.test(before) || DESCRIBES.test(after));
      if (isDecade) return false;
      // "a m…" is no length, and "Amin" is a chord.
      if (
        /^an?$/.test(count!) && (unit!.length < 3 || /^amin$/i.test(phrase))
      ) {
        return false;
      }
      const rest = more === undefined ? 0 : secondsIn(more, moreUnit!);
      if (rest >= secondsPer(unit!)) {
        throw new PromptError(
          phrase,
          `"${phrase}" is no length: minutes and seconds go up to 59.`,
        );
      }
      const seconds = secondsIn(count!, unit!) + rest;
      setLength(withExact(seconds, exact ?? exactly), phrase, draft);
      return true;
    },
  ),
  pattern(
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]?(${UNIT})`,
    ([, low, high, unit], { phrase, draft }) => {
      const each = secondsPer(unit!);
      const seconds = middle(low!, high!, phrase, each);
      setLength({ seconds }, phrase, draft);
    },
  ),
  // Sampling.
  pattern(
    `(?:random )?seed(?: number)? ?${OF}(-?[\\d.]+)`,
    ([, text], { phrase, draft }) => {
      const seed = Number(text);
      if (!Number.isSafeInteger(seed)) {
        throw new PromptError(
          phrase,
          `the seed must be a whole number, current value is ${text}.`,
        );
      }
      draft.set("randomSeed", seed, phrase, `random seed: ${seed}`);
    },
  ),
  pattern(
    `temperature ?${OF}(${NUMBER})`,
    ([, text], { phrase, draft }) => {
      const temperature = numberIn(text!);
      if (!(temperature > 0 && temperature <= MOST_TEMPERATURE)) {
        throw new PromptError(
          phrase,
          `the temperature must be above 0 and at most ${MOST_TEMPERATURE}, current value is ${temperature}. Between 0.8 (safe) and 1.2 (adventurous) music holds together.`,
        );
      }
      draft.set(
        "temperature",
        temperature,
        phrase,
        `temperature: ${temperature}`,
      );
    },
  ),
  // Keys.
  pattern(
    `([a-z])${ACCIDENTAL}[ -]?${MODE}(?: (?:key|scale|mode))?`,
    ([all, letter, accidental, mode], { phrase, before, after, draft }) => {
      const hasArticle = letter === "a" && !accidental &&
        phrase.startsWith("a ") && THINGS.test(
          all.endsWith(mode!)
            ? after
            : all.slice(all.indexOf(mode!) + mode!.length),
        ) && !/\bkey of\s*$/i.test(before);
      // Without a blank it is a word, as "amin…", or the name of a chord.
      const isWord = !accidental && all[1] !== " " && all[1] !== "-" &&
        phrase[0] === letter;
      if (hasArticle || isWord) return false;
      draft.setKey(tonicIn(letter!, accidental, phrase), MODES[mode!], phrase);
      return true;
    },
  ),
  pattern(
    `([a-g])(#|♯|b|♭)?m`,
    ([, letter, accidental], { phrase, after, draft }) => {
      const isName = phrase[0] !== letter && phrase.endsWith("m") &&
        !/^ I\b/.test(after);
      if (!isName) return false;
      draft.setKey(tonicIn(letter!, accidental, phrase), "minor", phrase);
      return true;
    },
  ),
  pattern(
    `(?:in |(?:in )?(?:the )?key(?: of| is|:| =)? )(?:the key of )?([a-z])(?!(?:${SIGN})?[ -]?${MODE})${ACCIDENTAL}`,
    ([, letter, , accidental], { phrase, after, draft }) => {
      // "in a …", "in A slow tempo": an article, unless no noun follows.
      const isArticle = letter === "a" && !accidental &&
        !/^\s*(?:$|[^\p{L}\s]|(?:and|at|for|with|no|without)\b)/u.test(after);
      if (isArticle) return false;
      draft.setKey(tonicIn(letter!, accidental, phrase), undefined, phrase);
      return true;
    },
  ),
  pattern(
    "([a-h])(##?|♯|♭|b|[ -]sharp|[ -]flat)",
    ([, letter, accidental], { phrase, draft }) => {
      if (phrase[0] === letter || /^A /.test(phrase)) return false;
      draft.setKey(tonicIn(letter!, accidental, phrase), undefined, phrase);
      return true;
    },
  ),
];

function withExact(seconds: number, exact?: string): PieceLength {
  return exact === undefined ? { seconds } : { seconds, exact: true };
}
