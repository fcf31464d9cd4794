/** Measures of a piece: density, register, loudness, notes that sound at once. */

import { columnsOf, lastRelease, type NoteColumns } from "./note_columns.ts";
import type { NoteSequence } from "./note_sequence.ts";
import { sortNumbers } from "./sort_numbers.ts";

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
  const { parts, totalTicks, ticksPerQuarter } = sequence;
  const { length, part } = columnsOf(sequence);
  let count = 0;
  for (let i = 0; i < length; i++) if (!parts[part[i]!]!.isDrum) count++;
  return count / Math.max(totalTicks / ticksPerQuarter, 1);
}

/** Mean MIDI pitch of the pitched notes, NaN without any. */
export function meanPitch(sequence: NoteSequence): number {
  const { parts } = sequence, { length, part, pitch } = columnsOf(sequence);
  let sum = 0, count = 0;
  for (let i = 0; i < length; i++) {
    if (parts[part[i]!]!.isDrum) continue;
    sum += pitch[i]!;
    count++;
  }
  return sum / count;
}

/** Mean velocity of all notes, drums too; NaN without any. */
export function meanVelocity(sequence: Pick<NoteSequence, "notes">): number {
  const { length, velocity } = columnsOf(sequence);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += velocity[i]!;
  return sum / length;
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
  const { parts } = sequence, notes = columnsOf(sequence);
  const isDrum = Uint8Array.from(parts, (part) => part.isDrum ? 1 : 0);
  const releases = releasesOf(notes, isDrum);
  const notesOfPitch = new Int32Array(128);
  let sounding = 0, totalTicks = 0, soundingTicks = 0, manyTicks = 0;
  let before = 0;
  /** Counts what sounded up to a tick. */
  const goTo = (ticks: number) => {
    const span = ticks - before;
    totalTicks += sounding * span;
    if (sounding > 0) soundingTicks += span;
    if (sounding > threshold) manyTicks += span;
    before = ticks;
  };
  let next = 0;
  const releaseBefore = (ticks: number) => {
    for (; next < releases.length; next++) {
      const release = releases[next]!, at = Math.floor(release / 128);
      if (at >= ticks) return;
      goTo(at);
      const left = --notesOfPitch[release - 128 * at]!;
      if (countsUnisons || left === 0) sounding--;
    }
  };
  for (let i = 0; i < notes.length; i++) {
    if (isDrum[notes.part[i]!] === 1) continue;
    releaseBefore(notes.startTicks[i]!);
    goTo(notes.startTicks[i]!);
    const held = ++notesOfPitch[notes.pitch[i]!]!;
    if (countsUnisons || held === 1) sounding++;
  }
  releaseBefore(Infinity);
  return {
    polyphony: totalTicks / soundingTicks,
    polyphonyRate: manyTicks / lastRelease(sequence),
  };
}

/** When the pitched notes end, and their pitches, as numbers, in order of time. */
function releasesOf(
  { length, part, pitch, endTicks }: NoteColumns,
  isDrum: Uint8Array,
): Float64Array {
  const releases = new Float64Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (isDrum[part[i]!] !== 0) continue;
    releases[count++] = 128 * endTicks[i]! + pitch[i]!;
  }
  return sortNumbers(releases.subarray(0, count));
}
