/** Asks for values in their ranges; how long chords last and how often they are played, seeds and temperatures. */

import type { PieceLength } from "../music/music.ts";
import { TEMPO_RANGE } from "../tokens/remi/remi.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import type { Ask, Fields } from "./types.ts";

/** A match, and the text around it as written. */
export interface Context {
  readonly phrase: string;
  readonly before: string;
  readonly after: string;
}
/** What a match asks for; undefined where it is something else. */
export type Reader = (
  match: RegExpExecArray,
  context: Context,
) => Ask | undefined;

/** Most bars that a chord lasts, and most times that a row of chords is played. */
const MOST_BARS_EACH = 8, MOST_ROUNDS = 500;
const MOST_TEMPERATURE = 2;

/** Asks for fields. */
export const set = (fields: Partial<Fields>): Ask => ({ is: "set", fields });
/** Asks for what cannot be. */
export const cannot = (reason: string, instead: string): Ask => ({
  is: "cannot",
  reason,
  instead,
});

/** Longest piece, in hours and in bars; a stream can be longer. */
const MOST_HOURS = 3, MOST_BARS = 5000;
const MOST_NUMERATOR = 16;

/** Asks for a tempo, where there can be such a one. */
export function qpmAsk(qpm: number): Ask {
  const [slowest, fastest] = TEMPO_RANGE;
  if (qpm >= slowest && qpm <= fastest) return set({ qpm });
  return cannot(
    `the tempo must be from ${slowest} to ${fastest} bpm, current value is ${qpm}`,
    "the tempo is left open",
  );
}

/** Asks for a meter, where there can be such a one. */
export function meterAsk(numerator: number, denominator: number): Ask {
  const isMeter = Number.isInteger(numerator) && numerator >= 1 &&
    numerator <= MOST_NUMERATOR && [1, 2, 4, 8, 16].includes(denominator);
  if (isMeter) return set({ meter: `${numerator}/${denominator}` });
  return cannot(
    `there is no meter ${numerator}/${denominator}: it has 1 to ${MOST_NUMERATOR} beats, each a whole, half, quarter, eighth or sixteenth note`,
    "the meter is left open",
  );
}

/** Asks for a length, where there can be such a one. */
export function lengthAsk(length: PieceLength): Ask {
  if ("bars" in length) {
    const { bars } = length;
    return Number.isInteger(bars) && bars >= 1 && bars <= MOST_BARS
      ? set({ length })
      : cannot(
        `the length must be a whole number of bars from 1 to ${MOST_BARS}, current value is ${bars}`,
        "the length is left open",
      );
  }
  if ("endless" in length) return set({ length });
  const { seconds } = length;
  if (seconds >= 1 && seconds <= MOST_HOURS * 3600) return set({ length });
  if (seconds > 0) {
    return cannot(
      `the length must be from 1 second to ${MOST_HOURS} hours, current value is ${seconds} seconds`,
      "ask for an endless stream to hear more; the length is left open",
    );
  }
  return cannot(
    `the length must be from 1 second to ${MOST_HOURS} hours, current value is ${seconds}`,
    "the length is left open",
  );
}

/** Bars, in all languages. */
export const BARS =
  "(?:bars?|measures?|takte?n?|takt|tacts?|mesures?|compases|compas|battute|maten)";
const OF = "(?:of |is |at |= ?|: ?|von )?";

/** Phrases with numbers, and what they ask for. */
export const SETTINGS: readonly (readonly [source: string, read: Reader])[] = [
  // Chords.
  [
    `(${NUMBER}) ${BARS} (?:each|per chord|a chord|for each chord|on each chord|je akkord|chacun|cada uno|cada acorde)`,
    ([, bars]) => {
      const barsEach = numberIn(bars!);
      return barsEach > 0 && barsEach <= MOST_BARS_EACH
        ? set({ barsEach })
        : undefined;
    },
  ],
  [
    `(?:(?:play|repeat|loop|run|cycle)(?:ed|s)? )?(?:it |that |this |them |through )*(?:(${NUMBER}) times(?: (?:through|over|in a row|in total))?|x ?(\\d{1,3}))(?! (?:as|faster|slower))`,
    ([, count, times]) => {
      const rounds = numberIn((count ?? times)!);
      return Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS
        ? set({ rounds })
        : undefined;
    },
  ],
  // Sampling.
  [
    `(?:random )?seed(?: number)? ?${OF}(-?[\\d.]+)`,
    ([, text]) => {
      const randomSeed = Number(text);
      return Number.isSafeInteger(randomSeed) ? set({ randomSeed }) : cannot(
        `the seed must be a whole number, current value is ${text}`,
        "another seed is taken",
      );
    },
  ],
  [
    `temperature ?${OF}(${NUMBER})`,
    ([, text]) => {
      const temperature = numberIn(text!);
      return temperature > 0 && temperature <= MOST_TEMPERATURE
        ? set({ temperature })
        : cannot(
          `the temperature must be above 0 and at most ${MOST_TEMPERATURE}, current value is ${temperature}`,
          "the temperature is 1",
        );
    },
  ],
];
