/** Fills in what is asked of a piece, step by step, before a note is sampled. */

import { freshSeed, Random, withoutUndefined } from "../base/base.ts";
import type { Generator, Seed, SeedReader } from "../generation/generation.ts";
import type { PieceSpec } from "../music/music.ts";
import {
  type ParsedPrompt,
  parsePrompt,
  PromptError,
} from "../prompt/prompt.ts";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import {
  type ModelSpec,
  toGeneration,
  usualVoices,
  withTargets,
} from "./for_model.ts";
import {
  withPossiblePitches,
  withSeedRanges,
  withSeedTime,
} from "./from_seed.ts";
import {
  chooseProfile,
  plainProfile,
  profileOfSeed,
} from "./profile_choice.ts";
import {
  isSectioned,
  planSections,
  type SectionPlan,
} from "./plan_sections.ts";
import { planTime } from "./time.ts";

/**
 * How to sample a piece; each in place of the prompt's, see `PieceSpec`. Without a
 * random seed in either, every piece has a new one.
 */
export type SamplingChoices = {
  readonly [
    K in "randomSeed" | "temperature" | "topK" | "topP" | "minP"
  ]?: PieceSpec[K] | undefined;
};

/** How `compose` works. */
export interface CompositionOptions extends SamplingChoices {
  /**
   * What is asked, field by field, in place of the prompt's: for programs, and for
   * what no prompt can say.
   * @default the prompt's alone
   */
  readonly wishes?: PieceSpec | undefined;
  /** Length in bars, in place of the prompt's. @default the prompt's */
  readonly bars?: number | undefined;
  /** Music to go on from, such as `readSeed` reads. @default none */
  readonly seed?: SeedReader | undefined;
  /**
   * A whole piece to vary, and the share of its notes to sample anew.
   * @default none
   */
  readonly variation?:
    | { readonly of: Seed; readonly distance: number }
    | undefined;
  /** Called several times a second with all tokens made so far, and the draft's bars. */
  readonly onProgress?: ((tokens: number, bars: number) => void) | undefined;
}

/** Everything that is decided before a note is sampled. */
export interface Preparation {
  /** The prompt as it was read. */
  readonly prompt: ParsedPrompt;
  /** What the user asked, and nothing else. */
  readonly asked: PieceSpec;
  /** What was asked, with all that was filled in. */
  readonly spec: PieceSpec;
  /** Its sections, of a new piece that has several, or events. */
  readonly sections?: readonly SectionPlan[] | undefined;
  /** Seed of every random choice. */
  readonly randomSeed: number;
  /** The whole piece to start from, if there is one. */
  readonly start?: Seed | undefined;
  /** What of it the piece goes on from, or the whole to vary. */
  readonly seed?: Seed | undefined;
  /** New bars after a file's passage, in its meter; else 0. */
  readonly newBars: number;
  /** Whether soft drums are to be added by rule. */
  readonly addsDrums: boolean;
  /** How many epochs the network was trained. */
  readonly epochs: number;
}

/** The meter of what swings, or has drums at such a tempo. */
const DANCE_METER = "4/4", DANCE_QPM = 100;
/** Bars of an endless piece in a file; its end leads back to its beginning. */
const ENDLESS_BARS = 64;

/**
 * Reads the prompt and fills in what it leaves open: from the seed, then from a
 * training piece's profile, and last what the model needs.
 *
 * @throws {PromptError} If the prompt cannot be followed.
 * @throws {RangeError} If the model's tokens are not REMI, or the seed is no music.
 */
