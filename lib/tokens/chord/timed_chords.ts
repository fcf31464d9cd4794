/** Chords at their times, in twelfths of a quarter note. See `reading.ts`. */

/** Notes struck together: a chord, or one note alone. */
export interface Chord {
  /** MIDI pitches, not sorted; the parts of a cut chord share the array. */
  readonly pitches: readonly number[];
  /** MIDI velocity of its loudest note. */
  readonly velocity: number;
  readonly isDrum: boolean;
  /** Whether it has no length: music21 sorts it before others of the same time. */
  readonly isGrace: boolean;
  /** From the start of the bar for chords in bars, else from the start of the part. */
  readonly start: number;
  readonly duration: number;
}

/** When a chord ends. */
export const chordEnd = (chord: Chord) => chord.start + chord.duration;

/**
 * Chords sorted by time, at equal times those of no length first; the sort is
 * stable.
 *
 * @returns A new array.
 */
export function inOrder<T extends Chord>(chords: readonly T[]): T[] {
  return chords.toSorted((a, b) =>
    a.start - b.start || Number(b.isGrace) - Number(a.isGrace)
  );
}
