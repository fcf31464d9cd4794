/** Augmentation of a small corpus of chord tokens: pieces in other keys. */

import type { Random } from "../../base/base.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { transposeToken } from "./chord_tokens.ts";

/**
 * Transposes pieces of chord tokens; they hold nothing else that could be varied.
 *
 * @example
 * ```ts
 * import { ChordAugmenter } from "immersic/tokens/chord/chord.ts";
 * import { Random } from "immersic/base/base.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const vocabulary = Vocabulary.fromTokens(["C4", "D4", "0.4.7", "2.6.9"]);
 * const augmenter = new ChordAugmenter(vocabulary);
 * const piece = vocabulary.encode(["C4", "0.4.7"]);
 * const varied = vocabulary.decode(augmenter.random(piece, new Random(2)));
 * console.assert(["C4 0.4.7", "D4 2.6.9"].includes(varied.join(" ")));
 * ```
 */
export class ChordAugmenter {
  /** By semitones from −5 to 6: what each id becomes, −1 where there is none. */
  readonly #tables: readonly Int32Array[];

  /**
   * An augmenter for one vocabulary.
   *
   * @param vocabulary Of chord tokens; a piece is only moved to keys whose tokens
   * it holds.
   */
  constructor(vocabulary: Vocabulary) {
    this.#tables = Array.from(
      { length: 12 },
      (_, i) =>
        Int32Array.from({ length: vocabulary.size }, (_, id) => {
          const moved = transposeToken(vocabulary.token(id), i - 5);
          return moved !== undefined && vocabulary.has(moved)
            ? vocabulary.id(moved)
            : -1;
        }),
    );
  }

  /**
   * A piece in one of the keys for which the vocabulary has all tokens.
   *
   * @param ids A whole piece; not changed.
   * @param relabel Probability that the piece's tokens are consistently renamed
   * instead, leaving only its repetition to learn.
   */
  random(ids: Int32Array, random: Random, relabel: number = 0): Int32Array {
    const fitting = this.#tables.filter((table) =>
      ids.every((id) => table[id]! >= 0)
    );
    // The piece's own key is missing only where two tokens have one meaning.
    if (fitting.length === 0) return ids.slice();
    const table = random.pick(fitting);
    if (random.next() >= relabel) return ids.map((id) => table[id]!);
    const others = random.shuffle(Array.from(table.keys()));
    return ids.map((id) => others[id]!);
  }
}
