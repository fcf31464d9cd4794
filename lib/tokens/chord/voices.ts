/**
 * How music21 assigns the chords of a bar that overlap to voices. See `bars.ts`.
 */

import { type Chord, chordEnd } from "./timed_chords.ts";

/** A voice of a bar, or the chords in no voice. */
export interface Voice {
  chords: Chord[];
  /**
   * Whether music21 has cached where the voice ends. It then uses the cached end
   * even after the last chord has been cut.
   */
  isMeasured: boolean;
}

/**
 * Puts each chord of a bar in the first voice that is free.
 *
 * @param chords Sorted.
 * @param hasMark Whether anything but chords begins inside the bar.
 * @returns Undefined if no chords overlap: they need no voices.
 */
export function assignVoices(
  chords: readonly Chord[],
  hasMark: () => boolean,
): Voice[] | undefined {
  if (!overlap(chords)) return undefined;
  const voices: Voice[] = [];
  const ends = new VoiceEnds(chords.length);
  /** By voice: the place of its last chord among all. */
  const lastPlaces: number[] = [];
  for (const [place, chord] of chords.entries()) {
    const voice = ends.takeFirstFree(chord.start, chordEnd(chord));
    (voices[voice] ??= { chords: [], isMeasured: false }).chords.push(chord);
    lastPlaces[voice] = place;
  }
  // While it looks for a free voice, music21 caches the ends of those it tries;
  // adding a chord to a voice clears its cache.
  let latest = -1;
  for (let i = voices.length - 1; i >= 0; i--) {
    voices[i]!.isMeasured = lastPlaces[i]! < latest;
    latest = Math.max(latest, lastPlaces[i]!);
  }
  // It also caches the first voice's end as it adds the second voice, if nothing
  // else begins inside the bar. Sorting a voice clears its cache.
  if (!hasMark()) voices[0]!.isMeasured = true;
  for (const voice of voices) {
    voice.isMeasured &&= staysSorted(voice.chords);
  }
  return voices;
}

/**
 * When each voice is free again: a tree of minima, its root at 1, so that the
 * first free one of thousands is found in a few steps.
 */
class VoiceEnds {
  readonly #leaves: number;
  readonly #tree: number[];

  constructor(voices: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(voices));
    this.#tree = new Array<number>(2 * this.#leaves).fill(0);
  }

  /** Takes the first voice free at `start` until `end`; gives its number. */
  takeFirstFree(start: number, end: number): number {
    const tree = this.#tree;
    let node = 1;
    while (node < this.#leaves) {
      node *= 2;
      if (tree[node]! > start) node++;
    }
    const voice = node - this.#leaves;
    tree[node] = end;
    for (node >>= 1; node > 0; node >>= 1) {
      tree[node] = Math.min(tree[2 * node]!, tree[2 * node + 1]!);
    }
    return voice;
  }
}

/** Whether any chord begins while an earlier one sounds; chords are sorted. */
function overlap(chords: readonly Chord[]): boolean {
  let end = 0;
  return chords.some((chord) => {
    const begins = chord.start < end;
    end = Math.max(end, chordEnd(chord));
    return begins;
  });
}

/**
 * Whether music21 takes the chords for sorted. It does not if a chord begins while
 * another sounds, nor if a chord begins where another ends and its start rounds
 * down in floating point.
 */
function staysSorted(chords: readonly Chord[]): boolean {
  return chords.every((chord, index) => {
    const before = index > 0 ? chordEnd(chords[index - 1]!) : 0;
    return before < chord.start ||
      before === chord.start && !roundsDown(chord.start);
  });
}

/** Whether floating point rounds a time down when it is given in quarters. */
function roundsDown(twelfths: number): boolean {
  const thirds = twelfths / 4;
  if (!Number.isInteger(thirds) || thirds % 3 === 0) return false;
  // The 53 bits of n/3 leave a remainder of 1, rounded down, or 2, rounded up:
  // n times a power of two, modulo 3, and that of the power alternates.
  const exponent = Math.floor(Math.log2(thirds / 3));
  return thirds * (exponent % 2 === 0 ? 1 : 2) % 3 === 1;
}
