/**
 * Aligns a piece with known pieces: a hidden Markov model whose states are
 * positions in known pieces, in any key. A position moves on by a frame at each
 * step, or jumps (forward pass of L. Rabiner, "A tutorial on hidden Markov
 * models", 1989). The frames after the likely positions predict the next one.
 * Unlike a context, a position survives a note that differs.
 *
 * T frames, 88 keys.
 */
import { KEYS } from "./frames.ts";
import { type Piece, VOICES } from "./piece.ts";

/** Positions are dropped if this much less likely than the likeliest. */
const GIVEN_UP = 1e-3;

/** Parameters of the alignment. */
export interface Following {
  /** Probability of a jump, to any position. */
  readonly jump: number;
  /** Nats by which a position is likelier for each voice that agrees. [4] */
  readonly agrees: readonly number[];
}

/** The prediction of the frame after one. */
export interface Followed {
  /** Probability of each key. [88] */
  readonly probabilities: Float32Array;
  /** Probability of the likeliest position. */
  readonly certainty: number;
}

/**
 * Known pieces, to align others with.
 *
 * @example
 * ```ts
 * import { readFrames } from "immersic/bench/jsb/frames.ts";
 * import { Places } from "immersic/bench/jsb/alignment.ts";
 * import { readPiece } from "immersic/bench/jsb/piece.ts";
 * const { train } = readFrames({
 *   train: [[[60], [62], [67]], [[70], [72], [71]]], valid: [], test: [],
 * });
 * const known = readPiece(train[0]!), piece = readPiece(train[1]!);
 * const [, second] = new Places([known]).followAmongOthers(piece, {
 *   jump: 0.1,
 *   agrees: [2, 1, 1, 1],
 * });
 * console.assert(second!.probabilities[77 - 21]! > 0.5);
 * ```
 */
export class Places {
  readonly #pieces: readonly Piece[];
  /** Keys of all frames, one piece after the other. */
  readonly #keys: readonly (readonly number[])[];
  /** Key of each frame's highest voice, and the distances of the others below it. */
  readonly #tops: Int32Array;
  readonly #chords: Int32Array;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    this.#keys = pieces.flatMap(({ keys }) => keys);
    const voices = pieces.flatMap(({ voices }) => voices);
    this.#tops = Int32Array.from(voices, ([top]) => top!);
    this.#chords = Int32Array.from(voices, chordOf);
  }

  /**
   * Aligns a piece with the known pieces other than itself.
   *
   * @returns Predictions of the frames from the second on. [T − 1]
   */
  followAmongOthers(piece: Piece, following: Following): Followed[] {
    const open = new Uint8Array(this.#keys.length);
    let begin = 0, count = 0;
    for (const other of this.#pieces) {
      // No frame follows a piece's last one.
      const end = begin + other.length - 1;
      if (other !== piece) {
        open.fill(1, begin, end);
        count += other.length;
      }
      begin += other.length;
    }
    const end = open.length;
    return this.#follow(piece, following, open, () => ({ end, count }));
  }

  /** Aligns a piece with its own earlier frames. [T − 1] */
  static followItself(piece: Piece, following: Following): Followed[] {
    const open = new Uint8Array(piece.length).fill(1);
    return new Places([piece]).#follow(
      piece,
      following,
      open,
      // A jump reaches only the frames so far, not all of the piece.
      (t) => ({ end: t, count: t }),
    );
  }

  /**
   * @param open 1 for frames that another frame follows.
   * @param known At frame t: the end of the frames that a jump may reach, and their
   *   number.
   */
  #follow(
    piece: Piece,
    { jump, agrees }: Following,
    open: Uint8Array,
    known: (t: number) => { end: number; count: number },
  ): Followed[] {
    const tops = this.#tops, chords = this.#chords;
    /** Likelihood by the set of voices that agree, a bit for each. */
    const likelihoods = Float64Array.from(
      { length: 1 << VOICES },
      (_, bits) =>
        Math.exp(
          agrees.reduce((sum, nats, v) => sum + (bits >> v & 1) * nats, 0),
        ),
    );
    /** Each position's frame, transposition in semitones, and share. */
    let frames: number[] = [], ups: number[] = [], shares: number[] = [];
    const foundAt = new Int32Array(open.length);
    return Array.from({ length: Math.max(piece.length - 1, 0) }, (_, t) => {
      const top = piece.voices[t]![0]!, chord = chordOf(piece.voices[t]!);
      const before = { frames, ups, shares };
      frames = [], ups = [], shares = [];
      foundAt.fill(-1);
      let most = 0;
      for (let i = 0; i < before.frames.length; i++) {
        const frame = before.frames[i]! + 1;
        if (open[frame] !== 1) continue;
        const up = before.ups[i]!, apart = top - tops[frame]! - up;
        const likelihood = likelihoods[agreeing(chord, chords[frame]!, apart)];
        const share = (1 - jump) * before.shares[i]! * likelihood!;
        if (share < GIVEN_UP * most) continue;
        most = Math.max(most, share);
        if (apart === 0) foundAt[frame] = frames.length;
        frames.push(frame);
        ups.push(up);
        shares.push(share);
      }
      const { end, count } = known(t);
      for (let frame = 0; frame < end; frame++) {
        const likelihood = likelihoods[agreeing(chord, chords[frame]!, 0)];
        const share = jump / count * likelihood!;
        if (share < GIVEN_UP * most || open[frame] !== 1) continue;
        const i = foundAt[frame];
        if (i! >= 0) shares[i!]! += share;
        else {
          frames.push(frame);
          ups.push(top - tops[frame]!);
          shares.push(share);
        }
        most = Math.max(most, share, shares[i!] ?? 0);
      }
      let places = 0, total = 0;
      for (let i = 0; i < frames.length; i++) {
        if (shares[i]! < GIVEN_UP * most) continue;
        total += shares[i]!;
        frames[places] = frames[i]!;
        ups[places] = ups[i]!;
        shares[places++] = shares[i]!;
      }
      frames.length = ups.length = shares.length = places;
      const probabilities = new Float32Array(KEYS);
      for (let i = 0; i < places; i++) {
        shares[i]! /= total;
        for (const key of this.#keys[frames[i]! + 1]!) {
          const to = key + ups[i]!;
          if (to >= 0 && to < KEYS) probabilities[to]! += shares[i]!;
        }
      }
      return { probabilities, certainty: total === 0 ? 0 : most / total };
    });
  }
}

/** Semitones from the highest voice down to each other voice, a byte for each. */
function chordOf([top, second, third, bottom]: readonly number[]): number {
  return (top! - second!) | (top! - third!) << 8 | (top! - bottom!) << 16;
}

/** The voices that agree, a bit for each; the other's highest is `up` semitones lower. */
function agreeing(chord: number, other: number, up: number): number {
  const agrees = (shift: number) =>
    (chord >> shift & 255) === (other >> shift & 255) + up;
  return (up === 0 ? 1 : 0) | (agrees(0) ? 2 : 0) | (agrees(8) ? 4 : 0) |
    (agrees(16) ? 8 : 0);
}
