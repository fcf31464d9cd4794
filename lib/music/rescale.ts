/** Music at another resolution. */

import type { NoteSequence } from "./note_sequence.ts";

/**
 * The same music at another resolution, each time at its nearest tick; exact where
 * the new resolution is a multiple of the old one.
 *
 * @param ticksPerQuarter Of the result.
 *
 * @example
 * ```ts
 * import { emptySequence, rescaleSequence } from "immersic/music/music.ts";
 * const bar = { ...emptySequence(12), totalTicks: 48 };
 * console.assert(rescaleSequence(bar, 480).totalTicks === 1920);
 * ```
 */
export function rescaleSequence(
  sequence: NoteSequence,
  ticksPerQuarter: number,
): NoteSequence {
  if (sequence.ticksPerQuarter === ticksPerQuarter) return sequence;
  const scale = ticksPerQuarter / sequence.ticksPerQuarter;
  const rescaled = <T extends { readonly ticks: number }>(
    changes: readonly T[],
  ) =>
    changes.map((change) => ({
      ...change,
      ticks: Math.round(change.ticks * scale),
    }));
  return {
    ...sequence,
    ticksPerQuarter,
    notes: sequence.notes.map((note) => ({
      ...note,
      startTicks: Math.round(note.startTicks * scale),
      endTicks: Math.round(note.endTicks * scale),
    })),
    tempos: rescaled(sequence.tempos),
    timeSignatures: rescaled(sequence.timeSignatures),
    keySignatures: rescaled(sequence.keySignatures),
    controls: rescaled(sequence.controls),
    ...sequence.markers && { markers: rescaled(sequence.markers) },
    totalTicks: Math.round(sequence.totalTicks * scale),
  };
}
