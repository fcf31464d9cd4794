/** The spec of an unprompted piece, copied from a training piece's profile. */

import type { Random } from "../base/base.ts";
import type { PieceSpec } from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";
import { planForm } from "./form.ts";

/** Nucleus of an unprompted piece: the share of probability sampled from. */
const TOP_P = 0.9;
/** A piece may be so many times as dense as the training piece it copies. */
const DENSITY_MARGIN = 1.4;

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
  const { attributes, constraints, density } = random.pick(profiles);
  const { bars: ownBars, ...rest } = constraints;
  const bars = spec.bars ?? ownBars;
  return {
    ...spec,
    topP: spec.topP ?? TOP_P,
    attributes,
    constraints: rest,
    targets: spec.targets ?? {
      ...rest.programs && { programs: rest.programs },
      ...rest.kits && { kits: rest.kits },
      ...density > 0 && { density: [density, DENSITY_MARGIN * density] },
    },
    bars,
    form: spec.form ?? planForm(bars),
  };
}
