/** Loudness after Recommendation ITU-R BS.1770-4. */

import type { Audio, Sound } from "./sound.ts";

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

/** Sums the weighted energy of each hop of a channel. */
class ChannelMeter {
  readonly #filters: [Biquad, Biquad];
  readonly #hopFrames: number;
  /** State of both filters, in transposed direct form II. */
  readonly #state = [0, 0, 0, 0];
  /** Energies of the hops so far, and of the part of the next one. */
  readonly energies: number[] = [];
  energy = 0;
  #framesOfHop = 0;

  constructor(sampleRate: number, hopFrames: number) {
    this.#filters = kWeighting(sampleRate);
    this.#hopFrames = hopFrames;
  }

  push(channel: Float32Array): void {
    for (let start = 0; start < channel.length;) {
      const left = this.#hopFrames - this.#framesOfHop;
      const end = Math.min(start + left, channel.length);
      this.#add(channel.subarray(start, end));
      this.#framesOfHop += end - start;
      start = end;
      if (this.#framesOfHop < this.#hopFrames) continue;
      this.energies.push(this.energy);
      this.energy = this.#framesOfHop = 0;
    }
  }

  #add(channel: Float32Array): void {
    const [shelf, pass] = this.#filters;
    const [b0, b1, b2] = shelf.b, [a1, a2] = shelf.a;
    const [d1, d2] = pass.a;
    let [u1 = 0, u2 = 0, v1 = 0, v2 = 0] = this.#state;
    let energy = this.energy;
    for (let i = 0; i < channel.length; i++) {
      const x = channel[i]!;
      const y = b0 * x + u1;
      u1 = b1 * x - a1 * y + u2;
      u2 = b2 * x - a2 * y;
      const z = y + v1;
      v1 = -2 * y - d1 * z + v2;
      v2 = y - d2 * z;
      energy += z * z;
    }
    this.energy = energy;
    this.#state.splice(0, 4, u1, u2, v1, v2);
  }
}

/** Measures the integrated loudness of sound that comes in pieces. */
export class LoudnessMeter {
  readonly #hopFrames: number;
  readonly #channels: readonly [ChannelMeter, ChannelMeter];

  /** @param sampleRate Frames per second. */
  constructor(sampleRate: number) {
    this.#hopFrames = Math.round(HOP_SECONDS * sampleRate);
    this.#channels = [
      new ChannelMeter(sampleRate, this.#hopFrames),
      new ChannelMeter(sampleRate, this.#hopFrames),
    ];
  }

  /** Takes the next piece. */
  push({ left, right }: Audio): void {
    this.#channels[0].push(left);
    this.#channels[1].push(right);
  }

  /** The loudness so far, in LUFS; −Infinity for silence. */
  get lufs(): number {
    const [left, right] = this.#channels;
    const energies = left.energies.map((energy, hop) =>
      energy + right.energies[hop]!
    );
    // Sound shorter than a block is measured as if silence followed.
    if (energies.length < HOPS_PER_BLOCK) {
      energies.push(left.energy + right.energy);
    }
    while (energies.length < HOPS_PER_BLOCK) energies.push(0);
    return gatedLoudness(energies, this.#hopFrames);
  }
}

/** Loudness of hops of these energies, with the gates. */
function gatedLoudness(energies: readonly number[], hopFrames: number): number {
  const powers = new Float64Array(energies.length - HOPS_PER_BLOCK + 1);
  for (let i = 0; i < powers.length; i++) {
    let energy = 0;
    for (let k = 0; k < HOPS_PER_BLOCK; k++) energy += energies[i + k]!;
    powers[i] = energy / (HOPS_PER_BLOCK * hopFrames);
  }
  const audible = powers.filter((p) => lufs(p) > ABSOLUTE_GATE_LUFS);
  if (audible.length === 0) return -Infinity;
  const gate = lufs(mean(audible)) + RELATIVE_GATE_LU;
  return lufs(mean(audible.filter((p) => lufs(p) > gate)));
}

/** The integrated loudness of a sound, LUFS. It is read once. */
export async function loudnessOf(sound: Sound): Promise<number> {
  const meter = new LoudnessMeter(sound.sampleRate);
  for await (const piece of sound.pieces()) meter.push(piece);
  return meter.lufs;
}

function lufs(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
