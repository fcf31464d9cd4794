/** Plays and records a piece, whole or part by part, and masters it. */

import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import { Random } from "../base/base.ts";
import {
  type NoteSequence,
  type Part,
  ticksToSeconds,
} from "../music/music.ts";
import { loudnessOf } from "./loudness.ts";
import { type Change, gainsOf } from "./mastering.ts";
import { perform } from "./performance.ts";
import { type Form, record, type Recording } from "./recording.ts";
import {
  type Audio,
  changed,
  MemoryScratch,
  type Scratch,
  type Sound,
} from "./sound.ts";
import { buildSoundBank, prepareSamples } from "./sound_bank.ts";
import { vinylNoise } from "./vinyl.ts";

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

/** How to render a piece, or a loop. */
export interface WavOptions extends SynthesisOptions {
  /**
   * Whether the music repeats without a seam: it lasts as long as the score, and notes
   * that ring on after the end sound at the beginning.
   *
   * @default false
   */
  readonly isLoop?: boolean;
  /**
   * Time after the end of the score for the last notes to ring out, in seconds, 0 to
   * 60. The second half of it is faded out. A loop has none.
   *
   * @default 2
   */
  readonly tailSeconds?: number;
}

/** How to render sound that may be long. */
export interface SoundOptions extends WavOptions {
  /**
   * Makes a place for the sound while it is worked on. An hour takes 1.3 GB.
   * @default in memory
   */
  readonly scratch?: () => Scratch;
}

/** Highest true peak, dB relative to full scale. */
export const PEAK_DB = -1;
/** Length of the sound after a loop's end that is added to its beginning. */
const LOOP_TAIL_SECONDS = 6;
/** Loudness of music that the level of the vinyl noise suits. */
const VINYL_LUFS = -15;
const VINYL_SEED = 33;

/** Indices of the parts that have notes. */
export function playingParts({ notes, parts }: NoteSequence): number[] {
  const playing = new Set(notes.map(({ part }) => part));
  return [...parts.keys()].filter((part) => playing.has(part));
}

/** What the recordings of a piece share. */
export interface Studio {
  readonly sequence: NoteSequence;
  readonly options: SoundOptions;
  /** Length of the sound. */
  readonly frames: number;
  /** Records the piece or a part of it, of several the one at an index. */
  record(sequence: NoteSequence, index: number): Promise<Recording>;
}

/** Checks what is asked, and prepares to record the piece some times. */
export async function setUp(
  sequence: NoteSequence,
  options: SoundOptions,
  times: number = 1,
): Promise<Studio> {
  requireOptions(options);
  requireMidiValues(sequence);
  const form = formOf(sequence, options);
  const parts = playingParts(sequence).map((part) => sequence.parts[part]!);
  const bank = await soundBankOf(parts, options);
  const { reverb = 1, chorus = 1, onProgress } = options;
  const { scratch = () => new MemoryScratch() } = options;
  const frames = form.frames + form.tailFrames;
  return {
    sequence,
    options,
    frames: form.frames,
    record(music, index) {
      const performance = parts.length === 0
        ? silent(frames)
        : perform(music, bank, {
          frames,
          sampleRate: SAMPLE_RATE,
          reverb,
          chorus,
          onProgress: (seconds, of) =>
            onProgress?.(index * of + seconds, times * of),
        });
      return record(performance, form, scratch());
    },
  };
}

function formOf(
  sequence: NoteSequence,
  { isLoop = false, tailSeconds = isLoop ? 0 : 2 }: SoundOptions,
): Form {
  requireWithin("tailSeconds", tailSeconds, 0, 60);
  const seconds = ticksToSeconds(sequence, sequence.totalTicks) + tailSeconds;
  const frames = Math.round(seconds * SAMPLE_RATE);
  if (isLoop && frames === 0) {
    throw new RangeError(
      "Cannot render a loop: the sequence has no length, current value of totalTicks is 0.",
    );
  }
  const tailFrames = isLoop ? LOOP_TAIL_SECONDS * SAMPLE_RATE : 0;
  const fadeFrames = isLoop
    ? tailFrames / 2
    : Math.round(tailSeconds / 2 * SAMPLE_RATE);
  return { frames, sampleRate: SAMPLE_RATE, tailFrames, fadeFrames };
}

/** The sound of the whole piece, and what is done to it. */
export interface Mix {
  /** Before mastering, with the noise of the record. */
  readonly sound: Sound;
  /** Largest magnitude of what was recorded. */
  readonly peak: number;
  /** Adds the noise of the record, if that is asked for. */
  readonly noise: Change | undefined;
  /** Brings it to its loudness. */
  readonly change: Change;
}

export async function mix({ sequence, options, record }: Studio): Promise<Mix> {
  const { loudnessLufs = -15, vinyl = false, isLoop = false } = options;
  const { peak, sound } = await record(sequence, 0);
  const dry = sound(peak);
  const noise = vinyl ? await vinylOver(dry) : undefined;
  const wet = noise ? changed(dry, noise) : dry;
  const change = await gainsOf(wet, { loudnessLufs, peakDb: PEAK_DB, isLoop });
  return { sound: wet, peak, noise, change };
}

/** The noise of an old record, as loud as suits the music. */
async function vinylOver(sound: Sound): Promise<Change> {
  const loudness = await loudnessOf(sound);
  const gain = loudness === -Infinity
    ? 1
    : 10 ** ((loudness - VINYL_LUFS) / 20);
  const { frames, sampleRate } = sound;
  const noiseAt = await vinylNoise(
    frames,
    sampleRate,
    new Random(VINYL_SEED),
  );
  return ({ left, right }, start) => {
    const noise = noiseAt(start, start + left.length);
    for (let i = 0; i < left.length; i++) {
      left[i]! += gain * noise.left[i]!;
      right[i]! += gain * noise.right[i]!;
    }
  };
}

/** Silence, a second at a time. */
export async function* silent(frames: number): AsyncGenerator<Audio> {
  for (let start = 0; start < frames; start += SAMPLE_RATE) {
    const length = Math.min(SAMPLE_RATE, frames - start);
    const channel = () => new Float32Array(length);
    yield { left: channel(), right: channel(), sampleRate: SAMPLE_RATE };
  }
}

async function soundBankOf(
  parts: readonly Part[],
  { soundBank }: SynthesisOptions,
): Promise<BasicSoundBank> {
  if (soundBank) return await loadSoundBank(soundBank);
  const pitched = parts.filter(({ isDrum }) => !isDrum);
  const programs = pitched.map(({ program }) => program);
  const hasDrums = pitched.length < parts.length;
  await prepareSamples(programs, hasDrums);
  return buildSoundBank(programs, hasDrums);
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

function requireOptions(options: SynthesisOptions): void {
  const { reverb = 1, chorus = 1, loudnessLufs = -15 } = options;
  requireWithin("reverb", reverb, 0, 4);
  requireWithin("chorus", chorus, 0, 4);
  requireWithin("loudnessLufs", loudnessLufs, -40, -9);
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
