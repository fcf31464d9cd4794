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
import { OffBeats } from "./off_beats.ts";
import { PartManner } from "./part_manner.ts";
import type { SamplingRule } from "./sampling_rule.ts";

/** Where off-beats lie in music without swing. */
const STRAIGHT = 0.5;

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
  const manners = (spec.partWishes ?? []).flatMap((wish) =>
    playersOf(wish, spec).map((program) =>
      new PartManner({
        alphabet,
        program,
        wish: playableWish(
          wish,
          spec.soundingPrograms?.get(program) ?? program,
        ),
        stepsPerQuarter,
        beatSteps,
        isAlone: programs.length === 1 && kits?.length === 0,
      })
    )
  );
  const swings = (spec.swing ?? STRAIGHT) > STRAIGHT &&
    beatSteps === stepsPerQuarter;
  return [
    ...harmony ? [new Harmony(harmony)] : [],
    ...swings ? [new OffBeats(alphabet, beatSteps)] : [],
    ...manners,
  ];
}

/** The programs of the tokens that a wish is of. */
function playersOf(
  { program }: PartWish,
  spec: PieceSpec,
): readonly number[] {
  if (program === undefined) return spec.constraints?.programs ?? [];
  const player = playerOf(program, spec);
  return player === undefined ? [] : [player];
}

/**
 * A wish whose range is within that of the instrument: what lies outside would be
 * moved by octaves, and so out of the range that is asked.
 *
 * @param program The one that sounds.
 */
function playableWish(wish: PartWish, program: number): PartWish {
  const isFree = !wish.range && wish.span === undefined &&
    wish.mostLeap === undefined;
  if (isFree) return wish;
  const own = playingOf(program).range;
  const [least, most] = wish.range ?? own;
  const low = Math.max(least, own[0]), high = Math.min(most, own[1]);
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
