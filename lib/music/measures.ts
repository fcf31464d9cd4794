/** Measures of a piece: density, register, loudness, notes that sound at once. */

import { columnsOf, lastRelease } from "./note_columns.ts";
import { type NoteSums, soundingTicks, sumNotes } from "./note_kernels.ts";
import type { NoteSequence } from "./note_sequence.ts";

// Sequences are immutable, so their sums stay true as long as they live.
const SUMS = new WeakMap<NoteSequence, NoteSums>();

/** Sums over the notes of a piece, the same each time. */
export function sumsOf(sequence: NoteSequence): NoteSums {
  let sums = SUMS.get(sequence);
  if (sums === undefined) {
    sums = sumNotes(columnsOf(sequence), sequence.parts);
    SUMS.set(sequence, sums);
  }
  return sums;
}

/** Whether a piece has a note that has a pitch. */
export function hasPitch(sequence: NoteSequence): boolean {
  return sumsOf(sequence).pitched > 0;
}

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
  return densityOf(sumsOf(sequence).pitched, totalTicks / ticksPerQuarter);
}

/** As {@linkcode noteDensity}, of so many pitched notes in so many quarters. */
export function densityOf(pitched: number, quarters: number): number {
  return pitched / Math.max(quarters, 1);
}

/** Mean MIDI pitch of the pitched notes, NaN without any. */
export function meanPitch(sequence: NoteSequence): number {
  const { pitches, pitched } = sumsOf(sequence);
  return pitches / pitched;
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
  const [sum, any, many] = soundingTicks(
    columnsOf(sequence),
    sequence.parts,
    countsUnisons,
    threshold,
  );
  return { polyphony: sum / any, polyphonyRate: many / lastRelease(sequence) };
}
