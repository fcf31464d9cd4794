/** The spec of an unprompted piece, copied from a training piece's profile. */

import type { Random } from "../base/base.ts";
import type { PieceSpec } from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";

/**
 * Only tokens at least so many times as likely as the likeliest: what is rarer is
 * mostly an error of the model, while a true choice has many likely answers.
 */
const MIN_P = 0.05;

/**
 * Copies the profile of a training piece: its attributes, tempo, meter,
 * instruments and, unless another is asked, its length.
 *
 * @param spec How to sample, and perhaps a length.
 * @param profiles Of the training pieces.
 * @param random Picks the profile.
 */
export function copyProfile(
  spec: PieceSpec,
  profiles: readonly Profile[],
  random: Random,
): PieceSpec {
  const { attributes, constraints } = random.pick(profiles);
  const { bars, ranges: _, ...rest } = constraints;
  return {
    ...spec,
    minP: spec.minP ?? MIN_P,
    attributes,
    constraints: rest,
    bars: spec.bars ?? bars,
  };
}
