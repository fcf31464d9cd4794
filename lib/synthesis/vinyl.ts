/** The noise of an old record: hiss, rumble and crackle. */

import type { Random } from "../base/base.ts";
import type { Audio } from "./loudness.ts";
import { periodicNoise } from "./tones.ts";

const HISS_DB = -57, RUMBLE_DB = -54, CRACKLE_DB = -34;
const CRACKLES_PER_SECOND = 5;
/** Approximate period of hiss and rumble. */
const PERIOD_SECONDS = 7;

/**
 * Noise at a level that suits music at −15 LUFS. It is a loop without a seam.
 *
 * @param frames Length.
 * @param sampleRate Frames per second.
 * @param random Source of the noise.
 * @returns The noise, independent on the left and right.
 */
export function vinylNoise(
  frames: number,
  sampleRate: number,
  random: Random,
): Audio {
  const gain = (db: number) => 10 ** (db / 20);
  // Almost a whole number of periods fits into the frames.
  const seconds = frames / sampleRate;
  const periods = Math.max(1, Math.round(seconds / PERIOD_SECONDS));
  const period = Math.ceil(frames / periods);
  const channel = () => {
    const hiss = periodicNoise(period, [900, 7000], sampleRate, random);
    const rumble = periodicNoise(period, [25, 110], sampleRate, random);
    return Float32Array.from({ length: frames }, (_, i) => {
      const at = i % period;
      return gain(HISS_DB) * hiss[at]! + gain(RUMBLE_DB) * rumble[at]!;
    });
  };
  const left = channel(), right = channel();
  const crackles = Math.round(CRACKLES_PER_SECOND * seconds);
  for (let n = 0; n < crackles; n++) {
    const at = random.int(frames);
    const level = gain(CRACKLE_DB) * random.next() ** 3;
    const hz = 1500 + 3500 * random.next();
    const balance = random.next();
    const length = Math.min(frames, Math.round(0.004 * sampleRate));
    for (let i = 0; i < length; i++) {
      const seconds = i / sampleRate;
      const value = level * Math.sin(2 * Math.PI * hz * seconds) *
        Math.exp(-seconds / 0.0006);
      left[(at + i) % frames]! += value * (1 - balance);
      right[(at + i) % frames]! += value * balance;
    }
  }
  return { left, right, sampleRate };
}
