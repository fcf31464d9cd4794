/** Peaks between samples, after Annex 2 of Recommendation ITU-R BS.1770-4. */

import type { Audio } from "./sound.ts";

/** Factor by which the sound is oversampled to find peaks between samples. */
const OVERSAMPLING = 4;
/** Samples on either side that a point between two samples is computed from. */
const REACH = 6;

/** Weights of the surrounding samples, for each point between two samples. */
const INTERPOLATION = Array.from({ length: OVERSAMPLING - 1 }, (_, point) => {
  const offset = (point + 1) / OVERSAMPLING;
  return Float64Array.from({ length: 2 * REACH }, (_, i) => {
    const x = i - (REACH - 1) - offset;
    const window = 0.5 + 0.5 * Math.cos(Math.PI * x / (REACH + 0.5));
    return window * Math.sin(Math.PI * x) / (Math.PI * x);
  });
});

/** The frames of a sound whose peak is above a level. */
export class Peaks {
  /** Only peaks above it are known. */
  readonly level: number;
  #frames = new Float64Array(1024);
  #magnitudes = new Float32Array(1024);
  #count = 0;

  /** No peaks yet. */
  constructor(level: number) {
    this.level = level;
  }

  /** Adds a frame after the others. */
  add(frame: number, magnitude: number): void {
    if (this.#count === this.#frames.length) {
      const frames = new Float64Array(2 * this.#count);
      frames.set(this.#frames);
      this.#frames = frames;
      const magnitudes = new Float32Array(2 * this.#count);
      magnitudes.set(this.#magnitudes);
      this.#magnitudes = magnitudes;
    }
    this.#frames[this.#count] = frame;
    this.#magnitudes[this.#count++] = magnitude;
  }

  /** Whether a peak is above a level, which is not below that of these. */
  hasAbove(level: number): boolean {
    for (let i = 0; i < this.#count; i++) {
      if (this.#magnitudes[i]! > level) return true;
    }
    return false;
  }

  /** Calls a function with the peaks of some frames, `end` excluded. */
  forEach(
    start: number,
    end: number,
    take: (frame: number, magnitude: number) => void,
  ): void {
    let low = 0, high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#frames[middle]! < start) low = middle + 1;
      else high = middle;
    }
    for (; low < this.#count && this.#frames[low]! < end; low++) {
      take(this.#frames[low]!, this.#magnitudes[low]!);
    }
  }
}

/**
 * Finds the true peak at each frame: the largest magnitude of both channels at the
 * frame and at three points before the next (four times oversampled).
 */
export class PeakFinder {
  /** The peaks above the level, all of them after {@linkcode PeakFinder.finish}. */
  readonly peaks: Peaks;
  // The last samples given: of frames still to be measured, and before them.
  #left = new Float32Array(0);
  #right = new Float32Array(0);
  /** Index of the first sample kept, and of the first frame to be measured. */
  #kept = 0;
  #next = 0;

  /**
   * @param level Points between samples are computed only where they may exceed
   * this; elsewhere the magnitude is that of the sample.
   */
  constructor(level: number) {
    this.peaks = new Peaks(level);
  }

  /** Takes the next piece of the sound. */
  push({ left, right }: Audio): void {
    this.#left = joined(this.#left, left);
    this.#right = joined(this.#right, right);
    const end = this.#kept + this.#left.length;
    this.#measure(end - REACH, end);
    const from = Math.max(this.#kept, this.#next - REACH + 1);
    this.#left = this.#left.slice(from - this.#kept);
    this.#right = this.#right.slice(from - this.#kept);
    this.#kept = from;
  }

  /** Measures the last frames. */
  finish(): Peaks {
    const end = this.#kept + this.#left.length;
    this.#measure(end, end);
    return this.peaks;
  }

  /** Measures the frames up to one; samples are known up to another. */
  #measure(upTo: number, known: number): void {
    for (; this.#next < upTo; this.#next++) {
      const i = this.#next - this.#kept;
      const isInside = this.#next >= REACH - 1 && this.#next + REACH < known;
      const peak = Math.max(
        this.#peakAt(this.#left, i, isInside),
        this.#peakAt(this.#right, i, isInside),
      );
      if (peak > this.peaks.level) this.peaks.add(this.#next, peak);
    }
  }

  #peakAt(channel: Float32Array, i: number, isInside: boolean): number {
    let peak = Math.abs(channel[i]!);
    // Music does not rise from half the level above it between two samples.
    if (!isInside || peak <= this.peaks.level / 2) return peak;
    for (const weights of INTERPOLATION) {
      let value = 0;
      for (let k = 0; k < 2 * REACH; k++) {
        value += weights[k]! * channel[i - REACH + 1 + k]!;
      }
      peak = Math.max(peak, Math.abs(value));
    }
    return peak;
  }
}

function joined(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
