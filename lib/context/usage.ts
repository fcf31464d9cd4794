/**
 * What each part has used so far in the piece: pitches, places in the bar,
 * velocities and durations, and how often.
 */

/** Longest bar, in steps, whose places are told apart. */
export const PLACES = 192;

/** Counts of one part. */
export class Usage {
  /** Notes so far. */
  notes = 0;
  /** By MIDI pitch. */
  readonly pitches = new Uint16Array(128);
  /** Bars with an onset, by position in the bar. */
  readonly positions = new Uint16Array(PLACES);
  /** By id: of velocities and durations. */
  readonly ids: Uint16Array;
  lowest = 128;
  highest = -1;

  /** @param vocabularySize V. */
  constructor(vocabularySize: number) {
    this.ids = new Uint16Array(vocabularySize);
  }

  /** Counts a note; its moment once. */
  add(pitch: number, position: number, isMoment: boolean): void {
    this.notes++;
    this.pitches[pitch]!++;
    if (isMoment && position < PLACES) this.positions[position]!++;
    this.lowest = Math.min(this.lowest, pitch);
    this.highest = Math.max(this.highest, pitch);
  }

  /** Takes over other counts. */
  copy(other: Usage): void {
    this.notes = other.notes;
    this.pitches.set(other.pitches);
    this.positions.set(other.positions);
    this.ids.set(other.ids);
    this.lowest = other.lowest;
    this.highest = other.highest;
  }
}

/** A count as a class: 0, 1, 2–3, 4–7, 8 and more. */
export function countClass(count: number): number {
  return count < 1 ? 0 : count < 2 ? 1 : count < 4 ? 2 : count < 8 ? 3 : 4;
}

/** A share as a class, from 0 for none to 5 for nearly all. */
export function shareClass(count: number, of: number): number {
  const share = count / Math.max(1, of);
  return count === 0
    ? 0
    : share < 0.1
    ? 1
    : share < 0.3
    ? 2
    : share < 0.6
    ? 3
    : share < 0.85
    ? 4
    : 5;
}
