/**
 * The instruments of the built-in sound bank: the partials of their tones, envelopes,
 * filters and effects. Levels and times were chosen by listening and measuring, for
 * soft, slow music; none is from a recording.
 */

import { type Partial, pitchHz, type ToneRecipe } from "./tones.ts";

/** A pitched instrument. */
export interface SynthInstrument {
  readonly name: string;
  /** MIDI pitches of the samples: the lowest, the highest and the step. */
  readonly sampled: readonly [low: number, high: number, step: number];
  readonly sampleRate: number;
  /** The tone at a MIDI pitch. */
  readonly recipe: (pitch: number) => ToneRecipe;
  /** Loudness relative to the others, dB, at most 0. */
  readonly gainDb: number;
  readonly attackSeconds: number;
  /** Time to fall by 60 dB at middle C; none if the tone is sustained. */
  readonly decaySeconds?: number;
  /** Factor by which the decay is faster an octave higher. @default 1.5 */
  readonly decayPerOctave?: number;
  /** Time to fall by 60 dB after the note's end. */
  readonly releaseSeconds: number;
  /** Cutoff of the lowpass filter at velocity 127. */
  readonly cutoffHz?: number;
  /** Octaves by which the cutoff is lower at velocity 0. */
  readonly softening?: number;
  /** Tremolo, with its depth in dB. */
  readonly tremolo?:
    | { readonly hz: number; readonly db: number }
    | undefined;
  /** Vibrato, with its depth in cents. */
  readonly vibrato?: {
    readonly hz: number;
    readonly cents: number;
    readonly delaySeconds: number;
  };
  /** Level sent to the reverb, 0–1. */
  readonly reverb: number;
  /** Level sent to the chorus, 0–1. */
  readonly chorus: number;
}

/** The harmonics below `highestHz`, `most` of them at most. */
function harmonics(
  pitch: number,
  highestHz: number,
  most: number,
  partial: (k: number, hz: number) => Partial | readonly Partial[],
): Partial[] {
  const hz = pitchHz(pitch);
  const count = Math.max(1, Math.min(most, Math.floor(highestHz / hz)));
  return Array.from({ length: count }, (_, i) => partial(i + 1, (i + 1) * hz))
    .flat();
}

/**
 * Several players or oscillators, slightly out of tune with one another. Higher
 * harmonics beat faster, as with real ones.
 */
function ensemble(
  pitch: number,
  beats: readonly number[],
  level: (k: number, hz: number) => number,
): Partial[] {
  return harmonics(pitch, 6000, 40, (k, hz) =>
    beats.map((beat) => ({
      ratio: k,
      // If they were equally loud, they would cancel one another at times.
      level: level(k, hz) * (beat === 0 ? 1 : 0.4),
      stays: 1,
      decaySeconds: 1,
      beats: beat * k,
    })));
}

const feltPiano: SynthInstrument = {
  name: "Felt piano",
  sampled: [24, 102, 6],
  sampleRate: 32000,
  recipe: (pitch) => ({
    partials: harmonics(pitch, 7000, 18, (k, hz) => {
      // Stiff strings, struck by a soft hammer at an eighth of their length.
      const ratio = k * Math.sqrt(1 + 0.0003 * k * k);
      const level = (0.25 + Math.abs(Math.sin(Math.PI * k / 8))) / k *
        Math.exp(-hz / 1700);
      const stays = 0.42 / (1 + 0.35 * (k - 1) ** 1.5);
      const decaySeconds = 0.8 / (1 + 0.3 * k);
      const string = { ratio, level, stays, decaySeconds };
      // A second string per note, whose beating is audible in low harmonics.
      const second = { ...string, level: 0.45 * level, beats: 1 };
      return k <= 6 ? [string, second] : string;
    }),
    noise: { level: 0.25, lowHz: 60, highHz: 420, decaySeconds: 0.035 },
    onsetSeconds: 0.9,
    loopSeconds: 1.5,
    fadeInSeconds: 0.004,
  }),
  gainDb: -3,
  attackSeconds: 0.002,
  decaySeconds: 11,
  decayPerOctave: 1.6,
  releaseSeconds: 0.5,
  cutoffHz: 9000,
  softening: 3,
  reverb: 0.3,
  chorus: 0,
};

