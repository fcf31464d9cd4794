/**
 * Loudness after Recommendation ITU-R BS.1770-4, and peaks between samples after its
 * Annex 2.
 */

/** Stereo sound. */
export interface Audio {
  readonly left: Float32Array;
  /** As long as `left`. */
  readonly right: Float32Array;
  /** Frames per second. */
  readonly sampleRate: number;
}

/** Blocks are 400 ms long; a new one starts every hop of 100 ms. */
const HOP_SECONDS = 0.1, HOPS_PER_BLOCK = 4;
/** Quieter blocks count as silence. */
const ABSOLUTE_GATE_LUFS = -70;
/** Blocks this much quieter than the mean of the others do not count. */
const RELATIVE_GATE_LU = -10;

/** Coefficients of a second-order filter, normalised so that a0 is 1. */
interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/**
 * The K weighting at any sample rate. The recommendation lists coefficients for 48 kHz;
 * these come from the same analogue filters by the bilinear transform.
 */
function kWeighting(sampleRate: number): [Biquad, Biquad] {
  const shelfGain = 10 ** (3.999843853973347 / 20);
  const shelfBand = shelfGain ** 0.4996667741545416;
  const shelf = Math.tan(Math.PI * 1681.974450955533 / sampleRate);
  const shelfQ = 0.7071752369554196;
  const s = 1 + shelf / shelfQ + shelf * shelf;
  const pass = Math.tan(Math.PI * 38.13547087602444 / sampleRate);
  const passQ = 0.5003270373238773;
  const p = 1 + pass / passQ + pass * pass;
  return [
    {
      b: [
        (shelfGain + shelfBand * shelf / shelfQ + shelf * shelf) / s,
        2 * (shelf * shelf - shelfGain) / s,
        (shelfGain - shelfBand * shelf / shelfQ + shelf * shelf) / s,
      ],
      a: [
        2 * (shelf * shelf - 1) / s,
        (1 - shelf / shelfQ + shelf * shelf) / s,
      ],
    },
    {
      b: [1, -2, 1],
      a: [2 * (pass * pass - 1) / p, (1 - pass / passQ + pass * pass) / p],
    },
  ];
}

/** Adds the weighted energy of each hop of a channel to `energies`. */
function addHopEnergies(
  energies: Float64Array,
  channel: Float32Array,
  hopFrames: number,
  [shelf, pass]: [Biquad, Biquad],
): void {
  const [b0, b1, b2] = shelf.b, [a1, a2] = shelf.a;
  const [d1, d2] = pass.a;
  // Both filters in one pass over the samples, in transposed direct form II.
  let u1 = 0, u2 = 0, v1 = 0, v2 = 0;
  for (let hop = 0, i = 0; hop < energies.length; hop++) {
    let energy = 0;
    const end = Math.min(i + hopFrames, channel.length);
    for (; i < end; i++) {
      const x = channel[i];
      const y = b0 * x! + u1;
      u1 = b1 * x! - a1 * y + u2;
      u2 = b2 * x! - a2 * y;
      const z = y + v1;
      v1 = -2 * y - d1 * z + v2;
      v2 = y - d2 * z;
      energy += z * z;
    }
    energies[hop]! += energy;
  }
}

/**
 * Integrated loudness of stereo sound, with the gates of BS.1770-4.
 *
 * @param audio What to measure. Sound shorter than a block of 400 ms is measured as if
 * silence followed.
 * @returns LUFS; −Infinity for silence.
 *
 * @example A full-scale sine of 997 Hz in one channel is at −3.01 LUFS.
 * ```ts
 * import assert from "node:assert/strict";
 * import { integratedLoudness } from "immersic/synthesis/loudness.ts";
 * const sampleRate = 48000;
 * const left = Float32Array.from({ length: 2 * sampleRate }, (_, i) =>
 *   Math.sin(2 * Math.PI * 997 * i / sampleRate));
 * const right = new Float32Array(left.length);
 * const lufs = integratedLoudness({ left, right, sampleRate });
 * assert(Math.abs(lufs + 3.01) < 0.02);
 * ```
 */
export function integratedLoudness(audio: Audio): number {
  const { left, right, sampleRate } = audio;
  const hopFrames = Math.round(HOP_SECONDS * sampleRate);
  const hops = Math.max(HOPS_PER_BLOCK, Math.floor(left.length / hopFrames));
  const energies = new Float64Array(hops);
  const filters = kWeighting(sampleRate);
  for (const channel of [left, right]) {
    addHopEnergies(energies, channel, hopFrames, filters);
  }
  const powers = new Float64Array(hops - HOPS_PER_BLOCK + 1).map((_, i) =>
    energies.subarray(i, i + HOPS_PER_BLOCK).reduce((a, b) => a + b) /
    (HOPS_PER_BLOCK * hopFrames)
  );
  const audible = powers.filter((p) => lufs(p) > ABSOLUTE_GATE_LUFS);
  if (audible.length === 0) return -Infinity;
  const gate = lufs(mean(audible)) + RELATIVE_GATE_LU;
  return lufs(mean(audible.filter((p) => lufs(p) > gate)));
}

function lufs(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

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

/**
 * The true peak at each frame: the largest magnitude of both channels at the frame and
 * at three points before the next (BS.1770-4, Annex 2, four times oversampled).
 *
 * @param audio What to measure.
 * @param ceiling Points between samples are computed only where they may exceed this;
 * elsewhere the magnitude is that of the sample.
 * @returns A magnitude for each frame.
 */
export function framePeaks(audio: Audio, ceiling: number): Float32Array {
  const { left, right } = audio;
  const peaks = new Float32Array(left.length);
  for (const channel of [left, right]) {
    for (let i = 0; i < channel.length; i++) {
      const here = Math.abs(channel[i]!);
      let peak = here;
      // Music does not rise from half the ceiling above it between two samples.
      if (
        here > ceiling / 2 &&
        i >= REACH - 1 && i + REACH < channel.length
      ) {
        for (const weights of INTERPOLATION) {
          let value = 0;
          for (let k = 0; k < 2 * REACH; k++) {
            value += weights[k]! * channel[i - REACH + 1 + k]!;
          }
          peak = Math.max(peak, Math.abs(value));
        }
      }
      if (peak > peaks[i]!) peaks[i] = peak;
    }
  }
  return peaks;
}
