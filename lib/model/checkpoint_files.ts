/**
 * Writes and reads a checkpoint's folder. Writing is atomic: the folder exists
 * whole or not at all.
 */

import { Buffer } from "node:buffer";
import { join } from "@std/path";
import {
  FileError,
  readFileIfAny,
  syncFolder,
  writeFileAtomically,
  writeToDisk,
} from "../base/base.ts";
import type { Checkpoint } from "./checkpoint.ts";
import {
  type CheckpointFile,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./checkpoint_format.ts";

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
  const stale = await staleFiles(folder, files);
  // One of the same step is there where validation is stopped a second time, and must
  // not be away for a moment.
  if (checkpoint.training && stale.every(({ name }) => name.endsWith("json"))) {
    for (const { name, content } of stale) {
      await writeFileAtomically(join(folder, name), content);
    }
    return folder;
  }
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

/** Those that a folder has not, or with other content. */
async function staleFiles(
  folder: string,
  files: readonly CheckpointFile[],
): Promise<CheckpointFile[]> {
  const stale: CheckpointFile[] = [];
  for (const file of files) {
    const bytes = await readFileIfAny(join(folder, file.name)).catch(() => {});
    if (!bytes || Buffer.compare(bytes, Buffer.from(file.content)) !== 0) {
      stale.push(file);
    }
  }
  return stale;
}

/**
 * Reads a checkpoint.
 *
 * @throws {CheckpointError} When it is of another kind or version, or damaged.
 * @throws {FileError} When one of its files cannot be read.
 */
export function loadCheckpoint(folder: string): Promise<Checkpoint> {
  return decodeCheckpoint(folder, (name) => readFileIfAny(join(folder, name)));
}

/** Rethrows an error, unless it says that a file or folder does not exist. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
