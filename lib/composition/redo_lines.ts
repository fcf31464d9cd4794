/** Parts made anew that were one line each stay so. */

import { type Note, type NoteSequence, playingOf } from "../music/music.ts";
import type { Stretch } from "./redo_aims.ts";

/** Notes of one line overlap by at most such a share of a quarter note. */
const LINE_OVERLAP = 1 / 8;
/** Violin, viola, cello, double bass and fiddle, which play lines among others. */
const BOWED: readonly number[] = [40, 41, 42, 43, 110];

/** Parts made anew that are one line, of instruments that mostly play lines. */
export function linesOf(
  { parts, notes, ticksPerQuarter }: NoteSequence,
  stretch: Stretch,
): number[] {
  return [...stretch.parts].filter((part) => {
    const { program, isDrum } = parts[part]!;
    const isLine = playingOf(program).isMonophonic || BOWED.includes(program);
    if (isDrum || !isLine) return false;
    const own = notes.filter((note) => note.part === part)
      .toSorted((a, b) => a.startTicks - b.startTicks);
    return own.length > 0 && own.every((note, i) => {
      const next = own[i + 1];
      return !next ||
        note.endTicks - next.startTicks <= LINE_OVERLAP * ticksPerQuarter;
    });
  });
}

/**
 * A piece whose new notes are one line in each of some parts: of those that begin
 * together the highest stays, and a note ends where the next one begins.
 */
export function asLines(
  piece: NoteSequence,
  { from, to }: Stretch,
  lines: readonly number[],
): NoteSequence {
  if (lines.length === 0) return piece;
  const together = LINE_OVERLAP * piece.ticksPerQuarter;
  /** By new note: its end, 0 where it goes. */
  const ends = new Map<Note, number>();
  for (const part of lines) {
    const own = piece.notes.filter((note) => note.part === part)
      .toSorted((a, b) => a.startTicks - b.startTicks || b.pitch - a.pitch);
    const isNew = ({ startTicks }: Note) =>
      startTicks >= from && startTicks < to;
    let last: Note | undefined;
    for (const note of own) {
      if (!last || note.startTicks - last.startTicks > together) {
        if (last && isNew(last) && last.endTicks > note.startTicks) {
          ends.set(last, note.startTicks);
        }
        last = note;
        continue;
      }
      const lower = isNew(note) && (note.pitch <= last.pitch || !isNew(last))
        ? note
        : last;
      if (!isNew(lower)) continue;
      ends.set(lower, 0);
      if (lower === last) last = note;
    }
  }
  return {
    ...piece,
    notes: piece.notes.flatMap((note) => {
      const end = ends.get(note);
      return end === undefined ? [note] : end === 0 ? [] : [
        { ...note, endTicks: end },
      ];
    }),
  };
}
