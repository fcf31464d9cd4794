/**
 * Reads the files of an archive one after another: ZIP (stored or deflated, ZIP64
 * too) and TAR, gzipped or not. No more than one file is in memory at a time.
 */

import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError, printable } from "../base/base.ts";
import {
  type ArchiveEntry,
  ArchiveError,
  PackedFileError,
} from "./archive_entry.ts";
import { tarEntries } from "./tar.ts";
import defer * as zip from "./zip.ts";

/** A file of an archive. */
export interface ArchiveFile {
  /** Path in the archive, "/" between folders. */
  readonly path: string;
  /** Its content, unpacked. */
  readonly bytes: Uint8Array;
}

/** Most bytes of all files that {@linkcode unpack} holds. */
const MAX_BYTES = 2 ** 30;
/** Bytes that are read or decompressed at a time. */
const CHUNK_BYTES = 2 ** 18;
/** Paths of other places than the folder, with the separators of any system. */
const LEADS_OUTSIDE = /^[/\\]|^[a-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/i;

/**
 * The files of an archive, whose first bytes show its kind, in its order. Where two
 * have the same path, unpacking programs keep the later one.
 *
 * @param source Path of the archive, or its bytes.
 * @throws While one goes through them:
 * {ArchiveError} if it is no archive, damaged, or the path of a file leads outside of
 * the folder, {FileError} if it cannot be opened.
 */
export async function* archiveEntries(
  source: string | Uint8Array,
): AsyncGenerator<ArchiveEntry> {
  const { start, size } = await beginningOf(source);
  const name = typeof source === "string" ? source : "the archive";
  const damaged = (cause: unknown) =>
    new ArchiveError(
      `Cannot unpack ${name}: its ${size} bytes are no whole ZIP, TAR or TAR.GZ file. Was the download cut short, or is it another kind of file?`,
      { cause },
    );
  const startsWith = (...magic: number[]) =>
    magic.every((byte, i) => start[i] === byte);
  const entries = startsWith(0x50, 0x4b)
    ? zip.zipEntries(source, damaged)
    : tarEntries(contentOf(source, startsWith(0x1f, 0x8b)), damaged);
  for await (const entry of entries) {
    if (LEADS_OUTSIDE.test(entry.path)) {
      throw new ArchiveError(
        `Cannot unpack ${name}: its file "${
          printable(entry.path)
        }" would not stay in the folder.`,
      );
    }
    const shown = printable(entry.path);
    yield shown === entry.path ? entry : refused(entry, shown);
  }
}

/** A file that is not read because of its name, under one that can be shown. */
function refused({ size }: ArchiveEntry, shown: string): ArchiveEntry {
  const fault = new PackedFileError(
    shown,
    "the name has control characters",
    "its name has control characters (shown as �). Rename it, or unpack the archive with another program and give the folder.",
  );
  return { path: shown, size, read: () => Promise.reject(fault) };
}

/**
 * Unpacks an archive that is in memory.
 *
 * @param bytes The whole archive.
 * @returns Its files, in its order.
 * @throws {ArchiveError} If it is no archive, damaged, or of an unsupported kind,
 * its files are too large together, or the path of a file leads outside of the folder.
 */
export async function unpack(bytes: Uint8Array): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  let total = 0;
  for await (const entry of archiveEntries(bytes)) {
    total += entry.size;
    if (total > MAX_BYTES) {
      throw new ArchiveError(
        `Cannot unpack the archive: its files may have ${MAX_BYTES} bytes together at most, current value is ${total} or more. Unpack it with another program and give the folder.`,
      );
    }
    files.push({ path: entry.path, bytes: await entry.read() });
  }
  return files;
}

/** The first bytes of an archive, and how many there are in all. */
async function beginningOf(
  source: string | Uint8Array,
): Promise<{ start: Uint8Array; size: number }> {
  if (typeof source !== "string") return { start: source, size: source.length };
  try {
    using file = await Deno.open(source);
    const { size } = await file.stat();
    const start = new Uint8Array(2);
    return { start: start.subarray(0, await file.read(start) ?? 0), size };
  } catch (error) {
    throw new FileError(`read ${source}`, error);
  }
}

/** The bytes of an archive in parts, decompressed if it is gzipped. */
async function* contentOf(
  source: string | Uint8Array,
  isGzipped: boolean,
): AsyncGenerator<Uint8Array> {
  const file = typeof source === "string"
    ? createReadStream(source, { highWaterMark: CHUNK_BYTES })
    : Readable.from([source]);
  try {
    if (!isGzipped) return yield* file;
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    file.on("error", (error: Error) => gunzip.destroy(error));
    yield* file.pipe(gunzip);
  } finally {
    file.destroy();
  }
}
