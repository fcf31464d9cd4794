/**
 * Predicts a frame from the frames that followed the same context before, in
 * training pieces or earlier in the piece: a Markov model of variable order, after
 * J. Cleary and I. Witten, "Data compression using adaptive coding and partial
 * string matching" (1984). Contexts are intervals, so the same in every key.
 *
 * T frames, 88 keys.
 */
import { KEYS } from "./frames.ts";
import type { LineName, Piece } from "./piece.ts";

/** Weight of the shorter contexts, in occurrences of the next longer one. */
const SHORTER_WEIGHT = 1.5;
/** Probability of a key before any occurrence. */
const FIRST_PROBABILITY = 0.02;

/** A frame that followed a context, and the key from which intervals were measured. */
interface Occurrence {
  readonly piece: Piece;
  readonly keys: readonly number[];
  readonly reference: number;
}

/** A context with all frames that followed it. */
class Context {
  readonly longer = new Map<string, Context>();
  readonly occurrences: Occurrence[] = [];
}

/** The prediction of the frame after one. */
export interface Continuation {
  /** Probability of each key. [88] */
  readonly probabilities: Float32Array;
  /** Frames in the longest context that occurred before. */
  readonly order: number;
}

/**
 * Contexts of one line, and the frames that followed them.
 *
 * @example
 * ```ts
 * import { readFrames } from "immersic/bench/jsb/frames.ts";
 * import { ContinuationTable } from "immersic/bench/jsb/continuations.ts";
 * import { readPiece } from "immersic/bench/jsb/piece.ts";
 * const { train } = readFrames({
 *   train: [[[60], [62], [64]], [[70], [72]]], valid: [], test: [],
 * });
 * const known = readPiece(train[0]!), other = readPiece(train[1]!);
 * const table = new ContinuationTable("top", 4);
 * table.add(known, 1);
 * const { probabilities, order } = table.after(other, 1);
 * console.assert(order === 2 && probabilities[74 - 21]! > 0.5);
 * ```
 */
export class ContinuationTable {
  readonly #none = new Context();
  readonly #line: LineName;
  readonly #order: number;

  /**
   * @param line The line that contexts are made of.
   * @param order Most frames in a context.
   */
  constructor(line: LineName, order: number) {
    this.#line = line;
    this.#order = order;
  }

  /** The elements of the context that ends with frame t, the latest first. */
  #symbols(piece: Piece, t: number): string[] {
    const { symbols } = piece.lines[this.#line];
    return symbols.slice(Math.max(t + 1 - this.#order, 0), t + 1).reverse();
  }

  /** Adds frame t + 1 as an occurrence after the frames up to t. */
  add(piece: Piece, t: number): void {
    const reference = piece.lines[this.#line]!.references[t]!;
    const occurrence = { piece, keys: piece.keys[t + 1]!, reference };
    let context = this.#none;
    for (const symbol of this.#symbols(piece, t)) {
      let longer = context.longer.get(symbol);
      if (!longer) context.longer.set(symbol, longer = new Context());
      longer.occurrences.push(occurrence);
      context = longer;
    }
  }

  /**
   * Predicts the frame after frame t. From the shortest context to the longest, the
   * occurrences of each are smoothed by the prediction of all shorter ones.
   *
   * @param except A piece whose occurrences are left out.
   */
  after(piece: Piece, t: number, except?: Piece): Continuation {
    const probabilities = new Float32Array(KEYS).fill(FIRST_PROBABILITY);
    const counts = new Float32Array(KEYS);
    const reference = piece.lines[this.#line].references[t];
    let context: Context | undefined = this.#none;
    let order = 0;
    for (const symbol of this.#symbols(piece, t)) {
      context = context.longer.get(symbol);
      if (!context) break;
      let heard = 0;
      counts.fill(0);
      for (const occurrence of context.occurrences) {
        if (occurrence.piece === except) continue;
        heard++;
        const interval = reference! - occurrence.reference;
        for (const key of occurrence.keys) {
          const to = key + interval;
          if (to >= 0 && to < KEYS) counts[to]!++;
        }
      }
      if (heard === 0) break;
      order++;
      for (let key = 0; key < KEYS; key++) {
        const shorter = SHORTER_WEIGHT * probabilities[key]!;
        probabilities[key] = (counts[key]! + shorter) /
          (heard + SHORTER_WEIGHT);
      }
    }
    return { probabilities, order };
  }
}
