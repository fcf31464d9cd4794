/** Lines that rise or fall, in music too short for a change of its own. */

import {
  type Key,
  type Note,
  type NoteSequence,
  playingOf,
  scalePitchClasses,
  sortNotes,
} from "../music/music.ts";
import type { SectionSpan } from "./levels.ts";

/** So many notes go through one octave, more of them through two. */
const MOST_OF_OCTAVE = 5;
/** Fewest notes of a line. */
const FEWEST = 4;
const OCTAVE = 12;
/** Degrees of a scale of seven notes that are its triad. */
const TRIAD = [0, 2, 4] as const;

/**
 * Has every pitched part rise, or fall, through the triad of the key, in the rhythm
 * that it has, from one tonic to another: an octave, or two where it has many notes.
 */
export function drawContour(
  piece: NoteSequence,
  { startTicks, endTicks, key }: Pick<
    SectionSpan,
    "startTicks" | "endTicks" | "key"
  >,
  direction: 1 | -1,
): NoteSequence {
  const isOwn = (note: Note) =>
    note.startTicks >= startTicks && note.startTicks < endTicks &&
    !piece.parts[note.part]!.isDrum;
  const own = Map.groupBy(piece.notes.filter(isOwn), ({ part }) => part);
  return {
    ...piece,
    notes: sortNotes([
      ...piece.notes.filter((note) => !isOwn(note)),
      ...[...own].flatMap(([part, notes]) => {
        const { range } = playingOf(piece.parts[part]!.program);
        return lineThrough(notes, { key, range, direction });
      }),
    ]),
  };
}

interface Line {
  readonly key: Key;
  readonly range: readonly [low: number, high: number];
  readonly direction: 1 | -1;
}

/** The notes of a part on a line; few of them are cut into more. */
function lineThrough(
  notes: readonly Note[],
  { key, range: [low, high], direction }: Line,
): Note[] {
  const groups = groupsOf(notes);
  const mean = notes.reduce((sum, { pitch }) => sum + pitch, 0) / notes.length;
  const scale = scalePitchClasses(key.tonic, key.mode);
  const triad = TRIAD.map((degree) => scale[degree % scale.length]!);
  const octaves = groups.length > MOST_OF_OCTAVE && high - low >= 3 * OCTAVE
    ? 2
    : 1;
  // Octaves of the tonic about the middle of what the part plays.
  const wanted = mean - octaves * OCTAVE / 2;
  const tonics = Array.from({ length: 11 }, (_, i) => key.tonic + OCTAVE * i)
    .filter((pitch) => pitch >= low && pitch + octaves * OCTAVE <= high)
    .toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  const bottom = tonics[0] ?? key.tonic + 4 * OCTAVE;
  const isTone = (pitch: number) => triad.includes(pitch % 12);
  const ladder = Array.from(
    { length: octaves * OCTAVE + 1 },
    (_, i) => bottom + i,
  ).filter(isTone);
  if (direction < 0) ladder.reverse();
  return groups.flatMap((group, i) => {
    let pitch =
      ladder[Math.round(i * (ladder.length - 1) / (groups.length - 1))]!;
    return group.toSorted((a, b) => b.pitch - a.pitch).map((note, voice) => {
      if (voice > 0) {
        do pitch--; while (!isTone(pitch) && pitch > low);
      }
      return { ...note, pitch: Math.max(0, pitch) };
    });
  });
}

/** Notes that begin together, in order of time; of too few, single ones instead. */
function groupsOf(notes: readonly Note[]): Note[][] {
  const groups = [...Map.groupBy(notes, ({ startTicks }) => startTicks)]
    .toSorted(([a], [b]) => a - b).map(([, group]) => group);
  if (groups.length >= FEWEST) return groups;
  const [first] = groups[0]!;
  const end = Math.max(...notes.map(({ endTicks }) => endTicks));
  const length = (end - first!.startTicks) / FEWEST;
  const at = (i: number) => Math.round(first!.startTicks + i * length);
  return Array.from({ length: FEWEST }, (_, i) => [
    { ...first!, startTicks: at(i), endTicks: at(i + 1) },
  ]);
}
