/** A piece in another key. */

import type { NoteSequence } from "./note_sequence.ts";

/**
 * The sequence some semitones higher or lower. Drums stay as they are; key
 * signatures move along the circle of fifths, to at most six accidentals.
 *
 * @param sequence The sequence to transpose.
 * @param semitones Semitones up, or down where negative.
 * @returns The transposed sequence.
 * @throws {RangeError} If `semitones` is no integer, or if a note would leave
 * 0–127.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, transposeSequence } from "immersic/music/music.ts";
 * const inC = {
 *   ...emptySequence(480),
 *   keySignatures: [{ ticks: 0, fifths: 0, mode: "major" as const }],
 * };
 * assert(transposeSequence(inC, -2).keySignatures[0]?.fifths === -2);
 * ```
 */
export function transposeSequence(
  sequence: NoteSequence,
  semitones: number,
): NoteSequence {
  if (!Number.isSafeInteger(semitones)) {
    throw new RangeError(
      `Cannot transpose: semitones must be an integer, current value is ${semitones}.`,
    );
  }
  if (semitones === 0) return sequence;
  const notes = sequence.notes.map((note) => {
    if (sequence.parts[note.part]!.isDrum) return note;
    const pitch = note.pitch + semitones;
    if (pitch < 0 || pitch > 127) {
      throw new RangeError(
        `Cannot transpose by ${semitones} semitones: pitch ${note.pitch} would leave 0–127, current value is ${pitch}.`,
      );
    }
    return { ...note, pitch };
  });
  const keySignatures = sequence.keySignatures.map((key) => {
    const turned = (key.fifths + 7 * semitones + 5) % 12;
    return { ...key, fifths: (turned + 12) % 12 - 5 };
  });
  return { ...sequence, notes, keySignatures };
}
