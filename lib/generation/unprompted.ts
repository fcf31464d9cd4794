/** What a piece of which nothing is asked takes over from a training piece. */

import type { Random } from "../base/base.ts";
import type { PieceSpec } from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";
import { planForm } from "./form.ts";

/** The least likely tokens beyond this probability are not sampled. */
const TOP_P = 0.9;
/** A piece may be so many times as dense as the training piece it is like. */
const DENSITY_MARGIN = 1.4;

/**
 * Copies the profile of a training piece: its attributes, tempo, meter,
 * instruments, ranges and, unless another is asked, its length. The piece is led
 * towards the profile's density and parts, for left alone the model drops both.
 *
 * @param spec What is asked of chance, and perhaps a length and a form.
 * @param random Chooses the profile.
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
      programs: rest.programs,
      kits: rest.kits,
      ...density > 0 && { density: [density, DENSITY_MARGIN * density] },
    },
    bars,
    form: spec.form ?? planForm(bars),
  };
}
