/** The spec of an unprompted piece, copied from a training piece's profile. */

import type { Random } from "../base/base.ts";
import type { PieceSpec } from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";

/**
 * Copies the profile of a training piece: its attributes, tempo, meter,
 * instruments, which of them play one note at a time, and, unless another is
 * asked, its length.
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
  const { attributes, constraints, monophonic } = random.pick(profiles);
  const { bars, ranges: _, ...rest } = constraints;
  return {
    ...spec,
    attributes,
    constraints: rest,
    bars: spec.bars ?? bars,
    ...monophonic && { targets: { ...spec.targets, monophonic } },
  };
}
