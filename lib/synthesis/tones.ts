/**
 * Makes the samples of the built-in sound bank from formulas.
 *
 * A tone is an onset, in which each partial falls from its initial level to the one it
 * keeps, and a loop. Every partial has a whole number of periods in the loop, so the
 * loop closes without a seam.
 */

import type { Random } from "../base/base.ts";

/** A sine in a tone. */
export interface Partial {
  /** Frequency relative to the tone's. */
  readonly ratio: number;
  /** Initial amplitude; the partials of a tone are scaled together. */
  readonly level: number;
  /** Share of the level that stays in the loop, 0–1. */
  readonly stays: number;
  /** Time in which the rest of the level falls to 1/e. */
  readonly decaySeconds: number;
  /** Extra periods per loop, so that it beats with its neighbour. */
  readonly beats?: number;
}

/** Noise between two frequencies, such as that of a hammer or of breath. */
export interface Noise {
  /** RMS, in the units of {@linkcode Partial.level}. */
  readonly level: number;
  readonly lowHz: number;
  readonly highHz: number;
  /** Time in which it falls to 1/e; Infinity if it stays. */
  readonly decaySeconds: number;
}

/** How to make a tone. */
export interface ToneRecipe {
  readonly partials: readonly Partial[];
  readonly noise?: Noise;
  /** Time before the loop. */
  readonly onsetSeconds: number;
  /** Approximate length of the loop, rounded to a whole number of periods. */
  readonly loopSeconds: number;
  /** Length of the fade at the very beginning. */
  readonly fadeInSeconds: number;
}

/** A mono sound. */
export interface ToneSample {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** First frame of the loop, which ends with the sample. */
  readonly loopStart?: number;
}

/** Frequency of a MIDI pitch in equal temperament, A4 at 440 Hz. */
export function pitchHz(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}

/** RMS of the partials of a tone. */
const TONE_RMS = 0.1;

/**
 * Makes a tone at a pitch.
 *
 * @param recipe How to make it; partials above 0.45 of the sample rate are left out.
 * @param pitch MIDI pitch.
 * @param sampleRate Frames per second.
 * @param random Source of the phases and the noise.
 * @returns The sound with its loop.
 */
export function renderTone(
  recipe: ToneRecipe,
  pitch: number,
  sampleRate: number,
  random: Random,
): ToneSample {
  const hz = pitchHz(pitch);
  // A whole number of frames and of periods, in tune to 0.1 cent.
  const turns = Math.round(recipe.loopSeconds * hz);
  const loopFrames = Math.round(turns * sampleRate / hz);
  const onsetFrames = Math.round(recipe.onsetSeconds * sampleRate);
  const sum = new Float64Array(onsetFrames + loopFrames);

  const partials = recipe.partials.filter(({ ratio }) =>
    ratio * hz < 0.45 * sampleRate
  );
  for (const partial of partials) {
    const partialTurns = Math.round(turns * partial.ratio) +
      (partial.beats ?? 0);
    const step = 2 * Math.PI * partialTurns / loopFrames;
    const phase = 2 * Math.PI * random.next();
    addPartial(sum, partial, { step, phase }, { onsetFrames, sampleRate });
  }
  const power = partials.reduce((total, { level }) => total + level ** 2, 0);
  if (recipe.noise) {
    addNoise(
      sum,
      recipe.noise,
      { onsetFrames, loopFrames, sampleRate },
      random,
    );
  }
  const scale = TONE_RMS / Math.sqrt(power / 2);
  const samples = Float32Array.from(sum, (value) => value * scale);
  fadeIn(samples, Math.round(recipe.fadeInSeconds * sampleRate));
  return { samples, sampleRate, loopStart: onsetFrames };
}

/** A raised cosine: 1 at 0, 0 at 1, with a slope of 0 at both. */
function easeOut(x: number): number {
  return 0.5 + 0.5 * Math.cos(Math.PI * x);
}

/** Lengths of the sections of a tone. */
interface ToneFrames {
  readonly onsetFrames: number;
  readonly loopFrames: number;
  readonly sampleRate: number;
}

/**
 * Adds a partial to a tone. Its phase, in radians, starts at `phase` and grows by
 * `step` per frame.
 */
function addPartial(
  sum: Float64Array,
  { level, stays, decaySeconds }: Partial,
  { step, phase }: { readonly step: number; readonly phase: number },
  { onsetFrames, sampleRate }: Omit<ToneFrames, "loopFrames">,
): void {
  // The recurrence of sin(n·step): one product per frame.
  const twiceCosine = 2 * Math.cos(step);
  let previous = Math.sin(phase - step), current = Math.sin(phase);
  const decay = Math.exp(-1 / (decaySeconds * sampleRate));
  let falling = level * (1 - stays);
  for (let i = 0; i < onsetFrames; i++) {
    // The part of the level that falls must be 0 when the loop begins.
    const rest = i < onsetFrames / 2 ? 1 : easeOut(2 * i / onsetFrames - 1);
    sum[i]! += current * (level * stays + falling * rest);
    falling *= decay;
    const next = twiceCosine * current - previous;
    previous = current;
    current = next;
  }
  if (stays === 0) return;
  for (let i = onsetFrames; i < sum.length; i++) {
    sum[i]! += current * level * stays;
    const next = twiceCosine * current - previous;
    previous = current;
    current = next;
  }
}

