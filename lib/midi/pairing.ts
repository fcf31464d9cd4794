/** Which note-off ends which note. */

import type { Note } from "../music/music.ts";

/** A note whose end may still change. */
export type OpenNote = { -readonly [K in keyof Note]: Note[K] };

/** What is going on at one key of one channel since it was last silent. */
interface Key {
  /** All presses, in order. */
  readonly notes: OpenNote[];
  /** How many of them a note-off has ended so far, the oldest first. */
  ended: number;
  /**
   * The presses that wait for a note-off if each ends the youngest: those that
   * stay to the end are where the number of open notes rises for good.
   */
  readonly open: OpenNote[];
}

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
  readonly #keys = new Map<number, Key>();
  /** Ticks at which all notes of a channel are ended, ascending. */
  readonly #silences = new Map<number, number[]>();

  /** A note begins. */
  press(channel: number, note: OpenNote): void {
    const id = channel * 128 + note.pitch;
    const key = this.#keys.get(id);
    if (key) {
      key.notes.push(note);
      key.open.push(note);
    } else this.#keys.set(id, { notes: [note], ended: 0, open: [note] });
  }

  /** A key is let go; without effect where none is down. */
  release(channel: number, pitch: number, ticks: number): void {
    const key = this.#keys.get(channel * 128 + pitch);
    if (!key?.open.pop()) return;
    key.notes[key.ended++]!.endTicks = ticks;
    if (key.open.length === 0) key.notes.length = key.ended = 0;
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
    for (const [id, { notes, ended, open }] of this.#keys) {
      if (open.length === 0) continue;
      lost += open.length;
      const silences = this.#silences.get(Math.floor(id / 128)) ?? [];
      const withoutEnd = new Set(open);
      const ends = notes.slice(0, ended).map((note) => note.endTicks);
      for (
        const [i, note] of notes.filter((n) => !withoutEnd.has(n)).entries()
      ) {
        note.endTicks = ends[i]!;
      }
      for (let i = notes.length - 1; i >= 0; i--) {
        const note = notes[i]!, next = notes[i + 1];
        if (!withoutEnd.has(note)) continue;
        const { startTicks } = note;
        note.endTicks = Math.min(
          firstAfter(silences, startTicks) ?? endTicks,
          next === undefined
            ? endTicks
            : next.startTicks > startTicks
            ? next.startTicks
            : next.endTicks,
        );
      }
    }
    return lost;
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
