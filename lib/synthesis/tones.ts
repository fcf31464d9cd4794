/**
 * The waves of the project's own sound bank, by formula.
 *
 * A sustained tone is an onset, in which each partial falls from its first
 * level to the one it keeps, and a loop. All that sounds in the loop goes round
 * it a whole number of times, so the loop closes without a seam: not a jump
 * made small, but none.
 */

import type { Random } from "../base/base.ts";

/** A sine within a tone. */
export interface Partial {
  /** Frequency, of the tone's own. */
  readonly ratio: number;
  /** Amplitude at first; all of a tone are scaled together. */
  readonly level: number;
  /** What stays of the level in the loop, 0–1. */
  readonly stays: number;
  /** Time in which what does not stay falls to 1/e. */
  readonly decaySeconds: number;
  /** Turns of the loop added to the frequency, to beat with its neighbour. */
  readonly beats?: number;
}

/** Noise between two frequencies, such as a hammer's or the breath's. */
export interface Noise {
  /** RMS, in the units of {@linkcode Partial.level}. */
  readonly level: number;
  readonly lowHz: number;
  readonly highHz: number;
  /** Time in which it falls to 1/e; Infinity is noise that stays. */
  readonly decaySeconds: number;
}

/** What a tone is made of. */
export interface ToneRecipe {
  readonly partials: readonly Partial[];
  readonly noise?: Noise;
  /** Time before the loop. */
  readonly onsetSeconds: number;
  /** Roughly the loop's length; a whole number of periods is taken. */
  readonly loopSeconds: number;
  /** Time over which the very first of the sound is faded in. */
  readonly fadeInSeconds: number;
}

/** A recorded sound, mono. */
export interface Sample {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** First frame of the loop; the loop's end is the sample's. */
  readonly loopStart?: number;
}

/** Frequency of a MIDI pitch in equal temperament, A4 at 440 Hz. */
export function pitchHz(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}

/** RMS that a tone's partials are brought to. */
const TONE_RMS = 0.1;

/**
 * A tone at a pitch.
 *
 * @param recipe What it is made of; partials above 0.45 of the sample rate are
 * left out.
 * @param pitch MIDI pitch.
 * @param sampleRate Frames a second.
 * @param random Source of the phases and the noise.
 * @returns The sound with its loop.
 */
export function renderTone(
  recipe: ToneRecipe,
  pitch: number,
  sampleRate: number,
  random: Random,
): Sample {
  const hz = pitchHz(pitch);
  // The loop is of whole frames and whole periods, to 0.1 cent in pitch.
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
    addPartial(sum, partial, step, phase, onsetFrames, sampleRate);
  }
  const power = partials.reduce((total, { level }) => total + level ** 2, 0);
  if (recipe.noise) {
    addNoise(sum, recipe.noise, onsetFrames, loopFrames, sampleRate, random);
  }
  const scale = TONE_RMS / Math.sqrt(power / 2);
  const samples = Float32Array.from(sum, (value) => value * scale);
  fadeIn(samples, Math.round(recipe.fadeInSeconds * sampleRate));
  return { samples, sampleRate, loopStart: onsetFrames };
}

/** Raised cosine from 1 at 0 to 0 at 1, level at both. */
function easeOut(x: number): number {
  return 0.5 + 0.5 * Math.cos(Math.PI * x);
}

function addPartial(
  sum: Float64Array,
  { level, stays, decaySeconds }: Partial,
  step: number,
  phase: number,
  onsetFrames: number,
  sampleRate: number,
): void {
  // sin(n·step) by its recurrence: one product a frame.
  const twiceCosine = 2 * Math.cos(step);
  let previous = Math.sin(phase - step), current = Math.sin(phase);
  const decay = Math.exp(-1 / (decaySeconds * sampleRate));
  let falling = level * (1 - stays);
  for (let i = 0; i < onsetFrames; i++) {
    // Nothing of what falls may reach the loop.
    const rest = i < onsetFrames / 2 ? 1 : easeOut(2 * i / onsetFrames - 1);
    sum[i] += current * (level * stays + falling * rest);
    falling *= decay;
    const next = twiceCosine * current - previous;
    previous = current;
    current = next;
  }
  if (stays === 0) return;
  for (let i = onsetFrames; i < sum.length; i++) {
    sum[i] += current * level * stays;
    const next = twiceCosine * current - previous;
    previous = current;
    current = next;
  }
}

