/** Compares how a piece closes with what was asked. */

import {
  lastRelease,
  type NoteSequence,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  pitchedNotes,
  smallest,
} from "../music/music.ts";
import type { Delivered } from "./delivered_row.ts";

/** The row of the last chord, by the last key signature. */
export function closeRow(
  close: NonNullable<PieceSpec["close"]>,
  sequence: NoteSequence,
): Delivered {
  const pitched = pitchedNotes(sequence);
  const end = lastRelease({ notes: pitched }) - sequence.ticksPerQuarter / 2;
  const last = pitched.filter(({ endTicks }) => endTicks >= end);
  const { fifths = 0, mode = "major" } = sequence.keySignatures.at(-1) ?? {};
  const tonic = (7 * fifths + (mode === "minor" ? 9 : 0) + 84) % 12;
  const root = smallest(last.map(({ pitch }) => pitch)) % 12;
  const has = (semitones: number) =>
    last.some(({ pitch }) => pitch % 12 === (root + semitones) % 12);
  const isMajor = last.length < 2 || has(4) && !has(3);
  const met = close === "open"
    ? root === (tonic + 7) % 12
    : root === tonic && (close === "tonic" || isMajor);
  return {
    what: "last chord",
    asked: close,
    delivered: last.length === 0
      ? "none"
      : `on ${PITCH_CLASS_NAMES[root]}, ${degreeOf(root, tonic)} of the key`,
    met,
  };
}

function degreeOf(root: number, tonic: number): string {
  if (root === tonic) return "the tonic";
  return root === (tonic + 7) % 12 ? "the dominant" : "another note";
}
