/** Fills in the part of a spec that is for the model. */

import { withoutUndefined } from "../base/base.ts";
import {
  ATTRIBUTES,
  type Attributes,
  type Band,
  bandOf,
  type BarsAs,
  chordPitchClasses,
  DENSITY_BANDS,
  keyOfAttributes,
  keyOfChords,
  LENGTH_BANDS,
  majorOrMinor,
  type PieceSpec,
  type PieceTargets,
  PITCH_CLASS_NAMES,
  playingOf,
  type Range,
  REGISTER_BANDS,
  scalePitchClasses,
  TEMPO_BANDS,
} from "../music/music.ts";
import { type Profile, RemiAlphabet } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { planEnsemble } from "./ensemble.ts";
import { planTime } from "./time.ts";

/** An instrument plays one note at a time if it does so in this share of the pieces. */
const NEARLY_ALL = 0.9;

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
  /**
   * The profile of a training piece, from which what is not asked is taken over.
   * @default it is left free
   */
  readonly like?: Profile | undefined;
  /**
   * Bars of the longest training piece. A longer one is told to be as long.
   * @default Infinity
   */
  readonly longest?: number | undefined;
}

/**
 * Translates what is asked for a model: attributes for what it has learnt to
 * follow, constraints for what must hold exactly. What was not asked is taken
 * over from a training piece's profile, or left free.
 *
 * A length in seconds is counted out in bars: at the tempo asked, or else the
 * profile's, or at 72 quarter notes per minute, and in the meter asked, or else
 * the profile's, or in 4/4. An exact length, and a loop's, moves a tempo that was
 * not given as a number so that the bars come out. A loop is 8 bars long unless
 * told otherwise.
 *
 * @param asked Such as `parsePrompt` reads.
 * @param vocabulary The model's REMI tokens. The nearest tempo or instrument stands
 * in for one that they lack; `finishPiece` corrects it by `qpm` and
 * `soundingPrograms`.
 * @throws {PromptError} If the model has no drums, or nothing is left to play.
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
  const { like, longest = Infinity } = options;
  const alphabet = RemiAlphabet.of(vocabulary);
  const notes: string[] = [...asked.notes ?? []];
  const usual = like?.constraints;
  const time = planTime(asked, alphabet, notes, usual);
  const ensemble = planEnsemble(asked, alphabet, notes, usual);
  const { programs } = ensemble;
  const { barsAs } = time;
  const meter = barsAs?.madeOf ?? time.meter;
  const modelBars = time.bars === undefined
    ? undefined
    : modelBarsOf(time.bars, barsAs);
  const attributes = {
    ...like?.attributes,
    ...withoutUndefined({
      ...askedAttributes(asked),
      TempoClass: time.modelQpm === undefined
        ? undefined
        : bandOf(TEMPO_BANDS, time.modelQpm),
      Meter: meter === undefined
        ? undefined
        : ATTRIBUTES.Meter.find((one) => one === meter) ?? "other",
      // A loop is a stretch of a piece that is longer.
      LengthBars: modelBars === undefined || asked.loop
        ? undefined
        : bandOf(LENGTH_BANDS, Math.min(modelBars, longest)),
    }),
    ...ensemble.presence,
    // Drums alone have neither key nor register.
    ...programs?.length === 0 && NO_PITCH,
  };
  return {
    ...asked,
    ...barsAs && asked.chords && {
      chords: {
        ...asked.chords,
        barsEach: asked.chords.barsEach * barsAs.from / barsAs.to,
      },
    },
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([name, value]) =>
        value !== undefined && isTrained(`${name}_${value}`)
      ),
    ) as Attributes,
    constraints: withoutUndefined({
      qpm: time.modelQpm,
      meter,
      programs,
      kits: ensemble.kits,
      pitchClasses: scaleOf(asked, attributes),
    }),
    ...withoutUndefined({
      bars: modelBars,
      barsAs,
      finishedBars: barsAs && time.bars,
      qpm: time.qpm,
      exactSeconds: time.exactSeconds,
    }),
    soundingPrograms: ensemble.soundingPrograms,
    ...ensemble.doubledBy.size > 0 && { doubledBy: ensemble.doubledBy },
    ...ensemble.partNames.size > 0 && { partNames: ensemble.partNames },
    notes,
  };
}

/** How many bars a model is to make for some of a meter that it may not know. */
export function modelBarsOf(bars: number, barsAs: BarsAs | undefined): number {
  return barsAs ? Math.ceil(bars * barsAs.from / barsAs.to - 1e-9) : bars;
}

