/** Sound as the bytes of a WAV file. */

import type { Audio, Sound } from "./sound.ts";

const CHANNELS = 2;
const FULL_SCALE = 32767;
/** The most that the 32-bit numbers of the format can tell. */
const MAX_BYTES = 2 ** 32 - 1;

/** How samples are written: as whole numbers of 16 bits, or as floating-point ones. */
export type SampleFormat = "int16" | "float32";

/**
 * Writes stereo sound as WAV.
 *
 * @param sound Samples from −1 to 1; others are clipped in whole numbers.
 * @param format How to write the samples.
 * @returns The file, piece by piece.
 * @throws {RangeError} If the sound is too long for the format, 6 hours and 45 minutes
 * of whole numbers at 44.1 kHz.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { soundOf } from "immersic/synthesis/sound.ts";
 * import { writeWav } from "immersic/synthesis/wav.ts";
 * const second = new Float32Array(44100);
 * const sound = soundOf({ left: second, right: second, sampleRate: 44100 });
 * let bytes = 0;
 * for await (const piece of writeWav(sound)) bytes += piece.length;
 * assert(bytes === 44 + 4 * 44100);
 * ```
 */
export async function* writeWav(
  sound: Sound,
  format: SampleFormat = "int16",
): AsyncGenerator<Uint8Array> {
  yield header(sound, format);
  const samples = format === "int16" ? int16Samples : float32Samples;
  for await (const piece of sound.pieces()) yield samples(piece);
}

function header({ frames, sampleRate }: Sound, format: SampleFormat) {
  const isWhole = format === "int16";
  const bytesPerSample = isWhole ? 2 : 4;
  const frameBytes = CHANNELS * bytesPerSample;
  const dataBytes = frames * frameBytes;
  // Other formats than whole numbers have an empty extension, and tell the frames.
  const formatBytes = isWhole ? 16 : 18, factBytes = isWhole ? 0 : 12;
  const length = 28 + formatBytes + factBytes;
  if (length + dataBytes > MAX_BYTES) {
    throw new RangeError(
      `Cannot write WAV: the format has room for 4 GB, current length is ${
        Math.round(frames / sampleRate)
      } s of sound. Write FLAC, OGG or MP3.`,
    );
  }
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let end = 0;
  const tag = (text: string) => {
    bytes.set(new TextEncoder().encode(text), end);
    end += 4;
  };
  const uint16 = (value: number) => view.setUint16((end += 2) - 2, value, true);
  const uint32 = (value: number) => view.setUint32((end += 4) - 4, value, true);
  tag("RIFF");
  uint32(length - 8 + dataBytes);
  tag("WAVE");
  tag("fmt ");
  uint32(formatBytes);
  uint16(isWhole ? 1 : 3); // PCM, or IEEE 754
  uint16(CHANNELS);
  uint32(sampleRate);
  uint32(sampleRate * frameBytes);
  uint16(frameBytes);
  uint16(8 * bytesPerSample);
  if (!isWhole) {
    uint16(0);
    tag("fact");
    uint32(4);
    uint32(frames);
  }
  tag("data");
  uint32(dataBytes);
  return bytes;
}

/** A sample from −1 to 1 as a whole number of 16 bits. */
export function int16(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * FULL_SCALE);
}

function int16Samples({ left, right }: Audio): Uint8Array {
  const view = new DataView(new ArrayBuffer(left.length * 4));
  for (let i = 0; i < left.length; i++) {
    view.setInt16(4 * i, int16(left[i]!), true);
    view.setInt16(4 * i + 2, int16(right[i]!), true);
  }
  return new Uint8Array(view.buffer);
}

function float32Samples({ left, right }: Audio): Uint8Array {
  const view = new DataView(new ArrayBuffer(left.length * 8));
  for (let i = 0; i < left.length; i++) {
    view.setFloat32(8 * i, left[i]!, true);
    view.setFloat32(8 * i + 4, right[i]!, true);
  }
  return new Uint8Array(view.buffer);
}