const electricPiano: SynthInstrument = {
  name: "Electric piano",
  sampled: [28, 100, 6],
  sampleRate: 32000,
  recipe: (pitch) => ({
    partials: [
      ...harmonics(pitch, 6000, 7, (k, hz) => ({
        ratio: k,
        level: [1, 0.5, 0.16, 0.12, 0.05, 0.03, 0.02][k - 1]! *
          Math.exp(-hz / 5000),
        stays: [0.7, 0.4, 0.2, 0.1, 0, 0, 0][k - 1]!,
        decaySeconds: 0.9 / k,
      })),
      // The struck tine: a short, bell-like sound above the tone.
      { ratio: 7.1, level: 0.16, stays: 0, decaySeconds: 0.12 },
      { ratio: 1, level: 0.25, stays: 0.7, decaySeconds: 0.9, beats: 1 },
    ],
    noise: { level: 0.1, lowHz: 150, highHz: 900, decaySeconds: 0.012 },
    onsetSeconds: 0.7,
    loopSeconds: 1.4,
    fadeInSeconds: 0.003,
  }),
  gainDb: -3.5,
  attackSeconds: 0.002,
  decaySeconds: 9,
  releaseSeconds: 0.35,
  cutoffHz: 7500,
  softening: 3.5,
  tremolo: { hz: 4.6, db: 1.2 },
  reverb: 0.25,
  chorus: 0.35,
};

const vibraphone: SynthInstrument = {
  name: "Vibraphone",
  sampled: [36, 100, 7],
  sampleRate: 44100,
  recipe: (pitch) => ({
    partials: [
      { ratio: 1, level: 1, stays: 0.75, decaySeconds: 0.5 },
      { ratio: 4, level: 0.22, stays: 0.03, decaySeconds: 0.35 },
      {
        ratio: 9.8,
        level: pitch < 84 ? 0.07 : 0,
        stays: 0,
        decaySeconds: 0.06,
      },
    ],
    noise: { level: 0.06, lowHz: 300, highHz: 1600, decaySeconds: 0.01 },
    onsetSeconds: 0.6,
    loopSeconds: 0.3,
    fadeInSeconds: 0.003,
  }),
  gainDb: -2,
  attackSeconds: 0.002,
  decaySeconds: 6,
  decayPerOctave: 1.3,
  releaseSeconds: 0.9,
  cutoffHz: 9000,
  softening: 3,
  tremolo: { hz: 5.2, db: 2 },
  reverb: 0.4,
  chorus: 0.1,
};

const mallets: SynthInstrument = {
  ...vibraphone,
  name: "Mallets",
  recipe: (pitch) => ({
    ...vibraphone.recipe(pitch),
    partials: [
      { ratio: 1, level: 1, stays: 0.8, decaySeconds: 0.2 },
      { ratio: 3.93, level: 0.3, stays: 0, decaySeconds: 0.08 },
      { ratio: 9.2, level: pitch < 84 ? 0.1 : 0, stays: 0, decaySeconds: 0.03 },
    ],
  }),
  gainDb: 0,
  decaySeconds: 1.6,
  releaseSeconds: 0.8,
  tremolo: undefined,
};

const nylonGuitar: SynthInstrument = {
  name: "Nylon guitar",
  sampled: [36, 96, 5],
  sampleRate: 32000,
  recipe: (pitch) => ({
    partials: harmonics(pitch, 7000, 22, (k, hz) => ({
      ratio: k * Math.sqrt(1 + 0.00006 * k * k),
      // Plucked at a fifth of the string's length.
      level: (0.06 + Math.abs(Math.sin(Math.PI * k / 5))) / k ** 1.1 *
        Math.exp(-hz / 3500),
      stays: 0.5 / (1 + 0.5 * (k - 1) ** 1.3),
      decaySeconds: 0.6 / (1 + 0.4 * k),
    })),
    noise: { level: 0.12, lowHz: 120, highHz: 1500, decaySeconds: 0.015 },
    onsetSeconds: 0.8,
    loopSeconds: 0.8,
    fadeInSeconds: 0.002,
  }),
  gainDb: -2,
  attackSeconds: 0.001,
  decaySeconds: 5,
  decayPerOctave: 1.5,
  releaseSeconds: 0.35,
  cutoffHz: 9000,
  softening: 3,
  reverb: 0.3,
  chorus: 0.05,
};

