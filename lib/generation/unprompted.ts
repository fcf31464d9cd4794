/**
 * Unprompted pieces: what they are told, copied from a training piece's profile, and
 * whether they are as usual as those pieces.
 */

import type { Random } from "../base/base.ts";
import {
  applySustain,
  hasPitch,
  type NoteSequence,
  outsideRanges,
  type PieceSpec,
  type UsualRanges,
} from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";

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
    attributes,
    constraints: rest,
    bars: spec.bars ?? bars,
  };
}

/** Most drafts of a piece. */
const MOST_DRAFTS = 4;

/**
 * Samples drafts of a piece until one is usual in density, pitch range and
 * polyphony, four at most, and gives that which is unusual in the fewest of them.
 *
 * @param sample Samples a draft.
 * @param profiles Of the training pieces.
 */
export async function mostUsual<
  Piece extends { readonly sequence: NoteSequence },
>(
  sample: () => Promise<Piece>,
  profiles: readonly Profile[],
): Promise<Piece> {
  const ranges = usualRangesIn(profiles);
  let best = await sample();
  if (ranges === undefined) return best;
  let least = unusualIn(best.sequence, ranges);
  for (let draft = 1; draft < MOST_DRAFTS && least > 0; draft++) {
    const other = await sample();
    const unusual = unusualIn(other.sequence, ranges);
    if (unusual < least) [best, least] = [other, unusual];
  }
  return best;
}

/**
 * The ranges of density, pitch range and polyphony in which all profiles lie;
 * undefined where none has pitched notes. As profiles are of typical pieces, these
 * are about the corpus' 5th to 95th percentiles.
 */
function usualRangesIn(
  profiles: readonly Profile[],
): UsualRanges | undefined {
  const pitched = profiles.filter(({ constraints: { ranges } }) =>
    Object.keys(ranges).length > 0
  );
  if (pitched.length === 0) return undefined;
  const range = (measure: (profile: Profile) => number) => {
    const values = pitched.map(measure);
    return { low: Math.min(...values), high: Math.max(...values) };
  };
  const isOlder = pitched.some(({ polyphony }) => polyphony === undefined);
  return {
    noteDensity: range(({ density }) => density),
    pitchRange: range(({ constraints: { ranges } }) => {
      const pitches = Object.values(ranges).flat();
      return Math.max(...pitches) - Math.min(...pitches);
    }),
    polyphony: isOlder
      ? { low: 0, high: Infinity }
      : range(({ polyphony }) => polyphony!),
  };
}

/** In how many measures a piece, as it is heard, lies outside of usual ranges. */
function unusualIn(piece: NoteSequence, ranges: UsualRanges): number {
  return hasPitch(piece)
    ? outsideRanges(applySustain(piece), ranges).length
    : 0;
}
