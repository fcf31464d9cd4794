/** The numbers of the relations, and the list that pairs of them are put in. */

import { LAGS } from "./recall.ts";

/** Most pairs of token and relation at a step; what is over is left out. */
export const MOST_RELATIONS = 2048;

const N = LAGS.length;
/** Where each kind of relation begins, and how many there are. */
export const AT = {
  recalled: 0,
  moved: N,
  together: 2 * N,
  following: 3 * N,
  moving: 3 * N + 4,
  line: 3 * N + 8, // −24 … 24 from the part's last pitch
  voice: 3 * N + 57, // −8 … 8 from the nearest of its last moment
  above: 3 * N + 74, // 1 … 24 above its last pitch in this moment
  bass: 3 * N + 99, // −12 … 36 from the lowest pitch
  degree: 3 * N + 148,
  harmony: 3 * N + 160, // sounding, bar, last bar, then by lag
  clash: 3 * N + 163 + N, // held, unison, 1, 2, 11, 13, octave
  scale: 3 * N + 170 + N,
  later: 3 * N + 174 + N, // positions
  phase: 3 * N + 223 + N,
  part: 3 * N + 247 + N, // sounds, silent for …
  length: 3 * N + 256 + N,
  loudness: 3 * N + 272 + N, // own −5 … 5, any −5 … 5, same
  used: 4 * N + 295, // pitch by the part
  degreeUsed: 4 * N + 300,
  placeUsed: 4 * N + 306, // position by any part
  partPlace: 4 * N + 312, // part at this position
  valueUsed: 4 * N + 318, // duration, then velocity, by the part
  beyond: 4 * N + 330, // the part's range
  ownLater: 4 * N + 337, // positions that the last part has used
  modeDegree: 4 * N + 343, // of a major piece, then of a minor one
  scaleShare: 4 * N + 367, // of the scales that the notes fit best
  planned: 4 * N + 371, // part that is planned: not yet heard, heard
  legato: 4 * N + 373, // part that has rested, just ended, still sounds
  ends: 4 * N + 379, // position where the last part's note ends, another's
} as const;
/** Number of relations. */
export const RELATIONS: number = 4 * N + 381;

/** Pairs of a token that may come next and a relation that holds for it. */
export class Pairs {
  #to: Int32Array = new Int32Array(0);
  #end = 0;
  #most = 0;

  /** Puts the next pairs from an index on, as token + 65536·relation. */
  begin(to: Int32Array, from: number): void {
    this.#to = to;
    this.#end = from;
    this.#most = from + MOST_RELATIONS;
  }

  /** Where the pairs end. */
  get end(): number {
    return this.#end;
  }

  /** Adds a pair. */
  put(id: number, relation: number): void {
    if (this.#end < this.#most) this.#to[this.#end++] = id + (relation << 16);
  }
}

/** A number moved into a range. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
