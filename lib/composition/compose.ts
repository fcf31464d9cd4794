/**
 * A prompt, or music to start from, or both → a finished piece: what is asked is
 * read, what is left open chosen, sections drawn from the model, the parts
 * arranged, and the result held against what was asked.
 */

import {
  type Band,
  DENSITY_BANDS,
  type NoteSequence,
  REGISTER_BANDS,
  scalePitchClasses,
} from "../music/music.ts";
import { arrange } from "../arrangement/arrangement.ts";
import { chooseTheRest } from "./choices.ts";
import { type Delivered, delivered } from "./delivered.ts";
import {
  finishPiece,
  type FormSection,
  type GeneratedPiece,
  type GenerationOptions,
  type Generator,
  planForm,
  type Seed,
  type SeedMusic,
  type Targets,
} from "../generation/generation.ts";
import {
  type GenerationPlan,
  type GenerationRequest,
  isBass,
  type ParsedPrompt,
  parsePrompt,
  PromptError,
  toGeneration,
} from "../prompt/prompt.ts";
import { Random } from "../base/base.ts";

/** How {@linkcode compose} is to work. */
export interface CompositionOptions extends
  Pick<
    GenerationOptions,
    "temperature" | "topK" | "topP" | "minP" | "onProgress"
  > {
  /** Decides everything that chance does. @default the prompt's, or 1 */
  readonly randomSeed?: number;
  /** Length in bars, whatever the prompt says. @default the prompt's */
  readonly bars?: number;
  /**
   * Music to go on from, given the length of the whole piece.
   * @default none
   */
  readonly seed?: (bars?: number) => Seed;
  /**
   * A whole piece to vary, and the share of its notes to draw anew.
   * @default none
   */
  readonly variation?: { readonly of: Seed; readonly distance: number };
}

/** A finished piece, and how it came to be. */
export interface Composition {
  readonly sequence: NoteSequence;
  /** The prompt as it was read. */
  readonly prompt: ParsedPrompt;
  /** Sentences on what could only nearly be met. */
  readonly notes: readonly string[];
  /** What was asked and what came out, line by line. */
  readonly delivered: readonly Delivered[];
  /** The sections, such as "A A′ B A". */
  readonly form: string;
  readonly isLoop: boolean;
  /** What the seed had that the model does not know. */
  readonly replaced: ReadonlyMap<string, string>;
  /** As the model made it. */
  readonly piece: GeneratedPiece;
}

/** Lowest and highest MIDI pitch of a bass where no register is asked. */
const BASS_RANGE = [28, 52] as const;
/** Of so many drafts of a section the best is taken. */
const ATTEMPTS = 4;
/** Unlikely tokens are left out: the least likely that add up to the rest. */
const TOP_P = 0.95;
/** Where the off-beat of a lo-fi piece falls in its beat. */
const LOFI_SWING = 0.58;

/**
 * Makes a piece.
 *
 * @param generator A model of REMI tokens.
 * @param text The prompt; "" asks for nothing.
 * @throws {PromptError} If the prompt cannot be followed.
 * @throws {RangeError} If the options make no sense, or the model's tokens are
 * not REMI.
 */
export async function compose(
  generator: Generator,
  text: string,
  options: CompositionOptions = {},
): Promise<Composition> {
  const prepared = prepare(generator, text, options);
  const { prompt, asked, request, plan, drawing, start } = prepared;
  const bars = plan.bars!;
  const form = planForm(bars);
  const seed = options.variation ? undefined : options.seed?.(bars);
  const piece = options.variation
    ? await generator.vary(
      options.variation.of.tokens,
      options.variation.distance,
      drawing,
    )
    : await generator.generate({
      ...drawing,
      seed: seed?.tokens,
      bars,
      form,
      // A section is drawn without regard to how many there are.
      ...form.length > 1 &&
        { attributes: { ...plan.attributes, LengthBars: undefined } },
      ending: request.loop ? "loop" : "closed",
    });
  const sequence = arrange(finishPiece(piece.sequence, plan), {
    ...prepared.arrangement,
    isLoop: request.loop,
    closes: !request.loop && !options.variation,
  });
  return {
    sequence,
    prompt,
    notes: [...plan.notes, ...notesOn(prepared, seed)],
    delivered: delivered(asked, sequence),
    form: options.variation ? "" : nameForm(form),
    isLoop: request.loop,
    replaced: (seed ?? start)?.replaced ?? new Map(),
    piece,
  };
}

/**
 * Music without an end after a prompt, in sections of eight bars, each arranged
 * and joining on to the one before. Memory stays flat.
 *
 * @param generator A model of REMI tokens; it makes nothing else meanwhile.
 * @param text The prompt; what it says of length does not count.
 * @throws {PromptError} If the prompt cannot be followed.
 *
 * ```ts ignore
 * for await (const section of composeStream(generator, "calm pads in D")) {
 *   await play(await renderWav(section, { tailSeconds: 0 }));
 * }
 * ```
 */
export async function* composeStream(
  generator: Generator,
  text: string,
  options: Omit<CompositionOptions, "bars" | "seed" | "variation"> = {},
): AsyncGenerator<NoteSequence, never> {
  const { plan, drawing, arrangement } = prepare(generator, text, options);
  let randomSeed = arrangement.randomSeed;
  const { LengthBars: _, ...attributes } = plan.attributes;
  for await (const section of generator.stream({ ...drawing, attributes })) {
    yield arrange(finishPiece(section, { ...plan, exactSeconds: undefined }), {
      ...arrangement,
      isLoop: true,
      randomSeed: randomSeed++,
    });
  }
  throw new Error("Cannot go on: the stream has ended.");
}

