/** Any one of many pieces, to be heard: those of an evaluation, for instance. */

import { join } from "@std/path";
import { writePiece } from "../files/files.ts";
import type { NoteSequence } from "../music/music.ts";
import { pianoRoll } from "../plot/plot.ts";
import type { SynthesisOptions } from "../synthesis/synthesis.ts";
import { audioPlayer, fileLink } from "./files.ts";
import { display } from "./output.ts";
import { progress } from "./progress.ts";

/** How {@linkcode hearPiece} works. */
export interface HearPieceOptions {
  /** Where its files go. @default "../outputs/judged" */
  readonly folder?: string;
  /** How to render the sound. @default instruments built in code */
  readonly sound?: SynthesisOptions;
}

/**
 * Writes one of several pieces as MIDI and MP3, and shows it: a piano roll, a player and
 * links to the files, which are named by its number.
 *
 * @param pieces Such as `judgeMade` gives.
 * @param number Which of them, from 1.
 * @returns The paths of the files.
 * @throws {RangeError} If there is no such piece.
 * @throws {FileError} If a file cannot be written.
 *
 * ```ts ignore
 * const judged = await judgeMade(generator, corpus);
 * await hearPiece(judged.pieces, 7);
 * ```
 */
export async function hearPiece(
  pieces: readonly NoteSequence[],
  number: number,
  { folder = "../outputs/judged", sound = {} }: HearPieceOptions = {},
): Promise<string[]> {
  const sequence = pieces[number - 1];
  if (!sequence) {
    throw new RangeError(
      `Cannot hear piece ${number}: there are pieces 1 to ${pieces.length}. Choose one of these.`,
    );
  }
  const title = `Piece ${number}`;
  const path = join(folder, String(number).padStart(2, "0"));
  const midiFile = `${path}.mid`, soundFile = `${path}.mp3`;
  const rendering = progress("Rendering", 0, { unit: "s of sound" });
  await writePiece([midiFile, soundFile], { sequence, title }, {
    ...sound,
    onProgress: (seconds, total) => rendering.update(seconds, { total }),
  });
  await rendering.done(title);
  await display(
    pianoRoll(sequence, { title }),
    audioPlayer(soundFile, { label: title }),
    fileLink(midiFile),
    fileLink(soundFile),
  );
  return [midiFile, soundFile];
}
