/** Music without end → sound without end, a section at a time. */

import type { NoteSequence } from "../music/music.ts";
import { LoudnessMeter } from "./loudness.ts";
import { limiterGains } from "./mastering.ts";
import { PeakFinder } from "./peaks.ts";
import { type Audio, wholeOf } from "./sound.ts";
import {
  PEAK_DB,
  SAMPLE_RATE,
  setUp,
  type SynthesisOptions,
} from "./studio.ts";

/** How long a section rings on over the next one; the second half is faded out. */
const RING_SECONDS = 6;
/** How long the level takes to change from one section to the next. */
const RAMP_SECONDS = 2;
/** Time before and after a peak in which the limiter lowers the gain. */
const LIMITER_SECONDS = 0.012;

/**
 * Renders sections of music one after another, as they come: each goes on over the end
 * of the one before, which rings out under it. The level is that of all that was
 * heard, so it settles at the loudness asked for.
 *
 * @param sections The music; each section may have other parts.
 * @param options Sound bank, loudness and effects; the noise of a record is left out.
 * @returns The sound at 44.1 kHz, a piece for each section. It lags behind the music by
 * 24 ms.
 * @throws {RangeError} If an option or a MIDI value of a section is out of range.
 * @throws {TypeError} If `soundBank` is not a sound bank.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { renderStream } from "immersic/synthesis/synthesis.ts";
 * const second = { ...emptySequence(480), totalTicks: 960 };
 * let frames = 0;
 * for await (const piece of renderStream([second, second])) {
 *   frames += piece.left.length;
 * }
 * assert.equal(frames, 2 * 44100);
 * ```
 */
export async function* renderStream(
  sections: AsyncIterable<NoteSequence> | Iterable<NoteSequence>,
  options: SynthesisOptions = {},
): AsyncGenerator<Audio> {
  const level = new Level(options.loudnessLufs ?? -15);
  const limiter = new StreamLimiter();
  let ringing = silence(0);
  for await (const section of sections) {
    const studio = await setUp(section, {
      ...options,
      vinyl: false,
      tailSeconds: RING_SECONDS,
    });
    const recording = await studio.record(section, 0);
    const whole = await wholeOf(recording.sound(1));
    const end = whole.left.length - RING_SECONDS * SAMPLE_RATE;
    add(whole, ringing);
    ringing = part(whole, end);
    const body = part(whole, 0, end);
    level.apply(body);
    yield limiter.push(body);
  }
  yield limiter.finish();
}

/** Brings sections to the loudness of all of them, without a jump between two. */
class Level {
  readonly #lufs: number;
  readonly #meter = new LoudnessMeter(SAMPLE_RATE);
  #gain: number | undefined;

  constructor(lufs: number) {
    this.#lufs = lufs;
  }

  apply(audio: Audio): void {
    this.#meter.push(audio);
    const measured = this.#meter.lufs;
    if (measured === -Infinity) return;
    const gain = 10 ** ((this.#lufs - measured) / 20);
    const before = this.#gain ?? gain;
    const ramp = RAMP_SECONDS * SAMPLE_RATE;
    for (const channel of [audio.left, audio.right]) {
      for (let i = 0; i < channel.length; i++) {
        channel[i]! *= before + (gain - before) * Math.min(1, i / ramp);
      }
    }
    // A section may be shorter than the ramp.
    const reached = Math.min(1, audio.left.length / ramp);
    this.#gain = before + (gain - before) * reached;
  }
}

/** A limiter that holds back as much sound as it must know ahead. */
class StreamLimiter {
  readonly #reach = Math.round(LIMITER_SECONDS * SAMPLE_RATE);
  /** What was put out last, for the peaks in it, and what is held back. */
  #kept = silence(2 * this.#reach);

  /** Takes a piece, and gives the sound up to near its end. */
  push(audio: Audio): Audio {
    const edge = 2 * this.#reach;
    const all = joined(this.#kept, audio);
    this.#kept = part(all, Math.max(0, all.left.length - 2 * edge));
    return this.#limited(all, all.left.length - edge);
  }

  /** Gives what was held back. */
  finish(): Audio {
    return this.#limited(this.#kept, this.#kept.left.length);
  }

  #limited(audio: Audio, end: number): Audio {
    const ceiling = 10 ** (PEAK_DB / 20);
    const finder = new PeakFinder(ceiling);
    finder.push(audio);
    const peaks = finder.finish();
    const frames = audio.left.length;
    const limiter = {
      peaks,
      ceiling,
      reach: this.#reach,
      isLoop: false,
      frames,
    };
    const start = Math.min(2 * this.#reach, end);
    const gains = limiterGains(limiter, start, end);
    const limited = part(audio, start, end);
    for (const channel of gains ? [limited.left, limited.right] : []) {
      for (let i = 0; i < channel.length; i++) channel[i]! *= gains![i]!;
    }
    return limited;
  }
}

function silence(frames: number): Audio {
  const channel = () => new Float32Array(frames);
  return { left: channel(), right: channel(), sampleRate: SAMPLE_RATE };
}

/** A copy of a stretch. */
function part({ left, right, sampleRate }: Audio, from: number, to?: number) {
  return {
    left: left.slice(from, to),
    right: right.slice(from, to),
    sampleRate,
  };
}

function joined(a: Audio, b: Audio): Audio {
  const all = silence(a.left.length + b.left.length);
  for (const side of ["left", "right"] as const) {
    all[side].set(a[side]);
    all[side].set(b[side], a[side].length);
  }
  return all;
}

/** Adds sound to the beginning of other sound, which is as long at least. */
function add(audio: Audio, other: Audio): void {
  for (const side of ["left", "right"] as const) {
    for (let i = 0; i < other[side].length; i++) {
      audio[side][i]! += other[side][i]!;
    }
  }
}
