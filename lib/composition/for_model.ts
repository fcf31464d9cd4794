/** What is asked of a piece, as one model can be told it and held to it. */

import {
  ATTRIBUTES,
  type Attributes,
  type Band,
  bandOf,
  DENSITY_BANDS,
  LENGTH_BANDS,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  type Range,
  REGISTER_BANDS,
  type ScaleName,
  scalePitchClasses,
  TEMPO_BANDS,
} from "../music/music.ts";
import { PromptError } from "../prompt/prompt.ts";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { isBass, planEnsemble } from "./ensemble.ts";

/** A spec whose part for the model is filled in. */
export type ModelSpec =
  & PieceSpec
  & Required<
    Pick<
      PieceSpec,
      "attributes" | "constraints" | "soundingPrograms" | "notes"
    >
  >;

/** How {@linkcode toGeneration} knows a model. */
export interface ModelOptions {
  /**
   * Whether the training pieces have an attribute token, such as
   * "LengthBars_64". One that the model never saw tells it nothing useful and is
   * left out; constraints still hold.
   * @default the vocabulary has it
   */
  readonly isTrained?: (token: string) => boolean;
}

/** Tempo that a word stands for, in quarter notes per minute. */
const WORD_QPM = {
  largo: 54,
  slow: 68,
  moderate: 84,
  lively: 100,
  fast: 120,
} as const satisfies Record<(typeof TEMPO_BANDS)[number]["name"], number>;
/** Where a length in seconds has to be counted out in bars. */
const DEFAULT_QPM = 72, DEFAULT_METER = "4/4";
/** Bars of a loop of no stated length. */
const LOOP_BARS = 8;

/** Lowest and highest pitch of the bass and of all else, by register. */
const REGISTER_RANGES = {
  low: { bass: [24, 45], other: [31, 60] },
  middle: { bass: [28, 52], other: [45, 78] },
  high: { bass: [33, 60], other: [59, 98] },
} as const;

/**
 * Tells a model what is asked: attributes for what it has learnt to heed,
 * constraints for what must be exactly so, nothing for what was not asked.
 *
 * A length in seconds is counted out in bars: at the tempo asked, or else at
 * 72 quarter notes per minute, and in the meter asked, or else in 4/4. An exact
 * length, and a loop's, moves a tempo that was not given as a number so that
 * the bars come out. A loop is 8 bars long unless told otherwise.
 *
 * @param asked Such as `parsePrompt` reads.
 * @param vocabulary The model's REMI tokens: the tempi, meters and instruments
 * it knows. The nearest stands in for a tempo or instrument it does not know;
 * `finishPiece` puts it right by `qpm` and `soundingPrograms`.
 * @throws {PromptError} If the model does not know the meter or has no drums,
 * or if nothing is left to play.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toGeneration } from "immersic/composition/composition.ts";
 * import { parsePrompt } from "immersic/prompt/prompt.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const { request } = parsePrompt("piano, 80 bpm, one minute");
 * const vocabulary = Vocabulary.fromTokens(
 *   ["Program_0", "Program_4", "Tempo_80", "TimeSignature_4/4", "Pitch_60"],
 * );
 * const { bars, constraints } = toGeneration(request, vocabulary);
 * assert(bars === 20 && constraints.programs?.join() === "0");
 * ```
 */
export function toGeneration(
  asked: PieceSpec,
  vocabulary: Vocabulary,
  options: ModelOptions = {},
): ModelSpec {
  const { isTrained = (token) => vocabulary.has(token) } = options;
  const alphabet = RemiAlphabet.of(vocabulary);
  const notes: string[] = [...asked.notes ?? []];
  const time = planTime(asked, alphabet, notes);
  const ensemble = planEnsemble(asked, alphabet, notes);
  const { density, register, loudness, key } = asked;
  const attributes = {
    Key: key?.tonic === undefined ? undefined : PITCH_CLASS_NAMES[key.tonic],
    Mode: key?.mode && majorOrMinor(key.mode),
    TempoClass: time.modelQpm === undefined
      ? undefined
      : bandOf(TEMPO_BANDS, time.modelQpm),
    Meter: time.meter === undefined
      ? undefined
      : ATTRIBUTES.Meter.find((meter) => meter === time.meter) ?? "other",
    Density: density,
    Register: register,
    Loudness: loudness,
    LengthBars: time.bars === undefined
      ? undefined
      : bandOf(LENGTH_BANDS, time.bars),
    ...ensemble.presence,
  };
  const pitchClasses = key?.tonic === undefined || key.mode === undefined
    ? undefined
    : pitchClassesOf(key.tonic, key.mode);
  const ranges = register && Object.fromEntries(
    (ensemble.programs ?? alphabet.numbersOf("Program")).map((program) => {
      const range = REGISTER_RANGES[register];
      return [program, isBass(program) ? range.bass : range.other];
    }),
  );
  return {
    ...asked,
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([name, value]) =>
        value !== undefined && isTrained(`${name}_${value}`)
      ),
    ) as Attributes,
    constraints: defined({
      qpm: time.modelQpm,
      meter: time.meter,
      programs: ensemble.programs,
      kits: ensemble.kits,
      pitchClasses,
      ranges,
    }),
    ...defined({
      bars: time.bars,
      qpm: time.qpm,
      exactSeconds: time.exactSeconds,
    }),
    soundingPrograms: ensemble.soundingPrograms,
    notes,
  };
}

