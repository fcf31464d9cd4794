/** Where files with music come from: a folder or an archive. */

import { basename, join } from "@std/path";
import { fileCause, FileError } from "../base/base.ts";
import { archiveEntries } from "./archive.ts";
import { type ArchiveEntry, PackedFileError } from "./archive_entry.ts";
import type { Repair } from "../music/music.ts";
import { CorpusError } from "./format.ts";
import {
  findMidiFiles,
  MIDI_NAME,
  MUSIC_NAME,
  MUSIC_NAMES,
  openMidiFile,
  openMidiFileSync,
  type Refusal,
  requireMidiSize,
  UnopenedError,
} from "./midi_files.ts";
import type { Split } from "./splits.ts";

/** Files of a slow folder that are read before their turn. */
const FILES_AHEAD = 8;
/** A file that takes longer is on a slow disk, such as that of another machine. */
const NEAR_MILLISECONDS = 1;
/** Milliseconds over that, in sum, from which on the folder counts as slow. */
const SLOW_MILLISECONDS = 50;

/** A file, to be read before the next one is asked for. */
export interface SourceFile extends FileOrigin {
  /**
   * Path in the folder or archive, "/" between folders. Where a file holds several
   * pieces, "#" and the name of one follow.
   */
  readonly file: string;
  /** Whether it was composed for the corpus. */
  readonly composed?: true;
  /** Its content, or why it cannot be read. */
  read(): Promise<Uint8Array | Refusal>;
}

/** What a collection says of a file, and what was done to make a MIDI file of it. */
export interface FileOrigin {
  /** The file that holds the same song or performance: it is used, and not this. */
  readonly sameAs?: string;
  /** The collection's own split. */
  readonly split?: Split;
  /** The electronic kit whose pitches were changed to those of General MIDI. */
  readonly kit?: "TD-11";
  /** What was put right. */
  readonly repairs?: readonly Repair[];
}

/** A folder or archive. */
export interface MidiSource {
  /** Paths of all its files, sorted. */
  readonly names: readonly string[];
  /** Files, each once, in an order that is always the same. */
  files(wanted: WantedFiles): AsyncIterable<SourceFile>;
}

/** Which files are asked for: a set of paths, or what answers as one. */
export interface WantedFiles {
  has(path: string): boolean;
}

/** All files, without a set of them. */
export const ALL_FILES: WantedFiles = { has: () => true };

/**
 * Lists the files of a folder or an archive (ZIP, TAR, TAR.GZ) that may hold music.
 *
 * @param path Of the folder or archive, or of one table or score.
 * @param followsLinks Whether links that leave the folder are followed.
 * @throws {CorpusError} If there are none, or a folder cannot be read.
 * @throws {FileError} If it is a file that is no archive to be read.
 * @throws {ArchiveError} If it is damaged or of an unsupported kind.
 */
export async function openMidiSource(
  path: string,
  followsLinks = false,
): Promise<MidiSource> {
  // What is missing is told by what reads folders.
  const info = await Deno.stat(path).catch(() => undefined);
  const source = info === undefined || info.isDirectory
    ? await folderSource(path, followsLinks)
    : await archiveSource(path, info);
  if (source.names.length > 0) return source;
  throw new CorpusError(
    `Cannot preprocess ${path}: there is no ${MUSIC_NAMES} file in it or its subfolders.`,
  );
}

async function folderSource(
  path: string,
  followsLinks: boolean,
): Promise<MidiSource> {
  const found = await findMidiFiles(path, followsLinks).catch((error) => {
    throw new CorpusError(
      `Cannot preprocess ${path}: its files cannot be listed (${
        fileCause(error)
      }). Is the path of the MIDI folder right?`,
      { cause: error },
    );
  });
  return {
    names: found.map(({ file }) => file),
    async *files(wanted) {
      const files = found.filter(({ file }) => wanted.has(file));
      const begun: Promise<Uint8Array | Refusal>[] = [];
      let lateMs = 0, isSlow = false;
      for (const [i, { file }] of files.entries()) {
        // A slow disk is asked for many at once; for a near one that is more work.
        const ahead = isSlow ? FILES_AHEAD : 1;
        const open = isSlow ? openMidiFile : openMidiFileSync;
        for (let next = i + begun.length; begun.length < ahead; next++) {
          const other = files[next];
          if (!other) break;
          const fromMs = performance.now();
          const read = async () =>
            other.refusal ?? await open(join(path, other.file), other.file);
          begun.push(orRefusal(read()));
          const tookMs = performance.now() - fromMs;
          lateMs = Math.max(0, lateMs + tookMs - NEAR_MILLISECONDS);
          isSlow ||= lateMs > SLOW_MILLISECONDS;
        }
        const content = begun.shift()!;
        yield { file, read: () => content };
      }
    },
  };
}

async function archiveSource(
  path: string,
  { isFile }: Deno.FileInfo,
): Promise<MidiSource> {
  if (!isFile) throw new FileError(`read ${path}`, "it is a device or a pipe");
  if (MIDI_NAME.test(path)) {
    throw new FileError(
      `read ${path}`,
      "it is a single MIDI file",
      "Give a folder or an archive of such files.",
    );
  }
  if (MUSIC_NAME.test(path)) {
    const file = basename(path);
    const read = () => orRefusal(openMidiFile(path, file));
    return {
      names: [file],
      async *files(wanted) {
        if (wanted.has(file)) yield { file, read };
      },
    };
  }
  // Of files with the same path the last one counts.
  const places = new Map<string, number>();
  let place = 0;
  for await (const entry of archiveEntries(path)) {
    if (MUSIC_NAME.test(entry.path)) places.set(entry.path, place);
    place++;
  }
  return {
    names: [...places.keys()].sort(),
    async *files(wanted) {
      let place = 0;
      for await (const entry of archiveEntries(path)) {
        if (places.get(entry.path) === place++ && wanted.has(entry.path)) {
          yield { file: entry.path, read: () => orRefusal(unpacked(entry)) };
        }
      }
    },
  };
}

async function unpacked(entry: ArchiveEntry): Promise<Uint8Array> {
  requireMidiSize(entry.path, entry.size);
  return await entry.read();
}

/** What is read, or why it is not. */
export async function orRefusal(
  reading: Promise<Uint8Array | Refusal>,
): Promise<Uint8Array | Refusal> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UnopenedError || error instanceof PackedFileError) {
      return { reason: error.reason, message: error.message };
    }
    throw error;
  }
}