function addNoise(
  sum: Float64Array,
  { level, lowHz, highHz, decaySeconds }: Noise,
  onsetFrames: number,
  loopFrames: number,
  sampleRate: number,
  random: Random,
): void {
  const noise = periodicNoise(loopFrames, lowHz, highHz, sampleRate, random);
  const isKept = decaySeconds === Infinity;
  const end = isKept ? sum.length : onsetFrames;
  const shift = loopFrames - onsetFrames % loopFrames;
  const decay = Math.exp(-1 / (decaySeconds * sampleRate));
  let gain = level;
  for (let i = 0; i < end; i++) {
    const rest = isKept ? 1 : easeOut(i / onsetFrames);
    sum[i] += gain * rest * noise[(i + shift) % loopFrames];
    gain *= decay;
  }
}

/**
 * Noise that closes on itself, of RMS 1, between two corner frequencies of
 * 12 dB an octave.
 */
export function periodicNoise(
  frames: number,
  lowHz: number,
  highHz: number,
  sampleRate: number,
  random: Random,
): Float64Array {
  let noise = new Float64Array(frames).map(() => 2 * random.next() - 1);
  for (const hz of [lowHz, lowHz]) {
    const low = periodicLowpass(noise, hz, sampleRate);
    noise = noise.map((value, i) => value - low[i]);
  }
  for (const hz of [highHz, highHz]) {
    noise = periodicLowpass(noise, hz, sampleRate);
  }
  const power = noise.reduce((sum, value) => sum + value ** 2, 0) / frames;
  return noise.map((value) => value / Math.sqrt(power));
}

/** One pole, run round the loop twice so that its memory closes as well. */
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
      state += weight * (input[i] - state);
      output[i] = state;
    }
  }
  return output;
}

function fadeIn(samples: Float32Array, frames: number): void {
  for (let i = 0; i < frames && i < samples.length; i++) {
    samples[i] *= 1 - easeOut(i / frames);
  }
}

/** A drum's skin or a block of wood: a sine that falls in pitch and dies. */
export interface Thud {
  readonly level: number;
  /** Frequency it comes to rest at. */
  readonly hz: number;
  /** Times that frequency at first. */
  readonly bend: number;
  readonly decaySeconds: number;
}

/** Noise that swells and dies. */
export interface Hiss {
  readonly level: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly attackSeconds: number;
  readonly decaySeconds: number;
}

/** What a drum stroke is made of. */
export interface StrokeRecipe {
  readonly thuds?: readonly Thud[];
  readonly hisses?: readonly Hiss[];
  /** Length; the last third is faded to silence. */
  readonly seconds: number;
}

/** Time in which a thud's pitch comes most of the way down. */
const BEND_SECONDS = 0.025;

/**
 * A drum stroke.
 *
 * @param recipe What it is made of.
 * @param sampleRate Frames a second.
 * @param random Source of the noise.
 * @returns The sound, without a loop.
 */
export function renderStroke(
  recipe: StrokeRecipe,
  sampleRate: number,
  random: Random,
): Sample {
  const frames = Math.round(recipe.seconds * sampleRate);
  const samples = new Float32Array(frames);
  for (const { level, hz, bend, decaySeconds } of recipe.thuds ?? []) {
    let phase = 0;
    for (let i = 0; i < frames; i++) {
      const seconds = i / sampleRate;
      samples[i] += level * Math.sin(phase) * Math.exp(-seconds / decaySeconds);
      const now = hz * (1 + (bend - 1) * Math.exp(-seconds / BEND_SECONDS));
      phase += 2 * Math.PI * now / sampleRate;
    }
  }
  for (const hiss of recipe.hisses ?? []) {
    const { level, lowHz, highHz, attackSeconds, decaySeconds } = hiss;
    const noise = periodicNoise(frames, lowHz, highHz, sampleRate, random);
    for (let i = 0; i < frames; i++) {
      const seconds = i / sampleRate;
      const swell = 1 - Math.exp(-seconds / attackSeconds);
      samples[i] += level * noise[i] * swell *
        Math.exp(-seconds / decaySeconds);
    }
  }
  for (let i = 0; i < frames; i++) {
    const x = 3 * i / frames - 2;
    if (x > 0) samples[i] *= easeOut(x);
  }
  return { samples, sampleRate };
}
