/**
 * Whether a piece is as usual as the training pieces. Of what a model makes some is
 * odd, such as one bar that returns all through, and a new draft costs little.
 */

import {
  applySustain,
  hasPitch,
  type NoteSequence,
  outsideRanges,
  type UsualRanges,
} from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";

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
  const unusual = unusualAmong(profiles);
  let best = await sample();
  let least = unusual(best.sequence);
  for (let draft = 1; draft < MOST_DRAFTS && least > 0; draft++) {
    const other = await sample();
    const count = unusual(other.sequence);
    if (count < least) [best, least] = [other, count];
  }
  return best;
}

/**
 * Tells in how many of density, pitch range and polyphony a piece, as it is heard,
 * lies outside of what the profiles have.
 *
 * @param profiles Of the training pieces; without any, every piece is usual.
 */
export function unusualAmong(
  profiles: readonly Profile[] = [],
): (piece: NoteSequence) => number {
  const ranges = usualRangesIn(profiles);
  return (piece) =>
    ranges && hasPitch(piece)
      ? outsideRanges(applySustain(piece), ranges).length
      : 0;
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
