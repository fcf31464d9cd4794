/**
 * Limits on a piece of REMI tokens beyond the grammar: length, tempo, meter,
 * instruments, scale, ranges.
 */

import type { PieceConstraints } from "../../music/music.ts";
import { RemiAlphabet } from "./alphabet.ts";
import type { RemiTokenType } from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** Limits on a piece beyond the grammar; one left out means free. */
export interface RemiConstraints extends PieceConstraints {
  /**
   * Exact length in bars. The meter then stays as it begins.
   * @default Infinity, the piece ends where `End` is sampled
   */
  readonly bars?: number;
}

/**
 * The tokens that constraints allow anywhere in a piece. Limits that depend on
 * the place in it, its length and its instruments' ranges, are the grammar's.
 *
 * @returns 1 where allowed, shape [V].
 * @throws {RangeError} If the vocabulary cannot meet the constraints.
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
  // By type: the only values allowed; the types left out are free.
  const only: { readonly [T in RemiTokenType]?: readonly (number | string)[] } =
    {
      ...meter !== undefined && { TimeSignature: [meter] },
      ...qpm !== undefined && { Tempo: [qpm] },
      ...programs && { Program: programs },
      ...kits && { Kit: kits },
    };
  for (const [type, values] of Object.entries(only)) {
    for (const value of values) {
      if (vocabulary.has(`${type}_${value}`)) continue;
      refuse(
        `the vocabulary has no ${type}_${value}. Ask for what the training pieces have, the nearest tempo or instrument`,
      );
    }
  }
  const { tokens, ids, numbers } = RemiAlphabet.of(vocabulary);
  const usable = Uint8Array.from(tokens, ({ type, value }) => {
    const isOutside = type === "Pitch"
      ? pitchClasses?.includes(Number(value) % 12) === false
      : only[type]?.some((one) => String(one) === value) === false;
    return isOutside ? 0 : 1;
  });
  const left = (type: RemiTokenType) =>
    ids[type].filter((id) => usable[id] === 1).map((id) => numbers[id]!);
  const programsLeft = left("Program"), pitchesLeft = left("Pitch");
  if (
    (programs || kits) && programsLeft.length === 0 && left("Kit").length === 0
  ) refuse("no program and no kit is left to play it");
  for (const program of programsLeft) {
    const [low, high] = constraints.ranges?.[program] ?? [0, 127];
    if (pitchesLeft.some((pitch) => pitch >= low && pitch <= high)) continue;
    refuse(
      `program ${program} has no pitch to play from ${low} to ${high} in the given pitch classes`,
    );
  }
  return usable;
}

/**
 * Refuses a number of bars that is not a positive integer.
 *
 * @throws {RangeError} If it is not.
 */
export function requireBars(bars: number): void {
  if (Number.isInteger(bars) && bars > 0) return;
  refuse(`bars must be a positive integer, current value is ${bars}`);
}

/**
 * Refuses a length in which not even the shortest note fits.
 *
 * @param bars Bars of the piece, or Infinity.
 * @param barSteps Steps of the longest bar that it can have.
 * @param shortest Steps of the shortest note.
 * @throws {RangeError} If it does not fit.
 */
export function requireRoom(
  bars: number,
  barSteps: number,
  shortest: number,
): void {
  if (bars * barSteps >= shortest) return;
  refuse(
    `its length of ${bars} bars is ${
      bars * barSteps
    } steps at most, and the shortest note of the training pieces is ${shortest} steps long. Ask for more bars, or for another meter`,
  );
}

function refuse(reason: string): never {
  throw new RangeError(`Cannot constrain a piece: ${reason}.`);
}
