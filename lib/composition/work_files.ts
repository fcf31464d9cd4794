/** A piece that is worked on, in its MIDI file, and its recipe beside it. */

import { dirname, relative, resolve } from "@std/path";
import { readFileIfAny, writeFilesAtomically } from "../base/base.ts";
import type { Generator } from "../generation/generation.ts";
import { writeMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";
import {
  readRecipe,
  type RecipeStart,
  type RecipeStep,
  writeRecipe,
} from "./takes.ts";
import { beginWork, hashOf, startFromFile, type Work, workOf } from "./work.ts";

/** The file of a piece's recipe: that of the piece and ".json". */
export function recipeFile(midiFile: string): string {
  return `${midiFile}.json`;
}

/**
 * Begins to work with a piece that was just made.
 *
 * @param sequence The piece.
 * @param start What makes it again.
 */
export function newWork(
  generator: Generator,
  sequence: NoteSequence,
  start: RecipeStart,
): Work {
  return beginWork(generator, writeMidi(sequence), start);
}

/**
 * Opens a piece to work with: with the recipe beside it, or, where that is missing or
 * makes another piece than the file has by now, as music that it begins with.
 *
 * @param midiFile Any MIDI file.
 * @param savedAs Where the piece is to be saved. @default `midiFile`
 * @throws {FileError} If a file cannot be read.
 * @throws {MidiError} If it is no MIDI file.
 * @throws {RangeError} If there is a file in place of the recipe that is none.
 *
 * ```ts ignore
 * const work = await openWork(generator, "song.mid");
 * const [take] = await redoWork(generator, work, "bars 5-8 keys, calmer");
 * await saveWork("song-2.mid", take);
 * ```
 */
export async function openWork(
  generator: Generator,
  midiFile: string,
  savedAs: string = midiFile,
): Promise<Work> {
  const bytes = await readWorkFile(midiFile)(resolve(midiFile));
  const text = await readFileIfAny(recipeFile(midiFile));
  if (text) {
    const name = recipeFile(midiFile);
    const recipe = readRecipe(new TextDecoder().decode(text), name);
    if (recipe.made === await hashOf(bytes)) {
      const start = moved(recipe.start, midiFile, savedAs);
      return workOf(generator, bytes, { ...recipe, start });
    }
  }
  const path = relative(dirname(resolve(savedAs)), resolve(midiFile));
  return beginWork(generator, bytes, await startFromFile(path, bytes));
}

/** A start whose file is named from the folder of another recipe. */
function moved(start: RecipeStart, from: string, to: string): RecipeStart {
  if (!("file" in start)) return start;
  const file = resolve(dirname(from), start.file);
  return { ...start, file: relative(dirname(resolve(to)), file) };
}

/**
 * Writes a piece and its recipe.
 *
 * @throws {FileError} If one cannot be written.
 * @throws {RangeError} If the file is the one that the piece began with.
 */
export async function saveWork(
  midiFile: string,
  { bytes, recipe }: Work,
): Promise<void> {
  const { start, steps } = recipe;
  const isStart = "file" in start &&
    resolve(dirname(midiFile), start.file) === resolve(midiFile);
  if (isStart && steps.length > 0) {
    throw new RangeError(
      `Cannot write ${midiFile}: the piece began with this file, and could not be made again. Give another name.`,
    );
  }
  const made = await hashOf(bytes);
  await writeFilesAtomically({
    [midiFile]: bytes,
    [recipeFile(midiFile)]: writeRecipe({ ...recipe, made }),
  });
}

/**
 * Makes sure that a take may be written to a file: that the file has the piece that the
 * take was made from, or another of its takes. Changes made since would be lost.
 *
 * @throws {RangeError} If the piece was changed since, or a change was taken back.
 */
export async function requireSameBefore(
  midiFile: string,
  { recipe }: Pick<Work, "recipe">,
): Promise<void> {
  const text = await readFileIfAny(recipeFile(midiFile));
  if (!text) return;
  const name = recipeFile(midiFile);
  const there = readRecipe(new TextDecoder().decode(text), name);
  const before = recipe.steps.slice(0, -1).map(sameStep);
  const take = recipe.steps.slice(-1).map(sameStep);
  const now = there.steps.map(sameStep);
  const own = JSON.stringify(now);
  if (
    JSON.stringify(there.start) !== JSON.stringify(recipe.start) ||
    own === JSON.stringify(before) ||
    own === JSON.stringify([...before, ...take])
  ) return;
  const isTaken =
    JSON.stringify(now[before.length]) === JSON.stringify(take[0]);
  const since = there.steps.slice(before.length + Number(isTaken))
    .map(({ asked }) => JSON.stringify(asked));
  throw new RangeError(
    since.length === 0
      ? `Cannot keep the take: since it was made, the piece was taken back to before it. Make takes anew.`
      : `Cannot keep the take: the piece was changed since it was made, by ${
        new Intl.ListFormat("en").format(since)
      }, and that would be lost. Make takes anew, or undo the changes first.`,
  );
}

/** A step without which of its takes is kept. */
function sameStep(step: RecipeStep): unknown {
  return "takes" in step ? { ...step, kept: undefined } : step;
}

/** Reads files that a recipe names, for those who make its piece again. */
export function readWorkFile(
  midiFile: string,
): (path: string) => Promise<Uint8Array> {
  return async (path) => {
    const file = resolve(dirname(midiFile), path);
    const bytes = await readFileIfAny(file);
    if (bytes) return bytes;
    throw new RangeError(
      `Cannot read ${file}: there is no such file. Is it spelt right, or was it moved?`,
    );
  };
}
