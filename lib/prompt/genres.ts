/**
 * What genres, scenes, uses and composers of the past bring to a piece: who plays,
 * how fast, in what meter, how loud, and on which chords.
 */

import type { InstrumentName, Range } from "../music/music.ts";
import type { Character } from "./moods.ts";
import TABLE from "./words/genres.json" with { type: "json" };

/**
 * What a word for a kind of music brings. A genre has an ensemble that named
 * instruments join; a scene and a composer have one for a prompt that names no
 * instruments; a use has none.
 */
export interface Genre extends Character {
  readonly kind: "genre" | "scene" | "use" | "composer";
  readonly cast?: readonly InstrumentName[];
  /** Whether there are drums if nobody asks for them. @default as it comes */
  readonly drums?: boolean;
  /** Usual tempi, in quarter notes per minute. */
  readonly range?: Range;
  readonly meter?: string;
  readonly swing?: number;
  /** Whether the bass walks. */
  readonly walking?: boolean;
  /** Whether chords are held for long. */
  readonly drone?: boolean;
  /** Chords to choose from, as roman numerals. */
  readonly progression?: string;
  /** Year of a composer's death. */
  readonly died?: number;
}

/** The genres, by name. */
export const GENRES: ReadonlyMap<string, Genre> = new Map(
  Object.entries(TABLE) as [string, unknown][] as [string, Genre][],
);

/** The genre of a name that the lexicon gave. */
export function genreOf(name: string): Genre {
  return GENRES.get(name)!;
}
