/**
 * Names and relations of pitches: pitch names, scales, keys and chords. A pitch
 * class is a pitch without its octave, 0 (C) to 11 (B).
 */

import type { NoteSequence } from "./note_sequence.ts";

/** Pitch classes as music21 spells them by default; "-" is a flat. */
// deno-fmt-ignore
const MUSIC21_NAMES = [
  "C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B",
] as const;

/** Pitch classes as chord symbols mostly spell them. */
// deno-fmt-ignore
export const PITCH_CLASS_NAMES = [
  "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B",
] as const;

/** Tonics of minor keys, which are spelt with sharps more often. */
// deno-fmt-ignore
const MINOR_TONIC_NAMES = [
  "C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B",
] as const;

/** Semitones above the tonic. */
const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  minor: [0, 2, 3, 5, 7, 8, 10],
  locrian: [0, 1, 3, 5, 6, 8, 10],
  harmonicMinor: [0, 2, 3, 5, 7, 8, 11],
  melodicMinor: [0, 2, 3, 5, 7, 9, 11],
  majorPentatonic: [0, 2, 4, 7, 9],
  minorPentatonic: [0, 3, 5, 7, 10],
} as const;

/** A scale that {@linkcode scalePitchClasses} knows. */
export type ScaleName = keyof typeof SCALES;

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

/** A major or minor key. */
export interface Key {
  /** Pitch class of the tonic, 0–11. */
  readonly tonic: number;
  readonly mode: "major" | "minor";
}

/** A key that was found, and how well the music fits it. */
export interface FoundKey extends Key {
  /** Pearson's r of the music with the key's profile, −1 to 1. */
  readonly correlation: number;
}

/**
 * A pitch by name as music21 writes it: "C4" is middle C, "E-5" an E flat.
 *
 * @param pitch MIDI pitch, 0–127.
 * @returns The name.
 * @throws {RangeError} If `pitch` is no integer from 0 to 127.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pitchName } from "immersic/music/music.ts";
 * assert(pitchName(75) === "E-5");
 * ```
 */
export function pitchName(pitch: number): string {
  if (!Number.isInteger(pitch) || pitch < 0 || pitch > 127) {
    throw new RangeError(
      `Cannot name a pitch: it must be an integer from 0 to 127, current value is ${pitch}.`,
    );
  }
  return MUSIC21_NAMES[pitch % 12] + (Math.floor(pitch / 12) - 1);
}

/**
 * A key by name.
 *
 * @param key The key.
 * @returns Tonic and mode, such as "Eb major" or "C# minor".
 * @throws {RangeError} If the tonic is no pitch class.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyName } from "immersic/music/music.ts";
 * assert(keyName({ tonic: 1, mode: "minor" }) === "C# minor");
 * ```
 */
export function keyName({ tonic, mode }: Key): string {
  requirePitchClass("the tonic", tonic);
  const names = mode === "major" ? PITCH_CLASS_NAMES : MINOR_TONIC_NAMES;
  return `${names[tonic]} ${mode}`;
}

/**
 * The key signature of a key.
 *
 * @returns Sharps (positive) or flats (negative), −5 to 6.
 * @throws {RangeError} If the tonic is no pitch class.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyFifths } from "immersic/music/music.ts";
 * assert(keyFifths({ tonic: 2, mode: "minor" }) === -1);
 * ```
 */
export function keyFifths({ tonic, mode }: Key): number {
  requirePitchClass("the tonic", tonic);
  const fifths = 7 * (mode === "major" ? tonic : tonic + 3) % 12;
  return fifths > 6 ? fifths - 12 : fifths;
}

/**
 * The pitch classes of a scale, upwards from its tonic.
 *
 * @param tonic Pitch class of the tonic, 0–11.
 * @param scale Name of the scale or mode.
 * @returns Five or seven pitch classes, the tonic first.
 * @throws {RangeError} If `tonic` is no pitch class or the scale is unknown.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { scalePitchClasses } from "immersic/music/music.ts";
 * assert(scalePitchClasses(2, "dorian").join() === "2,4,5,7,9,11,0");
 * ```
 */
export function scalePitchClasses(tonic: number, scale: ScaleName): number[] {
  requirePitchClass("the tonic", tonic);
  if (!Object.hasOwn(SCALES, scale)) {
    throw new RangeError(
      `Cannot build a scale: the scale must be one of ${
        Object.keys(SCALES).join(", ")
      }, current value is ${scale}.`,
    );
  }
  return SCALES[scale].map((interval) => (tonic + interval) % 12);
}

interface Reading {
  readonly root: number;
  readonly suffix: string;
  readonly isComplete: boolean;
}

/** What a set of pitch classes, as twelve bits, can be, preferred first. */
const READINGS = new Map<number, Reading[]>();

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
 * import { nameChord } from "immersic/music/theory.ts";
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

