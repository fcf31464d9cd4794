/**
 * What moods and styles mean in musical terms.
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

import { type Attributes, type Band, bandOf } from "../music/music.ts";

/** A mood's place on the plane, both from −1 to 1. */
export interface Affect {
  readonly valence: number;
  readonly arousal: number;
}

/** Valence, arousal and other words for each mood. */
const TABLE = {
  // Pleasant and awake.
  happy: [0.8, 0.35, "joyful, joyous, cheerful, merry, glad, sunny"],
  playful: [0.6, 0.45, "whimsical, funny, quirky"],
  uplifting: [0.6, 0.35, "optimistic, inspiring, feel good"],
  bright: [0.5, 0.25],
  hopeful: [0.45, 0],
  energetic: [0.4, 0.85, "high energy, upbeat"],
  excited: [0.6, 0.8, "exciting, thrilling"],
  triumphant: [0.7, 0.7, "heroic, victorious"],
  epic: [0.2, 0.7, "grand, majestic"],
  // Pleasant and at rest.
  romantic: [0.5, -0.1, "loving, lovely"],
  warm: [0.45, -0.3, "heartwarming"],
  cozy: [0.5, -0.4, "cosy, homely"],
  tender: [0.4, -0.4, "gentle, delicate, intimate"],
  dreamy: [0.3, -0.5, "dreamlike, floating, hazy"],
  ethereal: [0.25, -0.5, "heavenly, airy, celestial"],
  calm: [0.35, -0.7, "calming, tranquil, low energy, mellow"],
  peaceful: [0.5, -0.7, "serene, blissful"],
  relaxing: [0.45, -0.65, "relaxed, soothing, chill, chilled, laid back"],
  meditative: [0.2, -0.7, "contemplative, reflective, pensive"],
  sleepy: [0.1, -0.9, "drowsy"],
  // Unpleasant and at rest.
  nostalgic: [-0.2, -0.35, "nostalgia, wistful"],
  bittersweet: [-0.15, -0.25],
  melancholic: [-0.5, -0.45, "melancholy, somber, sombre"],
  lonely: [-0.5, -0.45, "lonesome, desolate"],
  sad: [-0.7, -0.5, "sorrowful, mournful, tearful, heartbroken"],
  gloomy: [-0.6, -0.4, "bleak, dreary"],
  // Unpleasant and awake.
  mysterious: [-0.3, -0.1, "enigmatic"],
  dark: [-0.6, 0, "brooding"],
  eerie: [-0.5, 0.1, "creepy, spooky, haunting"],
  ominous: [-0.6, 0.2, "menacing, foreboding"],
  dramatic: [-0.3, 0.55],
  restless: [-0.3, 0.5, "agitated, nervous"],
  tense: [-0.5, 0.6, "suspenseful, anxious"],
  intense: [-0.2, 0.75, "urgent"],
  scary: [-0.7, 0.6, "frightening, terrifying"],
  angry: [-0.7, 0.8, "aggressive, furious"],
} as const satisfies Record<string, readonly [number, number, string?]>;

/** Name of a mood. */
export type MoodName = keyof typeof TABLE;

/** The moods' places and other words, by name. */
export const MOODS: ReadonlyMap<
  MoodName,
  Affect & { readonly also: string }
> = new Map(
  (Object.keys(TABLE) as MoodName[]).map((name) => {
    const row: readonly [number, number, string?] = TABLE[name];
    const [valence, arousal, also = ""] = row;
    return [name, { valence, arousal, also }];
  }),
);

/** Fields of a request that moods and styles can set. */
export interface Character {
  readonly mode?: "major" | "minor";
  readonly tempo?: NonNullable<Attributes["TempoClass"]>;
  readonly density?: NonNullable<Attributes["Density"]>;
  readonly register?: NonNullable<Attributes["Register"]>;
  readonly loudness?: NonNullable<Attributes["Loudness"]>;
}

const STYLE_TABLE = {
  "ambient": { tempo: "slow", density: "sparse", loudness: "soft" },
  "lo-fi": { tempo: "moderate" },
  "lullaby": { tempo: "slow", density: "sparse", loudness: "soft" },
  "meditation": { tempo: "slow", density: "sparse", loudness: "soft" },
  "study": { density: "medium", loudness: "soft" },
} as const satisfies Record<string, Character>;

/** Name of a style that the music can have. */
export type StyleName = keyof typeof STYLE_TABLE;

/** By style: what it asks for where nothing else was said. */
export const STYLES: Readonly<Record<StyleName, Character>> = STYLE_TABLE;

/** Other words for the styles. */
export const STYLE_WORDS: Readonly<Record<StyleName, string>> = {
  "ambient": "ambience, atmospheric, soundscape",
  "lo-fi": "lofi, lo fi, low fidelity, chillhop, chill hop",
  "lullaby": "lullabies, cradle song, sleep music, sleep",
  "meditation": "meditating, yoga, spa",
  "study": "studying, focus, concentration",
};

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
 * The mean of several moods.
 *
 * @param moods At least one.
 */
export function meanAffect(moods: readonly MoodName[]): Affect {
  const mean = (axis: "valence" | "arousal") =>
    moods.reduce((sum, mood) => sum + MOODS.get(mood)![axis], 0) / moods.length;
  return { valence: mean("valence"), arousal: mean("arousal") };
}
