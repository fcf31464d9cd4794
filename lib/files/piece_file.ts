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

/** Longest title of a piece, and the least that a part of a sentence may leave of it. */
const MOST_TITLE = 80, LEAST_TITLE = 30;

/**
 * The title of a piece made of a prompt: the prompt, or of a long one its beginning, up
 * to the end of a sentence, of a part of one, or at least of a word.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { titleOf } from "immersic/files/files.ts";
 * assert.equal(titleOf("calm piano,\n70 bpm"), "calm piano, 70 bpm");
 * const long = "Waltz for a harp and two flutes in G. Soft at first, then " +
 * "louder from bar to bar, until all three play as loud as they can.";
 * assert.equal(titleOf(long), "Waltz for a harp and two flutes in G. …");
 * ```
 */
export function titleOf(prompt: string): string {
  const text = prompt.trim().replaceAll(/\s+/g, " ");
  const letters = [...text];
  if (letters.length <= MOST_TITLE) return text;
  const start = letters.slice(0, MOST_TITLE).join("");
  const endOf = (expression: RegExp) =>
    [...start.matchAll(expression)].map(({ index }) => index + 1)
      .findLast((end) => end >= LEAST_TITLE);
  const word = start.lastIndexOf(" ");
  const end = endOf(/[.!?](?= )/g) ?? endOf(/[,;:](?= )/g) ??
    (word > 0 ? word : undefined);
  return `${start.slice(0, end).replace(/[\s,;:]+$/, "")} …`;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