/** Adds noise to a tone. */
function addNoise(
  sum: Float64Array,
  { level, lowHz, highHz, decaySeconds }: Noise,
  { onsetFrames, loopFrames, sampleRate }: ToneFrames,
  random: Random,
): void {
  const noise = periodicNoise(loopFrames, [lowHz, highHz], sampleRate, random);
  const isKept = decaySeconds === Infinity;
  const end = isKept ? sum.length : onsetFrames;
  const shift = loopFrames - onsetFrames % loopFrames;
  const decay = Math.exp(-1 / (decaySeconds * sampleRate));
  let gain = level;
  for (let i = 0; i < end; i++) {
    const rest = isKept ? 1 : easeOut(i / onsetFrames);
    sum[i]! += gain * rest * noise[(i + shift) % loopFrames]!;
    gain *= decay;
  }
}

/**
 * Periodic noise with an RMS of 1, between two corner frequencies with slopes of 12 dB
 * per octave.
 */
export function periodicNoise(
  frames: number,
  [lowHz, highHz]: readonly [lowHz: number, highHz: number],
  sampleRate: number,
  random: Random,
): Float64Array {
  let noise = new Float64Array(frames).map(() => 2 * random.next() - 1);
  for (const hz of [lowHz, lowHz]) {
    const low = periodicLowpass(noise, hz, sampleRate);
    noise = noise.map((value, i) => value - low[i]!);
  }
  for (const hz of [highHz, highHz]) {
    noise = periodicLowpass(noise, hz, sampleRate);
  }
  const power = noise.reduce((sum, value) => sum + value ** 2, 0) / frames;
  return noise.map((value) => value / Math.sqrt(power));
}

/** A one-pole lowpass, run over the loop twice, so that its state is periodic too. */
function periodicLowpass(
  input: Float64Array,
  hz: number,
  sampleRate: number,
): Float64Array<ArrayBuffer> {
  const output = new Float64Array(input.length);
  const weight = 1 - Math.exp(-2 * Math.PI * hz / sampleRate);
  let state = 0;
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < input.length; i++) {
      state += weight * (input[i]! - state);
      output[i] = state;
    }
  }
  return output;
}

function fadeIn(samples: Float32Array, frames: number): void {
  for (let i = 0; i < frames && i < samples.length; i++) {
    samples[i]! *= 1 - easeOut(i / frames);
  }
}

/** A drumhead or a block of wood: a decaying sine whose pitch falls. */
export interface Thud {
  readonly level: number;
  /** Final frequency. */
  readonly hz: number;
  /** Initial frequency as a multiple of the final one. */
  readonly bend: number;
  readonly decaySeconds: number;
}

/** Noise that rises and decays. */
export interface Hiss {
  readonly level: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly attackSeconds: number;
  readonly decaySeconds: number;
}

/** How to make a drum stroke. */
export interface StrokeRecipe {
  readonly thuds?: readonly Thud[];
  readonly hisses?: readonly Hiss[];
  /** Length; the last third is a fade. */
  readonly seconds: number;
}

/** Time in which the change of a thud's pitch falls to 1/e. */
const BEND_SECONDS = 0.025;

/**
 * Makes a drum stroke.
 *
 * @param recipe How to make it.
 * @param sampleRate Frames per second.
 * @param random Source of the noise.
 * @returns The sound, without a loop.
 */
export function renderStroke(
  recipe: StrokeRecipe,
  sampleRate: number,
  random: Random,
): ToneSample {
  const frames = Math.round(recipe.seconds * sampleRate);
  const samples = new Float32Array(frames);
  for (const { level, hz, bend, decaySeconds } of recipe.thuds ?? []) {
    let phase = 0;
    for (let i = 0; i < frames; i++) {
      const seconds = i / sampleRate;
      samples[i]! += level * Math.sin(phase) *
        Math.exp(-seconds / decaySeconds);
      const now = hz * (1 + (bend - 1) * Math.exp(-seconds / BEND_SECONDS));
      phase += 2 * Math.PI * now / sampleRate;
    }
  }
  for (const hiss of recipe.hisses ?? []) {
    const { level, lowHz, highHz, attackSeconds, decaySeconds } = hiss;
    const noise = periodicNoise(frames, [lowHz, highHz], sampleRate, random);
    for (let i = 0; i < frames; i++) {
      const seconds = i / sampleRate;
      const swell = 1 - Math.exp(-seconds / attackSeconds);
      samples[i]! += level * noise[i]! * swell *
        Math.exp(-seconds / decaySeconds);
    }
  }
  for (let i = 0; i < frames; i++) {
    const x = 3 * i / frames - 2;
    if (x > 0) samples[i]! *= easeOut(x);
  }
  return { samples, sampleRate };
}
