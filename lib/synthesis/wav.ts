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

/**
 * Reads a WAV file of 16 bits, as one channel.
 *
 * @throws {RangeError} If it is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readPcm16 } from "immersic/synthesis/wav.ts";
 * assert.throws(() => readPcm16(new Uint8Array(8)), /no WAV file of 16 bits/);
 * ```
 */
export function readPcm16(
  bytes: Uint8Array,
): { samples: Float32Array; sampleRate: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const tag = (at: number) =>
    String.fromCharCode(...bytes.subarray(at, at + 4));
  let channels = 0, sampleRate = 0;
  for (let at = 12; tag(0) === "RIFF" && at + 8 <= bytes.length;) {
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
    const from = at + 8;
    if (tag(at) === "fmt " && size >= 16) {
      const isPcm16 = view.getUint16(from + 14, true) === 16 &&
        [1, 0xfffe].includes(view.getUint16(from, true));
      channels = isPcm16 ? view.getUint16(from + 2, true) : 0;
      sampleRate = view.getUint32(from + 4, true);
    }
    if (tag(at) === "data" && channels > 0 && sampleRate > 0) {
      const samples = new Float32Array(Math.floor(size / (2 * channels)));
      for (let i = 0; i < samples.length * channels; i++) {
        const value = view.getInt16(from + 2 * i, true) / 0x8000;
        samples[Math.floor(i / channels)]! += value / channels;
      }
      return { samples, sampleRate };
    }
    at = from + size + size % 2;
  }
  throw new RangeError(
    `Cannot read ${bytes.length} bytes as sound: they are no WAV file of 16 bits.`,
  );
}
