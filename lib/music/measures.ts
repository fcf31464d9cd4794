/** Measures of a piece: density, register, loudness, notes that sound at once. */

import { lastRelease, type NoteSequence } from "./note_sequence.ts";

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
  const { notes, parts, totalTicks, ticksPerQuarter } = sequence;
  let count = 0;
  for (const { part } of notes) if (!parts[part]!.isDrum) count++;
  return count / Math.max(totalTicks / ticksPerQuarter, 1);
}

/** Mean MIDI pitch of the pitched notes, NaN without any. */
export function meanPitch({ notes, parts }: NoteSequence): number {
  let sum = 0, count = 0;
  for (const { part, pitch } of notes) {
    if (parts[part]!.isDrum) continue;
    sum += pitch;
    count++;
  }
  return sum / count;
}

/** Mean velocity of all notes, drums too; NaN without any. */
export function meanVelocity({ notes }: Pick<NoteSequence, "notes">): number {
  let sum = 0;
  for (const { velocity } of notes) sum += velocity;
  return sum / notes.length;
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
  // What sounds between two changes is constant. Of changes at one tick the
  // starts come first, so that no count falls below 0.
  const notesOfPitch = new Int32Array(128);
  let sounding = 0;
  let [totalTicks, soundingTicks, manyTicks, before] = [0, 0, 0, 0];
  for (const change of changesOf(sequence)) {
    const ticks = Math.floor(change / CHANGES);
    const pitch = change % 128, step = change % CHANGES < 128 ? 1 : -1;
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

/** Changes that can come at one tick: a start or a release of each pitch. */
const CHANGES = 256;

/** Starts and releases of the pitched notes as numbers, in order of time. */
function changesOf({ notes, parts }: NoteSequence): Float64Array {
  const changes = new Float64Array(2 * notes.length);
  let count = 0;
  for (const { part, pitch, startTicks, endTicks } of notes) {
    if (parts[part]!.isDrum) continue;
    changes[count++] = CHANGES * startTicks + pitch;
    changes[count++] = CHANGES * endTicks + 128 + pitch;
  }
  return changes.subarray(0, count).sort();
}
