/** Which note-off ends which note. */

import type { NoteColumns } from "../music/music.ts";

/** Overlapping notes of one key of one channel since the key was last up. */
class Overlap {
  /** All presses, in order. */
  readonly notes: number[];
  /** How many of them a note-off has ended so far, the oldest first. */
  ended = 0;
  /**
   * The presses that wait for a note-off if each ends the youngest: those that
   * stay to the end are where the number of open notes rises for good.
   */
  readonly open: number[];

  constructor(...notes: number[]) {
    this.notes = notes;
    this.open = [...notes];
  }
}

/** Keys of a channel. */
const KEYS = 128;
/** Nothing is down. */
const UP = 0;

/**
 * Pairs the presses and releases of the keys of a track.
 *
 * A note-off ends the oldest open note of its channel and pitch. A press whose
 * note-off is missing would so take the next one's, and that the one after, to
 * the end of the track. Therefore, where releases are missing, the presses
 * without one are taken to be those after which the number of open notes never
 * falls below what it was; the rest is paired oldest first.
 */
export class Pairing {
  /** The notes of the track; what ends them is written here. */
  readonly #notes: NoteColumns;
  /**
   * What is open, by channel and key: mostly nothing, 0; or one note, its index plus
   * one; or minus the number of an overlap.
   */
  readonly #channels: (number[] | undefined)[] = [];
  /** By their numbers, from 1 on. */
  readonly #overlaps: Overlap[] = [];
  /** Ticks at which all notes of a channel are ended, ascending. */
  readonly #silences = new Map<number, number[]>();

  constructor(notes: NoteColumns) {
    this.#notes = notes;
  }

  /** A note begins. */
  press(channel: number, pitch: number, note: number): void {
    const keys = this.#channels[channel] ??= new Array<number>(KEYS)
      .fill(UP);
    const key = keys[pitch]!;
    if (key === UP) keys[pitch] = note + 1;
    else if (key < 0) {
      const overlap = this.#overlaps[-key - 1]!;
      overlap.notes.push(note);
      overlap.open.push(note);
    } else keys[pitch] = -this.#overlaps.push(new Overlap(key - 1, note));
  }

  /** A key is let go; without effect where none is down. */
  release(channel: number, pitch: number, ticks: number): void {
    const keys = this.#channels[channel];
    if (keys === undefined) return;
    const key = keys[pitch]!;
    if (key === UP) return;
    const { endTicks } = this.#notes;
    if (key < 0) {
      const overlap = this.#overlaps[-key - 1]!;
      endTicks[overlap.notes[overlap.ended++]!] = ticks;
      overlap.open.pop();
      if (overlap.open.length > 0) return;
    } else endTicks[key - 1] = ticks;
    keys[pitch] = UP;
  }

  /** All notes of a channel end that no note-off ends. */
  silence(channel: number, ticks: number): void {
    const silences = this.#silences.get(channel);
    if (silences) silences.push(ticks);
    else this.#silences.set(channel, [ticks]);
  }

  /**
   * Ends the notes that have no note-off: at the next press of their key, when
   * their channel falls silent, or with the track. A note pressed twice at one
   * tick ends with its twin.
   *
   * @returns How many.
   */
  finish(endTicks: number): number {
    let lost = 0;
    for (const [channel, keys] of this.#channels.entries()) {
      if (keys === undefined) continue;
      const silences = this.#silences.get(channel) ?? [];
      for (const key of keys) {
        if (key === UP) continue;
        const overlap = key < 0
          ? this.#overlaps[-key - 1]!
          : new Overlap(key - 1);
        lost += overlap.open.length;
        endAll(this.#notes, overlap, { silences, endTicks });
      }
    }
    return lost;
  }
}

/** Ends all notes of a key, some of which have no note-off. */
function endAll(
  { startTicks: starts, endTicks: ends }: NoteColumns,
  { notes, ended, open }: Overlap,
  { silences, endTicks }: {
    readonly silences: readonly number[];
    readonly endTicks: number;
  },
): void {
  const withoutEnd = new Set(open);
  const given = notes.slice(0, ended).map((note) => ends[note]!);
  const others = notes.filter((note) => !withoutEnd.has(note));
  for (const [i, note] of others.entries()) ends[note] = given[i]!;
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i]!, next = notes[i + 1];
    if (!withoutEnd.has(note)) continue;
    const start = starts[note]!;
    const silence = firstAfter(silences, start) ?? endTicks;
    // At the next press of the key.
    const pressed = next === undefined
      ? endTicks
      : starts[next]! > start
      ? starts[next]!
      : ends[next]!;
    ends[note] = Math.min(silence, pressed);
  }
}

/** The first of some ascending numbers that is above another. */
function firstAfter(
  ascending: readonly number[],
  value: number,
): number | undefined {
  let low = 0, high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return ascending[low];
}
