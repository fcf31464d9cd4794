/**
 * How REMI tokens are written (Huang & Yang, "Pop Music Transformer", 2020,
 * arXiv:2002.00212; several instruments as in REMI+), and which values they can
 * carry. All tokens are `Type_value`, but for `Bar` and `End`.
 *
 * | token | means |
 * |---|---|
 * | `Key_D` … `HasDrums_0` | attributes of the piece, see `lib/music/` |
 * | `Bar` | a bar starts |
 * | `TimeSignature_6/8` | meter from this bar on |
 * | `Tempo_72` | quarter notes per minute from this position on |
 * | `Position_36` | steps after the bar line |
 * | `Program_4`, `Kit_0` | instrument, or drum kit, of the notes that follow |
 * | `Pitch_60`, `Drum_42` | a note starts |
 * | `Velocity_68` | the note's velocity, the middle of its bin |
 * | `Duration_12` | the note's length in steps; drum hits have none |
 * | `End` | the piece ends with this bar |
 */

import {
  ATTRIBUTE_NAMES,
  type AttributeName,
  ATTRIBUTES,
  largest,
  parseMeter,
  smallest,
} from "../../music/music.ts";
import { durationTable } from "./durations.ts";
import {
  binTempo,
  binVelocity,
  isWritable,
  type RemiOptions,
  type RemiResolution,
  remiResolution,
  stepsPerBar,
} from "./resolution.ts";

/** Types of the tokens after the attributes. */
export const EVENT_TYPES = [
  "Bar",
  "TimeSignature",
  "Tempo",
  "Position",
  "Program",
  "Kit",
  "Pitch",
  "Drum",
  "Velocity",
  "Duration",
  "End",
] as const;

/** What is written before a token's underscore. */
export type RemiTokenType = AttributeName | (typeof EVENT_TYPES)[number];

/** All token types: the attributes in their order, then the events. */
export const TOKEN_TYPES: readonly RemiTokenType[] = [
  ...ATTRIBUTE_NAMES,
  ...EVENT_TYPES,
];

/** The two parts of a token. */
export interface RemiToken {
  /** What is written before the underscore. */
  readonly type: RemiTokenType;
  /** What is written after it, "" for `Bar` and `End`. */
  readonly value: string;
}

/**
 * Parses a token.
 *
 * @throws {RangeError} If it is not a REMI token.
 *
 * @example
 * ```ts
 * import { parseToken } from "immersic/tokens/remi/remi.ts";
 * const { type, value } = parseToken("TimeSignature_6/8");
 * console.assert(type === "TimeSignature" && value === "6/8");
 * ```
 */
export function parseToken(token: string): RemiToken {
  const [type, value = ""] = token.split("_") as [RemiTokenType, string?];
  const values: readonly string[] | undefined = isAttribute(type)
    ? ATTRIBUTES[type]
    : undefined;
  const isKnown = values
    ? value === "any" || values.includes(value)
    : type === "Bar" || type === "End"
    ? token === type
    : type === "TimeSignature"
    ? /^[1-9]\d*\/[1-9]\d*$/.test(value) && isWritable(parseMeter(value))
    : TOKEN_TYPES.includes(type) && /^\d+$/.test(value);
  if (!isKnown) {
    throw new RangeError(
      `Cannot read token "${token}": it is no REMI token. Was it made by another tokenizer, or an older version?`,
    );
  }
  return { type, value };
}

/**
 * The number that a token carries: steps in a bar for a time signature, 0 for
 * an attribute, `Bar` and `End`.
 *
 * @throws {RangeError} If a tokenizer of this resolution never writes the token.
 *
 * @example
 * ```ts
 * import { numberOf } from "immersic/tokens/remi/tokens.ts";
 * import { parseToken, remiResolution } from "immersic/tokens/remi/remi.ts";
 * const steps = numberOf(parseToken("TimeSignature_6/8"), remiResolution());
 * console.assert(steps === 36);
 * ```
 */
export function numberOf(
  { type, value }: RemiToken,
  { stepsPerQuarter, velocityBins }: RemiResolution,
): number {
  if (value === "" || isAttribute(type)) return 0;
  if (type === "TimeSignature") {
    return stepsPerBar(parseMeter(value), stepsPerQuarter);
  }
  const number = Number(value);
  const isWritten = type === "Tempo"
    ? number === binTempo(number)
    : type === "Velocity"
    ? number < 128 && number === binVelocity(number, velocityBins)
    : type === "Duration"
    ? durationTable(stepsPerQuarter).includes(number)
    : type === "Position" || number < 128;
  if (!isWritten) {
    throw new RangeError(
      `Cannot read token "${type}_${value}": it is none of a tokenizer with ${stepsPerQuarter} steps per quarter and ${velocityBins} velocity bins. Was it made with other options?`,
    );
  }
  return number;
}

/**
 * The tokens that a corpus and its augmented pieces can have: the corpus's own,
 * every attribute token, and all pitches, tempi and velocities from the corpus's
 * lowest to its highest.
 *
 * @param tokens All tokens of the corpus, in any order.
 * @param options The options of the tokenizer that made them.
 * @returns Each token once.
 *
 * @example
 * ```ts
 * import { closedVocabulary } from "immersic/tokens/remi/remi.ts";
 * const tokens = closedVocabulary(["Pitch_60", "Pitch_62"]);
 * console.assert(tokens.includes("Pitch_61") && tokens.includes("Key_any"));
 * ```
 */
export function closedVocabulary(
  tokens: Iterable<string>,
  options: RemiOptions = {},
): string[] {
  const closed = new Set(tokens);
  const velocityWidth = 128 / remiResolution(options).velocityBins;
  const spacings = { Pitch: 1, Tempo: 1, Velocity: velocityWidth };
  for (const [type, spacing] of Object.entries(spacings)) {
    const numbers = [...closed].map(parseToken)
      .filter((token) => token.type === type)
      .map((token) => Number(token.value));
    const highest = largest(numbers);
    const lowest = smallest(numbers);
    for (let n = lowest; n <= highest; n += spacing) {
      closed.add(`${type}_${n}`);
    }
  }
  for (const name of ATTRIBUTE_NAMES) {
    for (const value of ["any", ...ATTRIBUTES[name]]) {
      closed.add(`${name}_${value}`);
    }
  }
  return [...closed];
}

function isAttribute(type: RemiTokenType): type is AttributeName {
  return Object.hasOwn(ATTRIBUTES, type);
}
