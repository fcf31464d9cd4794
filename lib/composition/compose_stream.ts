/** Makes music without end from a prompt, which may change while it plays. */

import { arrange } from "../arrangement/arrangement.ts";
import {
  finishPiece,
  type GenerationOptions,
  type Generator,
} from "../generation/generation.ts";
import type { NoteSequence } from "../music/music.ts";
import type { ParsedPrompt } from "../prompt/prompt.ts";
import { arrangementOf } from "./compose.ts";
import { isSectioned } from "./plan_sections.ts";
import {
  type CompositionOptions,
  type Preparation,
  prepare,
} from "./prepare.ts";
import { notesOn } from "./told_notes.ts";

/** What a stream plays. */
export interface StreamPrompt {
  /** The prompt; another one holds from the next section on. */
  prompt: string;
}

/** What a stream tells of a prompt, when it begins to follow it. */
export interface StreamTold {
  /** The prompt as it was read; undefined where it cannot be followed. */
  readonly prompt: ParsedPrompt | undefined;
  /** Sentences on what can only be met approximately, or why nothing changes. */
  readonly notes: readonly string[];
  /** Seed of every random choice of the stream. */
  readonly randomSeed: number;
}

/** How {@linkcode composeStream} works. */
export interface StreamOptions
  extends Omit<CompositionOptions, "bars" | "seed" | "variation"> {
  /**
   * Called before the first section, and before the first of each other prompt. A
   * later one that cannot be followed changes nothing, and is told here; without
   * this function it is thrown.
   */
  readonly onPrompt?: ((told: StreamTold) => void) | undefined;
}

/**
 * Makes music without end from a prompt, in sections of eight bars, each arranged
 * and continuing the one before. Memory stays flat.
 *
 * @param generator A model of REMI tokens, which must make nothing else meanwhile.
 * @param text The prompt, or an object whose prompt may be changed while it plays;
 * a length, sections and events in it are ignored.
 * @throws {PromptError} If the prompt cannot be followed.
 *
 * ```ts ignore
 * const playing = { prompt: "calm pads in D" };
 * for await (const section of composeStream(generator, playing)) {
 *   await play(await renderWav(section, { tailSeconds: 0 }));
 *   playing.prompt = "faster, with drums";
 * }
 * ```
 */
export async function* composeStream(
  generator: Generator,
  text: string | StreamPrompt,
  options: StreamOptions = {},
): AsyncGenerator<NoteSequence, never> {
  const playing = typeof text === "string" ? { prompt: text } : text;
  let { prompt } = playing;
  let preparation = prepareStream(generator, prompt, options);
  let asked = askedOf(preparation, options);
  let { randomSeed } = preparation;
  const seed = randomSeed;
  options.onPrompt?.(toldOf(preparation, seed));
  const change = () => {
    prompt = playing.prompt;
    try {
      preparation = prepareStream(generator, prompt, {
        ...options,
        randomSeed: seed,
      });
    } catch (error) {
      if (!options.onPrompt || !(error instanceof Error)) throw error;
      const notes = [error.message];
      return options.onPrompt({ prompt: undefined, notes, randomSeed: seed });
    }
    asked = askedOf(preparation, options);
    options.onPrompt?.(toldOf(preparation, seed));
  };
  const sections = generator.stream(() => {
    if (playing.prompt !== prompt) change();
    return asked;
  });
  for await (const section of sections) {
    yield arrange(finishPiece(section, asked), {
      ...arrangementOf(preparation, section),
      randomSeed: randomSeed++,
    });
  }
  throw new Error("Cannot go on: the stream has ended.");
}

/** Prepares a stream as a piece without sections. */
function prepareStream(
  generator: Generator,
  text: string,
  options: StreamOptions,
): Preparation {
  const wishes = { ...options.wishes, sections: [], events: [] };
  return prepare(generator, text, { ...options, wishes });
}

/** What is asked of the generator. */
function askedOf(
  { spec }: Preparation,
  { onProgress }: StreamOptions,
): GenerationOptions {
  const { exactSeconds: _, finishedBars: __, attributes, ...others } = spec;
  const { LengthBars: ___, ...known } = attributes ?? {};
  return { ...others, attributes: known, onProgress };
}

function toldOf(preparation: Preparation, randomSeed: number): StreamTold {
  const { prompt, spec } = preparation;
  return {
    prompt,
    notes: [
      ...spec.notes ?? [],
      ...notesOn(preparation),
      ...isSectioned(prompt.request)
        ? ["A stream has no sections or events of its own; they are left out."]
        : [],
    ],
    randomSeed,
  };
}
