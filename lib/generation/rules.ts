/** The rules that a spec means for sampling: its chords, and how its parts play. */

import {
  beatQuarters,
  familyOfProgram,
  parseMeter,
  type PartWish,
  type PieceSpec,
  playingOf,
} from "../music/music.ts";
import type { RemiAlphabet } from "../tokens/remi/remi.ts";
import { Harmony, harmonyOf } from "./harmony.ts";
import { PartManner } from "./part_manner.ts";
import type { SamplingRule } from "./sampling_rule.ts";

/**
 * New rules for a spec, at the beginning of a piece. How a part plays comes last, for
 * it gives way where it would leave nothing.
 *
 * @param head Ids of the attributes, which name the key.
 */
export function rulesOf(
  spec: PieceSpec,
  head: readonly number[],
  alphabet: RemiAlphabet,
  stepsPerQuarter: number,
): SamplingRule[] {
  const { meter = "4/4", programs = [], kits } = spec.constraints ?? {};
  const beatSteps = beatQuarters(parseMeter(meter)) * stepsPerQuarter;
  const harmony = harmonyOf(spec, head, alphabet, stepsPerQuarter);
  const manners = (spec.partWishes ?? []).flatMap((wish) => {
    const program = playerOf(wish.program, spec);
    return program === undefined ? [] : [
      new PartManner({
        alphabet,
        wish: { ...playableWish(wish), program },
        stepsPerQuarter,
        beatSteps,
        isAlone: programs.length === 1 && kits?.length === 0,
      }),
    ];
  });
  return [...harmony ? [new Harmony(harmony)] : [], ...manners];
}

/**
 * A wish whose range is within that of its instrument: what lies outside would be
 * moved by octaves, and so out of the range that is asked.
 */
function playableWish(wish: PartWish): PartWish {
  if (!wish.range) return wish;
  const own = playingOf(wish.program).range;
  const low = Math.max(wish.range[0], own[0]);
  const high = Math.min(wish.range[1], own[1]);
  return low < high ? { ...wish, range: [low, high] } : wish;
}

/**
 * The program of the tokens that plays what is to sound as a program, or as another
 * of its family; undefined where none does.
 */
function playerOf(
  program: number,
  { constraints = {}, soundingPrograms }: PieceSpec,
): number | undefined {
  const { programs = [] } = constraints;
  const sounds = (one: number) => soundingPrograms?.get(one) ?? one;
  const family = familyOfProgram(program);
  return programs.find((one) => sounds(one) === program) ??
    programs.find((one) => familyOfProgram(sounds(one)) === family);
}
