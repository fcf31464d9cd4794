/** Makes music without end from a prompt, which may change while it plays. */

import { arrange } from "../arrangement/arrangement.ts";
import {
  finishPiece,
  type GenerationOptions,
  type Generator,
} from "../generation/generation.ts";
import type { NoteSequence, PieceSpec } from "../music/music.ts";
import { type ParsedPrompt, parsePrompt } from "../prompt/prompt.ts";
import { arrangementOf } from "./compose.ts";
import { isSectioned } from "./plan_sections.ts";
import {
  type CompositionOptions,
  type Preparation,
  prepare,
} from "./prepare.ts";
import { changeOf, type StreamChange } from "./stream_change.ts";
import { NAMES as EVENT_NAMES } from "./timed_events.ts";
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
 * @param text The prompt, or an object whose prompt may be changed while it plays,
 * by another one or by steps from what plays, such as "faster, with drums";
 * a length and events in it are ignored, and of sections only the first is played.
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
  let qpm = preparation.spec.qpm;
  const change = () => {
    prompt = playing.prompt;
    let changed: StreamChange | undefined;
    try {
      const own = { ...options, randomSeed: seed };
      changed = qpm === undefined
        ? undefined
        : changeOf(parsePrompt(prompt, seed).request, preparation.asked, {
          ...preparation.spec.constraints,
          qpm,
        });
      preparation = changed
        ? prepare(generator, prompt, {
          ...own,
          wishes: { ...changed.asked, ...ONE_SECTION },
        })
        : prepareStream(generator, prompt, own);
    } catch (error) {
      if (!options.onPrompt || !(error instanceof Error)) throw error;
      const notes = [error.message];
      return options.onPrompt({ prompt: undefined, notes, randomSeed: seed });
    }
    asked = askedOf(preparation, options);
    options.onPrompt?.(toldOf(preparation, seed, changed));
  };
  const sections = generator.stream(() => {
    if (playing.prompt !== prompt) change();
    return asked;
  });
  for await (const section of sections) {
    const arranged = arrange(finishPiece(section, asked), {
      ...arrangementOf(preparation, section),
      randomSeed: randomSeed++,
    });
    qpm = arranged.tempos[0]?.qpm;
    yield arranged;
  }
  throw new Error("Cannot go on: the stream has ended.");
}

/** A stream plays on as it begins. */
const ONE_SECTION = { sections: [], events: [] };

/** Prepares a stream as a piece of one section: the first where there are several. */
function prepareStream(
  generator: Generator,
  text: string,
  options: StreamOptions,
): Preparation {
  const whole = prepare(generator, text, {
    ...options,
    wishes: { ...options.wishes, ...ONE_SECTION },
  });
  const [first] = whole.prompt.request.sections ?? [];
  if (!first || Object.keys(first.spec).length === 0) return whole;
  return prepare(generator, text, {
    ...options,
    randomSeed: whole.randomSeed,
    wishes: { ...first.spec, ...options.wishes, ...ONE_SECTION },
  });
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

function toldOf(
  preparation: Preparation,
  randomSeed: number,
  changed?: StreamChange,
): StreamTold {
  const { prompt, spec } = preparation;
  return {
    prompt,
    notes: [
      ...spec.notes ?? [],
      ...notesOn(preparation),
      ...changed
        ? [changed.note]
        : isSectioned(prompt.request)
        ? [leftOut(prompt.request)]
        : [],
    ],
    randomSeed,
  };
}

/** What a stream leaves out of a prompt that has sections or events. */
function leftOut({ sections = [], events = [] }: PieceSpec): string {
  const later = sections.slice(1).flatMap(({ name }) =>
    name === undefined ? [] : [`"${name}"`]
  );
  const names = [
    ...later,
    ...new Set(events.map(({ what }) => `each ${EVENT_NAMES[what]}`)),
  ];
  const what = names.length > 0 ? names.join(", ") : "all that changes in time";
  return `A stream plays on as it begins; left out: ${what}. Another prompt changes it.`;
}
