/** Families of General MIDI instruments. */

import type { Part } from "./note_sequence.ts";

/** General MIDI programs, first to last, of each instrument family. */
export const INSTRUMENT_FAMILIES = {
  Piano: [0, 7],
  Mallets: [8, 15],
  Organ: [16, 23],
  Guitar: [24, 31],
  Bass: [32, 39],
  Strings: [40, 55],
  Winds: [56, 79],
  Lead: [80, 87],
  Pad: [88, 103],
} as const satisfies Record<string, readonly [number, number]>;

/** Instruments whose presence or absence is an attribute. */
export type InstrumentFamily = keyof typeof INSTRUMENT_FAMILIES | "Drums";

/**
 * The family of a part's instrument.
 *
 * @returns The family, or undefined for programs 104–127 (folk instruments,
 * percussion with pitch, effects), which no attribute names.
 *
 * @example
 * ```ts
 * import { familyOf } from "immersic/music/music.ts";
 * console.assert(familyOf({ name: "", program: 33, isDrum: false }) === "Bass");
 * ```
 */
export function familyOf(
  { program, isDrum }: Part,
): InstrumentFamily | undefined {
  return isDrum ? "Drums" : familyOfProgram(program);
}

/**
 * The family of a General MIDI program, as {@linkcode familyOf} for a part that
 * is no percussion.
 *
 * @example
 * ```ts
 * import { familyOfProgram } from "immersic/music/music.ts";
 * console.assert(familyOfProgram(0) === "Piano");
 * console.assert(familyOfProgram(104) === undefined);
 * ```
 */
export function familyOfProgram(program: number): InstrumentFamily | undefined {
  for (const [family, [first, last]] of Object.entries(INSTRUMENT_FAMILIES)) {
    if (program >= first && program <= last) return family as InstrumentFamily;
  }
  return undefined;
}

/** Whether a General MIDI program is a bass. */
export function isBass(program: number): boolean {
  return familyOfProgram(program) === "Bass";
}
