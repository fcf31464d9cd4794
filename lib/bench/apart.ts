/** Whether the pieces of a folder can be told from those of another. */

import { join } from "@std/path";
import {
  FEWEST_TOLD_APART,
  toldApart,
  toldApartFloor,
} from "../evaluation/evaluation.ts";
import { parseMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";

const MIDI_FILE = /\.midi?$/i;

/** Folders of MIDI files; their subfolders are not read. */
export interface ApartFolders {
  /** Of pieces that were made. */
  readonly made: string;
  /** Of pieces to compare them with. */
  readonly reference: string;
}

/**
 * Tells the pieces of two folders apart; see {@linkcode toldApart}.
 *
 * @returns The area and its floor, how many pieces were compared, and all figures, those
 * that tell most first: the area of each alone and its means on both sides.
 * @throws {RangeError} If a folder has too few pieces.
 */
export async function benchApart(
  folders: ApartFolders,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  progress("reading pieces");
  const made = readPieces(folders.made);
  const reference = readPieces(folders.reference);
  progress("telling them apart");
  const { auc, pieces, figures } = await toldApart(made, reference);
  progress("telling halves of the reference apart");
  return {
    told_apart: auc,
    ...reference.length >= 2 * FEWEST_TOLD_APART &&
      { told_apart_floor: await toldApartFloor(reference, { pieces }) },
    pieces,
    figures: figures.map(({ figure, auc, made, reference }) => ({
      figure,
      auc: rounded(auc),
      made: rounded(made),
      reference: rounded(reference),
    })),
  };
}

/** The pieces of a folder in the order of their names. */
function readPieces(folder: string): NoteSequence[] {
  return [...Deno.readDirSync(folder)]
    .map(({ name }) => name)
    .filter((name) => MIDI_FILE.test(name))
    .sort()
    .map((name) => parseMidi(Deno.readFileSync(join(folder, name)), name));
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
