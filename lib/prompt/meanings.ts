/** What a prompt asks for, in words. */

import {
  PITCH_CLASS_NAMES,
  type ScaleName,
  type Swell,
} from "../music/music.ts";
import { nameOfPitch } from "./pitches.ts";
import type { Ask, Fields, Limit, Modulation, ParsedPrompt } from "./types.ts";

/**
 * What a user is to know of a prompt beyond its phrases: what cannot be done, and
 * what chance decided.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePrompt, sentencesOf } from "immersic/prompt/prompt.ts";
 * const [sentence] = sentencesOf(parsePrompt("piano with female vocals"));
 * assert.equal(
 *   sentence,
 *   "\"with female vocals\": nothing here sings or speaks; the music is instrumental.",
 * );
 * ```
 */
export function sentencesOf(
  { chosen, problems }: Pick<ParsedPrompt, "chosen" | "problems">,
): string[] {
  return [
    ...problems.map(({ phrase, reason, instead }) =>
      `${phrase === "" ? "" : `"${phrase}": `}${reason}; ${instead}.`
    ),
    ...chosen.map(({ what, from, value }) =>
      from.length > 1
        ? `"${what}": ${value} was chosen, of ${from.join(", ")}.`
        : `The ${what}, is ${value}.`
    ),
  ];
}

