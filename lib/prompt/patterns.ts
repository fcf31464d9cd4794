/**
 * The phrases of a prompt that carry numbers or note names: tempo, meter,
 * length, seed, temperature and key.
 */

import { TEMPO_RANGE } from "../tokens/remi/remi.ts";
import type { PieceLength, ScaleName } from "../music/music.ts";
import type { Draft } from "./draft.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import { PromptError } from "./prompt_error.ts";

/** A kind of phrase. */
export interface Pattern {
  /** Sticky, matched against the prompt in lower case. */
  readonly expression: RegExp;
  /**
   * Takes a phrase in.
   *
   * @param match Of `expression`.
   * @param phrase What was matched, as written.
   * @param before The prompt before it, as written.
   * @param after The prompt after it, as written.
   * @returns False if it is not such a phrase after all.
   */
  read(
    match: RegExpExecArray,
    phrase: string,
    draft: Draft,
    before: string,
    after: string,
  ): boolean | void;
}

/** A word ends here. */
const END = "(?![\\p{L}\\p{N}#])";
const pattern = (source: string, read: Pattern["read"]): Pattern => ({
  expression: new RegExp(source + END, "uy"),
  read,
});

/** Longest piece, in hours and in bars; a stream can be longer. */
const MOST_HOURS = 3, MOST_BARS = 5000;
const MOST_NUMERATOR = 16;
const MOST_TEMPERATURE = 2;

