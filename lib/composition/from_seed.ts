/** Takes over what a piece has from the music that it goes on from or varies. */

import type { Seed } from "../generation/generation.ts";
import {
  type PieceConstraints,
  type PieceSpec,
  silencedPrograms,
} from "../music/music.ts";
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

/**
 * Takes over the seed's instruments where no others are asked, their ranges where
 * no register is, and its density.
 *
 * @param planned The spec for the model, from `toGeneration`.
 * @param asked What the user asked, before instruments were chosen.
 */
export function withSeedInstruments<S extends PieceSpec>(
  planned: S,
  { spec, tokens }: Seed,
  asked: PieceSpec,
): S {
  if (!spec || tokens.length === 0) return planned;
  const { playing = [], silent = [] } = asked;
  const { ranges: own, ...instruments } = spec.constraints ?? {};
  const ranges = planned.constraints?.ranges ?? own;
  const taken = playing.length > 0
    ? planned.constraints
    : withoutSilenced(instruments, silent) ?? planned.constraints;
  const { ranges: _, ...constraints } = planned.constraints ?? {};
  return {
    ...planned,
    constraints: { ...constraints, ...taken, ...ranges && { ranges } },
    ...playing.length === 0 &&
      { soundingPrograms: new Map(), ...silent.length === 0 && { notes: [] } },
  };
}

/** The instruments but for those that are to be silent; undefined where all are. */
function withoutSilenced(
  { programs = [], kits = [] }: PieceConstraints,
  silent: NonNullable<PieceSpec["silent"]>,
): PieceConstraints | undefined {
  const gone = new Set(silent.flatMap(silencedPrograms));
  const left = {
    programs: programs.filter((program) => !gone.has(program)),
    kits: silent.includes("drums") ? [] : kits,
  };
  return left.programs.length + left.kits.length > 0 ? left : undefined;
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
