/** The beats that styles have by custom. */

import type { DrumWish, PieceSpec } from "../music/music.ts";

/** By beat: the styles that are known by it, as prompts name them. */
const STYLES: Readonly<
  Record<NonNullable<DrumWish["beat"]>, readonly string[]>
> = {
  "four-on-the-floor": ["techno", "house", "trance", "disco"],
  "backbeat": [
    "rock",
    "pop",
    "punk",
    "metal",
    "funk",
    "soul",
    "gospel",
    "country",
    "hip hop",
    "synthpop",
    "synthwave",
  ],
  "half-time": ["trap", "dubstep", "reggae"],
};

/** How drums are to play: as asked, or else as the first style that has a beat. */
export function drumsOf(
  { drums, styles = [] }: PieceSpec,
): DrumWish | undefined {
  if (drums?.beat !== undefined) return drums;
  const beats = Object.entries(STYLES) as [
    NonNullable<DrumWish["beat"]>,
    readonly string[],
  ][];
  for (const style of styles) {
    const beat = beats.find(([, names]) => names.includes(style))?.[0];
    if (beat) return { ...drums, beat };
  }
  return drums;
}
