/** Chords as sets of pitch classes, bit by bit: what may sound with them. */

import { type Chord, chordPitchClasses, triadOf } from "../music/music.ts";

/** The sets of a chord. */
export interface ChordSets {
  /** Pitch class of its third, or of what stands for it. */
  readonly third: number;
  readonly bass: number;
  readonly tones: number;
  readonly triad: number;
  /** Its tones, and the seventh and ninth that the scale gives it. */
  readonly coloured: number;
  /** Those and what may pass between them. */
  readonly passing: number;
}

/** A set of pitch classes. */
export function setOf(pitchClasses: Iterable<number>): number {
  let set = 0;
  for (const pitchClass of pitchClasses) set |= 1 << pitchClass;
  return set;
}

/**
 * The sets of a chord.
 *
 * @param scale What may pass between its tones.
 * @param colours Pitch classes that may colour it where the scale has them.
 */
export function setsOf(
  chord: Chord,
  scale: number,
  colours: readonly number[],
): ChordSets {
  const { root, bass = root } = chord;
  const tones = setOf(chordPitchClasses(chord));
  // A tone from outside the scale replaces its neighbours in it.
  const foreign = tones & ~scale;
  const replaced = rotate(foreign, 1) | rotate(foreign, 11);
  const [, third = 0] = triadOf(chord);
  const thirds = setOf([(root + 3) % 12, (root + 4) % 12]);
  const coloured = tones | setOf(colours) & scale & ~replaced;
  return {
    bass: 1 << bass,
    tones,
    third: (root + third) % 12,
    triad: setOf(triadOf(chord).map((one) => (root + one) % 12)),
    coloured,
    passing: coloured | scale & ~(replaced | thirds),
  };
}

/** Pitch classes that a triad, or a chord with a seventh, may be coloured with. */
export function coloursOf({ root, intervals, bass = root }: Chord): number[] {
  const has = (interval: number) => intervals.includes(interval);
  // On another bass they would make it another chord.
  if (!has(7) || !(has(3) || has(4)) || bass !== root) return [];
  const sevenths = has(10) || has(11) || has(9) ? [] : has(3) ? [10] : [10, 11];
  const ninths = has(3) ? [2, 5] : [2];
  return [...sevenths, ...ninths].map((one) => (root + one) % 12);
}

/** A set of pitch classes, moved up. */
function rotate(set: number, semitones: number): number {
  return (set << semitones | set >> 12 - semitones) & 0xfff;
}
