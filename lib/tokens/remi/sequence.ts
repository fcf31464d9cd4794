/** What token values are in a `NoteSequence`: parts and key signatures. */

import {
  keyFifths,
  keyOfAttributes,
  type KeySignature,
  type Part,
} from "../../music/music.ts";

/** Instruments as one row of numbers: programs are 0–127, kits start here. */
export const FIRST_KIT = 128;

/** The instrument of a part, a kit from {@linkcode FIRST_KIT} on. */
export function instrumentOf(
  { program, isDrum }: Pick<Part, "program" | "isDrum">,
): number {
  return isDrum ? FIRST_KIT + program : program;
}

/** The part of an instrument, see {@linkcode instrumentOf}. */
export function partOf(instrument: number): Part {
  return {
    name: "",
    program: instrument % FIRST_KIT,
    isDrum: instrument >= FIRST_KIT,
  };
}

/** A piece's key and mode as a key signature, none where they are not known. */
export function keySignatures(
  attributes: Parameters<typeof keyOfAttributes>[0],
): KeySignature[] {
  const key = keyOfAttributes(attributes);
  return key ? [{ ticks: 0, fifths: keyFifths(key), mode: key.mode }] : [];
}
