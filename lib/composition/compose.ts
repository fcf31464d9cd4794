/**
 * A prompt, or music to start from, or both → a finished piece: what is asked is
 * filled in, sections are sampled from the model, the parts arranged, and the
 * result held against what was asked.
 */

import {
  arrange,
  type ArrangementOptions,
} from "../arrangement/arrangement.ts";
import {
  finishPiece,
  type GeneratedPiece,
  type GenerationOptions,
  type Generator,
  planForm,
  type Seed,
} from "../generation/generation.ts";
import {
  findKey,
  type FormSection,
  type Key,
  type NoteSequence,
  type PieceSpec,
  PITCH_CLASS_NAMES,
} from "../music/music.ts";
import type { ParsedPrompt } from "../prompt/prompt.ts";
import { type Delivered, delivered } from "./delivered.ts";
import {
  type CompositionOptions,
  type Preparation,
  prepare,
} from "./prepare.ts";

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
  /** What the seed has that the model does not know, and what stands in for it. */
  readonly replaced: ReadonlyMap<string, string>;
  /** As the model made it. */
  readonly piece: GeneratedPiece;
}

/** Where the off-beat of a lo-fi piece falls in its beat. */
const LOFI_SWING = 0.58;

/**
 * Makes a piece. One of which nothing is asked is like a training piece.
 *
 * @param generator A model of REMI tokens.
 * @param text The prompt; "" asks for nothing.
 * @throws {PromptError} If the prompt cannot be followed.
 * @throws {RangeError} If the options make no sense, or the model's tokens are
 * not REMI.
 *
 * ```ts ignore
 * using generator = await Generator.open(await loadBest(folder));
 * const { sequence } = await compose(generator, "calm piano", { randomSeed: 7 });
 * await Deno.writeFile("calm.mid", writeMidi(sequence));
 * ```
 */
export async function compose(
  generator: Generator,
  text: string,
  options: CompositionOptions = {},
): Promise<Composition> {
  const { variation, onProgress } = options;
  const preparation = prepare(generator, text, options);
  const { prompt, asked, spec, start } = preparation;
  const seed = variation ? undefined : options.seed?.(spec.bars);
  const whole = withForm(spec, seed);
  const piece = variation
    ? await generator.vary(variation.of.tokens, variation.distance, {
      ...spec,
      onProgress,
    })
    : await generator.generate({ ...whole, onProgress });
  const isLoop = spec.loop ?? false;
  const sequence = arrange(finishPiece(piece.sequence, spec), {
    ...arrangementOf(preparation, piece.sequence),
    isLoop,
    closes: !isLoop && !variation,
  });
  return {
    sequence,
    prompt,
    notes: [...spec.notes ?? [], ...notesOn(preparation, seed)],
    delivered: delivered(asked, sequence),
    form: variation ? "" : nameForm(whole.form ?? []),
    isLoop,
    replaced: (seed ?? start)?.replaced ?? new Map(),
    piece,
  };
}

/**
 * Makes music without an end after a prompt, in sections of eight bars, each
 * arranged and joining on to the one before. Memory stays flat.
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
  const preparation = prepare(generator, text, options);
  const { exactSeconds: _, ...spec } = preparation.spec;
  let { randomSeed = 1 } = spec;
  const told: GenerationOptions = {
    ...spec,
    attributes: withoutLength(spec),
    onProgress: options.onProgress,
  };
  for await (const section of generator.stream(told)) {
    yield arrange(finishPiece(section, spec), {
      ...arrangementOf(preparation, section),
      isLoop: true,
      randomSeed: randomSeed++,
    });
  }
  throw new Error("Cannot go on: the stream has ended.");
}

/** The spec of a whole piece: its form, its ending, and what it goes on from. */
function withForm(spec: PieceSpec, seed: Seed | undefined): PieceSpec {
  const { bars, loop } = spec;
  const form = spec.form ?? planForm(bars!);
  return {
    ...spec,
    ...seed && { seed: seed.tokens },
    // A section is sampled without regard to how many there are.
    ...!spec.form && form.length > 1 && { attributes: withoutLength(spec) },
    form,
    ending: loop ? "loop" : "closed",
  };
}

/** The attributes of a piece whose length the model is not told. */
function withoutLength({ attributes }: PieceSpec) {
  const { LengthBars: _, ...others } = attributes ?? {};
  return others;
}

/** How a piece is to be played. */
function arrangementOf(
  { asked, spec, addsDrums }: Preparation,
  made: NoteSequence,
): ArrangementOptions {
  return {
    key: spec.targets?.key ?? attributeKey(spec) ?? findKey(made),
    loudness: asked.loudness,
    swing: asked.styles?.includes("lo-fi") ? LOFI_SWING : undefined,
    addsDrums,
    randomSeed: spec.randomSeed,
  };
}

/** The key that the attributes name, undefined where they leave it open. */
function attributeKey({ attributes = {} }: PieceSpec): Key | undefined {
  const { Key, Mode } = attributes;
  if (!Key || !Mode) return undefined;
  return { tonic: PITCH_CLASS_NAMES.indexOf(Key), mode: Mode };
}

/** Sentences on what of the request, and of the seed, was not kept. */
function notesOn(
  { asked, start, spec, addsDrums }: Preparation,
  seed: Seed | undefined,
): string[] {
  const { length } = asked;
  const notes: string[] = [];
  if (length && "endless" in length) {
    notes.push(
      `No file is endless: this one has ${spec.bars} bars, and its end leads back to its beginning.`,
    );
  }
  if (addsDrums) {
    notes.push("The model never heard drums; soft ones are added by rule.");
  }
  if (start?.changesTempo) {
    notes.push(
      `The piece to start from changes its tempo; its first, ${
        Number(start.spec?.qpm?.toFixed(2))
      } bpm, is kept throughout.`,
    );
  }
  if (start && seed && seed.bars < start.bars) {
    notes.push(
      `The piece goes on from the last ${seed.bars} of ${start.bars} bars; more bars would have room for more of them.`,
    );
  }
  return notes;
}

function nameForm(form: readonly FormSection[]): string {
  return form.map(({ name }) => name).join(" ");
}
