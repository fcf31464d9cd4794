/**
 * A piece of a polyphonic benchmark, analysed: its keys, its voices and the lines
 * that contexts are made of. No value of a frame depends on a later frame.
 *
 * T frames, 88 keys.
 */
import { KEYS, type Roll } from "./frames.ts";

/** Number of voices of a frame. */
export const VOICES = 4;

/** The lines that contexts can be made of. */
export type LineName =
  | "chords"
  | "harmonies"
  | "outer"
  | "top";

/** One line through a piece, in intervals, so the same in every key. */
export interface Line {
  /** The element that each frame adds to a context. [T] */
  readonly symbols: readonly string[];
  /** The key that a frame's intervals are measured from. [T] */
  readonly references: readonly number[];
}

/** An analysed piece. */
export interface Piece {
  readonly roll: Roll;
  /** T. */
  readonly length: number;
  /** Keys that sound, ascending. [T] */
  readonly keys: readonly (readonly number[])[];
  /**
   * Keys of the highest voice, the second highest, the second lowest and the
   * lowest. With fewer than four keys some voices share one; in a silent frame
   * voices keep their keys. [T][4]
   */
  readonly voices: readonly (readonly number[])[];
  readonly lines: Readonly<Record<LineName, Line>>;
}

/**
 * Analyses a piece.
 *
 * @example
 * ```ts
 * import { readFrames } from "immersic/bench/jsb/frames.ts";
 * import { readPiece } from "immersic/bench/jsb/piece.ts";
 * const { test } = readFrames({ train: [], valid: [], test: [[[48, 60], [50, 59]]] });
 * const piece = readPiece(test[0]!);
 * console.assert(piece.voices[1]?.join() === "38,29,38,29");
 * console.assert(piece.lines.top.symbols[1] === "-1");
 * ```
 */
export function readPiece(roll: Roll): Piece {
  const length = roll.length / KEYS;
  const keys = Array.from({ length }, (_, t) => {
    const frame = roll.subarray(t * KEYS, (t + 1) * KEYS);
    return [...frame.keys()].filter((key) => frame[key] === 1);
  });
  let now = new Array<number>(VOICES).fill(KEYS / 2);
  const voices = keys.map((frame) => {
    const [lowest] = frame;
    if (lowest !== undefined) {
      now = [
        frame.at(-1)!,
        frame.at(-2) ?? lowest,
        frame[1] ?? lowest,
        lowest,
      ];
    }
    return now;
  });
  const line = (voice: number, shape: (t: number) => string): Line => {
    const references = voices.map((keys) => keys[voice]!);
    const symbols = references.map((key, t) =>
      shape(t) + (t === 0 ? "first" : key - references[t - 1]!)
    );
    return { references, symbols };
  };
  const silence = (t: number) => keys[t]!.length === 0 ? "silent " : "";
  const chord = (t: number) =>
    `${keys[t]!.map((key) => voices[t]![0]! - key).join()} `;
  const harmony = (t: number) => {
    const classes = keys[t]!.map((key) => (key - voices[t]![3]!) % 12);
    return `${[...new Set(classes)].sort((a, b) => a - b).join()} `;
  };
  const outer = (t: number) => `${voices[t]![0]! - voices[t]![3]!} `;
  return {
    roll,
    length,
    keys,
    voices,
    lines: {
      chords: line(0, chord),
      harmonies: line(VOICES - 1, harmony),
      outer: line(0, outer),
      top: line(0, silence),
    },
  };
}
