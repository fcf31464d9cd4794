/** Opens the pieces of a corpus again, each as a MIDI file. */

import { join } from "@std/path";
import {
  type EntryOptions,
  type EntryPiece,
  piecesOf,
} from "./collections/entry.ts";
import type { ManifestPiece } from "./format.ts";
import { MIDI_NAME, openMidiFileSync, UnopenedError } from "./midi_files.ts";

/** A file that holds several pieces, and the name of one. */
const IN_FILE = /^(.*?\.(?:csv|json))#(.*)$/i;

/**
 * Gives a function that opens pieces of a corpus again, one after another.
 *
 * @throws {FileError} If a file has gone, or no longer holds the piece.
 */
export function pieceOpener(): (
  folder: string,
  piece: Pick<ManifestPiece, "file" | "kit">,
) => Uint8Array {
  /** The pieces of the last file, for the next is mostly in the same. */
  let last = { path: "", pieces: [] as EntryPiece[] };
  return (folder, { file, kit }) => {
    const [, path = file, name = ""] = file.match(IN_FILE) ?? [];
    const whole = join(folder, path);
    if (name === "" && !kit && MIDI_NAME.test(path)) {
      return openMidiFileSync(whole);
    }
    if (whole !== last.path || name === "") {
      const options: EntryOptions = kit ? { note: { kit } } : {};
      const pieces = [...piecesOf(path, openMidiFileSync(whole), options)];
      last = { path: whole, pieces };
    }
    const piece = last.pieces.find((one) => one.name === name);
    if (piece !== undefined) return piece.bytes;
    throw new UnopenedError(
      file,
      "the file no longer holds the piece",
      `there is no ${name} in it. Preprocess it again`,
    );
  };
}
