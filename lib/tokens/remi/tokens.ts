/**
 * The alphabet of the REMI tokens (Huang & Yang, "Pop Music Transformer",
 * 2020, arXiv:2002.00212; several instruments as in REMI+): what each token is
 * called and which numbers it can carry. All tokens are `Type_value`, but for
 * `Bar` and `End`.
 *
 * | token | says |
 * |---|---|
 * | `Key_D` … `HasDrums_0` | attributes of the piece, see `attributes.ts` |
 * | `Bar` | a bar begins |
 * | `TimeSignature_6/8` | meter from this bar on |
 * | `Tempo_72` | quarter notes per minute from this position on |
 * | `Position_36` | steps after the bar line |
 * | `Program_4`, `Kit_0` | instrument, or drum kit, of the notes that follow |
 * | `Pitch_60`, `Drum_42` | a note begins |
 * | `Velocity_68` | its velocity, the middle of the bin |
 * | `Duration_12` | its length in steps; drum hits carry none |
 * | `End` | the piece ends with this bar |
 */

import {
  ATTRIBUTE_NAMES,
  type AttributeName,
  ATTRIBUTES,
  STEPS_PER_QUARTER,
} from "../../music/music.ts";

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

/** What stands before a token's underscore. */
export type RemiTokenType = AttributeName | (typeof EVENT_TYPES)[number];

/** All token types: the attributes in their order, then the events. */
export const TOKEN_TYPES: readonly RemiTokenType[] = [
  ...ATTRIBUTE_NAMES,
  ...EVENT_TYPES,
];

/** Resolution of the tokens. */
export interface RemiOptions {
  /**
   * Steps in a quarter note.
   * @default 12
   */
  readonly stepsPerQuarter?: number;
  /**
   * Bins of equal width that velocities 0–127 fall into: 1, 2, 4, 8, 16 or 32.
   * @default 16
   */
  readonly velocityBins?: number;
}

/** {@linkcode RemiOptions} with nothing left open. */
export type RemiResolution = Required<RemiOptions>;

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} If a value is out of range.
 *
 * @example
 * ```ts
 * import { remiResolution } from "immersic/tokens/remi/remi.ts";
 * console.assert(remiResolution({ velocityBins: 8 }).stepsPerQuarter === 12);
 * ```
 */
export function remiResolution(options: RemiOptions = {}): RemiResolution {
  const { stepsPerQuarter = STEPS_PER_QUARTER, velocityBins = 16 } = options;
  if (
    !Number.isInteger(stepsPerQuarter) || stepsPerQuarter < 1 ||
    stepsPerQuarter > 96
  ) {
    throw new RangeError(
      `Cannot tokenize: stepsPerQuarter must be a whole number from 1 to 96, current value is ${stepsPerQuarter}.`,
    );
  }
  if (![1, 2, 4, 8, 16, 32].includes(velocityBins)) {
    throw new RangeError(
      `Cannot tokenize: velocityBins must be 1, 2, 4, 8, 16 or 32, current value is ${velocityBins}.`,
    );
  }
  return { stepsPerQuarter, velocityBins };
}

/** Length of a drum hit, which rings as long as it likes, in steps. */
export const DRUM_STEPS = 1;

/** A token taken apart. */
export interface RemiToken {
  readonly type: RemiTokenType;
  /** What stands after the underscore, "" for `Bar` and `End`. */
  readonly value: string;
}

/**
 * Takes a token apart.
 *
 * @throws {RangeError} If it is not one of this alphabet.
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
  const values: readonly string[] | undefined =
    ATTRIBUTES[type as AttributeName];
  const known = values
    ? value === "any" || values.includes(value)
    : type === "Bar" || type === "End"
    ? token === type
    : type === "TimeSignature"
    ? /^[1-9]\d*\/[1-9]\d*$/.test(value)
    : TOKEN_TYPES.includes(type) && /^\d+$/.test(value);
  if (!known) {
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
 * @throws {RangeError} If the tokenizer of this resolution never writes it.
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
  if (value === "" || type in ATTRIBUTES) return 0;
  if (type === "TimeSignature") {
    const [numerator, denominator] = value.split("/").map(Number);
    return stepsPerBar(numerator, denominator, stepsPerQuarter);
  }
  const number = Number(value);
  const written = type === "Tempo"
    ? number === binTempo(number)
    : type === "Velocity"
    ? number < 128 && number === binVelocity(number, velocityBins)
    : type === "Duration"
    ? durationTable(stepsPerQuarter).includes(number)
    : type === "Position" || number < 128;
  if (!written) {
    throw new RangeError(
      `Cannot read token "${type}_${value}": it is none of a tokenizer with ${stepsPerQuarter} steps per quarter and ${velocityBins} velocity bins. Was it made with other options?`,
    );
  }
  return number;
}

/**
 * The tokens that a corpus and all its variations need: those it has, every
 * attribute token, and what lies between its lowest and highest pitch, tempo
 * and velocity.
 *
 * @param tokens All tokens of the corpus, in any order.
 * @param options Those of the tokenizer that made them.
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
  const width = 128 / remiResolution(options).velocityBins;
  for (
    const [type, spacing] of [["Pitch", 1], ["Tempo", 1], ["Velocity", width]]
  ) {
    const numbers = [...closed].map(parseToken)
      .filter((token) => token.type === type)
      .map((token) => Number(token.value));
    const highest = Math.max(...numbers);
    for (let n = Math.min(...numbers); n <= highest; n += Number(spacing)) {
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

/**
 * Steps in a bar.
 *
 * @param numerator Of the time signature.
 * @param denominator Of the time signature.
 * @param stepsPerQuarter Steps in a quarter note.
 * @throws {RangeError} If a bar is not a whole number of steps.
 *
 * @example
 * ```ts
 * import { stepsPerBar } from "immersic/tokens/remi/tokens.ts";
 * console.assert(stepsPerBar(3, 4, 12) === 36);
 * ```
 */
