/** Reads the pieces of a corpus from its MIDI files, as note sequences. */
import { join } from "@std/path";
import { parseMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";
import type { Manifest } from "./format.ts";
import type { Split } from "./splits.ts";

/**
 * Reads the pieces of a corpus from the folder that it was made from.
 *
 * @param midiFolder Folder of the MIDI files.
 * @param manifest Of the corpus.
 * @param split Only pieces of this split; all if left out.
 * @returns Pieces in the order of the manifest.
 */
export async function readSequences(
  midiFolder: string,
  { pieces }: Pick<Manifest, "pieces">,
  split?: Split,
): Promise<NoteSequence[]> {
  const sequences: NoteSequence[] = [];
  for (const piece of pieces) {
    if (split !== undefined && piece.split !== split) continue;
    const bytes = await Deno.readFile(join(midiFolder, piece.file));
    sequences.push(parseMidi(bytes, piece.file));
  }
  return sequences;
}
