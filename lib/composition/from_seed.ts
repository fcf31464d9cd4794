/** Takes over what a piece has from the music that it goes on from. */

import type { Seed } from "../generation/generation.ts";
import type { PieceSpec } from "../music/music.ts";
import { PromptError } from "../prompt/prompt.ts";

/**
 * Takes over the seed's key, tempo and meter where no others are asked, and chooses
 * a length that leaves room for more.
 *
 * @throws {PromptError} If another meter is asked.
 */
export function withSeedTime(
  asked: PieceSpec,
  { spec, bars }: Seed,
): PieceSpec {
  if (!spec) return asked;
  if (asked.meter !== undefined && asked.meter !== spec.meter) {
    throw new PromptError(
      asked.meter,
      `the piece to start from is in ${spec.meter}, not ${asked.meter}. Leave the meter out, or start from another piece.`,
    );
  }
  const { key, qpm, meter } = spec;
  return {
    ...asked,
    ...asked.key?.tonic === undefined && key && { key },
    ...asked.qpm === undefined && asked.tempo === undefined &&
      qpm !== undefined && { qpm },
    ...meter !== undefined && { meter },
    length: asked.length ?? { bars: Math.max(2 * bars, bars + 16) },
  };
}

/**
 * Takes over the seed's instruments where no others are asked.
 *
 * @param planned The spec for the model, from `toGeneration`.
 * @param asked What the user asked, before instruments were chosen.
 */
export function withSeedInstruments<S extends PieceSpec>(
  planned: S,
  { spec }: Seed,
  asked: PieceSpec,
): S {
  if (!spec) return planned;
  const { playing = [], silent = [] } = asked;
  const { soundingPrograms = [] } = planned;
  const own = spec.soundingPrograms ?? [];
  if (playing.length + silent.length > 0) {
    return {
      ...planned,
      soundingPrograms: new Map([...own, ...soundingPrograms]),
    };
  }
  const { ranges: _, ...constraints } = planned.constraints ?? {};
  return {
    ...planned,
    constraints: { ...constraints, ...spec.constraints },
    soundingPrograms: new Map(own),
    notes: [],
  };
}