/** Everything that is settled before a note is drawn. */
function prepare(
  generator: Generator,
  text: string,
  options: CompositionOptions,
) {
  const { vocabulary, corpus } = generator.checkpoint;
  const prompt = parsePrompt(text);
  if (corpus.tokenizer !== "remi") {
    throw new RangeError(
      "Cannot follow a prompt with this run: its chord tokens know no tempo, instruments or dynamics. Train one on REMI tokens.",
    );
  }
  const randomSeed = options.randomSeed ?? prompt.request.seed ?? 1;
  const start = options.variation?.of ?? options.seed?.();
  const asked: GenerationRequest = options.bars === undefined
    ? prompt.request
    : { ...prompt.request, length: { bars: options.bars } };
  const request = chooseTheRest(
    start?.music ? asSeed(asked, start.music) : asked,
    vocabulary,
    new Random(randomSeed),
  );
  const addsDrums = request.playing.length > 1 &&
    request.playing.includes("drums") &&
    !vocabulary.toJSON().some((token) => token.startsWith("Kit_"));
  const drumless: GenerationRequest = {
    ...request,
    playing: request.playing.filter((name) => name !== "drums"),
  };
  const planned = toGeneration(addsDrums ? drumless : request, vocabulary);
  const plan = inRange(
    start?.music ? withSeed(planned, start.music, asked) : planned,
  );
  const targets = targetsOf(request, plan);
  const drawing: GenerationOptions = {
    attributes: plan.attributes,
    constraints: plan.constraints,
    targets,
    attempts: ATTEMPTS,
    topP: options.topP ?? TOP_P,
    topK: options.topK,
    minP: options.minP,
    temperature: options.temperature ?? plan.temperature,
    randomSeed,
    onProgress: options.onProgress,
  };
  const arrangement = {
    key: targets.key!,
    loudness: asked.loudness,
    swing: asked.styles.includes("lo-fi") ? LOFI_SWING : undefined,
    addsDrums,
    randomSeed,
  };
  return { prompt, asked, request, plan, drawing, arrangement, start };
}

/** Sentences on what of the request, and of the seed, was not kept. */
function notesOn(
  { asked, start, plan, arrangement }: ReturnType<typeof prepare>,
  seed: Seed | undefined,
): string[] {
  const { length } = asked;
  const all = start?.music, used = seed?.music;
  return [
    ...length && "endless" in length
      ? [
        `No file is endless: this one has ${plan.bars} bars, and its end leads back to its beginning.`,
      ]
      : [],
    ...arrangement.addsDrums
      ? ["The model never heard drums; soft ones are added by rule."]
      : [],
    ...all?.changesTempo
      ? [
        `The piece to start from changes its tempo; its first, ${
          Number(all.qpm.toFixed(2))
        } bpm, is kept throughout.`,
      ]
      : [],
    ...all && used && used.bars < all.bars
      ? [
        `The piece goes on from the last ${used.bars} of ${all.bars} bars; more bars would have room for more of them.`,
      ]
      : [],
  ];
}

function nameForm(form: readonly FormSection[]): string {
  return form.map(({ name }) => name).join(" ");
}

/** What a seed is, where nothing else is asked. */
function asSeed(
  asked: GenerationRequest,
  music: SeedMusic,
): GenerationRequest {
  if (asked.meter !== undefined && asked.meter !== music.meter) {
    throw new PromptError(
      asked.meter,
      `the piece to start from is in ${music.meter}, not ${asked.meter}. Leave the meter out, or start from another piece.`,
    );
  }
  return {
    ...asked,
    key: asked.key?.tonic === undefined ? music.key : asked.key,
    ...asked.qpm === undefined && asked.tempo === undefined &&
      { qpm: music.qpm },
    meter: music.meter,
    length: asked.length ??
      { bars: Math.max(2 * music.bars, music.bars + 16) },
  };
}

/** The seed's instruments, where no others are asked. */
function withSeed(
  plan: GenerationPlan,
  { plays, programs }: SeedMusic,
  asked: GenerationRequest,
): GenerationPlan {
  if (asked.playing.length + asked.silent.length > 0) {
    return { ...plan, programs: new Map([...programs, ...plan.programs]) };
  }
  return {
    ...plan,
    constraints: { ...plan.constraints, ...plays, ranges: undefined },
    programs,
    notes: [],
  };
}

/** Where no register is asked, basses still play low. */
function inRange(plan: GenerationPlan): GenerationPlan {
  const { programs = [], ranges } = plan.constraints;
  const basses = programs.filter(isBass)
    .map((program) => [program, BASS_RANGE] as const);
  return {
    ...plan,
    constraints: {
      ...plan.constraints,
      ranges: ranges ?? Object.fromEntries(basses),
    },
  };
}

/** What the piece as a whole is led towards. */
function targetsOf(
  { key, density, register }: GenerationRequest,
  { constraints }: GenerationPlan,
): Targets {
  const { programs = [], kits = [0] } = constraints;
  const isMinor = scalePitchClasses(0, key!.mode!).includes(3);
  return {
    key: { tonic: key!.tonic!, mode: isMinor ? "minor" : "major" },
    ...density && programs.length > 0 &&
      { density: rangeOf(DENSITY_BANDS, density) },
    ...register && programs.length > 0 &&
      { register: rangeOf(REGISTER_BANDS, register) },
    programs,
    kits,
  };
}

/** From where a class begins to where the next one does. */
function rangeOf(
  bands: readonly Band[],
  name: string,
): readonly [number, number] {
  const index = bands.findIndex((band) => band.name === name);
  return [bands[index].from, bands[index + 1]?.from ?? Infinity];
}
