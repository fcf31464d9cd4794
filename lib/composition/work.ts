/** A piece in a MIDI file that is changed step by step, and how it came to be. */

import { freshSeed } from "../base/base.ts";
import type { Checkpoint } from "../model/model.ts";
import type { Generator } from "../generation/generation.ts";
import {
  type Dropped,
  parseMidi,
  readMidi,
  spliceMidi,
  writeMidi,
} from "../midi/midi.ts";
import {
  BarLines,
  type NoteSequence,
  type PlacedChord,
} from "../music/music.ts";
import {
  askedAfter,
  askedBars,
  leadsBack,
  placedChords,
  withAsked,
} from "./asked_bars.ts";
import { compose } from "./compose.ts";
import type { Delivered } from "./delivered.ts";
import { describePrompt } from "./describe.ts";
import { editPiece } from "./edit.ts";
import { lengthen } from "./lengthen.ts";
import { readEdit } from "./read_edit.ts";
import { readRedo } from "./read_redo.ts";
import { redo, type RedoOptions } from "./redo.ts";
import {
  type Longer,
  type Recipe,
  type RecipeStart,
  type RecipeStep,
  undoStep,
  withStep,
  withTake,
} from "./takes.ts";

/** A piece at one step of its making. */
export interface Work {
  /** Its MIDI file. */
  readonly bytes: Uint8Array;
  /** The music in the file. */
  readonly sequence: NoteSequence;
  /** How it came to be. */
  readonly recipe: Recipe;
  /** Whether its end leads back into its beginning. */
  readonly isLoop: boolean;
  /** The chords that were asked, where they begin. */
  readonly chords: readonly PlacedChord[];
}

/** A change, and what is to be said of it. */
export interface Changed extends Work {
  /** What was understood and what was not, a sentence each. */
  readonly told: readonly string[];
  /** What was asked of new notes and what they have. */
  readonly delivered: readonly Delivered[];
}

/** The name of a model in a recipe. */
function modelName({ corpus, epoch, step }: Checkpoint): string {
  return `${corpus.hash.slice(0, 12)} epoch ${epoch} step ${step}`;
}

/**
 * Begins to work with a piece.
 *
 * @param bytes Its MIDI file.
 * @param start What it is.
 */
export function beginWork(
  generator: Generator,
  bytes: Uint8Array,
  start: RecipeStart,
): Work {
  const model = modelName(generator.checkpoint);
  return workOf(generator, bytes, { version: 1, model, start, steps: [] });
}

/** The piece that a recipe makes, from the bytes that it makes. */
export function workOf(
  generator: Generator,
  bytes: Uint8Array,
  recipe: Recipe,
): Work {
  const sequence = parseMidi(bytes);
  return {
    bytes,
    sequence,
    recipe,
    isLoop: leadsBack(generator, recipe),
    chords: placedChords(askedBars(generator, recipe), sequence),
  };
}

/** The start of a piece from a file. */
export async function startFromFile(
  file: string,
  bytes: Uint8Array,
): Promise<RecipeStart> {
  return { file, sha256: await hashOf(bytes) };
}

/** Hash of some bytes, SHA-256 in hexadecimal. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes.slice());
  return new Uint8Array(hash).toHex();
}

/**
 * Makes bars or parts anew, once or several times. What was asked of the bars before,
 * their chords and how parts and drums play, holds for the new notes as far as the
 * text does not say otherwise.
 *
 * @param text Such as "bars 5-8 keys, calmer", see `readRedo`.
 * @param options How many takes, and the seed of the first; the others follow it.
 * @returns The takes; each keeps itself in its recipe.
 * @throws {PromptError} If the text cannot be followed.
 * @throws {RangeError} If the model cannot make the parts.
 */
export async function redoWork(
  generator: Generator,
  work: Work,
  text: string,
  { takes = 1, randomSeed = freshSeed(), onProgress }: RedoOptions & {
    readonly takes?: number | undefined;
  } = {},
): Promise<readonly Changed[]> {
  const reading = readRedo(text, work.sequence);
  const held = withAsked(
    reading.wish,
    askedBars(generator, work.recipe),
    work.sequence,
    BarLines.of(work.sequence).count,
  );
  const wish = { ...reading.wish, wishes: held.wishes };
  const seeds = Array.from({ length: takes }, (_, i) => randomSeed + i);
  const told = [
    ...describePrompt(reading),
    ...reading.notes,
    ...held.notes,
  ];
  const made: Changed[] = [];
  for (const [kept, seed] of seeds.entries()) {
    const redone = await redo(generator, work.sequence, wish, {
      randomSeed: seed,
      onProgress,
    });
    const step = { asked: text, redo: wish, takes: seeds, kept };
    const { lost, ...after } = changed(generator, work, redone.sequence, step);
    made.push({
      ...after,
      told: [...told, ...redone.notes, ...lost, `Random seed: ${seed}.`],
      delivered: redone.delivered,
    });
  }
  return made;
}

