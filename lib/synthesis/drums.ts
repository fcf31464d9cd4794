/** The drums of the built-in sound bank: a soft kit, played with brushes. */

import type { Hiss, StrokeRecipe, Thud } from "./tones.ts";

/** A drum and its keys. */
export interface Drum {
  readonly name: string;
  /** General MIDI percussion keys; the first plays the sample at its own pitch. */
  readonly keys: readonly number[];
  /** Whether the other keys play it higher or lower, a semitone per key. */
  readonly isTuned?: boolean;
  readonly recipe: StrokeRecipe;
  /** Loudness relative to the other drums, dB, at most 0. */
  readonly gainDb: number;
  /** −1 left to 1 right. */
  readonly pan: number;
  /** Drums of one group silence one another, as open and closed hi-hats do. */
  readonly group?: number;
}

function thud(
  level: number,
  hz: number,
  decaySeconds: number,
  bend = 1,
): Thud {
  return { level, hz, bend, decaySeconds };
}

function hiss(
  level: number,
  [lowHz, highHz]: readonly [lowHz: number, highHz: number],
  decaySeconds: number,
  attackSeconds = 0.001,
): Hiss {
  return { level, lowHz, highHz, attackSeconds, decaySeconds };
}

/** Frequencies of a cymbal's partials, in Hz. */
const METAL = [1, 1.34, 1.87, 2.41, 2.97, 3.61].map((ratio) => 2130 * ratio);

/** All drums. */
export const DRUMS: readonly Drum[] = [
  {
    name: "Kick",
    keys: [36, 35],
    recipe: {
      thuds: [thud(0.55, 52, 0.13, 2.2)],
      hisses: [hiss(0.02, [150, 1200], 0.008)],
      seconds: 0.6,
    },
    gainDb: -6,
    pan: 0,
  },
  {
    name: "Side stick",
    keys: [37, 75, 76, 77],
    recipe: {
      thuds: [thud(0.22, 430, 0.022), thud(0.17, 1720, 0.012)],
      hisses: [hiss(0.03, [900, 5000], 0.01)],
      seconds: 0.15,
    },
    gainDb: -2,
    pan: 0.12,
  },
  {
    name: "Brushed snare",
    keys: [38, 39, 40],
    recipe: {
      thuds: [thud(0.1, 185, 0.06, 1.15)],
      hisses: [
        hiss(0.11, [900, 5500], 0.05, 0.003),
        hiss(0.05, [1500, 7000], 0.14, 0.02),
      ],
      seconds: 0.6,
    },
    gainDb: 0,
    pan: 0.05,
  },
  {
    name: "Closed hi-hat",
    keys: [42, 44],
    recipe: {
      hisses: [hiss(0.05, [6000, 11000], 0.028, 0.0015)],
      seconds: 0.2,
    },
    gainDb: 0,
    pan: -0.25,
    group: 1,
  },
  {
    name: "Open hi-hat",
    keys: [46],
    recipe: {
      hisses: [hiss(0.045, [6000, 11000], 0.22, 0.003)],
      seconds: 1,
    },
    gainDb: -1,
    pan: -0.25,
    group: 1,
  },
  {
    name: "Ride",
    keys: [51, 53, 59],
    recipe: {
      thuds: METAL.map((hz, i) => thud(0.012, hz, 0.5 / (1 + 0.4 * i))),
      hisses: [
        hiss(0.025, [5000, 10000], 0.3, 0.004),
        hiss(0.02, [4000, 9000], 0.02),
      ],
      seconds: 1.6,
    },
    gainDb: 0,
    pan: 0.3,
  },
  {
    name: "Cymbal swell",
    keys: [49, 52, 55, 57],
    recipe: {
      hisses: [hiss(0.05, [3000, 10000], 0.55, 0.03)],
      seconds: 2.4,
    },
    gainDb: -2,
    pan: -0.3,
  },
  {
    name: "Tom",
    keys: [45, 41, 43, 47, 48, 50, 60, 61, 62, 63, 64],
    isTuned: true,
    recipe: {
      thuds: [thud(0.22, 104, 0.16, 1.5)],
      hisses: [hiss(0.02, [400, 3000], 0.02)],
      seconds: 0.7,
    },
    gainDb: -1,
    pan: 0.2,
  },
  {
    name: "Shaker",
    keys: [70, 54, 69, 82],
    recipe: {
      hisses: [hiss(0.08, [4500, 10000], 0.045, 0.015)],
      seconds: 0.35,
    },
    gainDb: -2,
    pan: 0.35,
  },
];

/** The drum of keys that have none of their own. */
const OTHER = DRUMS[1]!;

/**
 * The drum that a key plays.
 *
 * @param key MIDI pitch in a percussion part.
 * @returns The key's drum, or the side stick if it has none.
 */
export function drumOf(key: number): Drum {
  return DRUMS.find(({ keys }) => keys.includes(key)) ?? OTHER;
}
