/** Small pieces for tests, written as tables. */

import { atOnce } from "../../base/base.ts";
import type { Note, NoteSequence, Part } from "../../music/music.ts";
import { type Profile, profileSteps } from "./profiles.ts";

/** A part without a name. */
export const part = (program: number, isDrum = false): Part => ({
  name: "",
  program,
  isDrum,
});

/** Rows of pitch, velocity, start, end and part, in steps. */
export type QuantizedRow = [number, number, number, number, number?];

/** A piece of notes on a grid of 12 steps per quarter. */
export function piece(
  rows: QuantizedRow[],
  rest: Partial<NoteSequence> = {},
): NoteSequence {
  const notes = rows.map((
    [pitch, velocity, startTicks, endTicks, part = 0],
  ) => (
    { pitch, velocity, startTicks, endTicks, part }
  ));
  return {
    ticksPerQuarter: 12,
    parts: [part(0)],
    notes,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: Math.max(0, ...notes.map((note) => note.endTicks)),
    ...rest,
  };
}

/** The notes of a piece as rows. */
export const rowsOf = (notes: readonly Note[]) =>
  notes.map((
    n,
  ): QuantizedRow => [n.pitch, n.velocity, n.startTicks, n.endTicks, n.part]);

/** The profiles of pieces; see {@linkcode profileSteps}. */
export function profilesOf(
  ...pieces: Parameters<typeof profileSteps>
): Profile[] {
  return atOnce(profileSteps(...pieces));
}
