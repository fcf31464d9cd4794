/** Reads the pieces of a corpus from its MIDI files, as note sequences. */

import { dirname } from "@std/path";
import { FileError } from "../base/base.ts";
import type { NoteSequence } from "../music/music.ts";
import type { Manifest } from "./format.ts";
import { MUSIC_NAME } from "./midi_files.ts";
import { pieceOpener } from "./piece_opener.ts";
import { readMusic } from "./reading.ts";
import type { Split } from "./splits.ts";

/** Where the files of a corpus are. */
export interface CorpusFolders {
  /**
   * Folder of the MIDI files, or one table or score; for `preprocess` also an archive
   * of them.
   */
  readonly midiFolder: string;
  /** Folder of the corpus, where composed files are. */
  readonly outFolder: string;
}

/**
 * The pieces of a corpus, read from the files that it was made from. Each is read
 * when its turn comes, so that a large corpus is never in memory as a whole.
 *
 * @param folders As given to `preprocess`.
 * @param manifest Of the corpus.
 * @param split Only pieces of this split; all if left out.
 * @returns Pieces in the order of the manifest. Going through them throws a
 * FileError or MidiError where a file has gone or changed, and a FileError where
 * the MIDI files are in an archive.
 */
export function readSequences(
  { midiFolder, outFolder }: CorpusFolders,
  { pieces, maxGapBars }: Pick<Manifest, "pieces" | "maxGapBars">,
  split?: Split,
): Iterable<NoteSequence> {
  const options = maxGapBars === undefined ? {} : { maxGapBars };
  return {
    *[Symbol.iterator]() {
      const filesFolder = folderOf(midiFolder);
      const open = pieceOpener();
      for (const piece of pieces) {
        if (split !== undefined && piece.split !== split) continue;
        const folder = piece.composed ? outFolder : filesFolder;
        yield readMusic(open(folder, piece), options, piece.file).sequence;
      }
    },
  };
}

/**
 * The folder that the paths of pieces are below.
 *
 * @throws {FileError} If a path is that of an archive.
 */
function folderOf(path: string): string {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch {
    return path; // What reads the files tells why.
  }
  if (info.isDirectory) return path;
  if (MUSIC_NAME.test(path)) return dirname(path);
  throw new FileError(
    `read single pieces of ${path}`,
    "it is an archive, which is only read as a whole",
    "Unpack it, and give the folder.",
  );
}