/**
 * How well each pitch class above the tonic fits a key, as listeners rated it:
 * C. Krumhansl and E. Kessler, "Tracing the dynamic changes in perceived tonal
 * organization in a spatial representation of musical keys" (1982).
 */
// deno-fmt-ignore
const KEY_PROFILES = {
  major: [
    6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88,
  ],
  minor: [
    6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17,
  ],
} as const;

/**
 * The key that music is most likely in: the one whose profile correlates best
 * with the time each pitch class sounds (the Krumhansl–Schmuckler algorithm,
 * C. Krumhansl, "Cognitive Foundations of Musical Pitch", 1990).
 *
 * @param music A sequence, whose drums do not count and whose notes of no length
 * count as a tick; or twelve weights, of C, C sharp, … B.
 * @returns The key. Music that favours no pitch class, and silence, give C major
 * at correlation 0.
 * @throws {RangeError} If weights are given that are not twelve finite numbers,
 * none negative.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findKey } from "immersic/music/music.ts";
 * const { tonic, mode } = findKey([0, 0, 2, 0, 1, 0, 2, 0, 0, 3, 0, 1]);
 * assert(tonic === 2 && mode === "major");
 * ```
 */
export function findKey(music: NoteSequence | ArrayLike<number>): FoundKey {
  const weights = "notes" in music ? pitchClassTicks(music) : music;
  return keyFits(weights).reduce((best, fit) =>
    fit.correlation > best.correlation ? fit : best
  );
}

/**
 * How well music fits each of the 24 keys, by the algorithm of
 * {@linkcode findKey}.
 *
 * @param weights Twelve, of C, C sharp, … B.
 * @returns The major keys upwards from C, then the minor keys.
 * @throws {RangeError} If the weights are not twelve finite numbers, none
 * negative.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyFits } from "immersic/music/theory.ts";
 * const fits = keyFits([3, 0, 1, 0, 2, 0, 0, 2, 0, 0, 0, 1]);
 * assert(fits[0].correlation > fits[12].correlation); // C major, C minor
 * ```
 */
export function keyFits(weights: ArrayLike<number>): FoundKey[] {
  const given = Array.from(weights);
  if (
    given.length !== 12 ||
    !given.every((weight) => weight >= 0 && weight < Infinity)
  ) {
    throw new RangeError(
      `Cannot find a key: the weights must be twelve finite numbers, none negative, current value is ${
        given.join(", ")
      }.`,
    );
  }
  return (["major", "minor"] as const).flatMap((mode) =>
    given.map((_, tonic) => {
      const correlation = keyCorrelation(given, tonic, mode);
      return { tonic, mode, correlation };
    })
  );
}

/**
 * How well music fits one key, as {@linkcode keyFits} has it: Pearson's
 * correlation with the key's profile, 0 where all pitch classes weigh the same.
 * Leaves no garbage, for it is asked at every note drawn.
 *
 * @param weights Twelve finite numbers, none negative, of C, C sharp, … B.
 * @param tonic Pitch class 0–11.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyCorrelation } from "immersic/music/music.ts";
 * import { keyFits } from "immersic/music/theory.ts";
 * const weights = [3, 0, 1, 0, 2, 0, 0, 2, 0, 0, 0, 1];
 * const [{ correlation }] = keyFits(weights);
 * assert.equal(keyCorrelation(weights, 0, "major"), correlation);
 * ```
 */
export function keyCorrelation(
  weights: ArrayLike<number>,
  tonic: number,
  mode: Key["mode"],
): number {
  const profile = KEY_PROFILES[mode];
  let sumX = 0, sumY = 0;
  for (let i = 0; i < 12; i++) {
    sumX += weights[(tonic + i) % 12];
    sumY += profile[i];
  }
  const meanX = sumX / 12, meanY = sumY / 12;
  let xy = 0, xx = 0, yy = 0;
  for (let i = 0; i < 12; i++) {
    const x = weights[(tonic + i) % 12] - meanX, y = profile[i] - meanY;
    xy += x * y;
    xx += x ** 2;
    yy += y ** 2;
  }
  // Equal values may differ from their mean in the last bit.
  return xx <= 1e-20 * meanX ** 2 ? 0 : xy / Math.sqrt(xx * yy);
}

/** Ticks for which each pitch class sounds. */
function pitchClassTicks(sequence: NoteSequence): number[] {
  const ticks: number[] = new Array(12).fill(0);
  for (const { part, pitch, startTicks, endTicks } of sequence.notes) {
    if (sequence.parts[part].isDrum) continue;
    ticks[pitch % 12] += Math.max(1, endTicks - startTicks);
  }
  return ticks;
}

function requirePitchClass(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 11) {
    throw new RangeError(
      `Cannot use a pitch class: ${name} must be an integer from 0 to 11, current value is ${value}. Did you give a pitch? Take it modulo 12.`,
    );
  }
}