/** The name of a mode: of "harmonicMinor" it is "harmonic minor". */
export function modeName(mode: ScaleName): string {
  return mode.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The name of a field as a sentence calls it. */
export const FIELD_NAMES: Readonly<Record<keyof Fields, string>> = {
  tonic: "key",
  mode: "mode",
  qpm: "tempo",
  tempo: "tempo",
  length: "length",
  meter: "meter",
  secondMeter: "meter by turns",
  density: "density",
  register: "register",
  loudness: "loudness",
  temperature: "temperature",
  randomSeed: "seed",
  loop: "kind of ending",
  swing: "swing",
  close: "last chord",
  scaleOnly: "scale",
  progression: "row of chords",
  barsEach: "length of each chord",
  rounds: "number of rounds",
};

/** A length in words, such as "16 bars". */
function lengthName(length: Fields["length"]): string {
  if ("endless" in length) return "an endless stream";
  if ("bars" in length) return `length: ${length.bars} bars`;
  const { seconds, exact = false } = length;
  return `length: ${exact ? "exactly " : ""}${seconds} seconds`;
}

/** What fields ask for, in words; a key without a mode ends with a blank. */
function fieldsMeaning(fields: Partial<Fields>): string {
  const { tonic, mode, qpm, length, loop, swing, progression, randomSeed } =
    fields;
  if (fields.barsEach !== undefined) {
    return `${fields.barsEach} bars to each chord`;
  }
  if (fields.secondMeter !== undefined) {
    return `bars of ${fields.meter} and ${fields.secondMeter} by turns`;
  }
  if (fields.rounds !== undefined) return `${fields.rounds} times`;
  if (fields.close !== undefined) return CLOSES[fields.close];
  const only = fields.scaleOnly ? "only notes of the scale" : "";
  if (tonic !== undefined || mode !== undefined) {
    const name = tonic === undefined ? "" : `${PITCH_CLASS_NAMES[tonic]} `;
    return `key: ${name}${mode ? modeName(mode) : ""}${only && `, ${only}`}`;
  }
  if (only) return only;
  if (qpm !== undefined) return `${qpm} quarter notes per minute`;
  if (length !== undefined) return lengthName(length);
  if (loop !== undefined) return loop ? "a seamless loop" : "no loop";
  if (swing !== undefined) return swing > 0.5 ? "swing" : "no swing";
  if (progression !== undefined) return `chords: ${progression}`;
  if (randomSeed !== undefined) return `random seed: ${randomSeed}`;
  const [[field, value] = ["", ""]] = Object.entries(fields);
  return `${field}: ${value}`;
}

const CLOSES = {
  "tonic": "the last chord is on the tonic",
  "major tonic": "the last chord is the tonic's major chord",
  "open": "the last chord is open, on the dominant",
} as const;

/** How a key changes, in words. */
function modulationMeaning({ semitones = 0, kin }: Modulation): string {
  if (kin) return `to the ${kin} key`;
  const count = Math.abs(semitones);
  return `key: ${count} semitone${count === 1 ? "" : "s"} ${
    semitones < 0 ? "lower" : "higher"
  }`;
}

/** What notes keep to, in words. */
function limitName(
  {
    range,
    span,
    mostLeap,
    leastQuarters,
    pitchClasses,
    apartBars,
    apartSeconds,
  }: Limit,
): string {
  const apart = apartBars === undefined
    ? `every ${apartSeconds} seconds`
    : `every ${apartBars === 1 ? "bar" : `${apartBars} bars`}`;
  if (pitchClasses) {
    const names = pitchClasses.map((one) => PITCH_CLASS_NAMES[one]);
    return `only the notes ${names.join(", ")}`;
  }
  if (range) {
    const [low, high] = range;
    if (low === 0) return `no note above ${nameOfPitch(high)}`;
    return high === 127
      ? `no note below ${nameOfPitch(low)}`
      : `notes from ${nameOfPitch(low)} to ${nameOfPitch(high)}`;
  }
  if (span !== undefined) return `a range of ${span} semitones at most`;
  if (mostLeap !== undefined) {
    return `${mostLeap} semitones from note to note at most`;
  }
  if (leastQuarters === undefined) return `one at a time, ${apart}`;
  return `notes of ${leastQuarters} quarter notes or more`;
}

const MANNERS = {
  walking: "the bass walks in quarter notes",
  long: "long notes",
  short: "short notes",
  offbeats: "notes between the beats",
  single: "one note at a time",
  arpeggio: "broken chords",
  low: "low notes",
  high: "high notes",
  leads: "it leads, on top of the others",
  drone: "very long notes",
} as const;
const MORE = {
  tempo: ["slower", "faster"],
  loudness: ["softer", "louder"],
  density: ["fewer notes", "more notes"],
  register: ["lower", "higher"],
  build: ["softer and thinner", "louder and fuller"],
} as const;

/** What is held, in words. */
function holdName(
  { tonic, mode, by }: Extract<Ask, { readonly is: "hold" }>,
): string {
  const name = tonic === undefined ? "the tonic" : PITCH_CLASS_NAMES[tonic];
  return `${name}${mode ? ` ${mode}` : ""} is held throughout${
    by ? `, by ${by}` : ""
  }`;
}

/** How often something rises and falls, in words. */
function periodName({ period }: Swell): string {
  if ("seconds" in period) return `every ${period.seconds} seconds`;
  return "bars" in period
    ? `every ${period.bars} bars`
    : `${Math.round(1 / period.share)} times`;
}

/** What a phrase asks for, in words. */
export function meaningOf(ask: Ask): string {
  switch (ask.is) {
    case "set":
      return fieldsMeaning(ask.fields);
    case "cast":
      return `with ${ask.name}${ask.drums ? `: ${ask.drums.name}` : ""}`;
    case "without":
      return `without ${ask.name}`;
    case "mood":
      return `mood: ${ask.name}`;
    case "genre":
      return `style: ${ask.name}`;
    case "more":
      return MORE[ask.of][ask.by > 0 ? 1 : 0] +
        (ask.ends ? `, from ${ask.ends.join(" to ")}` : "") +
        (ask.tempi
          ? `, from ${ask.tempi.join(" to ")} quarter notes per minute`
          : "");
    case "modulate":
      return modulationMeaning(ask.to);
    case "contrast":
      return "loud and soft by turns";
    case "swell":
      return `louder and softer again and again, ${periodName(ask.swell)}`;
    case "manner":
      return MANNERS[ask.manner];
    case "hold":
      return holdName(ask);
    case "limit":
      return limitName(ask.limit);
    case "size":
      return `${ask.count} play`;
    case "voices":
      return `${ask.count} lines of single notes`;
    case "fills":
      return `a drum fill every ${ask.everyBars} bars`;
    case "same":
      return `the same ${ask.of} as before`;
    case "cannot":
      return ask.instead;
    case "echo":
      return ask.meaning;
  }
}