/**
 * Changes a whole piece: key, tempo, loudness of parts, length.
 *
 * @param text Such as "up 2 semitones, 90 bpm, bass louder", see `readEdit`.
 * @throws {PromptError} If the text cannot be followed.
 * @throws {RangeError} If a change is not possible.
 */
export async function editWork(
  generator: Generator,
  work: Work,
  text: string,
  { randomSeed = freshSeed() }: Pick<RedoOptions, "randomSeed"> = {},
): Promise<Changed> {
  const { sequence } = work;
  const { count } = BarLines.of(sequence);
  const { edits, bars, understood } = readEdit(text, sequence, count);
  const step: RecipeStep = {
    asked: text,
    edits,
    ...bars !== undefined &&
      { longer: longerTo(bars, randomSeed) },
  };
  const { lost, ...made } = await apply(generator, work, step);
  const told = [...understood, ...lost];
  if (work.isLoop && !made.isLoop) {
    told.push(
      "The piece is no loop any more: its new end does not lead back to its beginning.",
    );
  }
  return { ...made, told, delivered: [] };

  /** What new bars are asked once the piece is edited. */
  function longerTo(bars: number, randomSeed: number): Longer {
    const edited = withStep(work.recipe, { asked: text, edits });
    const asked = askedBars(generator, edited);
    const wishes = askedAfter(asked, count, bars - count);
    const asks = Object.keys(wishes).length > 0;
    return { bars, randomSeed, ...asks && { wishes } };
  }
}

/** A piece after a step, and sentences on what of its file the step lost. */
type Stepped = Work & { readonly lost: readonly string[] };

/** A piece after a step that gave it other music. */
function changed(
  generator: Generator,
  { bytes, recipe }: Work,
  music: NoteSequence,
  step: RecipeStep,
): Stepped {
  const spliced = spliceMidi(bytes, music);
  return {
    ...workOf(generator, spliced ?? writeMidi(music), withStep(recipe, step)),
    lost: spliced ? [] : lossOf(readMidi(bytes).dropped),
  };
}

/** A sentence on what a file had that music has no place for; none where nothing. */
function lossOf(dropped: readonly Dropped[]): string[] {
  if (dropped.length === 0) return [];
  const what = dropped.map(({ reason, count }) => `${count} × ${reason}`);
  return [
    `The file had to be written anew, without what only its own bytes said: ${
      new Intl.ListFormat("en").format(what)
    }.`,
  ];
}

async function apply(
  generator: Generator,
  work: Work,
  step: RecipeStep,
): Promise<Stepped> {
  const { sequence } = work;
  if ("redo" in step) {
    const randomSeed = step.takes[step.kept];
    const redone = await redo(generator, sequence, step.redo, { randomSeed });
    return changed(generator, work, redone.sequence, step);
  }
  const edited = step.edits.reduce(editPiece, sequence);
  const music = step.longer
    ? await lengthen(generator, edited, step.longer)
    : edited;
  return changed(generator, work, music, step);
}

/**
 * Makes a piece again from its recipe.
 *
 * @param generator The model that made it.
 * @param readFile Reads the file that it began with, if it did.
 * @throws {RangeError} If another model made it, or the file has changed.
 */
export async function remakeWork(
  generator: Generator,
  recipe: Recipe,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Work> {
  const { start, model } = recipe;
  const own = modelName(generator.checkpoint);
  if (model !== own) {
    throw new RangeError(
      `Cannot make the piece again: its model was "${model}", and this is "${own}". Choose the run that made it.`,
    );
  }
  let work = beginWork(generator, await startBytes(), start);
  for (const step of recipe.steps) {
    const { lost: _, ...after } = await apply(generator, work, step);
    work = after;
  }
  return { ...work, recipe };

  async function startBytes(): Promise<Uint8Array> {
    if ("prompt" in start) {
      const { prompt, randomSeed, options } = start;
      const made = await compose(generator, prompt, { ...options, randomSeed });
      return writeMidi(made.sequence);
    }
    const bytes = await readFile(start.file);
    if (await hashOf(bytes) === start.sha256) return bytes;
    throw new RangeError(
      `Cannot make the piece again: ${start.file} has changed since. Put the file back that it began with.`,
    );
  }
}

/** Makes a piece again without its last step. */
export async function undoWork(
  generator: Generator,
  { recipe }: Pick<Work, "recipe">,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Work> {
  return await remakeWork(generator, undoStep(recipe), readFile);
}

/** Makes a piece again with another take of its last step, counted from 1. */
export async function keepTake(
  generator: Generator,
  { recipe }: Pick<Work, "recipe">,
  take: number,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Work> {
  return await remakeWork(generator, withTake(recipe, take), readFile);
}