export function stepsPerBar(
  numerator: number,
  denominator: number,
  stepsPerQuarter: number,
): number {
  const steps = 4 * stepsPerQuarter * numerator / denominator;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot lay out bars of ${numerator}/${denominator}: they must be a whole number of steps, current value is ${steps}. Use more steps per quarter.`,
    );
  }
  return steps;
}

/**
 * The middle of a velocity's bin: what `Velocity_…` says of it.
 *
 * @example
 * ```ts
 * import { binVelocity } from "immersic/tokens/remi/tokens.ts";
 * console.assert(binVelocity(64, 16) === 68 && binVelocity(71, 16) === 68);
 * ```
 */
export function binVelocity(velocity: number, velocityBins: number): number {
  const width = 128 / velocityBins;
  return Math.floor(velocity / width) * width + width / 2;
}

/** Slowest and fastest `Tempo_…`, in quarter notes per minute. */
export const TEMPO_RANGE = [10, 400] as const;

/**
 * The nearest whole tempo within {@linkcode TEMPO_RANGE}.
 *
 * @example
 * ```ts
 * import { binTempo } from "immersic/tokens/remi/remi.ts";
 * console.assert(binTempo(71.6) === 72 && binTempo(900) === 400);
 * ```
 */
export function binTempo(qpm: number): number {
  return Math.min(Math.max(Math.round(qpm), TEMPO_RANGE[0]), TEMPO_RANGE[1]);
}

/** By steps in a quarter: asked for at every token that is read. */
const DURATION_TABLES = new Map<number, readonly number[]>();

/**
 * Lengths that one `Duration_…` can say, in steps: every step up to two
 * quarters, then six to the quarter up to four, two to the quarter up to
 * eight, one up to sixteen, and one every two quarters up to thirty-two.
 *
 * @returns Rising; 60 lengths from 1 to 384 at 12 steps per quarter.
 *
 * @example
 * ```ts
 * import { durationTable } from "immersic/tokens/remi/tokens.ts";
 * const table = durationTable(12);
 * console.assert(table[23] === 24 && table[24] === 26);
 * ```
 */
export function durationTable(stepsPerQuarter: number): readonly number[] {
  const known = DURATION_TABLES.get(stepsPerQuarter);
  if (known) return known;
  const table: number[] = [];
  const spacings = [
    [2, 1],
    [4, Math.max(1, Math.floor(stepsPerQuarter / 6))],
    [8, Math.max(1, Math.floor(stepsPerQuarter / 2))],
    [16, stepsPerQuarter],
    [32, 2 * stepsPerQuarter],
  ];
  for (const [quarters, spacing] of spacings) {
    const from = table.at(-1) ?? 0;
    const to = quarters * stepsPerQuarter;
    for (let steps = from + spacing; steps <= to; steps += spacing) {
      table.push(steps);
    }
  }
  DURATION_TABLES.set(stepsPerQuarter, table);
  return table;
}

/**
 * The nearest length that `Duration_…` tokens can say, the longer of two that
 * are as near. Lengths beyond the table are so many times its longest entry
 * and a rest.
 *
 * @param steps Length to say, at least 1.
 * @param table From {@linkcode durationTable}.
 * @param limit Never longer than this, at least 1.
 *
 * @example
 * ```ts
 * import { binDuration, durationTable } from "immersic/tokens/remi/tokens.ts";
 * const table = durationTable(12);
 * console.assert(binDuration(47, table) === 48);
 * console.assert(binDuration(47, table, 47) === 46);
 * ```
 */
export function binDuration(
  steps: number,
  table: readonly number[],
  limit: number = Infinity,
): number {
  const longest = table[table.length - 1];
  const whole = (n: number) => n - n % longest;
  const below = (n: number) =>
    whole(n) + (table.findLast((entry) => entry <= n % longest) ?? 0);
  const above = whole(steps) + table.find((entry) => entry >= steps % longest)!;
  const down = below(steps);
  const nearest = down > 0 && steps - down < above - steps ? down : above;
  return down === steps ? steps : nearest <= limit ? nearest : below(limit);
}

/** A length from {@linkcode binDuration} as the numbers of its tokens. *
 * @example
 * ```ts
 * import { durationTable, splitDuration } from "immersic/tokens/remi/tokens.ts";
 * const parts = splitDuration(400, durationTable(12));
 * console.assert(parts.join() === "384,16");
 * ```
 */
export function splitDuration(
  steps: number,
  table: readonly number[],
): number[] {
  const longest = table[table.length - 1];
  const parts = Array<number>(Math.ceil(steps / longest) - 1).fill(longest);
  return [...parts, steps - parts.length * longest];
}
