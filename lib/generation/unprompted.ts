/** The spec of an unprompted piece, copied from a training piece's profile. */

import type { Random } from "../base/base.ts";
import type { PieceSpec } from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";

/** Nucleus of an unprompted piece: the share of probability sampled from. */
const TOP_P = 1;

/**
 * Copies the profile of a training piece: its attributes, tempo, meter,
 * instruments, ranges and, unless another is asked, its length. Density and parts
 * become targets, for the model alone would thin out both.
 *
 * @param spec How to sample, and perhaps a length and a form.
 * @param profiles Of the training pieces.
 * @param random Picks the profile.
 */
export function copyProfile(
  spec: PieceSpec,
  profiles: readonly Profile[],
  random: Random,
): PieceSpec {
  const { attributes, constraints } = random.pick(profiles);
  const { bars: ownBars, ranges: _, ...rest } = constraints;
  const bars = spec.bars ?? ownBars;
  return {
    ...spec,
    topP: spec.topP ?? TOP_P,
    attributes,
    constraints: rest,
    bars,
    form: spec.form ?? [{ name: "A", bars }],
  };
}
