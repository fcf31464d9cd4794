/** Brings rendered sound to a loudness, with all peaks below a ceiling. */

import { type Audio, framePeaks, integratedLoudness } from "./loudness.ts";

/** What {@linkcode master} aims for. */
export interface MasterOptions {
  /** Integrated loudness, LUFS. */
  readonly loudnessLufs: number;
  /** Highest true peak, dB relative to full scale. */
  readonly peakDb: number;
  /** Whether the sound is a loop. */
  readonly isLoop: boolean;
}

/** Time before and after a peak in which the limiter lowers the gain. */
const LIMITER_SECONDS = 0.012;
/** Largest difference from the loudness asked for. */
const TOLERANCE_LU = 0.2;
const PASSES = 6;
/** Factor by which the gain may rise over the passes. */
const MOST_MADE_UP = 2;

/**
 * Scales sound to a loudness. A look-ahead limiter lowers the gain around peaks that
 * would exceed the ceiling; the scale then rises until the loudness is right again.
 *
 * @param audio What was rendered.
 * @param options Loudness and ceiling.
 * @returns New sound; silence is returned as it is.
 */
export function master(audio: Audio, options: MasterOptions): Audio {
  const { loudnessLufs, peakDb, isLoop } = options;
  const ceiling = 10 ** (peakDb / 20);
  const measured = integratedLoudness(audio);
  if (measured === -Infinity) return audio;
  let gain = 10 ** ((loudnessLufs - measured) / 20);
  // The gain will rise to make up for the loudness that limiting takes away.
  const peaks = framePeaks(audio, ceiling / gain / MOST_MADE_UP);
  const reach = Math.round(LIMITER_SECONDS * audio.sampleRate);
  for (let pass = 1;; pass++) {
    const gains = limiterGains(peaks, ceiling / gain, reach, isLoop);
    const mastered = scale(audio, gain, gains);
    if (!gains || pass === PASSES) return mastered;
    const missing = loudnessLufs - integratedLoudness(mastered);
    if (Math.abs(missing) < TOLERANCE_LU) return mastered;
    gain *= 10 ** (missing / 20);
  }
}

function scale(
  { left, right, sampleRate }: Audio,
  gain: number,
  gains: Float32Array | undefined,
): Audio {
  const scaled = (channel: Float32Array) => {
    const result = new Float32Array(channel.length);
    for (let i = 0; i < channel.length; i++) {
      result[i] = channel[i]! * gain * (gains ? gains[i]! : 1);
    }
    return result;
  };
  return { left: scaled(left), right: scaled(right), sampleRate };
}

/**
 * The gain of a look-ahead limiter, which lowers the sound smoothly around peaks above
 * a ceiling.
 *
 * @param peaks Magnitude of each frame.
 * @param ceiling Largest magnitude allowed.
 * @param reach Number of frames before a peak in which the gain falls, and after it in
 * which it rises.
 * @param isLoop Whether the sound is a loop.
 * @returns A gain for each frame, at most 1; undefined if no peak is too high.
 */
export function limiterGains(
  peaks: Float32Array,
  ceiling: number,
  reach: number,
  isLoop: boolean,
): Float32Array | undefined {
  if (!peaks.some((peak) => peak > ceiling)) return undefined;
  const frames = peaks.length;
  // The mean, within reach, of the least gain within reach: it never exceeds the
  // gain that the frame itself needs.
  const edge = 2 * reach;
  const needed = new Float32Array(frames + 2 * edge).fill(1);
  for (let i = 0; i < frames; i++) {
    if (peaks[i]! > ceiling) needed[edge + i] = ceiling / peaks[i]!;
  }
  if (isLoop) {
    for (let i = 0; i < edge; i++) {
      needed[edge - 1 - i] = needed[edge + frames - 1 - i % frames]!;
      needed[edge + frames + i] = needed[edge + i % frames]!;
    }
  }
  return movingMean(movingMinimum(needed, reach), reach);
}

/** Minimum of each 2 × reach + 1 neighbouring values. */
function movingMinimum(values: Float32Array, reach: number): Float32Array {
  const width = 2 * reach + 1;
  const result = new Float32Array(values.length - 2 * reach);
  // Indices, in order, of values that are less than all later ones.
  const candidates = new Int32Array(values.length);
  let first = 0, end = 0;
  for (let i = 0; i < values.length; i++) {
    while (end > first && values[candidates[end - 1]!]! >= values[i]!) end--;
    candidates[end++] = i;
    if (candidates[first]! <= i - width) first++;
    if (i >= width - 1) result[i - width + 1] = values[candidates[first]!]!;
  }
  return result;
}

/** Mean of each 2 × reach + 1 neighbouring values. */
function movingMean(values: Float32Array, reach: number): Float32Array {
  const width = 2 * reach + 1;
  const result = new Float32Array(values.length - 2 * reach);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    if (i >= width) sum -= values[i - width]!;
    if (i >= width - 1) result[i - width + 1] = sum / width;
  }
  return result;
}