/** Has basses play low where no register is asked. */
export function withBassRange<S extends PieceSpec>(spec: S): S {
  const { constraints } = spec;
  if (constraints?.ranges) return spec;
  const basses = (constraints?.programs ?? []).filter(isBass);
  const ranges = Object.fromEntries(
    basses.map((program) => [program, REGISTER_RANGES.middle.bass]),
  );
  return { ...spec, constraints: { ...constraints, ranges } };
}

/** Has the piece as a whole led towards key, density, register and parts. */
export function withTargets<S extends PieceSpec>(spec: S): S {
  const { key, density, register, constraints } = spec;
  const { programs = [], kits = [0] } = constraints ?? {};
  const hasPitch = programs.length > 0;
  return {
    ...spec,
    targets: {
      ...key?.tonic !== undefined && key.mode !== undefined &&
        { key: { tonic: key.tonic, mode: majorOrMinor(key.mode) } },
      ...density && hasPitch && { density: rangeOf(DENSITY_BANDS, density) },
      ...register && hasPitch &&
        { register: rangeOf(REGISTER_BANDS, register) },
      programs,
      kits,
    },
  };
}

/** From where a class begins to where the next one does. */
function rangeOf(bands: readonly Band[], name: string): Range {
  const index = bands.findIndex((band) => band.name === name);
  return [bands[index]!.from, bands[index + 1]?.from ?? Infinity];
}

interface TimePlan {
  readonly meter?: string;
  readonly bars?: number;
  /** What the piece is to have. */
  readonly qpm?: number;
  /** The nearest the model knows. */
  readonly modelQpm?: number;
  readonly exactSeconds?: number;
}

function planTime(
  asked: PieceSpec,
  alphabet: RemiAlphabet,
  notes: string[],
): TimePlan {
  const { length, loop = false } = asked;
  const meters = alphabet.valuesOf("TimeSignature");
  const hasSeconds = length !== undefined && "seconds" in length;
  if (asked.meter !== undefined && !meters.includes(asked.meter)) {
    throw new PromptError(
      asked.meter,
      `this model knows no ${asked.meter} time, only ${
        meters.join(", ")
      }. Choose one of these, or train on music that has it.`,
    );
  }
  const meter = asked.meter ??
    (hasSeconds
      ? meters.find((one) => one === DEFAULT_METER) ?? meters[0]
      : undefined);
  let qpm = asked.qpm ??
    (asked.tempo
      ? WORD_QPM[asked.tempo]
      : hasSeconds
      ? DEFAULT_QPM
      : undefined);
  let bars = length !== undefined && "bars" in length
    ? length.bars
    : length === undefined && loop
    ? LOOP_BARS
    : undefined;
  let exactSeconds: number | undefined;
  if (hasSeconds && meter !== undefined && qpm !== undefined) {
    const { seconds, exact = false } = length;
    const [numerator, denominator] = meter.split("/").map(Number);
    const quartersPerBar = 4 * numerator / denominator;
    const quarters = seconds * qpm / 60;
    const isFitted = (exact || loop) && asked.qpm === undefined;
    // What is to be cut has to be long enough.
    const round = exact && !isFitted && !loop ? Math.ceil : Math.round;
    bars = Math.max(1, round(quarters / quartersPerBar));
    if (isFitted) qpm = bars * quartersPerBar * 60 / seconds;
    else if (exact && !loop) exactSeconds = seconds;
    else if (exact) {
      notes.push(
        `A loop is whole bars: ${bars} bars at ${qpm} bpm are ${
          (bars * quartersPerBar * 60 / qpm).toFixed(1)
        } seconds, not ${seconds}.`,
      );
    }
  }
  const modelQpm = qpm === undefined
    ? undefined
    : nearest(alphabet.numbersOf("Tempo"), qpm);
  return { meter, bars, qpm, modelQpm, exactSeconds };
}

/** Major or minor, by the third: what a key finder hears of a mode. */
export function majorOrMinor(mode: ScaleName): "major" | "minor" {
  return scalePitchClasses(0, mode).includes(3) ? "minor" : "major";
}

/** A minor key has its leading note too. */
function pitchClassesOf(tonic: number, mode: ScaleName): number[] {
  const scale = scalePitchClasses(tonic, mode);
  return mode === "minor" ? [...scale, (tonic + 11) % 12] : scale;
}

function nearest(
  values: readonly number[],
  wanted: number,
): number | undefined {
  return values.toSorted((a, b) =>
    Math.abs(a - wanted) - Math.abs(b - wanted)
  )[0];
}

/** The fields that are not undefined. */
function defined<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
