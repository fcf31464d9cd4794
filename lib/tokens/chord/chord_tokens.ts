/**
 * What chord tokens mean: a pitch ("E-5"), or the pitch classes of a chord in
 * normal order ("4.7.11").
 *
 * Normal order: A. Forte, "The Structure of Atonal Music" (1973).
 */

import { pitchName } from "../../music/music.ts";

/** The meaning of a token: a pitch, or the pitch classes of a chord. */
export type Meaning =
  | { readonly pitch: number }
  | { readonly pitchClasses: readonly number[] };

/**
 * Pitches by name. Some names mean two pitches: "E-1" is E flat 1, and E natural
 * in octave −1. The map keeps the later, audible one.
 */
const PITCHES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 128 }, (_, pitch) => [pitchName(pitch), pitch]),
);

/**
 * The token of notes struck together.
 *
 * @param pitches MIDI pitches in any order, at least one.
 */
export function tokenOf(pitches: readonly number[]): string {
  if (pitches.length === 1) return pitchName(pitches[0]!);
  const classes = pitches.reduce((set, pitch) => set | 1 << pitch % 12, 0);
  let token = CHORD_TOKENS.get(classes);
  if (token === undefined) {
    CHORD_TOKENS.set(classes, token = normalOrder(pitches));
  }
  return token;
}

/** Tokens of chords by the sum of 2^pitch class. */
const CHORD_TOKENS = new Map<number, string>();

/**
 * The meaning of a token.
 *
 * @throws {RangeError} If it is none of this alphabet.
 */
export function parseToken(token: string): Meaning {
  const pitch = PITCHES.get(token);
  if (pitch !== undefined) return { pitch };
  const pitchClasses = token.split(".").map(Number);
  if (
    !/^\d+(\.\d+)*$/.test(token) || pitchClasses.some((value) => value > 11)
  ) {
    throw new RangeError(
      `Cannot understand the token "${token}": it must be a note such as "E-5" or a chord such as "4.7.11". Is it from another tokenizer?`,
    );
  }
  return { pitchClasses };
}

/**
 * Transposes a token; the pitch classes of chords wrap around.
 *
 * @param token A note or chord.
 * @param semitones Up (positive) or down.
 * @returns Undefined where a note would leave MIDI's pitches.
 * @throws {RangeError} If `token` is none of this alphabet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { transposeToken } from "immersic/tokens/chord/chord_tokens.ts";
 * assert.equal(transposeToken("C4", -1), "B3");
 * assert.equal(transposeToken("4.7.11", 3), "7.10.2");
 * ```
 */
export function transposeToken(
  token: string,
  semitones: number,
): string | undefined {
  const meaning = parseToken(token);
  if ("pitchClasses" in meaning) {
    return normalOrder(
      meaning.pitchClasses.map((value) => (value + semitones + 120) % 12),
    );
  }
  const pitch = meaning.pitch + semitones;
  return pitch >= 0 && pitch < 128 ? pitchName(pitch) : undefined;
}

/**
 * The pitch classes of a chord in their most compact order: the smallest span,
 * then the smallest intervals from the first on, then the lowest first.
 */
function normalOrder(pitches: readonly number[]): string {
  const classes = [...new Set(pitches.map((pitch) => pitch % 12))]
    .sort((a, b) => a - b);
  const orders = classes.map((first, index) => {
    const order = [...classes.slice(index), ...classes.slice(0, index)];
    const steps = order.map((pitchClass) => (pitchClass - first + 12) % 12);
    return { order, key: [...steps.slice(-1), ...steps] };
  });
  return orders.reduce((best, other) => {
    const differs = best.key.findIndex((step, i) => step !== other.key[i]);
    return differs >= 0 && other.key[differs]! < best.key[differs]!
      ? other
      : best;
  }).order.join(".");
}
