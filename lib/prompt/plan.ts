/** From a request to what a model is given to steer by. */

import {
  ATTRIBUTES,
  type Attributes,
  bandOf,
  LENGTH_BANDS,
  PITCH_CLASS_NAMES,
  type ScaleName,
  scalePitchClasses,
  TEMPO_BANDS,
} from "../music/music.ts";
import {
  parseToken,
  type RemiConstraints,
  type RemiTokenType,
} from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { isBass, type Known, planEnsemble } from "./ensemble.ts";
import { type GenerationRequest, PromptError } from "./request.ts";

/** What a model is steered by, and what is left to do to the piece it makes. */
export interface GenerationPlan {
  readonly attributes: Attributes;
  /** Without a length, which is in `bars`. */
  readonly constraints: RemiConstraints;
  /** @default undefined, free */
  readonly bars?: number;
  readonly temperature?: number;
  readonly randomSeed?: number;
  /**
   * Tempo that the piece is to have in the end, where one is asked; the model
   * plays at `constraints.qpm`, the nearest that it knows.
   */
  readonly qpm?: number;
  /** Where the piece is to be cut or stretched to the moment. */
  readonly exactSeconds?: number;
  /** By program that the model plays: the one that is to sound instead. */
  readonly programs: ReadonlyMap<number, number>;
  /** Sentences on what could only nearly be met. */
  readonly notes: readonly string[];
}

/** How a model knows what it was asked. */
export interface PlanOptions {
  /**
   * Whether the training pieces have an attribute token, such as
   * "LengthBars_64". One the model has never seen tells it nothing good and is
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
 * What a request means to a model: attributes for what it has learnt to heed,
 * constraints for what has to be exactly so, nothing for what was not asked.
 *
 * A length in seconds is counted out in bars: at the tempo asked, or else at
 * 72 quarter notes per minute, and in the meter asked, or else in 4/4. An exact
 * length, and a loop's, moves a tempo that was not given as a number so that
 * the bars come out. A loop is 8 bars long unless told otherwise.
 *
 * @param request From `parsePrompt`.
 * @param vocabulary The model's REMI tokens: the tempi, meters and instruments
 * it knows. Tempi and instruments it does not know are replaced by the nearest
 * and put right afterwards, by `qpm` and `programs` of the plan.
 * @throws {PromptError} If the model does not know the meter or has no drums,
 * or if nothing is left to play.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePrompt, toGeneration } from "immersic/prompt/prompt.ts";
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
  request: GenerationRequest,
  vocabulary: Vocabulary,
  options: PlanOptions = {},
): GenerationPlan {
  const { isTrained = (token) => vocabulary.has(token) } = options;
  const known = knownValues(vocabulary);
  const notes: string[] = [];
  const time = planTime(request, known, notes);
  const ensemble = planEnsemble(request, known, notes);
  const { density, register, loudness, key } = request;
  const attributes: Attributes = {
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
    (ensemble.programs ?? known.programs).map((program) => {
      const range = REGISTER_RANGES[register];
      return [program, isBass(program) ? range.bass : range.other];
    }),
  );
  return {
    attributes: defined(
      Object.fromEntries(
        Object.entries(attributes).filter(([name, value]) =>
          value !== undefined && isTrained(`${name}_${value}`)
        ),
      ),
    ),
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
      temperature: request.temperature,
      randomSeed: request.seed,
      qpm: time.qpm,
      exactSeconds: time.exactSeconds,
    }),
    programs: ensemble.replaced,
    notes,
  };
}

function knownValues(vocabulary: Vocabulary): Known {
  const values = new Map<RemiTokenType, string[]>();
  for (let id = 0; id < vocabulary.size; id++) {
    const { type, value } = parseToken(vocabulary.token(id));
    const already = values.get(type);
    if (already) already.push(value);
    else values.set(type, [value]);
  }
  const numbers = (type: RemiTokenType) =>
    (values.get(type) ?? []).map(Number).sort((a, b) => a - b);
  return {
    tempi: numbers("Tempo"),
    meters: values.get("TimeSignature") ?? [],
    programs: numbers("Program"),
    kits: numbers("Kit"),
  };
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
  request: GenerationRequest,
  known: Known,
  notes: string[],
): TimePlan {
  const { length, loop } = request;
  const hasSeconds = length !== undefined && "seconds" in length;
  if (request.meter !== undefined && !known.meters.includes(request.meter)) {
    throw new PromptError(
      request.meter,
      `this model knows no ${request.meter} time, only ${
        known.meters.join(", ")
      }. Choose one of these, or train on music that has it.`,
    );
  }
  const meter = request.meter ??
    (hasSeconds
      ? known.meters.find((one) => one === DEFAULT_METER) ?? known.meters[0]
      : undefined);
  let qpm = request.qpm ??
    (request.tempo
      ? WORD_QPM[request.tempo]
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
    const isFitted = (exact || loop) && request.qpm === undefined;
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
  const modelQpm = qpm === undefined ? undefined : nearest(known.tempi, qpm);
  return { meter, bars, qpm, modelQpm, exactSeconds };
}

/** Major or minor, by the third: what a key finder hears of a mode. */
function majorOrMinor(mode: ScaleName): "major" | "minor" {
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

/** Without what is undefined, so that a plan is plain to compare and to save. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as T;
}
