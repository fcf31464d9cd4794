/** Takes over what a piece has from the music that it goes on from or varies. */

import type { Seed } from "../generation/generation.ts";
import type { PieceSpec } from "../music/music.ts";
import type { RemiAlphabet } from "../tokens/remi/remi.ts";

/**
 * Fewest and most bars that follow a seed where no length is asked, and fewest and
 * most of the model's.
 */
const LEAST_BARS = 16, LEAST_MODEL_BARS = 4, MOST_MODEL_BARS = 64;

/**
 * Takes over the seed's key and tempo where no others are asked, the meter in which
 * the model hears it, and where no length is asked, one in bars of the music that
 * leaves room for more. What is to be endless leads back to its beginning.
 */
export function withSeedTime(
  asked: PieceSpec,
  seed: Seed,
): PieceSpec {
  const { spec, bars } = seed;
  if (!spec) return asked;
  const { key, qpm, meter } = spec;
  const isEndless = asked.length !== undefined && "endless" in asked.length;
  return {
    ...asked,
    ...asked.key?.tonic === undefined && key && { key },
    ...asked.qpm === undefined && asked.tempo === undefined &&
      qpm !== undefined && { qpm },
    ...meter !== undefined && { meter },
    ...isEndless && { loop: true },
    length: isEndless || asked.length === undefined
      ? { bars: bars + barsAfter(seed) }
      : asked.length,
  };
}

/** As many bars as the seed has, within limits. */
function barsAfter({ bars, passage }: Seed): number {
  const modelBar = passage?.heardMeter.bars ?? 1;
  const least = Math.max(LEAST_BARS, Math.ceil(LEAST_MODEL_BARS * modelBar));
  const most = Math.round(MOST_MODEL_BARS * modelBar);
  return Math.max(least, Math.min(bars, most));
}

/** Takes over the ranges of the seed's instruments. */
export function withSeedRanges<S extends PieceSpec>(
  planned: S,
  { spec, tokens }: Seed,
): S {
  const { ranges } = spec?.constraints ?? {};
  if (!ranges || tokens.length === 0) return planned;
  return { ...planned, constraints: { ...planned.constraints, ranges } };
}

/**
 * Drops the limits on pitches that a program could not keep to: its range, where no
 * pitch of the scale that the model knows is in it, and then the scale.
 */
export function withPossiblePitches<S extends PieceSpec>(
  spec: S,
  alphabet: RemiAlphabet,
): S {
  const { pitchClasses, ranges = {}, ...others } = spec.constraints ?? {};
  const programs = others.programs ?? alphabet.numbersOf("Program");
  const inScale = alphabet.numbersOf("Pitch")
    .filter((pitch) => pitchClasses?.includes(pitch % 12) ?? true);
  const isPossible = (program: string) => {
    const [low, high] = ranges[Number(program)]!;
    return inScale.some((pitch) => pitch >= low && pitch <= high);
  };
  const hasScale = inScale.length > 0 || programs.length === 0;
  return {
    ...spec,
    constraints: {
      ...others,
      ...pitchClasses && hasScale && { pitchClasses },
      ranges: Object.fromEntries(
        Object.entries(ranges).filter(([program]) => isPossible(program)),
      ),
    },
  };
}
