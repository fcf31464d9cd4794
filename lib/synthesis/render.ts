/**
 * {@linkcode NoteSequence} → WAV: played by spessasynth_core on a small sound bank
 * built in code or on the user's own, with reverb and chorus, and brought to the usual
 * loudness of streaming services.
 */

import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import { type NoteSequence, ticksToSeconds } from "../music/music.ts";
import { Random } from "../base/base.ts";
import { type Audio, integratedLoudness } from "./loudness.ts";
import { master } from "./mastering.ts";
import { perform } from "./performance.ts";
import { buildSoundBank } from "./sound_bank.ts";
import { vinylNoise } from "./vinyl.ts";
import { writeWav } from "./wav.ts";

/** Frames per second of every WAV written. */
export const SAMPLE_RATE = 44100;

/** How to render music. */
export interface SynthesisOptions {
  /**
   * Bytes of an .sf2, .sf3 or .dls file to use as the sound bank.
   *
   * @default the sound bank built in code
   */
  readonly soundBank?: Uint8Array;
  /**
   * Integrated loudness, LUFS, −40 to −9.
   *
   * @default -15
   */
  readonly loudnessLufs?: number;
  /**
   * Gain of the reverb, 0 for none, at most 4.
   *
   * @default 1
   */
  readonly reverb?: number;
  /**
   * Gain of the chorus, 0 for none, at most 4.
   *
   * @default 1
   */
  readonly chorus?: number;
  /**
   * Whether to add the noise of an old record.
   *
   * @default false
   */
  readonly vinyl?: boolean;
  /**
   * Called after each second of sound with the seconds done and in all.
   *
   * @default no report
   */
  readonly onProgress?: (seconds: number, of: number) => void;
}

/** How to render a piece that ends. */
export interface WavOptions extends SynthesisOptions {
  /**
   * Time after the end of the score for the last notes to ring out, in seconds, 0 to
   * 60. The second half of it is faded out.
   *
   * @default 2
   */
  readonly tailSeconds?: number;
}

/** Highest true peak, dB relative to full scale. */
const PEAK_DB = -1;
/** Length of the sound after a loop's end that is added to its beginning. */
const LOOP_TAIL_SECONDS = 6;
/** Loudness of music that the level of the vinyl noise suits. */
const VINYL_LUFS = -15;
const VINYL_SEED = 33;

/**
 * Renders music as a WAV file: 16-bit stereo, 44.1 kHz. It lasts, to the frame,
 * `ticksToSeconds(sequence, sequence.totalTicks)` + `tailSeconds`.
 *
 * An instrument of its family plays each General MIDI program, whatever its bank, and
 * brushed drums play percussion; a sound bank of the user's plays the programs of its
 * banks. Controllers take effect, among them volume (7), pan (10), expression (11),
 * sustain (64) and the sends to reverb (91) and chorus (93).
 *
 * @param sequence The music.
 * @param options Sound bank, loudness, effects and tail.
 * @returns The bytes of the file. A sequence without notes gives silence.
 * @throws {RangeError} If an option or a MIDI value of the sequence is out of range.
 * @throws {TypeError} If `soundBank` is not a sound bank.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { renderWav } from "immersic/synthesis/synthesis.ts";
 * const wav = await renderWav({
 *   ...emptySequence(480),
 *   parts: [{ name: "Bass", program: 32, isDrum: false }],
 *   notes: [{ pitch: 40, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }],
 *   totalTicks: 960,
 * }, { tailSeconds: 1 });
 * assert.equal(wav.length, 44 + 2 * 44100 * 4);
 * ```
 */
export async function renderWav(
  sequence: NoteSequence,
  options: WavOptions = {},
): Promise<Uint8Array> {
  const { tailSeconds = 2 } = options;
  requireWithin("tailSeconds", tailSeconds, 0, 60);
  const frames = framesOf(sequence, tailSeconds);
  const audio = await play(sequence, options, frames);
  fadeOut(audio, Math.round(tailSeconds / 2 * SAMPLE_RATE));
  return finish(audio, options, false);
}

/**
 * Renders music that can repeat without a seam, as a WAV file: 16-bit stereo, 44.1 kHz.
 * It lasts, to the frame, as long as the score. Notes that ring on after the end sound
 * at the beginning.
 *
 * @param sequence The music; `totalTicks` is the loop's length.
 * @param options Sound bank, loudness and effects.
 * @returns The bytes of the file.
 * @throws {RangeError} If the sequence has no length, or an option or a MIDI value of the
 * sequence is out of range.
 * @throws {TypeError} If `soundBank` is not a sound bank.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { renderLoop } from "immersic/synthesis/synthesis.ts";
 * const wav = await renderLoop({
 *   ...emptySequence(480),
 *   parts: [{ name: "Bass", program: 32, isDrum: false }],
 *   notes: [{ pitch: 40, velocity: 80, startTicks: 0, endTicks: 960, part: 0 }],
 *   totalTicks: 960,
 * });
 * assert.equal(wav.length, 44 + 44100 * 4);
 * ```
 */
