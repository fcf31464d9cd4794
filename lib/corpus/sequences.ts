/** Reads the pieces of a corpus from its MIDI files, as note sequences. */

import { join } from "@std/path";
import { FileError } from "../base/base.ts";
import type { NoteSequence } from "../music/music.ts";
import type { Manifest } from "./format.ts";
import { openMidiFileSync } from "./midi_files.ts";
import { readMusic } from "./reading.ts";
import type { Split } from "./splits.ts";

/** Where the files of a corpus are. */
export interface CorpusFolders {
  /** Folder of the MIDI files; for `preprocess` also an archive of them. */
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
      requireFolder(midiFolder);
      for (const piece of pieces) {
        if (split !== undefined && piece.split !== split) continue;
        const folder = piece.composed ? outFolder : midiFolder;
        const bytes = openMidiFileSync(join(folder, piece.file));
        yield readMusic(bytes, options, piece.file).sequence;
      }
    },
  };
}

/** @throws {FileError} If a path is that of an archive. */
function requireFolder(path: string): void {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch {
    return; // What reads the files tells why.
  }
  if (info.isDirectory) return;
  throw new FileError(
    `read single pieces of ${path}`,
    "it is an archive, which is only read as a whole",
    "Unpack it, and give the folder.",
  );
}
