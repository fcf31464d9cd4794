/** The pitches that instruments keep to in a register. */

import type { REGISTER_BANDS } from "./attributes.ts";
import { isBass } from "./families.ts";

/** A register by name: "low", "middle" or "high". */
export type Register = (typeof REGISTER_BANDS)[number]["name"];

/** Lowest and highest MIDI pitch, both included. */
export type PitchRange = readonly [lowest: number, highest: number];

/** Pitches of the bass and of all other instruments, by register. */
const REGISTER_RANGES = {
  low: { bass: [24, 45], other: [31, 60] },
  middle: { bass: [28, 52], other: [45, 78] },
  high: { bass: [33, 60], other: [59, 98] },
} as const satisfies Record<
  Register,
  { readonly bass: PitchRange; readonly other: PitchRange }
>;

/** Pitches of a bass in music of no stated register. */
export const BASS_RANGE: PitchRange = REGISTER_RANGES.middle.bass;

/**
 * The pitches that an instrument keeps to in music of a register.
 *
 * @param program Its General MIDI program.
 *
 * @example
 * ```ts
 * import { pitchRangeOf } from "immersic/music/music.ts";
 * console.assert(pitchRangeOf(33, "low").join() === "24,45"); // a bass
 * console.assert(pitchRangeOf(0, "low").join() === "31,60"); // a piano
 * ```
 */
export function pitchRangeOf(program: number, register: Register): PitchRange {
  const { bass, other } = REGISTER_RANGES[register];
  return isBass(program) ? bass : other;
}
