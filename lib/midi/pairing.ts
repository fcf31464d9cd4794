/** Which note-off ends which note. */

import type { Note } from "../music/music.ts";

/** A note whose end may still change. */
export type OpenNote = { -readonly [K in keyof Note]: Note[K] };

/** Overlapping notes of one key of one channel since the key was last up. */
class Overlap {
  /** All presses, in order. */
  readonly notes: OpenNote[];
  /** How many of them a note-off has ended so far, the oldest first. */
  ended = 0;
  /**
   * The presses that wait for a note-off if each ends the youngest: those that
   * stay to the end are where the number of open notes rises for good.
   */
  readonly open: OpenNote[];

  constructor(...notes: OpenNote[]) {
    this.notes = notes;
    this.open = [...notes];
  }
}

type Key = OpenNote | Overlap | undefined;

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
  /** What is open, by channel and pitch: mostly nothing, or one note. */
  readonly #channels: (Key[] | undefined)[] = [];
  /** Ticks at which all notes of a channel are ended, ascending. */
  readonly #silences = new Map<number, number[]>();

  /** A note begins. */
  press(channel: number, note: OpenNote): void {
    const keys = this.#channels[channel] ??= new Array<Key>(128)
      .fill(undefined);
    const { pitch } = note;
    const key = keys[pitch];
    if (key === undefined) keys[pitch] = note;
    else if (key instanceof Overlap) {
      key.notes.push(note);
      key.open.push(note);
    } else keys[pitch] = new Overlap(key, note);
  }

  /** A key is let go; without effect where none is down. */
  release(channel: number, pitch: number, ticks: number): void {
    const keys = this.#channels[channel];
    const key = keys?.[pitch];
    if (keys === undefined || key === undefined) return;
    if (key instanceof Overlap) {
      key.notes[key.ended++]!.endTicks = ticks;
      key.open.pop();
      if (key.open.length > 0) return;
    } else key.endTicks = ticks;
    keys[pitch] = undefined;
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
        if (key === undefined) continue;
        const overlap = key instanceof Overlap ? key : new Overlap(key);
        lost += overlap.open.length;
        endAll(overlap, silences, endTicks);
      }
    }
    return lost;
  }
}

/** Ends all notes of a key, some of which have no note-off. */
function endAll(
  { notes, ended, open }: Overlap,
  silences: readonly number[],
  endTicks: number,
): void {
  const withoutEnd = new Set(open);
  const ends = notes.slice(0, ended).map((note) => note.endTicks);
  const others = notes.filter((note) => !withoutEnd.has(note));
  for (const [i, note] of others.entries()) note.endTicks = ends[i]!;
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i]!, next = notes[i + 1];
    if (!withoutEnd.has(note)) continue;
    const silence = firstAfter(silences, note.startTicks) ?? endTicks;
    note.endTicks = Math.min(silence, endAt(note, next) ?? endTicks);
  }
}

/** When a note ends at the next press of its key. */
function endAt(note: Note, next: Note | undefined): number | undefined {
  return next && next.startTicks > note.startTicks
    ? next.startTicks
    : next?.endTicks;
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
