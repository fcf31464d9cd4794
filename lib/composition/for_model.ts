/** Fills in the part of a spec that is for the model. */

import { withoutUndefined } from "../base/base.ts";
import {
  ATTRIBUTES,
  type Attributes,
  type Band,
  bandOf,
  BASS_RANGE,
  DENSITY_BANDS,
  isBass,
  LENGTH_BANDS,
  majorOrMinor,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  pitchRangeOf,
  type Range,
  REGISTER_BANDS,
  type ScaleName,
  scalePitchClasses,
  TEMPO_BANDS,
} from "../music/music.ts";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { planEnsemble } from "./ensemble.ts";
import { planTime } from "./time.ts";

/** A spec whose part for the model is filled in. */
export type ModelSpec =
  & PieceSpec
  & Required<
    Pick<
      PieceSpec,
      "attributes" | "constraints" | "soundingPrograms" | "notes"
    >
  >;

/** What {@linkcode toGeneration} knows of a model. */
export interface ModelOptions {
  /**
   * Whether the training pieces have an attribute token, such as
   * "LengthBars_64". One that they lack tells the model nothing and is left out;
   * constraints still hold.
   * @default the vocabulary has it
   */
  readonly isTrained?: (token: string) => boolean;
}

/**
 * Translates what is asked for a model: attributes for what it has learnt to
 * follow, constraints for what must hold exactly, nothing for what was not asked.
 *
 * A length in seconds is counted out in bars: at the tempo asked, or else at
 * 72 quarter notes per minute, and in the meter asked, or else in 4/4. An exact
 * length, and a loop's, moves a tempo that was not given as a number so that
 * the bars come out. A loop is 8 bars long unless told otherwise.
 *
 * @param asked Such as `parsePrompt` reads.
 * @param vocabulary The model's REMI tokens. The nearest tempo or instrument stands
 * in for one that they lack; `finishPiece` corrects it by `qpm` and
 * `soundingPrograms`.
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
    (ensemble.programs ?? alphabet.numbersOf("Program")).map((program) =>
      [program, pitchRangeOf(program, register)] as const
    ),
  );
  return {
    ...asked,
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([name, value]) =>
        value !== undefined && isTrained(`${name}_${value}`)
      ),
    ) as Attributes,
    constraints: withoutUndefined({
      qpm: time.modelQpm,
      meter: time.meter,
      programs: ensemble.programs,
      kits: ensemble.kits,
      pitchClasses,
      ranges,
    }),
    ...withoutUndefined({
      bars: time.bars,
      qpm: time.qpm,
      exactSeconds: time.exactSeconds,
    }),
    soundingPrograms: ensemble.soundingPrograms,
    notes,
  };
}

/** Limits basses to their usual range where no register is asked. */
export function withBassRange<S extends PieceSpec>(spec: S): S {
  const { constraints } = spec;
  if (constraints?.ranges) return spec;
  const basses = (constraints?.programs ?? []).filter(isBass);
  const ranges = Object.fromEntries(
    basses.map((program) => [program, BASS_RANGE]),
  );
  return { ...spec, constraints: { ...constraints, ranges } };
}

/** Makes key, density, register and parts targets of the whole piece. */
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

/** The scale of a key; of a minor key its leading note too. */
function pitchClassesOf(tonic: number, mode: ScaleName): number[] {
  const scale = scalePitchClasses(tonic, mode);
  return mode === "minor" ? [...scale, (tonic + 11) % 12] : scale;
}
