/** Sound to the bytes of compressed files, by the encoders of FLAC, Vorbis and LAME. */

import { type FilePiece, Turns } from "../base/base.ts";
import { type Audio, int16, type Sound } from "../synthesis/synthesis.ts";

/** Frames that are encoded at a time, half a second. */
const FRAMES = 22050;
/** Of 0 to 8; more takes longer and hardly saves. */
const FLAC_LEVEL = 5;
/** Where the header of FLAC has the MD5 checksum of the samples. */
const CHECKSUM_OFFSET = 26;
/** Of −1 to 10: about 160 kbit/s. */
const OGG_QUALITY = 5;
/** Constant, for then players know the length without reading the whole file. */
const MP3_KILOBITS = 192;

/** Constant rates of MP3 at 44.1 kHz, in kilobits a second; smaller ones sound poor. */
export type Mp3Kilobits =
  | 48
  | 64
  | 80
  | 96
  | 112
  | 128
  | 160
  | 192
  | 224
  | 256
  | 320;

/**
 * Encodes sound as FLAC of 16 bits, which keeps each sample as WAV has it.
 *
 * @param sound Samples from −1 to 1; others are clipped.
 * @returns The file, piece by piece; the last puts the checksum of the samples into
 * the header.
 */
export async function* encodeFlac(sound: Sound): AsyncGenerator<FilePiece> {
  // Loaded only if needed: it is large.
  const { default: flac } = await import("libflacjs/dist/libflac.js");
  if (!flac.isReady()) {
    await new Promise<void>((resolve) => flac.on("ready", () => resolve()));
  }
  const { frames, sampleRate } = sound;
  const encoder = flac.create_libflac_encoder(
    ...[sampleRate, 2, 16, FLAC_LEVEL, frames, false] as const,
  );
  let written: Uint8Array[] = [];
  let checksum: string | undefined;
  flac.init_encoder_stream(
    encoder,
    (bytes) => void written.push(bytes.slice()),
    (info) => void (checksum = info?.md5sum),
  );
  const take = () => {
    const bytes = joined(written);
    written = [];
    return bytes;
  };
  try {
    for await (const { left, right } of stretches(sound)) {
      const samples = new Int32Array(2 * left.length);
      for (let i = 0; i < left.length; i++) {
        samples[2 * i] = int16(left[i]!);
        samples[2 * i + 1] = int16(right[i]!);
      }
      flac.FLAC__stream_encoder_process_interleaved(
        encoder,
        samples,
        left.length,
      );
      yield take();
    }
    flac.FLAC__stream_encoder_finish(encoder);
    yield take();
    if (checksum) {
      yield { at: CHECKSUM_OFFSET, bytes: Uint8Array.fromHex(checksum) };
    }
  } finally {
    flac.FLAC__stream_encoder_delete(encoder);
  }
}

/**
 * A short sound as FLAC in memory, without the checksum.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { flacOf } from "immersic/files/files.ts";
 * const second = new Float32Array(44100);
 * const flac = await flacOf({ left: second, right: second, sampleRate: 44100 });
 * assert.equal(new TextDecoder().decode(flac.subarray(0, 4)), "fLaC");
 * ```
 */
export async function flacOf(audio: Audio): Promise<Uint8Array> {
  const sound: Sound = {
    frames: audio.left.length,
    sampleRate: audio.sampleRate,
    async *pieces() {
      yield await Promise.resolve(audio);
    },
  };
  const pieces = await Array.fromAsync(encodeFlac(sound));
  return joined(pieces.filter((piece) => piece instanceof Uint8Array));
}

/** Encodes sound as OGG Vorbis, to the frame as long as it is. */
export async function* encodeOgg(sound: Sound): AsyncGenerator<Uint8Array> {
  const { createOggEncoder } = await import("wasm-media-encoders");
  const encoder = await createOggEncoder();
  const { sampleRate } = sound;
  encoder.configure({ sampleRate, channels: 2, vbrQuality: OGG_QUALITY });
  yield* encoded(encoder, sound);
}

/**
 * Encodes sound as MP3, which adds some hundredths of a second of silence.
 *
 * @param sound Samples from −1 to 1.
 * @param kilobits A second, constant; below 64 high tones are lost.
 * @returns The file, piece by piece.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeMp3 } from "immersic/files/files.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { renderSound } from "immersic/synthesis/synthesis.ts";
 * const sound = await renderSound({ ...emptySequence(480), totalTicks: 960 });
 * const pieces = await Array.fromAsync(encodeMp3(sound, 64));
 * const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
 * const seconds = sound.frames / sound.sampleRate;
 * assert(Math.abs(bytes / (seconds * 64000 / 8) - 1) < 0.1);
 * ```
 */
export async function* encodeMp3(
  sound: Sound,
  kilobits: Mp3Kilobits = MP3_KILOBITS,
): AsyncGenerator<Uint8Array> {
  const { createMp3Encoder } = await import("wasm-media-encoders");
  const encoder = await createMp3Encoder();
  const { sampleRate } = sound;
  encoder.configure({ sampleRate, channels: 2, bitrate: kilobits });
  yield* encoded(encoder, sound);
}

interface Encoder {
  encode(samples: readonly Float32Array[]): Uint8Array;
  finalize(): Uint8Array;
}

async function* encoded(
  encoder: Encoder,
  sound: Sound,
): AsyncGenerator<Uint8Array> {
  for await (const { left, right } of stretches(sound)) {
    const bytes = encoder.encode([left, right]);
    // They are in the encoder's memory, which it uses again.
    if (bytes.length > 0) yield bytes.slice();
  }
  yield encoder.finalize().slice();
}

/** The sound in stretches that suit encoders, with time for others between them. */
async function* stretches(sound: Sound) {
  const turns = new Turns();
  for await (const { left, right } of sound.pieces()) {
    for (let start = 0; start < left.length; start += FRAMES) {
      yield {
        left: left.subarray(start, start + FRAMES),
        right: right.subarray(start, start + FRAMES),
      };
      await turns.give();
    }
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}
