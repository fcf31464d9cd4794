/** The last bar of a piece that ends. */

import { barStarts, type Note, type NoteSequence } from "../note_sequence.ts";
import type { Key } from "../theory.ts";

/** No tonic is put below this pitch. */
const LOWEST = 24;

/**
 * Closes a piece: the lowest note that sounds in the last bar becomes the tonic
 * nearest to it, and what each pitched part plays last rings to the end.
 *
 * @param sequence A piece with a note in its last bar.
 */
export function closeEnding(sequence: NoteSequence, key: Key): NoteSequence {
  const { totalTicks, parts } = sequence;
  // What was cut to a length can end a little after a bar line.
  const lastBar = barStarts(sequence).findLast((start) => start < totalTicks) ??
    0;
  const isLast = (note: Note) =>
    note.startTicks >= lastBar && !parts[note.part].isDrum;
  const last = sequence.notes.filter(isLast);
  if (last.length === 0) return sequence;
  const lowest = Math.min(...last.map(({ pitch }) => pitch));
  const others = last.map(({ pitch }) => pitch)
    .filter((pitch) => pitch !== lowest);
  const below = lowest - (lowest - key.tonic + 120) % 12;
  // The nearest tonic that stays below all else, and in the range of a bass.
  const tonic = [below, below + 12]
    .filter((pitch) => pitch >= LOWEST && others.every((o) => o > pitch))
    .sort((a, b) => Math.abs(a - lowest) - Math.abs(b - lowest))[0] ?? lowest;
  const lastStart = (isIn: (note: Note) => boolean) =>
    Math.max(...last.filter(isIn).map(({ startTicks }) => startTicks));
  return {
    ...sequence,
    notes: sequence.notes.map((note) => {
      if (!isLast(note)) return note;
      const { part, pitch, startTicks } = note;
      const isLowest = pitch === lowest;
      const isFinal = startTicks === lastStart((other) => other.part === part);
      // Struck again, a note stops before.
      const isHeld = startTicks ===
        lastStart((other) => other.part === part && other.pitch === pitch);
      return {
        ...note,
        pitch: isLowest ? tonic : pitch,
        endTicks: isHeld && (isFinal || isLowest) ? totalTicks : note.endTicks,
      };
    }),
  };
}
