/** `generate --piece`: an existing piece, changed step by step. */

import { extname, resolve } from "@std/path";
import {
  type Changed,
  editWork,
  keepTake,
  openWork,
  readWorkFile,
  redoWork,
  saveWork,
  undoWork,
  type Work,
} from "../composition/composition.ts";
import {
  deliveredTable,
  fileKindOf,
  writePiece,
  writeStems,
} from "../files/files.ts";
import { writeFileAtomically } from "../base/base.ts";
import type { Generator } from "../generation/generation.ts";
import type { SynthesisOptions } from "../synthesis/synthesis.ts";
import type { CommandResult } from "./command.ts";
import type { Progress } from "./progress.ts";
import { filesToFollow, staleFiles } from "./earlier_files.ts";
import {
  type GENERATE,
  type Given,
  required,
  UsageError,
} from "../tasks/tasks.ts";

/** The values of the options of `generate`. */
export type GenerateOptions = Given<typeof GENERATE.options>["options"];

/** Where the changed piece goes, and how far it is. */
export interface WorkOptions {
  /** Files to write. @default the piece, or a new one beside it */
  readonly files: readonly string[];
  /** Folder of stems. @default none */
  readonly stems?: string | undefined;
  /** How to render sound. */
  readonly sound: SynthesisOptions;
  /** Shows how far it is. */
  readonly progress: Progress;
}

/**
 * Checks the options that change a piece.
 *
 * @returns Whether there are any.
 * @throws {UsageError} If they do not go together.
 */
export function asksForWork(options: GenerateOptions): boolean {
  const { piece, redo, takes } = options;
  const changes = (["redo", "edit", "keep", "undo"] as const)
    .filter((name) => options[name]);
  if (takes !== undefined && !redo) {
    throw new UsageError("Cannot make takes: --takes goes with --redo.");
  }
  if (piece === undefined) {
    if (changes.length === 0) return false;
    throw new UsageError(
      `Cannot use --${changes[0]} alone: --piece is missing.`,
    );
  }
  if (changes.length === 1) return true;
  throw new UsageError(
    "Cannot change the piece: give one of --redo, --edit, --keep and --undo.",
  );
}

/**
 * Changes a piece, and writes it with its recipe beside it.
 *
 * @throws {PromptError} If the change cannot be followed.
 */
export async function changePiece(
  generator: Generator,
  options: GenerateOptions,
  { files, stems, sound, progress }: WorkOptions,
): Promise<CommandResult> {
  const piece = resolve(required("piece", options.piece));
  progress("reading the piece");
  const isMidi = (file: string) => fileKindOf(file) === "midi";
  const [out = await outOf(generator, piece), ...others] = files.filter(isMidi);
  const made = await change(generator, options, piece, out, progress);
  const [kept, ...takes] = made;
  const more = [...others, ...files.filter((f) => !isMidi(f))];
  const takeFiles = takes.map((_, i) => takeFile(out, i + 2));
  await saveWork(out, kept!);
  for (const [i, take] of takes.entries()) {
    await writeFileAtomically(takeFiles[i]!, take.bytes);
    const others = more.map((file) => takeFile(file, i + 2));
    await writePiece(others, take, sound);
    takeFiles.push(...others);
  }
  const { sequence, isLoop, chords } = kept!;
  const finished = { sequence, isLoop, chords };
  // The sound that was beside the piece would be of another step or take of it.
  if (files.length === 0) more.push(...await filesToFollow(out));
  await writePiece(more, finished, sound);
  const stemFiles = stems === undefined
    ? []
    : await writeStems(stems, finished, sound);
  const written = [out, ...more, ...takeFiles, ...stemFiles];
  const { told, delivered } = kept!;
  return {
    text: [
      ...delivered.length > 0 ? [deliveredTable(delivered).text, ""] : [],
      ...told,
      ...delivered.filter(({ met }) => !met).map((
        { what, asked, delivered },
      ) => `Asked for ${what} ${asked}, came out as ${delivered}.`),
      ...takes.length > 0
        ? [`--keep N keeps one of the ${made.length} takes.`]
        : [],
      `Written to ${written.join(" and ")}.`,
      ...await staleFiles(out, written),
    ].join("\n"),
    json: {
      piece,
      out,
      files: [out, ...more],
      ...stems !== undefined && { stems: stemFiles },
      takes: takeFiles,
      told,
      delivered,
      recipe: kept!.recipe,
    },
  };
}

/** The piece after the change; of a redo, all takes. */
async function change(
  generator: Generator,
  { randomSeed, redo, takes, edit, keep }: GenerateOptions,
  piece: string,
  out: string,
  progress: Progress,
): Promise<readonly Changed[]> {
  const work = await openWork(generator, piece, out);
  if (redo !== undefined) {
    return await redoWork(generator, work, redo, {
      takes,
      randomSeed,
      onProgress: (tokens, bars) => progress(`${tokens} tokens, bar ${bars}`),
    });
  }
  if (edit !== undefined) {
    return [await editWork(generator, work, edit, { randomSeed })];
  }
  const readFile = readWorkFile(out);
  const made = keep === undefined
    ? await undoWork(generator, work, readFile)
    : await keepTake(generator, work, keep, readFile);
  return [{ ...made, told: [lastStep(made)], delivered: [] }];
}

/** A sentence on where a piece stands. */
function lastStep({ recipe }: Work): string {
  const last = recipe.steps.at(-1);
  if (!last) return "The piece is as it began.";
  return "takes" in last
    ? `Last step: ${last.asked}, take ${last.kept + 1} of ${last.takes.length}.`
    : `Last step: ${last.asked}.`;
}

/** The piece itself, or a file beside it where it began with that file. */
async function outOf(generator: Generator, piece: string): Promise<string> {
  const { recipe: { start } } = await openWork(generator, piece);
  const isOwn = "prompt" in start ||
    resolve(piece, "..", start.file) !== piece;
  return isOwn ? piece : withName(piece, "-2");
}

/** Where a take goes that is not the first. */
const takeFile = (out: string, take: number) => withName(out, `.take-${take}`);

/** A path with something after its name. */
function withName(path: string, more: string): string {
  const ending = extname(path);
  return path.slice(0, path.length - ending.length) + more + ending;
}
