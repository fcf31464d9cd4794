/** Writes sound as the bytes of a WAV file. */

import type { Audio } from "./loudness.ts";

const HEADER_BYTES = 44, CHANNELS = 2, BYTES_PER_SAMPLE = 2;
const FULL_SCALE = 32767;

/**
 * Writes stereo sound as WAV, 16-bit PCM.
 *
 * @param audio Samples from −1 to 1; others are clipped.
 * @returns The file.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeWav } from "immersic/synthesis/wav.ts";
 * const second = new Float32Array(44100);
 * const wav = writeWav({ left: second, right: second, sampleRate: 44100 });
 * assert(wav.length === 44 + 4 * 44100);
 * ```
 */
export function writeWav({ left, right, sampleRate }: Audio): Uint8Array {
  const frameBytes = CHANNELS * BYTES_PER_SAMPLE;
  const dataBytes = left.length * frameBytes;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(bytes.buffer);
  const tag = (offset: number, text: string) =>
    bytes.set(new TextEncoder().encode(text), offset);
  tag(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  tag(8, "WAVE");
  tag(12, "fmt ");
  view.setUint32(16, 16, true); // bytes of the format that follow
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true);
  tag(36, "data");
  view.setUint32(40, dataBytes, true);
  const sample = (value: number) =>
    Math.round(Math.max(-1, Math.min(1, value)) * FULL_SCALE);
  for (let i = 0, offset = HEADER_BYTES; i < left.length; i++) {
    view.setInt16(offset, sample(left[i]!), true);
    view.setInt16(offset + BYTES_PER_SAMPLE, sample(right[i]!), true);
    offset += frameBytes;
  }
  return bytes;
}
