/** Leaps at the seams between bars made anew and those around them. */

import {
  familyOf,
  type Note,
  type NoteSequence,
  type Part,
} from "../music/music.ts";

/**
 * What 95 of 100 leaps across a bar line of the starter corpus keep to, in
 * semitones: between the highest notes that begin last before the line and first
 * after it.
 */
const USUAL_LEAPS = { keys: 19, pad: 7, bass: 9, melody: 14 } as const;
/** Onsets so near to each other, in quarters, are one. */
const TOGETHER_QUARTERS = 1 / 24;

/** A leap at a seam. */
export interface Leap {
  readonly part: number;
  /** The bar line. */
  readonly ticks: number;
  readonly semitones: number;
  /** The largest that is usual. */
  readonly usual: number;
}

/**
 * The leaps of parts across bar lines. A part that has no notes on one side has none.
 *
 * @param ticks The bar lines.
 */
export function leapsAt(
  sequence: NoteSequence,
  parts: Iterable<number>,
  ticks: readonly number[],
): Leap[] {
  const byPart = Map.groupBy(sequence.notes, ({ part }) => part);
  const slack = TOGETHER_QUARTERS * sequence.ticksPerQuarter;
  const leaps: Leap[] = [];
  for (const part of parts) {
    const notes = byPart.get(part) ?? [], own = sequence.parts[part]!;
    if (own.isDrum) continue;
    for (const line of ticks) {
      const next = notes.findIndex(({ startTicks }) => startTicks >= line);
      if (next <= 0) continue;
      const last = highestAt(notes, notes[next - 1]!.startTicks, -slack);
      const first = highestAt(notes, notes[next]!.startTicks, slack);
      const semitones = Math.abs(last - first);
      leaps.push({ part, ticks: line, semitones, usual: usualLeap(own) });
    }
  }
  return leaps;
}

/** The highest of the notes that begin last before a bar line, by part. */
export function lastBefore(
  sequence: NoteSequence,
  parts: Iterable<number>,
  line: number,
): { part: number; pitch: number; usual: number }[] {
  const slack = TOGETHER_QUARTERS * sequence.ticksPerQuarter;
  return [...parts].flatMap((part) => {
    const own = sequence.parts[part]!;
    const notes = sequence.notes.filter((note) =>
      note.part === part && note.startTicks < line
    );
    const last = notes.at(-1);
    return own.isDrum || !last ? [] : [{
      part,
      pitch: highestAt(notes, last.startTicks, -slack),
      usual: usualLeap(own),
    }];
  });
}

/** The highest note that begins at a tick, or up to so many later or earlier. */
function highestAt(
  notes: readonly Note[],
  ticks: number,
  slack: number,
): number {
  const from = Math.min(ticks, ticks + slack);
  const to = Math.max(ticks, ticks + slack);
  return notes.reduce(
    (highest, { startTicks, pitch }) =>
      startTicks >= from && startTicks <= to && pitch > highest
        ? pitch
        : highest,
    0,
  );
}

function usualLeap(part: Part): number {
  switch (familyOf(part)) {
    case "Bass":
      return USUAL_LEAPS.bass;
    case "Strings":
    case "Pad":
      return USUAL_LEAPS.pad;
    case "Piano":
    case "Organ":
    case "Guitar":
      return USUAL_LEAPS.keys;
    default:
      return USUAL_LEAPS.melody;
  }
}
