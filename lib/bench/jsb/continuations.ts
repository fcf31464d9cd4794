/**
 * What followed a context where it was heard before, in training pieces or
 * earlier in the same piece: a Markov model of variable order, after J. Cleary
 * and I. Witten, "Data compression using adaptive coding and partial string
 * matching" (1984), whose contexts are intervals, so the same in every key.
 *
 * T frames, 88 keys.
 */
import { KEYS } from "./frames.ts";
import type { LineName, Piece } from "./piece.ts";

/** Weight of the shorter contexts, in occurrences of the next longer one. */
const SHORTER_WEIGHT = 1.5;
/** A key's probability before anything was heard. */
const FIRST_PROBABILITY = 0.02;

/** A frame that followed a context, and what the context was measured from. */
interface Occurrence {
  readonly piece: Piece;
  readonly keys: readonly number[];
  readonly reference: number;
}

/** A context with all that followed it. */
class Context {
  readonly longer = new Map<string, Context>();
  readonly occurrences: Occurrence[] = [];
}

/** What may follow a frame. */
export interface Continuation {
  /** Probability of each key. [88] */
  readonly probabilities: Float32Array;
  /** Frames in the longest context that was heard before. */
  readonly order: number;
}

/**
 * Contexts of one line, and what followed them.
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
   * @param line What of the frames makes a context.
   * @param order Most frames in a context.
   */
  constructor(line: LineName, order: number) {
    this.#line = line;
    this.#order = order;
  }

  /** What the context that ends with frame t is made of, the latest first. */
  #symbols(piece: Piece, t: number): string[] {
    const { symbols } = piece.lines[this.#line];
    return symbols.slice(Math.max(t + 1 - this.#order, 0), t + 1).reverse();
  }

  /** Learns that frame t + 1 follows the frames up to t. */
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
   * What may follow frame t. From the shortest context to the longest, what
   * followed it counts beside all shorter ones together.
   *
   * @param except What was learnt from this piece is left out.
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
