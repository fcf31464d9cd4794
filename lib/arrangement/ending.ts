/** The last bar of a piece that ends. */

import {
  barStarts,
  type Key,
  type Note,
  type NoteSequence,
  smallest,
} from "../music/music.ts";

/** Lowest pitch of an added tonic. */
const LOWEST = 24;

/**
 * Closes a piece: the lowest note of the last bar, and any note that would be lower
 * then, becomes the nearest tonic, and the last notes of each pitched part ring to
 * the end.
 *
 * @param sequence A piece with a note in its last bar.
 */
export function closeEnding(sequence: NoteSequence, key: Key): NoteSequence {
  const { totalTicks, parts } = sequence;
  // A piece cut to a length can end shortly after a bar line.
  const lastBar = barStarts(sequence).findLast((start) => start < totalTicks) ??
    0;
  const isLast = (note: Note) =>
    note.startTicks >= lastBar && !parts[note.part]!.isDrum;
  const pitches = sequence.notes.filter(isLast).map(({ pitch }) => pitch);
  if (pitches.length === 0) return sequence;
  const lowest = smallest(pitches);
  const below = lowest - (lowest - key.tonic + 120) % 12;
  const tonics = [below, below + 12, below + 24]
    .filter((pitch) => pitch >= LOWEST)
    .sort((a, b) => Math.abs(a - lowest) - Math.abs(b - lowest));
  // The nearest one below all other notes, if there is one.
  const tonic =
    tonics.find((tonic) =>
      pitches.every((pitch) => pitch === lowest || pitch > tonic)
    ) ?? tonics[0]!;
  const moved = sequence.notes.map((note) =>
    isLast(note) && (note.pitch === lowest || note.pitch < tonic)
      ? { ...note, pitch: tonic }
      : note
  );
  const last = moved.filter(isLast);
  return {
    ...sequence,
    notes: moved.flatMap((note): Note[] => {
      if (!isLast(note)) return [note];
      const { part, pitch, startTicks, endTicks } = note;
      const mates = last.filter((other) => other.part === part);
      const alike = mates.filter((other) => other.pitch === pitch);
      // Of notes that have become equal, keep one.
      if (alike.find((o) => o.startTicks === startTicks) !== note) return [];
      const next = Math.min(
        ...alike.map((o) => o.startTicks).filter((start) => start > startTicks),
      );
      // A note ends before its pitch is struck again.
      if (next < Infinity) {
        return [{ ...note, endTicks: Math.min(endTicks, next) }];
      }
      const isFinal = mates.every((other) => other.startTicks <= startTicks);
      const rings = isFinal || pitch === tonic;
      return [{ ...note, endTicks: rings ? totalTicks : endTicks }];
    }),
  };
}
