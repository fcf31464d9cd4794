/**
 * Names of pitches, scales and keys. A pitch class is a pitch without its
 * octave, 0 (C) to 11 (B).
 */

import type { Mode } from "./note_sequence.ts";

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
} as const satisfies Record<ScaleName, readonly number[]>;

/** A scale that {@linkcode scalePitchClasses} knows. */
export type ScaleName =
  | "major"
  | "dorian"
  | "phrygian"
  | "lydian"
  | "mixolydian"
  | "minor"
  | "locrian"
  | "harmonicMinor"
  | "melodicMinor"
  | "majorPentatonic"
  | "minorPentatonic";

/** A major or minor key. */
export interface Key {
  /** Pitch class of the tonic, 0–11. */
  readonly tonic: number;
  /** Major or minor. */
  readonly mode: Mode;
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
  return MUSIC21_NAMES[pitch % 12]! + (Math.floor(pitch / 12) - 1);
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

/**
 * Major or minor, by a scale's third: what a key finder hears of a mode.
 *
 * @example
 * ```ts
 * import { majorOrMinor } from "immersic/music/music.ts";
 * console.assert(majorOrMinor("dorian") === "minor");
 * ```
 */
export function majorOrMinor(scale: ScaleName): Mode {
  return scalePitchClasses(0, scale).includes(3) ? "minor" : "major";
}

/** @throws {RangeError} If a value is no pitch class. */
export function requirePitchClass(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 11) {
    throw new RangeError(
      `Cannot use a pitch class: ${name} must be an integer from 0 to 11, current value is ${value}. Did you give a pitch? Take it modulo 12.`,
    );
  }
}