export async function renderLoop(
  sequence: NoteSequence,
  options: SynthesisOptions = {},
): Promise<Uint8Array> {
  const frames = framesOf(sequence, 0);
  if (frames === 0) {
    throw new RangeError(
      "Cannot render a loop: the sequence has no length, current value of totalTicks is 0.",
    );
  }
  const tailFrames = LOOP_TAIL_SECONDS * SAMPLE_RATE;
  const audio = await play(sequence, options, frames + tailFrames);
  fadeOut(audio, tailFrames / 2);
  // The tail continues the end without a break, so adding it makes no seam.
  const wrap = (channel: Float32Array) => {
    const loop = channel.slice(0, frames);
    for (let i = frames; i < channel.length; i++) {
      loop[i % frames]! += channel[i]!;
    }
    return loop;
  };
  return finish(
    { ...audio, left: wrap(audio.left), right: wrap(audio.right) },
    options,
    true,
  );
}

function framesOf(sequence: NoteSequence, tailSeconds: number): number {
  const seconds = ticksToSeconds(sequence, sequence.totalTicks) + tailSeconds;
  return Math.round(seconds * SAMPLE_RATE);
}

/** Plays the parts that have notes, or returns silence. */
async function play(
  sequence: NoteSequence,
  options: SynthesisOptions,
  frames: number,
): Promise<Audio> {
  const { soundBank, reverb = 1, chorus = 1, loudnessLufs = -15 } = options;
  requireWithin("reverb", reverb, 0, 4);
  requireWithin("chorus", chorus, 0, 4);
  requireWithin("loudnessLufs", loudnessLufs, -40, -9);
  requireMidiValues(sequence);
  const playing = new Set(sequence.notes.map(({ part }) => part));
  const parts = sequence.parts.filter((_, part) => playing.has(part));
  if (parts.length === 0) {
    const silence = () => new Float32Array(frames);
    return { left: silence(), right: silence(), sampleRate: SAMPLE_RATE };
  }
  const pitched = parts.filter(({ isDrum }) => !isDrum);
  const bank = soundBank ? await loadSoundBank(soundBank) : buildSoundBank(
    pitched.map(({ program }) => program),
    pitched.length < parts.length,
  );
  return perform(sequence, bank, {
    frames,
    sampleRate: SAMPLE_RATE,
    reverb,
    chorus,
    onProgress: options.onProgress,
  });
}

/** Reads the user's sound bank. */
async function loadSoundBank(bytes: Uint8Array): Promise<BasicSoundBank> {
  await BasicSoundBank.isSF3DecoderReady;
  try {
    const bank = SoundBankLoader.fromArrayBuffer(bytes.slice().buffer);
    if (bank.presets.length === 0) throw new Error("it has no presets.");
    return bank;
  } catch (error) {
    throw new TypeError(
      `Cannot read the sound bank of ${bytes.length} bytes: ${
        (error as Error).message
      } Give the bytes of an .sf2, .sf3 or .dls file.`,
      { cause: error },
    );
  }
}

/** Adds vinyl noise if asked for, sets the loudness, and writes the file. */
function finish(
  audio: Audio,
  { loudnessLufs = -15, vinyl = false }: SynthesisOptions,
  isLoop: boolean,
): Uint8Array {
  if (vinyl) addVinyl(audio);
  return writeWav(master(audio, { loudnessLufs, peakDb: PEAK_DB, isLoop }));
}

function addVinyl({ left, right, sampleRate }: Audio): void {
  const loudness = integratedLoudness({ left, right, sampleRate });
  const gain = loudness === -Infinity
    ? 1
    : 10 ** ((loudness - VINYL_LUFS) / 20);
  const noise = vinylNoise(left.length, sampleRate, new Random(VINYL_SEED));
  for (let i = 0; i < left.length; i++) {
    left[i]! += gain * noise.left[i]!;
    right[i]! += gain * noise.right[i]!;
  }
}

/** Fades out the end, as a raised cosine. */
function fadeOut({ left, right }: Audio, frames: number): void {
  const start = left.length - frames;
  for (let i = 0; i < frames; i++) {
    const gain = 0.5 + 0.5 * Math.cos(Math.PI * (i + 1) / frames);
    left[start + i]! *= gain;
    right[start + i]! *= gain;
  }
}

function requireWithin(
  name: string,
  value: number,
  low: number,
  high: number,
): void {
  if (!(value >= low && value <= high)) {
    throw new RangeError(
      `Cannot render sound: ${name} must be from ${low} to ${high}, current value is ${value}.`,
    );
  }
}

/** Checks all MIDI values, as the synthesizer silently ignores wrong ones. */
function requireMidiValues({ parts, notes, controls }: NoteSequence): void {
  const check = (name: string, value: number, low: number, high: number) => {
    if (!Number.isInteger(value)) value = NaN;
    requireWithin(name, value, low, high);
  };
  for (const { program, bank = 0 } of parts) {
    check("program", program, 0, 127);
    check("bank", bank, 0, 16383);
  }
  for (const { part, pitch, velocity } of notes) {
    check("a note's part", part, 0, parts.length - 1);
    check("pitch", pitch, 0, 127);
    check("velocity", velocity, 1, 127);
  }
  for (const { part, controller, value } of controls) {
    check("a control's part", part, 0, parts.length - 1);
    check("controller", controller, 0, 127);
    check("a controller's value", value, 0, 127);
  }
}
