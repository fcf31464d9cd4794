/** Audio files of any usual kind, as the one channel that the model hears. */

import samplerate from "@alexanderolsen/libsamplerate-js";
import decode from "audio-decode";

/** Samples a second that the model hears. */
export const SAMPLE_RATE = 22_050;
/** Longest audio that is taken: all of it is in memory at once. */
const MAX_SECONDS = 20 * 60;

/** Names of files that are taken for audio. */
export const AUDIO_NAME = /\.(?:wav|mp3|ogg|oga|opus|flac|m4a|aac|aiff?)$/i;

/**
 * Decodes a file.
 *
 * @returns Samples from −1 to 1, {@linkcode SAMPLE_RATE} a second.
 * @throws {Error} If it is no audio, or longer than 20 minutes.
 */
export async function readAudio(path: string): Promise<Float32Array> {
  const { channelData, sampleRate } = await decode(await Deno.readFile(path));
  const length = channelData[0]?.length ?? 0;
  if (length === 0) throw new Error("it has no sound");
  if (length > MAX_SECONDS * sampleRate) {
    throw new Error(
      `it is longer than 20 minutes, ${
        Math.round(length / sampleRate / 60)
      }: cut it`,
    );
  }
  const mono = new Float32Array(length);
  for (const channel of channelData) {
    for (let i = 0; i < length; i++) {
      mono[i]! += channel[i]! / channelData.length;
    }
  }
  if (sampleRate === SAMPLE_RATE) return mono;
  const converter = await samplerate.create(1, sampleRate, SAMPLE_RATE, {
    converterType: samplerate.ConverterType.SRC_SINC_FASTEST,
  });
  try {
    return converter.full(mono);
  } finally {
    converter.destroy();
  }
}