const softBass: SynthInstrument = {
  name: "Soft bass",
  sampled: [24, 67, 5],
  sampleRate: 22050,
  recipe: (pitch) => ({
    partials: harmonics(pitch, 1800, 10, (k, hz) => ({
      ratio: k,
      level: k ** -0.9 * Math.exp(-hz / 320),
      stays: 0.75 / (1 + 0.6 * (k - 1)),
      decaySeconds: 0.5 / k,
    })),
    noise: { level: 0.1, lowHz: 60, highHz: 500, decaySeconds: 0.015 },
    onsetSeconds: 0.6,
    loopSeconds: 0.5,
    fadeInSeconds: 0.004,
  }),
  gainDb: 0,
  attackSeconds: 0.004,
  decaySeconds: 5,
  decayPerOctave: 1.3,
  releaseSeconds: 0.25,
  cutoffHz: 2500,
  softening: 2,
  reverb: 0.06,
  chorus: 0,
};

const strings: SynthInstrument = {
  name: "Strings",
  sampled: [30, 96, 6],
  sampleRate: 22050,
  recipe: (pitch) => ({
    partials: ensemble(
      pitch,
      pitch < 55 ? [-1, 0, 1] : [-3, 0, 2],
      (k, hz) => Math.exp(-hz / 2600) / k,
    ),
    onsetSeconds: 0.05,
    loopSeconds: 2.2,
    fadeInSeconds: 0.01,
  }),
  gainDb: -10,
  attackSeconds: 0.14,
  releaseSeconds: 0.9,
  vibrato: { hz: 5.1, cents: 5, delaySeconds: 0.4 },
  reverb: 0.45,
  chorus: 0.25,
};

const warmPad: SynthInstrument = {
  name: "Warm pad",
  sampled: [30, 96, 6],
  sampleRate: 22050,
  recipe: (pitch) => ({
    partials: ensemble(
      pitch,
      pitch < 55 ? [-1, 0, 1] : [-2, 0, 1],
      (k, hz) => Math.exp(-hz / 900) / k ** 0.9,
    ),
    onsetSeconds: 0.05,
    loopSeconds: 2.8,
    fadeInSeconds: 0.01,
  }),
  gainDb: -11,
  attackSeconds: 0.35,
  releaseSeconds: 1.8,
  reverb: 0.5,
  chorus: 0.45,
};

const flute: SynthInstrument = {
  name: "Soft flute",
  sampled: [48, 103, 5],
  sampleRate: 44100,
  recipe: (pitch) => ({
    partials: harmonics(pitch, 8000, 6, (k, hz) => ({
      ratio: k,
      level: [1, 0.4, 0.18, 0.06, 0.03, 0.015][k - 1]! * Math.exp(-hz / 6000),
      stays: k === 1 ? 1 : 0.7,
      decaySeconds: 0.12,
    })),
    noise: { level: 0.02, lowHz: 700, highHz: 4000, decaySeconds: Infinity },
    onsetSeconds: 0.3,
    loopSeconds: 1.1,
    fadeInSeconds: 0.03,
  }),
  gainDb: -9,
  attackSeconds: 0.05,
  releaseSeconds: 0.35,
  cutoffHz: 8000,
  softening: 2,
  vibrato: { hz: 4.9, cents: 9, delaySeconds: 0.35 },
  reverb: 0.4,
  chorus: 0.08,
};

/** The last program of each range of programs, and their instrument. */
const GENERAL_MIDI: readonly (readonly [last: number, SynthInstrument])[] = [
  [3, feltPiano],
  [5, electricPiano],
  [7, feltPiano], // harpsichord, clavinet
  [10, mallets],
  [11, vibraphone],
  [15, mallets], // marimba to dulcimer
  [23, strings], // organs
  [31, nylonGuitar],
  [39, softBass],
  [44, strings],
  [45, nylonGuitar], // pizzicato
  [46, nylonGuitar], // harp
  [47, mallets], // timpani
  [51, strings],
  [55, warmPad], // choirs
  [87, flute], // brass, reeds, pipes, synth leads
  [103, warmPad],
  [108, nylonGuitar], // sitar to kalimba
  [111, flute], // bagpipe, fiddle, shanai
  [119, mallets],
  [127, warmPad], // sound effects
];

/**
 * The instrument that plays a General MIDI program, one of the same family.
 *
 * @param program 0–127.
 * @returns The instrument.
 * @throws {RangeError} If there is no such program.
 */
export function instrumentOf(program: number): SynthInstrument {
  const found = GENERAL_MIDI.find(([last]) => program <= last);
  if (!Number.isInteger(program) || program < 0 || !found) {
    throw new RangeError(
      `Cannot choose an instrument: program must be an integer from 0 to 127, current value is ${program}.`,
    );
  }
  return found[1];
}