export function prepare(
  { checkpoint: { vocabulary, corpus, epoch: epochs } }: Generator,
  text: string,
  options: CompositionOptions,
): Preparation {
  if (typeof text !== "string") {
    throw new RangeError(
      `Cannot make a piece: the prompt must be a text such as "calm piano", current value is ${text}.`,
    );
  }
  const randomSeed = randomSeedOf(text, options);
  const prompt = parsePrompt(text, randomSeed);
  if (corpus.tokenizer !== "remi") {
    throw new RangeError(
      "Cannot follow a prompt with this run: its chord tokens know no tempo, instruments or dynamics. Train one on REMI tokens.",
    );
  }
  const { bars, seed } = options;
  if (seed !== undefined && typeof seed !== "function") {
    throw new RangeError(
      `Cannot make a piece: "seed" must be music to go on from, such as readSeed() gives, current value is ${seed}. Did you mean "randomSeed"?`,
    );
  }
  const start = options.variation?.of ?? seed?.();
  const asked: PieceSpec = {
    ...prompt.request,
    ...options.wishes,
    ...bars !== undefined && { length: { bars } },
  };
  const random = new Random(randomSeed);
  const alphabet = RemiAlphabet.of(vocabulary);
  const from = start && startFrom(asked, start, options, alphabet);
  const wanted = withDanceMeter(withEnd(from?.asked ?? asked));
  const profiles = corpus.profiles ?? [plainProfile(alphabet, random)];
  const like = (from && profileOfSeed(from.seed)) ??
    chooseProfile(withSectionWishes(wanted), profiles, random);
  const singleVoices = usualVoices(like, profiles);
  const longest = Math.max(
    ...profiles.map(({ constraints: { bars } }) => bars),
  );
  if (isSectioned(wanted) && !from) {
    const notes: string[] = [];
    const sections = planSections(
      withSampling(wanted, { ...options, randomSeed }),
      { vocabulary, like, longest, singleVoices },
      notes,
    );
    return {
      prompt,
      asked,
      spec: { ...wanted, notes },
      sections,
      randomSeed,
      newBars: 0,
      addsDrums: false,
      epochs,
    };
  }
  const { playing = [] } = wanted;
  const hasOwnDrums = (start?.passage?.heard.unheard.drums ?? 0) > 0;
  const addsDrums = playing.length > 1 && playing.includes("drums") &&
    alphabet.ids.Kit.length === 0;
  const planned = toGeneration(
    {
      ...withSampling(wanted, { ...options, randomSeed }),
      playing: addsDrums ? playing.filter((one) => one !== "drums") : playing,
    },
    vocabulary,
    { like, longest },
  );
  const spec = from
    ? specFrom(planned, from.seed, asked, alphabet)
    : withTargets(planned, singleVoices);
  return {
    prompt,
    asked,
    spec: {
      ...spec,
      ...from?.exactSeconds !== undefined &&
        { exactSeconds: from.exactSeconds },
    },
    randomSeed,
    start,
    seed: from?.seed,
    newBars: from?.newBars ?? 0,
    addsDrums: addsDrums && !hasOwnDrums,
    epochs,
  };
}

/**
 * The seed of every random choice of a piece: the one given, or else the prompt's,
 * or else a new one each time.
 *
 * @param text The prompt.
 * @throws {PromptError} If the prompt cannot be followed.
 *
 * @example
 * ```ts
 * import { randomSeedOf } from "immersic/composition/composition.ts";
 * console.assert(randomSeedOf("calm, seed 7") === 7);
 * ```
 */
export function randomSeedOf(
  text: string,
  { randomSeed, wishes }: Pick<
    CompositionOptions,
    "randomSeed" | "wishes"
  > = {},
): number {
  return randomSeed ?? wishes?.randomSeed ??
    parsePrompt(text).request.randomSeed ?? freshSeed();
}

/** A request in quarters, where it swings or is to dance to and asks no meter. */
function withDanceMeter(asked: PieceSpec): PieceSpec {
  const { swing = 0.5, qpm = 0, playing = [], meter } = asked;
  const dances = swing > 0.5 || qpm >= DANCE_QPM && playing.includes("drums");
  return dances && meter === undefined
    ? { ...asked, meter: DANCE_METER }
    : asked;
}

/** A request with what its sections alone ask for, to find a fitting profile. */
function withSectionWishes(asked: PieceSpec): PieceSpec {
  const { sections = [] } = asked;
  if (sections.length === 0) return asked;
  const playing = new Set(
    [asked, ...sections.map(({ spec }) => spec)]
      .flatMap(({ playing = [] }) => playing),
  );
  return {
    ...Object.assign({}, ...sections.map(({ spec }) => spec).reverse()),
    ...asked,
    ...playing.size > 0 && { playing: [...playing] },
  };
}

