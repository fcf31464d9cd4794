/** The noise of an old record: hiss, rumble and crackle. */

import { type Random, Turns } from "../base/base.ts";
import type { Audio } from "./sound.ts";
import { periodicNoise } from "./tones.ts";

const HISS_DB = -57, RUMBLE_DB = -54, CRACKLE_DB = -34;
const CRACKLES_PER_SECOND = 5;
/** Approximate period of hiss and rumble. */
const PERIOD_SECONDS = 7;

/** A crackle of the record. */
interface Crackle {
  /** The frame it begins at. */
  readonly at: number;
  readonly level: number;
  readonly hz: number;
  /** 0 on the left, 1 on the right. */
  readonly balance: number;
}

/**
 * Noise at a level that suits music at −15 LUFS. It is a loop without a seam.
 *
 * @param frames Length.
 * @param sampleRate Frames per second.
 * @param random Source of the noise.
 * @returns The noise from a frame on, up to another; independent on the left and right.
 */
export async function vinylNoise(
  frames: number,
  sampleRate: number,
  random: Random,
): Promise<(start: number, end: number) => Audio> {
  // Almost a whole number of periods fits into the frames.
  const seconds = frames / sampleRate;
  const periods = Math.max(1, Math.round(seconds / PERIOD_SECONDS));
  const period = Math.ceil(frames / periods);
  const turns = new Turns();
  const channel = async () => {
    const hiss = periodicNoise(period, [900, 7000], sampleRate, random);
    await turns.give();
    const rumble = periodicNoise(period, [25, 110], sampleRate, random);
    await turns.give();
    return Float32Array.from(
      hiss,
      (value, i) => gain(HISS_DB) * value + gain(RUMBLE_DB) * rumble[i]!,
    );
  };
  const left = await channel(), right = await channel();
  const crackles = Array.from(
    { length: Math.round(CRACKLES_PER_SECOND * seconds) },
    (): Crackle => ({
      at: random.int(frames),
      level: gain(CRACKLE_DB) * random.next() ** 3,
      hz: 1500 + 3500 * random.next(),
      balance: random.next(),
    }),
  );
  return (start, end) => {
    const from = (channel: Float32Array) =>
      Float32Array.from(
        { length: end - start },
        (_, i) => channel[(start + i) % period]!,
      );
    const noise = { left: from(left), right: from(right), sampleRate };
    for (const crackle of crackles) addCrackle(noise, crackle, start, frames);
    return noise;
  };
}

/** Adds as much of a crackle as falls into a stretch of noise. */
function addCrackle(
  { left, right, sampleRate }: Audio,
  { at, level, hz, balance }: Crackle,
  start: number,
  frames: number,
): void {
  const length = Math.min(frames, Math.round(0.004 * sampleRate));
  // Frames from the crackle to the stretch, the noise being a loop.
  const ahead = (start - at + frames) % frames;
  const isNear = ahead < length || frames - ahead < left.length;
  if (!isNear) return;
  for (let i = 0; i < length; i++) {
    const place = (at + i) % frames - start;
    if (place < 0 || place >= left.length) continue;
    const seconds = i / sampleRate;
    const value = level * Math.sin(2 * Math.PI * hz * seconds) *
      Math.exp(-seconds / 0.0006);
    left[place]! += value * (1 - balance);
    right[place]! += value * balance;
  }
}

function gain(db: number): number {
  return 10 ** (db / 20);
}
