/** Files of a piece that was made: any kind by its ending, and its parts alone. */

import { basename } from "@std/path";
import { expandPath } from "../base/base.ts";
import { describeComposition } from "../composition/composition.ts";
import {
  fileKindOf,
  type FinishedPiece,
  writePiece,
  writeStems,
} from "../files/files.ts";
import type { SynthesisOptions } from "../synthesis/synthesis.ts";
import { audioPlayer, fileLink } from "./files.ts";
import { display } from "./output.ts";
import type { MadePiece } from "./piece.ts";
import { progress } from "./progress.ts";

/** A piece that was made, or any music. */
export type SavedPiece = MadePiece | FinishedPiece;

/**
 * Writes a piece to files, each of the kind that its ending names, and links to them:
 * .mid, .wav, .flac, .ogg, .mp3, .musicxml, .mxl, or .html, a page to share.
 *
 * @param piece What `makePiece` gave, or any music.
 * @param paths The files, or one.
 * @throws {RangeError} If an ending names no kind of file, before anything is written.
 * @throws {FileError} If a file cannot be written.
 *
 * ```ts ignore
 * const piece = await makePiece(generator, "calm piano");
 * await savePiece(piece, ["../outputs/calm.mp3", "../outputs/calm.html"]);
 * ```
 */
export async function savePiece(
  piece: SavedPiece,
  paths: readonly string[] | string,
  sound: SynthesisOptions = {},
): Promise<void> {
  const files = [paths].flat().map(expandPath);
  for (const file of files) fileKindOf(file);
  const writing = progress("Writing", 0, { unit: "s of sound" });
  await writePiece(files, finished(piece), {
    ...sound,
    onProgress: (seconds, total) => writing.update(seconds, { total }),
  });
  await writing.done(files.map((file) => basename(file)).join(", "));
  await display(...files.map((file) => fileLink(file)));
}

/**
 * Writes the parts of a piece to WAV files, one a part, in step, and shows a player of
 * each. They add up to the sound of the piece.
 *
 * @param piece What `makePiece` gave, or any music.
 * @param folder Its files are named by number and part.
 * @returns The paths of the files.
 * @throws {FileError} If a file cannot be written.
 *
 * ```ts ignore
 * const piece = await makePiece(generator, "calm piano with bass");
 * await saveStems(piece, "../outputs/stems");
 * ```
 */
export async function saveStems(
  piece: SavedPiece,
  folder: string,
  sound: SynthesisOptions = {},
): Promise<string[]> {
  const writing = progress("Rendering parts", 0, { unit: "s of sound" });
  const paths = await writeStems(expandPath(folder), finished(piece), {
    ...sound,
    onProgress: (seconds, total) => writing.update(seconds, { total }),
  });
  await writing.done(`${paths.length} parts`);
  await display(
    ...paths.map((path) => audioPlayer(path, { label: basename(path) })),
  );
  return paths;
}

function finished(piece: SavedPiece): FinishedPiece {
  return "copying" in piece
    ? {
      sequence: piece.sequence,
      isLoop: piece.isLoop,
      chords: piece.chords,
      title: piece.title,
      brief: describeComposition(piece),
      delivered: piece.delivered,
    }
    : piece;
}
