/** The staves of a part: two for instruments that two hands play, one for all others. */

import { familyOf, type Part } from "../music/music.ts";
import type { ScoreNote } from "./score_grid.ts";

/** Middle C, at and above which the right hand plays. */
const MIDDLE = 60;
/** A hand can hold notes so far apart. */
const OCTAVE = 12;
const HARP = 46;

/** Whether two hands play an instrument, each with a staff of its own. */
function hasTwoStaves(part: Part): boolean {
  const family = familyOf(part);
  return family === "Piano" || family === "Organ" ||
    !part.isDrum && part.program === HARP;
}

/**
 * Shares the notes of a part out between right and left hand. What begins together goes
 * to one hand where it can hold it, or else is parted at its widest gap about middle C.
 *
 * @returns The notes of each staff, the upper first; one staff where one hand has all.
 */
export function stavesOf(
  notes: readonly ScoreNote[],
  part: Part,
): readonly ScoreNote[][] {
  if (!hasTwoStaves(part)) return [[...notes]];
  const right: ScoreNote[] = [], left: ScoreNote[] = [];
  for (const together of Map.groupBy(notes, ({ start }) => start).values()) {
    const split = splitOf(together.map(({ pitch }) => pitch));
    for (const note of together) {
      (note.pitch >= split ? right : left).push(note);
    }
  }
  return left.length === 0 || right.length === 0 ? [[...notes]] : [right, left];
}

/** The lowest pitch of the right hand, for pitches that begin together. */
function splitOf(together: readonly number[]): number {
  const pitches = together.toSorted((a, b) => a - b);
  const lowest = pitches[0]!, highest = pitches.at(-1)!;
  if (highest - lowest <= OCTAVE) {
    return (lowest + highest) / 2 >= MIDDLE ? lowest : highest + 1;
  }
  let split = MIDDLE, widest = -Infinity;
  for (const [i, upper] of pitches.slice(1).entries()) {
    const lower = pitches[i]!;
    const width = upper - lower - Math.abs((upper + lower) / 2 - MIDDLE) / 2;
    if (width > widest) [split, widest] = [upper, width];
  }
  return split;
}
