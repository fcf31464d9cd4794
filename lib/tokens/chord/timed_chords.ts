/**
 * Chords at their times: in ticks while they are grouped, then in twelfths of a
 * quarter note. See `reading.ts`.
 */

/**
 * Notes struck together: a chord, or one note alone. While a track is read it is
 * one object, which is rounded, put in its bar and cut.
 */
export interface Chord {
  /** MIDI pitches, not sorted; the parts of a cut chord share the array. */
  readonly pitches: number[];
  /** MIDI velocity of its loudest note. */
  velocity: number;
  isDrum: boolean;
  /** Whether it has no length: music21 sorts it before others of the same time. */
  isGrace: boolean;
  /** From the start of the bar for chords in bars, else from the start of the part. */
  start: number;
  /** From the start of its bar, once it is cut. */
  position: number;
  duration: number;
}

/** When a chord ends. */
export const chordEnd = (chord: Chord) => chord.start + chord.duration;

/** By time, at equal times those of no length first. */
const compare = (a: Chord, b: Chord) =>
  a.start - b.start || Number(b.isGrace) - Number(a.isGrace);

/**
 * Sorts chords by time, at equal times those of no length first; the sort is
 * stable.
 *
 * @returns The same array.
 */
export function sortChords(chords: Chord[]): Chord[] {
  for (let i = 1; i < chords.length; i++) {
    if (compare(chords[i - 1]!, chords[i]!) > 0) return chords.sort(compare);
  }
  return chords;
}
