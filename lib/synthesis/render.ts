/**
 * {@linkcode NoteSequence} → WAV: played by spessasynth_core on a small sound bank
 * built in code or on the user's own, with reverb and chorus, and brought to the usual
 * loudness of streaming services.
 */

import type { NoteSequence } from "../music/music.ts";
import { changed, type Sound } from "./sound.ts";
import {
  mix,
  playingParts,
  SAMPLE_RATE,
  setUp,
  silent,
  type SoundOptions,
  type WavOptions,
} from "./studio.ts";
import { writeWav } from "./wav.ts";

/** The sound of one part of a piece. */
export interface Stem {
  /** Index of the part; undefined for the noise of the record. */
  readonly part: number | undefined;
  /** As long as the piece. */
  readonly sound: Sound;
}

/**
 * Renders music as a WAV file: 16-bit stereo, 44.1 kHz. It lasts, to the frame,
 * `ticksToSeconds(sequence, sequence.totalTicks)` + `tailSeconds`, a loop without that.
 *
 * An instrument of its family plays each General MIDI program, whatever its bank, and
 * brushed drums play percussion; a sound bank of the user's plays the programs of its
 * banks. Controllers take effect, among them volume (7), pan (10), expression (11),
 * sustain (64) and the sends to reverb (91) and chorus (93).
 *
 * @param sequence The music.
 * @param options Sound bank, loudness, effects and tail, and whether it is a loop.
 * @returns The bytes of the file. A sequence without notes gives silence.
 * @throws {RangeError} If an option or a MIDI value of the sequence is out of range, or
 * a loop has no length.
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
  return await joined(writeWav(await renderSound(sequence, options)));
}

/**
 * Renders music as sound that is read a piece at a time, at 44.1 kHz, as long and as
 * loud as {@linkcode renderWav} makes it. With a scratch on
 * disk the length of the piece costs no memory.
 *
 * @param sequence The music.
 * @param options Sound bank, loudness, effects, tail and scratch.
 * @throws {RangeError} If an option or a MIDI value of the sequence is out of range, or
 * a loop has no length.
 * @throws {TypeError} If `soundBank` is not a sound bank.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { renderSound } from "immersic/synthesis/synthesis.ts";
 * const rest = { ...emptySequence(480), totalTicks: 960 };
 * const sound = await renderSound(rest, { tailSeconds: 0 });
 * assert.equal(sound.frames, 44100);
 * ```
 */
export async function renderSound(
  sequence: NoteSequence,
  options: SoundOptions = {},
): Promise<Sound> {
  const { sound, change } = await mix(await setUp(sequence, options));
  return changed(sound, change);
}

/**
 * Renders the parts of a piece one by one, as they are in the sound of the whole: with
 * the same effects, loudness and limiter, so that they add up to it. A part can then be
 * louder than full scale, which floating-point samples keep.
 *
 * @param sequence The music.
 * @param options As of {@linkcode renderSound}.
 * @returns A stem for each part with notes, in order, and one for the noise of the
 * record if that is asked for. Read each before the next is made.
 * @throws {RangeError} If an option or a MIDI value of the sequence is out of range, or
 * a loop has no length.
 * @throws {TypeError} If `soundBank` is not a sound bank.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { renderStems } from "immersic/synthesis/synthesis.ts";
 * const rest = { ...emptySequence(480), totalTicks: 960 };
 * assert.deepEqual(await Array.fromAsync(renderStems(rest)), []);
 * ```
 */
export async function* renderStems(
  sequence: NoteSequence,
  options: SoundOptions = {},
): AsyncGenerator<Stem> {
  const parts = playingParts(sequence);
  const studio = await setUp(sequence, options, 1 + parts.length);
  const { peak, noise, change } = await mix(studio);
  for (const [i, part] of parts.entries()) {
    const notes = sequence.notes.filter((note) => note.part === part);
    const alone = await studio.record({ ...sequence, notes }, i + 1);
    yield { part, sound: changed(alone.sound(peak), change) };
  }
  if (noise && parts.length > 0) {
    const { frames } = studio;
    const pieces = () => silent(frames);
    const silence = { frames, sampleRate: SAMPLE_RATE, pieces };
    yield { part: undefined, sound: changed(changed(silence, noise), change) };
  }
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all = await Array.fromAsync(pieces);
  const length = all.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const piece of all) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}
