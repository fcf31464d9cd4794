/**
 * Beginnings of pieces, to train on: new material comes at the beginning, and most
 * of what follows is its return. Each remembers the piece that it begins.
 */

const WHOLES = new WeakMap<Int32Array, Int32Array>();

/**
 * The beginning of a piece.
 *
 * @param length In tokens.
 *
 * @example
 * ```ts
 * import { beginningOf, wholeOf } from "immersic/corpus/corpus.ts";
 * const piece = Int32Array.of(4, 5, 6);
 * console.assert(wholeOf(beginningOf(piece, 2)) === piece);
 * console.assert(wholeOf(piece) === piece);
 * ```
 */
export function beginningOf(piece: Int32Array, length: number): Int32Array {
  const beginning = piece.slice(0, length);
  WHOLES.set(beginning, wholeOf(piece));
  return beginning;
}

/** The piece that a beginning is of; any other piece itself. */
export function wholeOf(piece: Int32Array): Int32Array {
  return WHOLES.get(piece) ?? piece;
}