/** A request for a piece with an end: an endless one leads back to its beginning. */
function withEnd(asked: PieceSpec): PieceSpec {
  const { length } = asked;
  return length && "endless" in length
    ? { ...asked, length: { bars: ENDLESS_BARS }, loop: true }
    : asked;
}

/** A request with what the music to start from has, and the passage of it. */
interface Start {
  readonly asked: PieceSpec;
  readonly seed: Seed;
  readonly newBars: number;
  readonly exactSeconds?: number | undefined;
}

/**
 * Takes over the time of the music to start from, and counts the bars that follow:
 * those asked are of its own meter, those of the model's plan of the model's.
 */
function startFrom(
  asked: PieceSpec,
  start: Seed,
  { seed: read, variation }: CompositionOptions,
  alphabet: RemiAlphabet,
): Start {
  const { spec, passage } = start;
  const isOther = asked.meter !== undefined && asked.meter !== spec?.meter;
  if (isOther && spec && (variation || !passage)) {
    throw new PromptError(
      asked.meter ?? "",
      `the piece to start from is in ${spec.meter}, not ${asked.meter}. Leave the meter out, or start from another piece.`,
    );
  }
  const timed = {
    ...withSeedTime(asked, start),
    ...asked.meter !== undefined && { meter: asked.meter },
  };
  const { length } = timed;
  const plan = planTime(timed, alphabet, []);
  if (plan.barsAs) {
    throw new PromptError(
      plan.barsAs.meter,
      `this model knows no ${plan.barsAs.meter} time, in which it could go on. Leave the meter out, or start from nothing.`,
    );
  }
  const { bars = 2, exactSeconds } = plan;
  const inSeconds = length !== undefined && "seconds" in length;
  const ownBars = inSeconds && passage
    ? Math.max(2, Math.round(bars * passage.heardMeter.bars))
    : bars;
  const isTempoAsked = asked.qpm !== undefined || asked.tempo !== undefined;
  // Where no length is asked, the piece begins with the whole music.
  const isOpen = asked.length !== length && passage;
  const seed = variation?.of ?? read?.(isOpen ? Infinity : ownBars, {
    meter: asked.meter,
    qpm: isTempoAsked ? plan.qpm : undefined,
  }) ?? start;
  if (!seed.spec) return { asked, seed, newBars: 0 };
  const newBars = Math.max(1, ownBars - seed.bars);
  const { heardMeter } = seed.passage ?? {};
  const modelBars = heardMeter?.fits
    // Less a little, for a bar may be a third of another.
    ? Math.ceil(newBars / heardMeter.bars - 1e-6)
    : newBars;
  return {
    asked: {
      ...withSeedTime(asked, seed),
      ...isTempoAsked && plan.qpm !== undefined && { qpm: plan.qpm },
      length: { bars: seed.heardBars + modelBars },
    },
    seed,
    newBars: seed.passage && !variation ? newBars : 0,
    exactSeconds,
  };
}

/** What a piece that starts from other music is to be like. */
function specFrom(
  planned: ModelSpec,
  seed: Seed,
  asked: PieceSpec,
  alphabet: RemiAlphabet,
): PieceSpec {
  const spec = withTargets(withSeedRanges(planned, seed));
  if (!seed.passage) return spec;
  const { density, register, monophonic = [] } = seed.spec?.targets ?? {};
  return withPossiblePitches({
    ...spec,
    targets: {
      ...spec.targets,
      ...!asked.density && density && { density },
      ...!asked.register && register && { register },
      monophonic,
    },
  }, alphabet);
}

/** How to sample: by the options, or else by the spec. */
function withSampling(
  spec: PieceSpec,
  { randomSeed, temperature, topK, topP, minP }: SamplingChoices,
): PieceSpec {
  const choices = { randomSeed, temperature, topK, topP, minP };
  return { ...spec, ...withoutUndefined(choices) };
}
