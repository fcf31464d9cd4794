/**
 * Piano rolls as the polyphonic benchmarks of N. Boulanger-Lewandowski et al.,
 * "Modeling temporal dependencies in high-dimensional sequences" (ICML 2012),
 * have them: a piece is a list of frames, a frame the MIDI pitches that sound
 * in it, the piano's 88 keys from 21 to 108.
 *
 * Dimensions: T frames, 88 keys.
 */

/** Keys of the piano, and of a frame. */
export const KEYS = 88;
/** MIDI pitch of the lowest key. */
export const LOWEST_PITCH = 21;

/** A piece: 1 where a key sounds, else 0. [T × 88], key fastest */
export type Roll = Uint8Array;

/** The pieces of a benchmark by split. */
export interface FrameCorpus {
  readonly train: readonly Roll[];
  readonly valid: readonly Roll[];
  readonly test: readonly Roll[];
}

/**
 * Reads a benchmark file's JSON: `{ train, valid, test }`, each a list of
 * pieces, a piece a list of frames, a frame a list of MIDI pitches.
 *
 * @param json The parsed JSON.
 * @throws {TypeError} If a part of it has another form.
 * @throws {RangeError} If a pitch is not a key of the piano.
 *
 * @example
 * ```ts
 * import { KEYS, readFrames } from "immersic/frames.ts";
 * const { train } = readFrames({ train: [[[60, 64], []]], valid: [], test: [] });
 * console.assert(train[0].length === 2 * KEYS);
 * console.assert(train[0][60 - 21] === 1 && train[0][61 - 21] === 0);
 * ```
 */
export function readFrames(json: unknown): FrameCorpus {
  const splits = new Map(Object.entries(json ?? {}));
  const read = (name: string) =>
    list(splits.get(name), name).map((piece, i) =>
      readRoll(list(piece, `${name}[${i}]`), `${name}[${i}]`)
    );
  return { train: read("train"), valid: read("valid"), test: read("test") };
}

function readRoll(frames: readonly unknown[], where: string): Roll {
  const roll = new Uint8Array(frames.length * KEYS);
  frames.forEach((frame, t) => {
    for (const pitch of list(frame, `${where}[${t}]`)) {
      const key = Number(pitch) - LOWEST_PITCH;
      if (!Number.isInteger(pitch) || key < 0 || key >= KEYS) {
        throw new RangeError(
          `Cannot read frames: pitches must be integers from 21 to 108, current value is ${pitch} at ${where}[${t}].`,
        );
      }
      roll[t * KEYS + key] = 1;
    }
  });
  return roll;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(
    `Cannot read frames: ${where} must be a list, current value is ${
      JSON.stringify(value)
    }. The form is {"train": [[[60, 64], …], …], "valid": …, "test": …}.`,
  );
}

/**
 * How far a piece can be transposed with all its notes on the piano.
 *
 * @returns Semitones down (≤ 0) and up (≥ 0); both 0 for a silent piece.
 *
 * @example
 * ```ts
 * import { readFrames, transpositionRange } from "immersic/frames.ts";
 * const { test } = readFrames({ train: [], valid: [], test: [[[24, 105]]] });
 * console.assert(transpositionRange(test[0]).down === -3);
 * console.assert(transpositionRange(test[0]).up === 3);
 * ```
 */
export function transpositionRange(roll: Roll): { down: number; up: number } {
  let lowest = KEYS;
  let highest = -1;
  roll.forEach((on, i) => {
    if (!on) return;
    lowest = Math.min(lowest, i % KEYS);
    highest = Math.max(highest, i % KEYS);
  });
  return highest < 0
    ? { down: 0, up: 0 }
    : { down: 0 - lowest, up: KEYS - 1 - highest };
}

/**
 * A piece some semitones higher (or lower, if negative).
 *
 * @throws {RangeError} If `semitones` is not an integer or a note would leave
 *   the piano.
 *
 * @example
 * ```ts
 * import { readFrames, transposeRoll } from "immersic/frames.ts";
 * const { test } = readFrames({ train: [], valid: [], test: [[[60]]] });
 * console.assert(transposeRoll(test[0], 2)[62 - 21] === 1);
 * ```
 */
export function transposeRoll(roll: Roll, semitones: number): Roll {
  const { down, up } = transpositionRange(roll);
  if (!Number.isInteger(semitones) || semitones < down || semitones > up) {
    throw new RangeError(
      `Cannot transpose a piece: semitones must be an integer from ${down} to ${up} to stay on the piano, current value is ${semitones}.`,
    );
  }
  const moved = new Uint8Array(roll.length);
  roll.forEach((on, i) => {
    if (on) moved[i + semitones] = 1;
  });
  return moved;
}
