/** The folders of data, checkpoints and outputs, and atomic writes of files. */

import { dirname, fromFileUrl, join, resolve } from "@std/path";
import { FileError } from "./file_error.ts";
import { Stopped } from "./turns.ts";

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

/** TensorFlow and its addon, once `deno task setup:tensorflow` has run. */
export const TENSORFLOW_FOLDER: string = join(PROJECT_FOLDER, ".tensorflow");

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
  requireText("a training run", run);
  if (!/^[\w-][\w.-]*$/.test(run)) {
    throw new RangeError(
      `Cannot name a training run: only letters, digits, ".", "-" and "_" are allowed, and no "." first, current value is "${run}".`,
    );
  }
  return join(CHECKPOINTS_FOLDER, run);
}

/**
 * The folder of a preprocessed corpus.
 *
 * @param corpus Its name, for `data/processed/<name>`; or a path, which begins with "."
 * or has a "/", "\\", ":", "%", "$" or "~" in it.
 * @returns Path of the folder, which need not exist.
 * @throws {RangeError} If it is empty.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusFolder, PROJECT_FOLDER } from "immersic/base/base.ts";
 * import { join } from "@std/path";
 * const processed = join(PROJECT_FOLDER, "data", "processed");
 * assert.equal(corpusFolder("mine"), join(processed, "mine"));
 * assert.equal(corpusFolder("./mine"), "./mine");
 * ```
 */
export function corpusFolder(corpus: string): string {
  requireText("a corpus", corpus);
  if (corpus.trim() === "") {
    throw new RangeError(
      `Cannot name a corpus: its name is empty. Give it one, such as "mine".`,
    );
  }
  return /^[^\\/:%$.~][^\\/:%$~]*$/.test(corpus)
    ? join(PROCESSED_FOLDER, corpus)
    : expandPath(corpus);
}

/**
 * A path with the home folder in place of a "~" at its beginning, and environment
 * variables such as %USERPROFILE% in place of their names, as a command line has it.
 *
 * @throws {RangeError} If there is no such variable.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expandPath } from "immersic/base/base.ts";
 * Deno.env.set("MUSIC", "/srv/music");
 * assert.equal(expandPath("%MUSIC%/lofi"), "/srv/music/lofi");
 * assert.equal(expandPath("../midi"), "../midi");
 * ```
 */
export function expandPath(path: string): string {
  requireText("a file or folder", path);
  return expandHome(path).replaceAll(
    /%(\w+)%/g,
    (_, name) => variableOf(name, path),
  );
}

/**
 * A path with the home folder in place of a "~" at its beginning. Shells put it there
 * themselves, but not within quotes, nor in `--out=~/song.mid`.
 *
 * @throws {RangeError} If the home folder is not known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expandHome } from "immersic/base/base.ts";
 * assert.notEqual(expandHome("~/Music"), "~/Music");
 * assert.equal(expandHome("songs/~1.mid"), "songs/~1.mid");
 * ```
 */
export function expandHome(path: string): string {
  if (!/^~(?=$|[\\/])/.test(path)) return path;
  const name = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  return variableOf(name, path) + path.slice(1);
}

/** The value of an environment variable that a path begins with or has in it. */
function variableOf(name: string, path: string): string {
  const value = Deno.env.get(name);
  if (value !== undefined) return value;
  throw new RangeError(
    `Cannot find ${path}: there is no environment variable ${name}. Write the path in full.`,
  );
}

/** A notebook has no types: a misspelt name of a parameter gives undefined. */
function requireText(what: string, value: unknown): asserts value is string {
  if (typeof value === "string") return;
  throw new RangeError(
    `Cannot name ${what}: its name must be a text, current value is ${value}. Is the parameter spelt right?`,
  );
}

/**
 * Makes sure, before any work, that files can be written in a folder. It tries
 * with a small file, in the folder or, where that does not exist yet, in the
 * nearest one above it, and leaves nothing behind.
 *
 * @throws {FileError} If the folder or a part of its path is a file, read-only or
 * on a full disk.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { requireWritableFolder } from "immersic/base/base.ts";
 * await assert.rejects(requireWritableFolder(import.meta.filename + "/out"));
 * ```
 */
export async function requireWritableFolder(folder: string): Promise<void> {
  const refuse = (reason: unknown) =>
    new FileError(`write in ${folder}`, reason, "Give another folder.");
  const absolute = resolve(folder);
  let existing = absolute, info: Deno.FileInfo | undefined;
  while (!(info = await statOf(existing))) existing = dirname(existing);
  if (!info.isDirectory) {
    throw refuse(
      existing === absolute
        ? "it is a file, not a folder"
        : `${existing} is a file, not a folder`,
    );
  }
  // Of one name, so that the next try removes what a killed process has left; and
  // so another process that tries meanwhile may remove this one's.
  const probe = join(existing, ".immersic.tmp");
  try {
    await writeToDisk(probe, "Can this folder be written?");
    await Deno.remove(probe).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  } catch (error) {
    await Deno.remove(probe).catch(() => {});
    throw refuse(error);
  }
}

