/** Measurements of sound for tests. */

import { LoudnessMeter } from "./loudness.ts";
import type { Audio } from "./sound.ts";

/** Reads a WAV file that `wav.ts` wrote. */
export function readWav(wav: Uint8Array): Audio {
  const view = new DataView(wav.buffer, wav.byteOffset);
  const frames = view.getUint32(40, true) / 4;
  const channel = (offset: number) =>
    Float32Array.from(
      { length: frames },
      (_, i) => view.getInt16(44 + 4 * i + offset, true) / 32767,
    );
  return {
    left: channel(0),
    right: channel(2),
    sampleRate: view.getUint32(24, true),
  };
}

/** Largest magnitude of either channel. */
export function peakOf({ left, right }: Audio): number {
  const louder = (peak: number, value: number) =>
    Math.max(peak, Math.abs(value));
  return right.reduce(louder, left.reduce(louder, 0));
}

/** RMS of both channels between two moments, dB relative to full scale. */
export function levelDb(
  { left, right, sampleRate }: Audio,
  startSeconds: number,
  endSeconds: number,
): number {
  const start = Math.round(startSeconds * sampleRate);
  const end = Math.round(endSeconds * sampleRate);
  let energy = 0;
  for (const channel of [left, right]) {
    for (const value of channel.subarray(start, end)) energy += value * value;
  }
  return 10 * Math.log10(energy / (2 * (end - start)));
}

/** Integrated loudness of sound in memory, LUFS; −Infinity for silence. */
export function integratedLoudness(audio: Audio): number {
  const meter = new LoudnessMeter(audio.sampleRate);
  meter.push(audio);
  return meter.lufs;
}
