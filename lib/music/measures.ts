/** Measures of a piece: density, register, loudness, notes that sound at once. */

import {
  lastRelease,
  type NoteSequence,
  pitchedNotes,
} from "./note_sequence.ts";
import { mean } from "./statistics.ts";

/**
 * Pitched notes per quarter note of a piece's length, which counts as one
 * quarter at least.
 *
 * @example
 * ```ts
 * import { emptySequence, noteDensity } from "immersic/music/music.ts";
 * console.assert(noteDensity({
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 8, part: 0 }],
 *   totalTicks: 8,
 * }) === 0.5);
 * ```
 */
export function noteDensity(sequence: NoteSequence): number {
  const { totalTicks, ticksPerQuarter } = sequence;
  return pitchedNotes(sequence).length /
    Math.max(totalTicks / ticksPerQuarter, 1);
}

/** Mean MIDI pitch of the pitched notes, NaN without any. */
export function meanPitch(sequence: NoteSequence): number {
  return mean(pitchedNotes(sequence).map(({ pitch }) => pitch));
}

/** Mean velocity of all notes, drums too; NaN without any. */
export function meanVelocity({ notes }: Pick<NoteSequence, "notes">): number {
  return mean(notes.map(({ velocity }) => velocity));
}

/** What {@linkcode polyphonyOf} counts. */
export interface PolyphonyOptions {
  /**
   * Whether notes of the same pitch that sound at once, in two parts for
   * instance, count each; otherwise they are one pitch.
   * @default false
   */
  readonly countsUnisons?: boolean;
  /** `polyphonyRate` asks for more than this. @default 2 */
  readonly threshold?: number;
}

/** How many pitches or notes sound at once; see {@linkcode polyphonyOf}. */
export interface Polyphony {
  /** Their mean number while any sounds, NaN if none ever does. */
  readonly polyphony: number;
  /**
   * The share of the time, from 0 to the last release, in which more than
   * `threshold` sound; NaN for a piece of no length.
   */
  readonly polyphonyRate: number;
}

/**
 * How many pitches sound at once in a piece, or how many notes. Drums are left
 * out.
 *
 * @example
 * ```ts
 * import { emptySequence, polyphonyOf } from "immersic/music/music.ts";
 * const note = { pitch: 60, velocity: 80, startTicks: 0, endTicks: 480 };
 * const unison = {
 *   ...emptySequence(480),
 *   parts: [0, 1].map(() => ({ name: "", program: 0, isDrum: false })),
 *   notes: [{ ...note, part: 0 }, { ...note, part: 1 }],
 *   totalTicks: 480,
 * };
 * console.assert(polyphonyOf(unison).polyphony === 1);
 * const { polyphony } = polyphonyOf(unison, { countsUnisons: true });
 * console.assert(polyphony === 2);
 * ```
 */
export function polyphonyOf(
  sequence: NoteSequence,
  { countsUnisons = false, threshold = 2 }: PolyphonyOptions = {},
): Polyphony {
  // Starts and releases in order of time; what sounds between two is constant.
  const changes = pitchedNotes(sequence)
    .flatMap(({ pitch, startTicks, endTicks }) => [
      { ticks: startTicks, pitch, step: 1 },
      { ticks: endTicks, pitch, step: -1 },
    ])
    .sort((a, b) => a.ticks - b.ticks);
  const notesOfPitch = new Uint16Array(128);
  let sounding = 0;
  let [totalTicks, soundingTicks, manyTicks, before] = [0, 0, 0, 0];
  for (const { ticks, pitch, step } of changes) {
    const span = ticks - before;
    totalTicks += sounding * span;
    if (sounding > 0) soundingTicks += span;
    if (sounding > threshold) manyTicks += span;
    before = ticks;
    const notesBefore = notesOfPitch[pitch]!;
    const notes = notesBefore + step;
    notesOfPitch[pitch] = notes;
    sounding += countsUnisons
      ? step
      : Number(notes > 0) - Number(notesBefore > 0);
  }
  return {
    polyphony: totalTicks / soundingTicks,
    polyphonyRate: manyTicks / lastRelease(sequence),
  };
}
