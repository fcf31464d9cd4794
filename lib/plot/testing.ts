/** Music and paths for the tests of piano rolls. */

import { emptySequence, type NoteSequence } from "../music/music.ts";

/** A bar of four quarters; notes are [pitch, velocity, start, end, part]. */
export function bar(
  parts: NoteSequence["parts"],
  ...notes: [number, number, number, number, number][]
): NoteSequence {
  return {
    ...emptySequence(480),
    parts,
    notes: notes.map(([pitch, velocity, startTicks, endTicks, part]) => ({
      pitch,
      velocity,
      startTicks,
      endTicks,
      part,
    })),
    totalTicks: 1920,
  };
}

/** The paths that draw notes: colour, opacity and commands. */
export function notePaths(svg: string): [string, number, string][] {
  return [...svg.matchAll(
    /stroke="(#[0-9a-f]{6})" stroke-width="[\d.]+" stroke-opacity="([\d.]+)" d="(M[^"V]*h[^"]*)"/g,
  )].map(([, colour = "", opacity, d = ""]) => [colour, Number(opacity), d]);
}
