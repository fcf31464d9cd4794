/**
 * Writes and reads a checkpoint's folder. Writing is atomic: the folder exists
 * whole or not at all.
 */

import { join } from "@std/path";
import { FileError, syncFolder, writeToDisk } from "../base/base.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint_format.ts";

/** Folder name of a checkpoint: `epoch-0012`, within an epoch `epoch-0012-step-40`. */
function folderName({ epoch, progress }: Checkpoint): string {
  const name = `epoch-${String(epoch).padStart(4, "0")}`;
  return progress ? `${name}-step-${progress.steps}` : name;
}

/** Undoes {@linkcode folderName}; undefined for the name of anything else. */
export function parseFolderName(
  name: string,
): { epoch: number; steps: number } | undefined {
  const match = /^epoch-(\d+)(?:-step-(\d+))?$/.exec(name);
  return match
    ? { epoch: Number(match[1]), steps: Number(match[2] ?? 0) }
    : undefined;
}

/**
 * Saves a checkpoint: written under a temporary name, flushed to disk, then
 * renamed, so that a process killed at any moment leaves only whole ones.
 *
 * @param runFolder Folder of the run, made where missing.
 * @returns The checkpoint's folder.
 * @throws {FileError} If it cannot be written; nothing new is left then.
 */
export async function saveCheckpoint(
  runFolder: string,
  checkpoint: Checkpoint,
): Promise<string> {
  const files = await encodeCheckpoint(checkpoint);
  const folder = join(runFolder, folderName(checkpoint));
  const temporary = `${folder}.${Deno.pid}.tmp`;
  try {
    await Deno.mkdir(temporary, { recursive: true });
    for (const { name, content } of files) {
      await writeToDisk(join(temporary, name), content);
    }
    // A folder cannot be renamed onto another, so the old one goes first.
    await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
    await Deno.rename(temporary, folder);
    await syncFolder(runFolder);
  } catch (error) {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
    throw new FileError(`save the checkpoint ${folder}`, error);
  }
  return folder;
}

/**
 * Reads a checkpoint.
 *
 * @throws {CheckpointError} When it is of another kind or version, or damaged.
 */
export function loadCheckpoint(folder: string): Promise<Checkpoint> {
  return decodeCheckpoint(folder, async (name) => {
    try {
      return await Deno.readFile(join(folder, name));
    } catch (error) {
      ignoreMissing(error);
      return undefined;
    }
  });
}

/** Rethrows an error, unless it says that a file or folder does not exist. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
