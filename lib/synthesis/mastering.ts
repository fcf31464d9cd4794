/** Brings rendered sound to a loudness, with all peaks below a ceiling. */

import { loudnessOf } from "./loudness.ts";
import { PeakFinder, type Peaks } from "./peaks.ts";
import { type Audio, changed, type Sound } from "./sound.ts";

/** What {@linkcode gainsOf} aims for. */
export interface MasterOptions {
  /** Integrated loudness, LUFS. */
  readonly loudnessLufs: number;
  /** Highest true peak, dB relative to full scale. */
  readonly peakDb: number;
  /** Whether the sound is a loop. */
  readonly isLoop: boolean;
}

/** Changes a piece of sound that begins at a frame. */
export type Change = (piece: Audio, start: number) => void;

/** Time before and after a peak in which the limiter lowers the gain. */
const LIMITER_SECONDS = 0.012;
/** Largest difference from the loudness asked for. */
const TOLERANCE_LU = 0.2;
const PASSES = 6;
/** Factor by which the gain may rise before the peaks are looked for again. */
const MOST_MADE_UP = 2;

/**
 * What brings sound to a loudness: a gain, and a look-ahead limiter that lowers it
 * around peaks that would exceed the ceiling. The gain makes up for the loudness
 * that limiting takes away.
 *
 * @param sound What was rendered. It is read some times.
 * @param options Loudness and ceiling.
 * @returns The change; silence stays as it is.
 */
export async function gainsOf(
  sound: Sound,
  options: MasterOptions,
): Promise<Change> {
  const { loudnessLufs, peakDb, isLoop } = options;
  const ceiling = 10 ** (peakDb / 20);
  const measured = await loudnessOf(sound);
  if (measured === -Infinity) return () => {};
  let gain = 10 ** ((loudnessLufs - measured) / 20);
  let peaks = await peaksOf(sound, ceiling / gain / MOST_MADE_UP);
  const { frames, sampleRate } = sound;
  const reach = Math.round(LIMITER_SECONDS * sampleRate);
  for (let pass = 1;; pass++) {
    if (ceiling / gain < peaks.level) {
      peaks = await peaksOf(sound, ceiling / gain / MOST_MADE_UP);
    }
    if (!peaks.hasAbove(ceiling / gain)) return scaling(gain);
    const limiter = { peaks, ceiling: ceiling / gain, reach, isLoop, frames };
    const change = scaling(gain, limiter);
    if (pass === PASSES) return change;
    const missing = loudnessLufs - await loudnessOf(changed(sound, change));
    if (Math.abs(missing) < TOLERANCE_LU) return change;
    gain *= 10 ** (missing / 20);
  }
}

async function peaksOf(sound: Sound, level: number): Promise<Peaks> {
  const finder = new PeakFinder(level);
  for await (const piece of sound.pieces()) finder.push(piece);
  return finder.finish();
}

function scaling(gain: number, limiter?: Limiter): Change {
  return ({ left, right }, start) => {
    const gains = limiter && limiterGains(limiter, start, start + left.length);
    for (const channel of [left, right]) {
      for (let i = 0; i < channel.length; i++) {
        channel[i] = channel[i]! * gain * (gains ? gains[i]! : 1);
      }
    }
  };
}

/** A look-ahead limiter, which lowers sound smoothly around peaks. */
export interface Limiter {
  /** Those of the sound, as far as they may be above the ceiling. */
  readonly peaks: Peaks;
  /** Largest magnitude allowed. */
  readonly ceiling: number;
  /** Frames before a peak in which the gain falls, and after it in which it rises. */
  readonly reach: number;
  /** Whether the sound is a loop. */
  readonly isLoop: boolean;
  /** Length of the sound. */
  readonly frames: number;
}

/**
 * The gain of a limiter for a stretch of the sound.
 *
 * @param start Its first frame.
 * @param end The frame after it.
 * @returns A gain for each frame, at most 1; undefined if no peak near is too high.
 */
export function limiterGains(
  { peaks, ceiling, reach, isLoop, frames }: Limiter,
  start: number,
  end: number,
): Float32Array | undefined {
  // The mean, within reach, of the least gain within reach: it never exceeds the
  // gain that the frame itself needs.
  const edge = 2 * reach;
  const needed = new Float32Array(end - start + 2 * edge).fill(1);
  let isNeeded = false;
  // In a loop, what is before the start and after the end comes round.
  const rounds = isLoop ? Math.ceil(edge / frames) : 0;
  for (let round = -rounds; round <= rounds; round++) {
    const first = start - edge - round * frames;
    peaks.forEach(first, first + needed.length, (frame, magnitude) => {
      if (magnitude <= ceiling) return;
      needed[frame - first] = ceiling / magnitude;
      isNeeded = true;
    });
  }
  return isNeeded ? movingMean(movingMinimum(needed, reach), reach) : undefined;
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
