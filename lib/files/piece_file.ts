/** Names of the files of a piece, after what was asked. */

import { join } from "@std/path";
import { readFileIfAny } from "../base/base.ts";
import { writeMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";

/** Most letters of a prompt in a file's name. */
const MOST_LETTERS = 40;

/**
 * Path of a MIDI file for a piece: its prompt and seed, and a number where another piece
 * has that name already. The same piece made again has the same path.
 *
 * @param folder Where the file goes.
 * @throws {FileError} If a file of that name is there and cannot be read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pieceFile } from "immersic/files/files.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const piece = {
 *   prompt: "calm, in C",
 *   randomSeed: 7,
 *   sequence: emptySequence(480),
 * };
 * assert.equal(await pieceFile("none", piece), "none/calm-in-c-7.mid");
 * ```
 */
export async function pieceFile(
  folder: string,
  { prompt, randomSeed, sequence }: {
    readonly prompt: string;
    readonly randomSeed: number;
    readonly sequence: NoteSequence;
  },
): Promise<string> {
  const midi = writeMidi(sequence);
  const stem = join(folder, `${fileNameOf(prompt)}-${randomSeed}`);
  for (let number = 1;; number++) {
    const path = `${stem}${number > 1 ? `-${number}` : ""}.mid`;
    const there = await readFileIfAny(path);
    if (!there || isSame(there, midi)) return path;
  }
}

/**
 * The words of a prompt as a file's name: plain letters, digits and hyphens, whole words
 * as long as it has several.
 */
export function fileNameOf(prompt: string): string {
  const words = prompt.normalize("NFKD").toLowerCase()
    .replaceAll(/\p{Mark}/gu, "").match(/[a-z0-9]+/g) ?? ["piece"];
  let name = words[0]!.slice(0, MOST_LETTERS);
  for (const word of words.slice(1)) {
    if (name.length + 1 + word.length > MOST_LETTERS) break;
    name += `-${word}`;
  }
  return name;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
