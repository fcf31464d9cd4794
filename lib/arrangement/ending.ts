/** The last bar of a piece that ends. */

import { barStarts, type Note, type NoteSequence } from "../note_sequence.ts";
import type { Key } from "../theory.ts";

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
  const lowest = last.reduce((low, note) =>
    note.pitch < low.pitch ? note : low
  );
  const above = (lowest.pitch - key.tonic + 120) % 12;
  const tonic = lowest.pitch - (above <= 6 ? above : above - 12);
  const finalStart = new Map<number, number>();
  for (const { part, startTicks } of last) {
    finalStart.set(part, Math.max(finalStart.get(part) ?? 0, startTicks));
  }
  return {
    ...sequence,
    notes: sequence.notes.map((note) => {
      if (!isLast(note)) return note;
      const isLowest = note.pitch === lowest.pitch &&
        note.part === lowest.part;
      const rings = isLowest && note === lowest ||
        note.startTicks === finalStart.get(note.part);
      return {
        ...note,
        pitch: isLowest ? tonic : note.pitch,
        endTicks: rings ? totalTicks : note.endTicks,
      };
    }),
  };
}