/**
 * Makes sure, before any work, that a file can be written.
 *
 * @throws {FileError} If it is a folder, a device or a pipe, or its folder cannot
 * be written.
 */
export async function requireWritableFile(path: string): Promise<void> {
  const info = await statOf(path);
  if (info && !info.isFile) {
    throw new FileError(
      `write ${path}`,
      `it is ${info.isDirectory ? "a folder" : "a device or a pipe"}`,
      "Give the name of a file.",
    );
  }
  await requireWritableFolder(dirname(path));
}

/** What a path leads to; undefined if that does not exist. */
async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    throw new FileError(`write ${path}`, error, "Give another path.");
  }
}

/**
 * The bytes of a file.
 *
 * @param mostBytes A larger one is not read.
 * @returns undefined if there is no such file.
 * @throws {FileError} If there is one and it cannot be read, or is larger.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readFileIfAny } from "immersic/base/base.ts";
 * assert.equal(await readFileIfAny("/no/such/file"), undefined);
 * ```
 */
export async function readFileIfAny(
  path: string,
  mostBytes: number = Infinity,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { size } = await Deno.stat(path);
    if (size <= mostBytes) return await Deno.readFile(path);
    throw new RangeError(`it has ${size} bytes, ${mostBytes} at most are read`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new FileError(`read ${path}`, error);
  }
}

/**
 * What a file is to hold: bytes, text to be written as UTF-8, or pieces of bytes made
 * while they are written.
 */
export type FileContent =
  | Uint8Array
  | string
  | Iterable<Uint8Array>
  | AsyncIterable<FilePiece>;

/**
 * Bytes that follow those before them, or that replace others. They must stay as they
 * are until the next but one is asked for.
 */
export type FilePiece = Uint8Array | {
  /** Offset of the first byte that is replaced. */
  readonly at: number;
  readonly bytes: Uint8Array;
};

/**
 * Writes a file atomically: under a temporary name beside it, flushed to disk,
 * then renamed. At every moment either the old file or the whole new one exists.
 *
 * @param path Its folder is made if missing.
 * @throws {FileError} If it cannot be written; nothing new is left then.
 */
export async function writeFileAtomically(
  path: string,
  content: FileContent,
): Promise<void> {
  await writeFilesAtomically({ [path]: content });
}

/**
 * Writes files that belong together: all under temporary names first, then
 * renamed one right after the other.
 *
 * @param files Contents by path, in the order of renaming.
 * @throws {FileError} If one cannot be written; none is then, unless a rename
 * fails after another.
 */
export async function writeFilesAtomically(
  files: Readonly<Record<string, FileContent>>,
): Promise<void> {
  const temporary = (path: string) => `${path}.tmp`;
  let current = "";
  try {
    for (const [path, content] of Object.entries(files)) {
      current = path;
      await Deno.mkdir(dirname(path), { recursive: true });
      await writeToDisk(temporary(path), content);
    }
    for (const path in files) {
      current = path;
      await renameOver(temporary(path), path);
      await syncFolder(dirname(path));
    }
  } catch (error) {
    for (const path in files) {
      await Deno.remove(temporary(path)).catch(() => {});
    }
    if (error instanceof Stopped) throw error;
    throw new FileError(`write ${current}`, error);
  }
}

/**
 * Renames a file over another. Windows refuses that while a program has the other one
 * open, such as a virus scanner for a moment.
 */
async function renameOver(from: string, to: string): Promise<void> {
  for (let tries = Deno.build.os === "windows" ? 10 : 1;; tries--) {
    try {
      return await Deno.rename(from, to);
    } catch (error) {
      if (tries <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * Waits until the names of files in a folder are on the disk, such as one that was
 * renamed. Windows does so on its own.
 */
export async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path);
  await folder.sync();
}

/**
 * Writes a file in place and waits until it is on the disk.
 */
export async function writeToDisk(
  path: string,
  content: FileContent,
): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    create: true,
    truncate: true,
  });
  const pieces = typeof content === "string"
    ? [new TextEncoder().encode(content)]
    : content instanceof Uint8Array
    ? [content]
    : content;
  // While one is written, the next is made.
  let writing = Promise.resolve();
  try {
    for await (const piece of pieces) {
      await writing;
      writing = writePiece(file, piece);
      // What fails is thrown where it is waited for.
      writing.catch(() => {});
    }
    await writing;
  } finally {
    // The file is closed next.
    await writing.catch(() => {});
  }
  await file.sync();
}

async function writePiece(file: Deno.FsFile, piece: FilePiece): Promise<void> {
  const bytes = piece instanceof Uint8Array ? piece : piece.bytes;
  if (!(piece instanceof Uint8Array)) {
    await file.seek(piece.at, Deno.SeekMode.Start);
  }
  for (let done = 0; done < bytes.length;) {
    done += await file.write(bytes.subarray(done));
  }
  if (bytes !== piece) await file.seek(0, Deno.SeekMode.End);
}
