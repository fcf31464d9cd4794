/** The folders of data, checkpoints and outputs, and atomic writes of files. */

import { dirname, fromFileUrl, join } from "@std/path";

/** The folder that holds `deno.json`. */
export const PROJECT_FOLDER: string = fromFileUrl(
  new URL("../../", import.meta.url),
).slice(0, -1);

/** The corpus that comes with the project. */
export const STARTER_FOLDER: string = join(PROJECT_FOLDER, "data", "starter");

/** The user's MIDI files, and the data sets of `deno task data`. */
export const MIDI_FOLDER: string = join(PROJECT_FOLDER, "data", "midi");

/** Preprocessed corpora, one folder each. */
export const PROCESSED_FOLDER: string = join(
  PROJECT_FOLDER,
  "data",
  "processed",
);

/** Training runs, one folder each. */
export const CHECKPOINTS_FOLDER: string = join(PROJECT_FOLDER, "checkpoints");

/** Generated music, pictures and executed notebooks. */
export const OUTPUTS_FOLDER: string = join(PROJECT_FOLDER, "outputs");

/**
 * The folder of a training run.
 *
 * @param run Name of the run: letters, digits, ".", "-" and "_", and no "."
 * first, so that it names a folder on every system and never another place.
 * @returns Path of `checkpoints/<run>`, which need not exist.
 * @throws {RangeError} If the name has anything else in it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { CHECKPOINTS_FOLDER } from "immersic/base/paths.ts";
 * import { runFolder } from "immersic/base/base.ts";
 * import { join } from "@std/path";
 * assert(runFolder("lofi-1") === join(CHECKPOINTS_FOLDER, "lofi-1"));
 * ```
 */
export function runFolder(run: string): string {
  if (!/^[\w-][\w.-]*$/.test(run)) {
    throw new RangeError(
      `Cannot name a training run: only letters, digits, ".", "-" and "_" are allowed, and no "." first, current value is "${run}".`,
    );
  }
  return join(CHECKPOINTS_FOLDER, run);
}

/**
 * Writes a file atomically: under a temporary name beside it, flushed to disk,
 * then renamed. At every moment either the old file or the whole new one exists.
 *
 * @param path Its folder is made if missing.
 * @param content Bytes, or text to be written as UTF-8.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  await writeFilesAtomically({ [path]: content });
}

/**
 * Writes files that belong together: all under temporary names first, then
 * renamed one right after the other.
 *
 * @param files Contents by path, in the order of renaming.
 */
export async function writeFilesAtomically(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const temporary = (path: string) => `${path}.tmp`;
  try {
    for (const [path, content] of Object.entries(files)) {
      await Deno.mkdir(dirname(path), { recursive: true });
      await writeToDisk(temporary(path), content);
    }
    for (const path in files) await Deno.rename(temporary(path), path);
  } catch (error) {
    for (const path in files) {
      await Deno.remove(temporary(path)).catch(() => {});
    }
    throw error;
  }
}

/**
 * Writes a file in place and waits until it is on the disk.
 *
 * @param content Bytes, or text to be written as UTF-8.
 */
export async function writeToDisk(
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    create: true,
    truncate: true,
  });
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  for (let done = 0; done < bytes.length;) {
    done += await file.write(bytes.subarray(done));
  }
  await file.sync();
}
