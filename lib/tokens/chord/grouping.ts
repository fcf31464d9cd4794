/** Which notes of a track music21 joins into chords. See `reading.ts`. */

import type { KeyEvent } from "../../midi/midi.ts";
import type { Chord } from "./timed_chords.ts";

/** A sixteenth, the finest grid, as a share of a quarter. */
const SIXTEENTH = 1 / 4;

/**
 * Groups notes that begin less than a sixteenth after the first and end within a
 * sixteenth of it into a chord. The chord begins with its first note and has the
 * length of its last; a note may belong to two chords.
 *
 * A note is compared only with the chords that end near it: those that begin in
 * one sixteenth end more than a sixteenth apart, so there is one for each.
 *
 * @param keys Keys of one track, ascending in time.
 * @returns The chords in ticks, and whether voices are needed because notes begin
 * together but do not end together.
 */
export function groupNotes(
  keys: readonly KeyEvent[],
  ticksPerQuarter: number,
): { readonly chords: Chord[]; readonly needVoices: boolean } {
  const tolerance = ticksPerQuarter * SIXTEENTH;
  const ends = endsOfKeys(keys);
  const chords: Chord[] = [];
  const open = new OpenChords(tolerance);
  let needVoices = false;
  for (const [index, { ticks, pitch, velocity, isDrum }] of keys.entries()) {
    const endTicks = ends[index]!;
    if (endTicks < 0) continue;
    const duration = endTicks - ticks;
    open.closeBefore(ticks);
    let joined = 0;
    for (const chord of open.endingNear(endTicks)) {
      joined++;
      chord.pitches.push(pitch);
      chord.velocity = Math.max(chord.velocity, velocity);
      chord.isDrum ||= isDrum;
      chord.duration = duration;
      chord.isGrace = duration === 0;
    }
    if (open.size > joined) needVoices = true;
    if (joined > 0) continue;
    const chord = {
      pitches: [pitch],
      velocity,
      isDrum,
      isGrace: duration === 0,
      start: ticks,
      position: 0,
      duration,
    };
    chords.push(chord);
    open.add(chord, endTicks);
  }
  return { chords, needVoices };
}

/** A chord that may still take notes. */
interface OpenChord {
  readonly chord: Chord;
  /** Of its first note. */
  readonly endTicks: number;
}

/** The chords that began less than a sixteenth ago. */
class OpenChords {
  readonly #tolerance: number;
  /** In order of their starts; those before `#first` are closed. */
  #queue: OpenChord[] = [];
  #first = 0;
  /** By the sixteenth in which the first note ends. */
  readonly #byEnd = new Map<number, OpenChord>();

  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  get size(): number {
    return this.#queue.length - this.#first;
  }

  add(chord: Chord, endTicks: number): void {
    const open = { chord, endTicks };
    this.#queue.push(open);
    this.#byEnd.set(Math.floor(endTicks / this.#tolerance), open);
  }

  /** Closes chords that began a sixteenth before a time, or earlier. */
  closeBefore(ticks: number): void {
    for (let open; (open = this.#queue[this.#first]); this.#first++) {
      if (ticks - open.chord.start < this.#tolerance) break;
      this.#byEnd.delete(Math.floor(open.endTicks / this.#tolerance));
    }
    if (this.#first > 1000 && this.size < this.#first) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Those whose first note ends within a sixteenth of a time, two at most. */
  endingNear(endTicks: number): Chord[] {
    const chords: Chord[] = [];
    const sixteenth = Math.floor(endTicks / this.#tolerance);
    for (let near = sixteenth - 1; near <= sixteenth + 1; near++) {
      const open = this.#byEnd.get(near);
      if (
        open !== undefined &&
        Math.abs(endTicks - open.endTicks) <= this.#tolerance
      ) chords.push(open.chord);
    }
    return chords;
  }
}

/**
 * When the note of each pressed key ends: with the key's next release, even if the
 * same release ends another note of the key.
 *
 * @returns Ticks; −1 for a release, and for a key that is never released, which
 * gives no note.
 */
function endsOfKeys(keys: readonly KeyEvent[]): Float64Array {
  const releases = new Map<number, number>();
  const ends = new Float64Array(keys.length).fill(-1);
  for (let i = keys.length - 1; i >= 0; i--) {
    const { channel, pitch, velocity, ticks } = keys[i]!;
    const line = channel * 128 + pitch;
    if (velocity === 0) releases.set(line, ticks);
    else ends[i] = releases.get(line) ?? -1;
  }
  return ends;
}
