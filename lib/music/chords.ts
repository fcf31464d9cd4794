/** Chords: their kinds, and their symbols. */

import { PITCH_CLASS_NAMES, requirePitchClass } from "./theory.ts";

/**
 * Kinds of chord: the suffix of the chord symbol and the semitones above the
 * root. Where the same pitch classes make two chords the earlier is preferred.
 */
export const CHORDS: ReadonlyMap<string, readonly number[]> = new Map([
  ["", [0, 4, 7]],
  ["m", [0, 3, 7]],
  ["7", [0, 4, 7, 10]],
  ["maj7", [0, 4, 7, 11]],
  ["m7", [0, 3, 7, 10]],
  ["9", [0, 2, 4, 7, 10]],
  ["maj9", [0, 2, 4, 7, 11]],
  ["m9", [0, 2, 3, 7, 10]],
  ["sus4", [0, 5, 7]],
  ["sus2", [0, 2, 7]],
  ["add9", [0, 2, 4, 7]],
  ["madd9", [0, 2, 3, 7]],
  ["dim", [0, 3, 6]],
  ["aug", [0, 4, 8]],
  ["5", [0, 7]],
  ["6", [0, 4, 7, 9]],
  ["m6", [0, 3, 7, 9]],
  ["m7b5", [0, 3, 6, 10]],
  ["dim7", [0, 3, 6, 9]],
  ["mmaj7", [0, 3, 7, 11]],
  ["7sus4", [0, 5, 7, 10]],
  ["9sus4", [0, 2, 5, 7, 10]],
  ["6/9", [0, 2, 4, 7, 9]],
  ["m6/9", [0, 2, 3, 7, 9]],
  ["m11", [0, 2, 3, 5, 7, 10]],
  ["m7add11", [0, 3, 5, 7, 10]],
  ["11", [0, 2, 4, 5, 7, 10]],
  ["maj7#11", [0, 4, 6, 7, 11]],
  ["maj9#11", [0, 2, 4, 6, 7, 11]],
  ["13", [0, 2, 4, 7, 9, 10]],
  ["maj13", [0, 2, 4, 7, 9, 11]],
  ["m13", [0, 2, 3, 5, 7, 9, 10]],
  ["mmaj9", [0, 2, 3, 7, 11]],
  ["7b9", [0, 1, 4, 7, 10]],
  ["7#9", [0, 3, 4, 7, 10]],
  ["7#5", [0, 4, 8, 10]],
  ["7b5", [0, 4, 6, 10]],
  ["maj7#5", [0, 4, 8, 11]],
]);

interface ChordReading {
  readonly root: number;
  readonly suffix: string;
  readonly isComplete: boolean;
}

/** What a set of pitch classes, as twelve bits, can be, preferred first. */
const READINGS = new Map<number, ChordReading[]>();

function setOf(pitchClasses: Iterable<number>): number {
  let set = 0;
  for (const pitchClass of pitchClasses) set |= 1 << pitchClass;
  return set;
}

// A set that makes a complete chord is never read as one without its fifth.
for (const isComplete of [true, false]) {
  for (const [suffix, intervals] of CHORDS) {
    // A triad without its fifth is only a third, and could be anything.
    if (!isComplete && (intervals.length < 4 || !intervals.includes(7))) {
      continue;
    }
    const sounding = intervals.filter((i) => isComplete || i !== 7);
    for (let root = 0; root < 12; root++) {
      const set = setOf(sounding.map((interval) => (root + interval) % 12));
      const readings = READINGS.get(set) ?? [];
      if (readings[0]?.isComplete && !isComplete) continue;
      readings.push({ root, suffix, isComplete });
      READINGS.set(set, readings);
    }
  }
}

/**
 * The symbol of a chord, such as "Am7", "Ebmaj9" or "Gsus4". Chords of four and
 * more may lack their fifth. The same pitch classes can make several chords
 * (Am7 is C6): the one on the lowest note is taken, or else the more common.
 *
 * @param pitchClasses The chord's pitch classes, 0–11, the lowest note's first;
 * repeated ones are allowed.
 * @returns Root and kind, without the inversion; `undefined` for pitch classes
 * that make no chord of {@linkcode CHORDS}.
 * @throws {RangeError} If a value is no pitch class.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nameChord } from "immersic/music/music.ts";
 * assert(nameChord([9, 0, 4, 7]) === "Am7");
 * assert(nameChord([0, 4, 7, 9]) === "C6");
 * assert(nameChord([4, 7, 0]) === "C");
 * ```
 */
export function nameChord(pitchClasses: readonly number[]): string | undefined {
  for (const value of pitchClasses) requirePitchClass("each value", value);
  const readings = READINGS.get(setOf(pitchClasses));
  const chord = readings?.find(({ root }) => root === pitchClasses[0]) ??
    readings?.[0];
  return chord && PITCH_CLASS_NAMES[chord.root] + chord.suffix;
}
