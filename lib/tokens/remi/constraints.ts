/**
 * What a piece of REMI tokens can be held to beyond the grammar: length, tempo,
 * meter, instruments, scale, ranges.
 */

import type { PieceConstraints } from "../../music/music.ts";
import { RemiAlphabet } from "./alphabet.ts";
import type { RemiTokenType } from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** What a piece is held to beyond the grammar. */
export interface RemiConstraints extends PieceConstraints {
  /**
   * Exact length in bars. The meter then stays as it begins.
   * @default Infinity, the piece ends where `End` is sampled
   */
  readonly bars?: number;
}

/**
 * The tokens that constraints allow at all. What depends on where a piece
 * stands, its length and its instruments' ranges, is the grammar's to watch.
 *
 * @returns 1 where allowed, shape [V].
 * @throws {RangeError} If the vocabulary leaves no way to meet the constraints.
 *
 * @example
 * ```ts
 * import { usableTokens } from "immersic/tokens/remi/remi.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const vocabulary = Vocabulary.fromTokens(["Bar", "Tempo_60", "Tempo_70"]);
 * const usable = usableTokens(vocabulary, { qpm: 70 });
 * console.assert(usable.join() === "1,0,1");
 * ```
 */
export function usableTokens(
  vocabulary: Vocabulary,
  constraints: RemiConstraints,
): Uint8Array {
  const { bars = 1, qpm, meter, programs, kits, pitchClasses } = constraints;
  requireBars(bars);
  // By type: the only values allowed; types that are not here are free.
  const only: { [T in RemiTokenType]?: readonly (number | string)[] } = {
    TimeSignature: meter === undefined ? undefined : [meter],
    Tempo: qpm === undefined ? undefined : [qpm],
    Program: programs,
    Kit: kits,
  };
  for (const [type, values] of Object.entries(only)) {
    for (const value of values ?? []) {
      if (vocabulary.has(`${type}_${value}`)) continue;
      refuse(
        `the vocabulary has no ${type}_${value}. Ask for what the training pieces have, the nearest tempo or instrument`,
      );
    }
  }
  const { types, values, numbers } = RemiAlphabet.of(vocabulary);
  const usable = new Uint8Array(vocabulary.size);
  const free: Record<string, number[]> = { Program: [], Kit: [], Pitch: [] };
  for (let id = 0; id < vocabulary.size; id++) {
    const type = types[id], value = values[id], number = numbers[id];
    const outside = type === "Pitch"
      ? pitchClasses?.includes(number % 12) === false
      : only[type]?.some((one) => String(one) === value) === false;
    if (outside) continue;
    usable[id] = 1;
    free[type]?.push(number);
  }
  if ((programs || kits) && free.Program.length + free.Kit.length === 0) {
    refuse("no program and no kit is left to play it");
  }
  for (const program of free.Program) {
    const [low, high] = constraints.ranges?.[program] ?? [0, 127];
    if (free.Pitch.some((pitch) => pitch >= low && pitch <= high)) continue;
    refuse(
      `program ${program} has no pitch to play from ${low} to ${high} in the given pitch classes`,
    );
  }
  return usable;
}

/** @throws {RangeError} If a number of bars is not a positive integer. */
export function requireBars(bars: number): void {
  if (Number.isInteger(bars) && bars > 0) return;
  refuse(`bars must be a positive integer, current value is ${bars}`);
}

function refuse(reason: string): never {
  throw new RangeError(`Cannot constrain a piece: ${reason}.`);
}
