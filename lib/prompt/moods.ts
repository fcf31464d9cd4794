/**
 * What moods mean in musical terms.
 *
 * A mood is a point of the plane of J. A. Russell, "A circumplex model of
 * affect" (1980): valence from unpleasant (−1) to pleasant (1), arousal from
 * asleep (−1) to excited (1). The points are placed by hand, in the quadrant
 * and at about the angle he reports for the word or its neighbours. From the
 * point, music follows by the cues that listeners go by: mode and register
 * carry valence, tempo, loudness and density arousal. That the cues work so,
 * nearly linearly and each on its own, is the finding of T. Eerola, A. Friberg
 * and R. Bresin, "Emotional expression in music: contribution, linearity, and
 * additivity of primary musical cues" (2013, doi:10.3389/fpsyg.2013.00487);
 * density, which they did not vary, goes with arousal as in A. Gabrielsson and
 * E. Lindström, "The role of structure in the musical expression of emotions"
 * (2010). The thresholds are this project's own:
 *
 * | asked | where |
 * |---|---|
 * | major, minor | valence ≥ 0.25, ≤ −0.15 |
 * | high, low register | valence ≥ 0.65, ≤ −0.55 |
 * | slow, lively, fast | arousal ≤ −0.35, ≥ 0.25, ≥ 0.55 |
 * | sparse, dense | arousal ≤ −0.6, ≥ 0.6 |
 * | soft, loud | arousal ≤ −0.35, ≥ 0.6 |
 *
 * Between the thresholds nothing is asked.
 */

import {
  type Attributes,
  type Band,
  bandOf,
  type ScaleName,
} from "../music/music.ts";
import TABLE from "./words/moods.json" with { type: "json" };

/** A mood's place on the plane, both from −1 to 1. */
export interface Affect {
  readonly valence: number;
  readonly arousal: number;
}

/** The moods' places, by name. */
export const MOODS: ReadonlyMap<string, Affect> = new Map(
  Object.entries(TABLE).map(([name, { at }]) => {
    const [valence = 0, arousal = 0] = at;
    return [name, { valence, arousal }];
  }),
);

/** Fields of a request that moods and genres can set. */
export interface Character {
  readonly mode?: ScaleName;
  readonly tempo?: NonNullable<Attributes["TempoClass"]>;
  readonly density?: NonNullable<Attributes["Density"]>;
  readonly register?: NonNullable<Attributes["Register"]>;
  readonly loudness?: NonNullable<Attributes["Loudness"]>;
}

const UNSAID = "";
const steps = (...rows: (readonly [string, number])[]): Band[] =>
  rows.map(([name, from]) => ({ name, from }));
// Moves a threshold up, so that the value itself still belongs below it.
const AFTER = 1e-9;
const MODES = steps(
  ["minor", -1],
  [UNSAID, -0.15 + AFTER],
  ["major", 0.25],
);
const REGISTERS = steps(
  ["low", -1],
  [UNSAID, -0.55 + AFTER],
  ["high", 0.65],
);
const TEMPI = steps(
  ["slow", -1],
  [UNSAID, -0.35 + AFTER],
  ["lively", 0.25],
  ["fast", 0.55],
);
const DENSITIES = steps(
  ["sparse", -1],
  [UNSAID, -0.6 + AFTER],
  ["dense", 0.6],
);
const LOUDNESSES = steps(
  ["soft", -1],
  [UNSAID, -0.35 + AFTER],
  ["loud", 0.6],
);

/**
 * What a point of the plane asks for, by the table above.
 *
 * @param affect Valence and arousal, −1 to 1.
 * @returns Only what is asked.
 */
export function characterOf({ valence, arousal }: Affect): Character {
  const asked = {
    mode: bandOf(MODES, valence),
    tempo: bandOf(TEMPI, arousal),
    density: bandOf(DENSITIES, arousal),
    register: bandOf(REGISTERS, valence),
    loudness: bandOf(LOUDNESSES, arousal),
  };
  return Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== UNSAID),
  );
}

/** Moods farther apart than this in valence or arousal contradict each other. */
export const MOST_APART = 1.2;

/**
 * The mean of several moods, each as far from neutral as its share says.
 *
 * @param moods At least one.
 */
export function meanAffect(
  moods: readonly { readonly name: string; readonly share: number }[],
): Affect {
  const mean = (axis: keyof Affect) =>
    moods.reduce(
      (sum, { name, share }) => sum + share * MOODS.get(name)![axis],
      0,
    ) / moods.length;
  return { valence: mean("valence"), arousal: mean("arousal") };
}
