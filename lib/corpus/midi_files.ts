/** Finds the files of a folder that may hold music, and opens them. */

import { isAbsolute, join, relative } from "@std/path";
import { fileCause, FileError } from "../base/base.ts";
import { MAX_FILE_BYTES } from "../midi/midi.ts";

/** Ends of names that MIDI files have. */
export const MIDI_NAME = /\.(?:midi?|kar|rmi|smf|midi2)$/i;
/** Ends of names that files with music may have: MIDI files, scores and tables. */
export const MUSIC_NAME =
  /\.(?:midi?|kar|rmi|smf|midi2|csv|json|musicxml|mxl|xml)$/i;
/** The same, for messages. */
export const MUSIC_NAMES =
  ".mid, .midi, .kar, .rmi, .smf, .midi2, .musicxml, .mxl, .xml, .csv or .json";
/** Tables and frames of whole collections; MIDI files are smaller. */
const TABLE_NAME = /\.(?:csv|json)$/i;
const MAX_TABLE_BYTES = 2 ** 28;

const CANNOT_OPEN = "the file cannot be opened";
const NOT_REGULAR = "it is not a regular file";

/** Why a file could not be used. */
export interface Refusal {
  /** The reason, worded the same for every file, so that files can be counted by it. */
  readonly reason: string;
  /** The whole error, with its numbers. */
  readonly message: string;
}

/** A file that must not or cannot be opened, and why. */
export class UnopenedError extends FileError {
  /** @param reason The same words for every file. */
  constructor(file: string, readonly reason: string, detail: unknown = reason) {
    super(`read ${file}`, detail);
  }
}

/** What {@linkcode findMidiFiles} finds. */
export interface FoundFile {
  /** Path below the folder, "/" between folders and at the end of one. */
  readonly file: string;
  /** Why it is not to be opened; absent where it is. */
  readonly refusal?: Refusal;
}

/**
 * Finds files by the ends of their names, in a folder and its subfolders.
 *
 * A link to a folder below `folder` adds nothing, for its files are found where
 * they are. Links that lead elsewhere are named, and followed only on request. A
 * subfolder that cannot be read is named, and the others are still read.
 *
 * @param followsLinks Whether links that leave the folder are followed.
 * @returns Files, and folders and links refused, sorted by path.
 * @throws If the folder itself cannot be read.
 */
export async function findMidiFiles(
  folder: string,
  followsLinks = false,
): Promise<FoundFile[]> {
  const root = await Deno.realPath(folder);
  const found: FoundFile[] = [];
  const refuse = (file: string, reason: string, why: string) =>
    found.push({
      file,
      refusal: { reason, message: `Cannot read ${file}: ${why}.` },
    });
  const visited = new Set([root]);
  const folders = [{ prefix: "", real: root }];
  const visit = (prefix: string, real: string) => {
    if (!visited.has(real)) folders.push({ prefix, real });
    visited.add(real);
  };
  // Folders found on the way are added at the end, and so visited too.
  for (const { prefix, real } of folders) {
    const entries = await entriesOf(real);
    if (entries instanceof Error) {
      if (prefix === "") throw entries;
      refuse(prefix, "the folder cannot be read", fileCause(entries));
      continue;
    }
    for (const entry of entries) {
      const file = prefix + entry.name, path = join(real, entry.name);
      const isNamed = MUSIC_NAME.test(entry.name);
      const target = entry.isSymlink ? await targetOf(path) : undefined;
      const isFolder = target?.isDirectory ?? entry.isDirectory;
      if (!isFolder && !isNamed) continue;
      const leaves = target !== undefined && !isBelow(root, target.real);
      if (leaves && !followsLinks) {
        const hint = "it is a link out of the folder; " +
          "--follow-links (followLinks) follows it";
        refuse(isFolder ? `${file}/` : file, "a link leaves the folder", hint);
      } else if (!isFolder) {
        found.push({ file });
      } else {
        if (isNamed) {
          refuse(`${file}/`, NOT_REGULAR, "it is a folder; its files are read");
        }
        if (target === undefined) visit(`${file}/`, path);
        else if (leaves) visit(`${file}/`, target.real);
      }
    }
  }
  return found.sort((a, b) => a.file < b.file ? -1 : 1);
}

/** The entries of a folder, sorted by name. */
async function entriesOf(folder: string): Promise<Deno.DirEntry[] | Error> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Whether a path is that of a folder or below it. */
function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && !/^\.\.(?:[/\\]|$)/.test(way);
}

/** Where a link leads; undefined if nowhere. */
async function targetOf(
  link: string,
): Promise<{ real: string; isDirectory: boolean } | undefined> {
  try {
    const real = await Deno.realPath(link);
    return { real, isDirectory: (await Deno.stat(real)).isDirectory };
  } catch {
    return undefined;
  }
}

/**
 * The bytes of a MIDI file. Pipes, sockets and devices are never opened, since
 * they may never end.
 *
 * @param file Its name, for errors. @default the path
 * @throws {FileError} If it is no regular file, too large, or cannot be opened.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openMidiFile } from "immersic/corpus/corpus.ts";
 * await assert.rejects(openMidiFile("/dev/zero"), /it is a device\.$/);
 * ```
 */
export async function openMidiFile(
  path: string,
  file: string = path,
): Promise<Uint8Array> {
  try {
    requireReadable(file, await Deno.stat(path));
    return await Deno.readFile(path);
  } catch (error) {
    throw unopened(file, error);
  }
}

/** As {@linkcode openMidiFile}, at once. */
export function openMidiFileSync(
  path: string,
  file: string = path,
): Uint8Array {
  try {
    requireReadable(file, Deno.statSync(path));
    return Deno.readFileSync(path);
  } catch (error) {
    throw unopened(file, error);
  }
}

function unopened(file: string, error: unknown): UnopenedError {
  return error instanceof UnopenedError
    ? error
    : new UnopenedError(file, CANNOT_OPEN, error);
}

function requireReadable(file: string, info: Deno.FileInfo): void {
  if (!info.isFile) {
    const kind = info.isDirectory
      ? "folder"
      : info.isFifo
      ? "pipe"
      : info.isSocket
      ? "socket"
      : "device";
    throw new UnopenedError(file, NOT_REGULAR, `it is a ${kind}`);
  }
  requireMidiSize(file, info.size);
}

/** @throws {UnopenedError} If a file has more bytes than any of its kind. */
export function requireMidiSize(file: string, size: number): void {
  const most = TABLE_NAME.test(file) ? MAX_TABLE_BYTES : MAX_FILE_BYTES;
  if (size <= most) return;
  throw new UnopenedError(
    file,
    "the file is too large",
    `it may have ${most} bytes at most, current value is ${size}`,
  );
}
