/** Fills in what is asked of a piece, step by step, before a note is sampled. */

import { Random, withoutUndefined } from "../base/base.ts";
import {
  copyProfile,
  type Generator,
  type Seed,
  type SeedReader,
} from "../generation/generation.ts";
import type { PieceSpec } from "../music/music.ts";
import { type ParsedPrompt, parsePrompt } from "../prompt/prompt.ts";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import { chooseTheRest } from "./choices.ts";
import { toGeneration, withBassRange, withTargets } from "./for_model.ts";
import { withSeedInstruments, withSeedTime } from "./from_seed.ts";

/** How to sample a piece; each in place of the prompt's, see `PieceSpec`. */
export type SamplingChoices = {
  readonly [
    K in "randomSeed" | "temperature" | "topK" | "topP" | "minP"
  ]?: PieceSpec[K] | undefined;
};

/** How `compose` works. */
export interface CompositionOptions extends SamplingChoices {
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
  /** Called several times a second with the tokens and bars made so far. */
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
  /** The whole piece to start from, if there is one. */
  readonly start?: Seed | undefined;
  /** Whether soft drums are to be added by rule. */
  readonly addsDrums: boolean;
}

/** Drafts of each section, of which the best is kept. */
const ATTEMPTS = 4;
/** Nucleus of a prompted piece: the share of probability sampled from. */
const TOP_P = 0.95;

/**
 * Reads the prompt and fills in what it leaves open: from the seed, then from a
 * training piece's profile where nothing is asked and else at random, and last
 * what the model needs.
 *
 * @throws {PromptError} If the prompt cannot be followed.
 * @throws {RangeError} If the model's tokens are not REMI.
 */
export function prepare(
  { checkpoint: { vocabulary, corpus } }: Generator,
  text: string,
  options: CompositionOptions,
): Preparation {
  const prompt = parsePrompt(text);
  if (corpus.tokenizer !== "remi") {
    throw new RangeError(
      "Cannot follow a prompt with this run: its chord tokens know no tempo, instruments or dynamics. Train one on REMI tokens.",
    );
  }
  const { bars, randomSeed = prompt.request.randomSeed ?? 1 } = options;
  const start = options.variation?.of ?? options.seed?.();
  const asked: PieceSpec = bars === undefined
    ? prompt.request
    : { ...prompt.request, length: { bars } };
  const random = new Random(randomSeed);
  if (!start && corpus.profiles && asksNothing(asked)) {
    const free = withSampling(asked, { ...options, randomSeed });
    const { length } = asked;
    const spec = copyProfile(
      { ...free, ...length && "bars" in length && { bars: length.bars } },
      corpus.profiles,
      random,
    );
    return { prompt, asked, spec, addsDrums: false };
  }
  const alphabet = RemiAlphabet.of(vocabulary);
  const chosen = chooseTheRest(
    start ? withSeedTime(asked, start) : asked,
    alphabet,
    random,
  );
  const { playing = [] } = chosen;
  const addsDrums = playing.length > 1 && playing.includes("drums") &&
    alphabet.ids.Kit.length === 0;
  const planned = toGeneration({
    ...withSampling(chosen, { ...options, randomSeed }),
    playing: addsDrums ? playing.filter((one) => one !== "drums") : playing,
  }, vocabulary);
  const spec = withTargets(withBassRange(
    start ? withSeedInstruments(planned, start, asked) : planned,
  ));
  return {
    prompt,
    asked,
    spec: { ...spec, attempts: ATTEMPTS, topP: spec.topP ?? TOP_P },
    start,
    addsDrums,
  };
}

/** Whether nothing is asked of the music, except perhaps its length in bars. */
function asksNothing(asked: PieceSpec): boolean {
  const { key, qpm, tempo, meter, density, register, loudness, length } = asked;
  const { playing = [], silent = [], moods = [], styles = [], loop } = asked;
  const fields = [key, qpm, tempo, meter, density, register, loudness];
  return fields.every((field) => field === undefined) && !loop &&
    (length === undefined || "bars" in length) &&
    [playing, silent, moods, styles].every((names) => names.length === 0);
}

/** How to sample: by the options, or else by the spec. */
function withSampling(
  spec: PieceSpec,
  { randomSeed, temperature, topK, topP, minP }: SamplingChoices,
): PieceSpec {
  const choices = { randomSeed, temperature, topK, topP, minP };
  return { ...spec, ...withoutUndefined(choices) };
}
