/** Parts that enter where their section begins, and not a bar or two later. */

import {
  BarLines,
  type Note,
  type NoteSequence,
  sortNotes,
} from "../music/music.ts";

/** A part that has its first note so many bars into its section enters late. */
const LATEST_BARS = 0.75;

/**
 * Gives each part that is new in a section a note at the section's beginning, where
 * its first one comes later than most of a bar after it: of what sounds there, or
 * else its own first pitch, and up to that first note, a bar at most. Drums have
 * their first bar there.
 *
 * @param starts Where sections begin, in ticks, from 0.
 */
export function enterOnTime(
  piece: NoteSequence,
  starts: readonly number[],
): NoteSequence {
  const lines = BarLines.of(piece);
  const added: Note[] = [];
  for (const [i, from] of starts.entries()) {
    if (i === 0) continue;
    const to = starts[i + 1] ?? piece.totalTicks;
    const bar = lines.startOf(lines.barAt(from) + 1) - from;
    for (const [part, { isDrum }] of piece.parts.entries()) {
      const own = piece.notes.filter((note) => note.part === part);
      const first = own.reduce<Note | undefined>(
        (best, note) =>
          best && best.startTicks <= note.startTicks ? best : note,
        undefined,
      );
      const isLate = first && first.startTicks >= from &&
        first.startTicks < to && first.startTicks - from > LATEST_BARS * bar;
      if (!isLate) continue;
      if (isDrum) {
        // A beat has its first bar once more, from the beginning of the section.
        const start = lines.startOf(lines.barAt(first.startTicks));
        added.push(
          ...own.filter(({ startTicks }) =>
            startTicks >= start && startTicks < start + bar
          ).map((note) => ({
            ...note,
            startTicks: note.startTicks - start + from,
            endTicks: note.endTicks - start + from,
          })),
        );
        continue;
      }
      const sounding = piece.notes.filter((note) =>
        !piece.parts[note.part]!.isDrum && note.startTicks <= from &&
        note.endTicks > from
      );
      added.push({
        ...first,
        pitch: nearest(first.pitch, sounding.map(({ pitch }) => pitch)),
        startTicks: from,
        endTicks: Math.min(first.startTicks, from + bar),
      });
    }
  }
  return added.length === 0
    ? piece
    : { ...piece, notes: sortNotes([...piece.notes, ...added]) };
}

/** The pitch nearest to one that is an octave, or none, from some of others. */
function nearest(pitch: number, others: readonly number[]): number {
  const classes = others.map((other) => other % 12);
  for (let by = 0; by <= 6; by++) {
    for (const near of [pitch - by, pitch + by]) {
      if (classes.includes((near + 12) % 12)) return near;
    }
  }
  return pitch;
}