/** Attributes that drums alone do not have. */
const NO_PITCH = { Key: undefined, Mode: undefined, Register: undefined };

/** Attributes of what is asked of the notes. Chords have a key of their own. */
function askedAttributes(
  { key: asked, chords, density, register, loudness }: PieceSpec,
): Attributes {
  const key = chords ? keyOfChords(chords, asked) : asked;
  return {
    Key: key?.tonic === undefined ? undefined : PITCH_CLASS_NAMES[key.tonic],
    Mode: key?.mode && majorOrMinor(key.mode),
    Density: density,
    Register: register,
    Loudness: loudness,
  };
}

/**
 * The scale to keep to, with the tones of the chords asked for, where a scale is
 * asked that no attribute tells, or nothing beside it.
 */
function scaleOf(
  { key, chords, scaleOnly = false }: PieceSpec,
  attributes: Attributes,
): number[] | undefined {
  const usual = keyOfAttributes(attributes);
  const tonic = key?.tonic ?? usual?.tonic;
  const mode = key?.mode ?? usual?.mode;
  if (tonic === undefined || mode === undefined) return undefined;
  const isTold = mode === "major" || mode === "minor";
  if (isTold && !scaleOnly) return undefined;
  const tones = chords?.chords.flatMap(chordPitchClasses) ?? [];
  return [...new Set([...scalePitchClasses(tonic, mode), ...tones])];
}

/**
 * Programs that play one note at a time in a training piece, and in nearly all
 * others that have them, as a bass does.
 *
 * @param like The training piece.
 * @param profiles Of all training pieces.
 */
export function usualVoices(
  { monophonic = [] }: Profile,
  profiles: readonly Profile[],
): number[] {
  return monophonic.filter((program) => {
    const having = profiles.filter(({ constraints: { programs } }) =>
      programs.includes(program)
    );
    const single = having.filter(({ monophonic }) =>
      monophonic?.includes(program)
    );
    return single.length >= NEARLY_ALL * having.length;
  });
}

/**
 * Makes what is asked of the whole piece a target: key, density, register, chords
 * that are plain, that every instrument is heard, and what is to play one note at a
 * time: what stands in for an instrument that does, and what usually does.
 *
 * @param singleVoices Programs that usually play so, see {@linkcode usualVoices}.
 */
export function withTargets<S extends PieceSpec>(
  spec: S,
  singleVoices: readonly number[] = [],
): S {
  const { density, register, constraints, playing = [], attributes } = spec;
  const { programs = [], kits = [] } = constraints ?? {};
  const hasPitch = programs.length > 0;
  const key = spec.key && keyOfAttributes(attributes ?? {});
  const standIns = [...spec.soundingPrograms ?? []]
    .filter(([, program]) => playingOf(program).isMonophonic)
    .map(([standIn]) => standIn);
  const monophonic = [...new Set([...standIns, ...singleVoices])];
  return {
    ...spec,
    targets: {
      ...key && { key },
      ...density && hasPitch && { density: rangeOf(DENSITY_BANDS, density) },
      ...register && hasPitch &&
        { register: rangeOf(REGISTER_BANDS, register) },
      ...playing.length > 0 && { programs, kits },
      ...monophonic.length > 0 && { monophonic },
      ...spec.chords && { plainChords: true },
    },
  };
}

/** From where a class begins to where the next one does. */
function rangeOf(bands: readonly Band[], name: string): Range {
  const index = bands.findIndex((band) => band.name === name);
  return [bands[index]!.from, bands[index + 1]?.from ?? Infinity];
}

/** The targets that a draft of the model alone keeps: how instruments play. */
export function freeTargets(
  { targets: { monophonic } = {} }: PieceSpec,
): PieceTargets {
  return monophonic ? { monophonic } : {};
}
