/**
 * Piano rolls in the form of the polyphonic benchmarks of N. Boulanger-Lewandowski
 * et al., "Modeling temporal dependencies in high-dimensional sequences" (ICML
 * 2012): a piece is a list of frames, a frame is the list of MIDI pitches that
 * sound in it, from 21 to 108, the piano's 88 keys.
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
 * @throws {TypeError} If it has another form.
 * @throws {RangeError} If a pitch is not a key of the piano.
 *
 * @example
 * ```ts
 * import { KEYS, readFrames } from "immersic/bench/jsb/frames.ts";
 * const { train } = readFrames({ train: [[[60, 64], []]], valid: [], test: [] });
 * const [roll] = train;
 * console.assert(roll?.length === 2 * KEYS);
 * console.assert(roll?.[60 - 21] === 1 && roll?.[61 - 21] === 0);
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
