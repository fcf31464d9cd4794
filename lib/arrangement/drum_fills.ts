/** Drum fills at the end of every so many bars. */

import {
  BarLines,
  type Note,
  type NoteSequence,
  sortNotes,
} from "../music/music.ts";

/** General MIDI percussion: a fill goes from the snare down the toms. */
const STROKES = [38, 38, 50, 48, 47, 45, 43, 41] as const;
/** What is struck on the beat that follows. */
const CRASH = 49;
/** Quarter notes that a fill lasts at most, and from one stroke to the next. */
const LENGTH = 2, STEP = 1 / 4;
/** So much louder is the last stroke than the first, by velocity. */
const RISE = 16;
const LOUDEST = 127;

/**
 * Puts a fill at the end of each last of so many bars, in place of what the drums
 * play there, and a crash after it. Bars in which no drums play stay as they are.
 *
 * @param every Bars from one fill to the next, at least 1.
 * @param part Index of the drums' part.
 * @param velocity Of the first strokes.
 * @param without General MIDI percussion that is not to be heard.
 */
export function addFills(
  piece: NoteSequence,
  { every, part, velocity, without }: {
    readonly every: number;
    readonly part: number;
    readonly velocity: number;
    readonly without: readonly number[];
  },
): NoteSequence {
  const quarter = piece.ticksPerQuarter;
  const lines = BarLines.of(piece);
  const able = STROKES.filter((pitch) => !without.includes(pitch));
  const strokes = able.length > 0 ? able : usualOf(piece, part);
  let notes: Note[] = [...piece.notes];
  for (let bar = every - 1; bar < lines.count; bar += every) {
    const start = lines.startOf(bar), end = lines.startOf(bar + 1);
    const isInBar = ({ part: own, startTicks }: Note) =>
      own === part && startTicks >= start && startTicks < end;
    if (end > piece.totalTicks || !notes.some(isInBar)) continue;
    const length = Math.min(LENGTH * quarter, end - start);
    const count = Math.round(length / quarter / STEP);
    const from = end - Math.round(count * STEP * quarter);
    const fill = Array.from({ length: count }, (_, i): Note => {
      const at = from + Math.round(i * STEP * quarter);
      return {
        pitch: strokes[Math.floor(i * strokes.length / count)]!,
        velocity: Math.min(
          LOUDEST,
          Math.round(velocity + RISE * i / count),
        ),
        startTicks: at,
        endTicks: at + Math.round(STEP * quarter / 2),
        part,
      };
    });
    notes = [
      ...notes.filter((note) => !isInBar(note) || note.startTicks < from),
      ...fill,
    ];
    const hasNext = notes.some((note) =>
      note.part === part && note.startTicks >= end
    );
    if (!hasNext || without.includes(CRASH)) continue;
    notes.push({
      pitch: CRASH,
      velocity: Math.min(LOUDEST, velocity + RISE),
      startTicks: end,
      endTicks: end + quarter,
      part,
    });
  }
  return { ...piece, notes: sortNotes(notes) };
}

/** The drums that play most in a piece. */
function usualOf({ notes }: NoteSequence, part: number): number[] {
  const own = notes.filter((note) => note.part === part);
  const counts = Map.groupBy(own, ({ pitch }) => pitch);
  return [...counts].toSorted((a, b) => b[1].length - a[1].length)
    .slice(0, 2).map(([pitch]) => pitch);
}