function setQpm(qpm: number, phrase: string, draft: Draft): void {
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
  draft: Draft,
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
  draft: Draft,
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
/** Goes on with what is described, not with more about the length. */
const DESCRIBES = /^ (?!(?:of|and|long|loop|at|in|for|with)\b)\p{L}/u;
const UNIT = "(?:hours?|hrs?|hr|h|minutes?|mins?|min|m|seconds?|secs?|sec|s)";
const COUNT = `(?:${NUMBER}|an?|half an?|half)`;
const BARS = "(?:bars?|measures?)";
/** A hyphen between words is part of one number, as in "seventy-two". */
const TO = "(?: ?- ?(?=[\\d.])| to | and )";
const EXACT = "(exactly |precisely |exact )?";
const OF = "(?:of |is |at |= ?|: ?)?";

function secondsIn(count: string, unit: string): number {
  const value = /^half/.test(count) ? 0.5 : numberIn(count);
  return value * SECONDS[unit[0] as keyof typeof SECONDS];
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
/** What "a minor …" is when "a" is an article. */
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
    ([, numerator, denominator], phrase, draft) =>
      setMeter(Number(numerator), Number(denominator), phrase, draft),
  ),
  pattern(
    "(two|three|four|five|six|seven|nine|twelve)[ -](four|eight)(?:[ -](?:time|meter|metre))",
    ([, numerator, denominator], phrase, draft) =>
      setMeter(numberIn(numerator), numberIn(denominator), phrase, draft),
  ),
  pattern(
    `(${NUMBER})[ -]beats? (?:per|to the|to a|a|in a) (?:bar|measure)`,
    ([, count], phrase, draft) => setMeter(numberIn(count), 4, phrase, draft),
  ),
  // Tempo.
  pattern(
    `(${NUMBER})[ -]?(?:bpm|qpm|(?:beats|quarter notes|quarters) (?:per|a) minute)`,
    ([, qpm], phrase, draft) => setQpm(numberIn(qpm), phrase, draft),
  ),
  pattern(
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]?(?:bpm|qpm|beats (?:per|a) minute)`,
    ([, low, high], phrase, draft) =>
      setQpm(middle(low, high, phrase), phrase, draft),
  ),
  pattern(
    `(?:(?:tempo|bpm|qpm|speed) ?${OF}|♩ ?= ?)(${NUMBER})(?: ?(?:bpm|qpm))?`,
    ([, qpm], phrase, draft) => setQpm(numberIn(qpm), phrase, draft),
  ),
  // Length.
  pattern(
    `${EXACT}(${NUMBER})[ -]${BARS}`,
    ([, , bars], phrase, draft) =>
      setLength({ bars: numberIn(bars) }, phrase, draft),
  ),
  pattern(
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]${BARS}`,
    ([, low, high], phrase, draft) =>
      setLength({ bars: middle(low, high, phrase) }, phrase, draft),
  ),
  pattern(
    `${EXACT}(-?\\d+):(\\d\\d)(?: (?:minutes|min))?`,
    ([, exact, minutes, seconds], phrase, draft) => {
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
    ([, exact, count, unit, exactly, one], phrase, draft) => {
      const each = SECONDS[(unit ?? one)[0] as keyof typeof SECONDS];
      const seconds = (count === undefined ? 1.5 : numberIn(count) + 0.5) *
        each;
      setLength(withExact(seconds, exact ?? exactly), phrase, draft);
    },
  ),
  pattern(
    `${EXACT}(${COUNT})[ -]?(${UNIT})(?:(?: and | )?(${NUMBER})[ -]?(${UNIT}))?( exactly| sharp)?`,
    (match, phrase, draft, before, after) => {
      const [, exact, count, unit, more, moreUnit, exactly] = match;
      // "the 80s" and "80s synth" are a decade.
      const isDecade = /^\d0s$/.test(phrase) &&
        (/\bthe $/i.test(before) || DESCRIBES.test(after));
      if (isDecade) return false;
      // "a m…" is no time, and "Amin" is a chord.
      if (/^an?$/.test(count) && (unit.length < 3 || /^amin$/i.test(phrase))) {
        return false;
      }
      const rest = more === undefined ? 0 : secondsIn(more, moreUnit);
      if (rest >= SECONDS[unit[0] as keyof typeof SECONDS]) {
        throw new PromptError(
          phrase,
          `"${phrase}" is no length: minutes and seconds go up to 59.`,
        );
      }
      const seconds = secondsIn(count, unit) + rest;
      setLength(withExact(seconds, exact ?? exactly), phrase, draft);
    },
  ),
  pattern(
    `(?:between )?(${NUMBER})${TO}(${NUMBER})[ -]?(${UNIT})`,
    ([, low, high, unit], phrase, draft) => {
      const each = SECONDS[unit[0] as keyof typeof SECONDS];
      const seconds = middle(low, high, phrase, each);
      setLength({ seconds }, phrase, draft);
    },
  ),
  // How it is drawn.
  pattern(
    `(?:random )?seed(?: number)? ?${OF}(-?[\\d.]+)`,
    ([, text], phrase, draft) => {
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
    ([, text], phrase, draft) => {
      const temperature = numberIn(text);
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
    ([all, letter, accidental, mode], phrase, draft, before, after) => {
      const hasArticle = letter === "a" && !accidental &&
        phrase.startsWith("a ") && THINGS.test(
          all.endsWith(mode)
            ? after
            : all.slice(all.indexOf(mode) + mode.length),
        ) && !/\bkey of\s*$/i.test(before);
      // Glued together it is a word, as "amin…", or a chord's name.
      const isWord = !accidental && all[1] !== " " && all[1] !== "-" &&
        phrase[0] === letter;
      if (hasArticle || isWord) return false;
      draft.setKey(tonicIn(letter, accidental, phrase), MODES[mode], phrase);
    },
  ),
  pattern(
    `([a-g])(#|♯|b|♭)?m`,
    ([, letter, accidental], phrase, draft, _, after) => {
      const isName = phrase[0] !== letter && phrase.endsWith("m") &&
        !/^ I\b/.test(after);
      if (!isName) return false;
      draft.setKey(tonicIn(letter, accidental, phrase), "minor", phrase);
    },
  ),
  pattern(
    `(?:in |(?:in )?(?:the )?key(?: of| is|:| =)? )(?:the key of )?([a-z])(?!(?:${SIGN})?[ -]?${MODE})${ACCIDENTAL}`,
    ([, letter, , accidental], phrase, draft, _, after) => {
      // "in a …", "in A slow tempo": an article, unless nothing hangs on it.
      const isArticle = letter === "a" && !accidental &&
        !/^\s*(?:$|[^\p{L}\s]|(?:and|at|for|with|no|without)\b)/u.test(after);
      if (isArticle) return false;
      draft.setKey(tonicIn(letter, accidental, phrase), undefined, phrase);
    },
  ),
  pattern(
    "([a-h])(##?|♯|♭|b|[ -]sharp|[ -]flat)",
    ([, letter, accidental], phrase, draft) => {
      if (phrase[0] === letter || /^A /.test(phrase)) return false;
      draft.setKey(tonicIn(letter, accidental, phrase), undefined, phrase);
    },
  ),
];

function withExact(seconds: number, exact?: string): PieceLength {
  return exact === undefined ? { seconds } : { seconds, exact: true };
}
