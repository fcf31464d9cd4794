/**
 * What our model pays for the test pieces, in nats: for their tokens, and for the
 * attributes that stand before them.
 */

import { ATTRIBUTE_NAMES, ATTRIBUTES } from "../../music/music.ts";
import { type Corpus, piecesIn } from "../../corpus/corpus.ts";
import { RemiAlphabet } from "../../tokens/remi/remi.ts";

/** Nats of the test pieces. */
export interface HeldOutNats {
  /** Of all tokens after the attributes, `End` included. */
  readonly tokenNats: number;
  /**
   * Of the attributes, by their frequencies in the training pieces: what it would
   * cost to tell them to somebody who knows only those.
   */
  readonly attributeNats: number;
  /** Tokens after the attributes. */
  readonly tokens: number;
  /** Notes of each test piece. */
  readonly notes: readonly number[];
}

/**
 * Nats of the test pieces of a corpus of REMI tokens.
 *
 * @param surprises Gives the nats of each token of a piece, as
 * `Generator.surprises()` does.
 */
export function heldOutNats(
  corpus: Corpus,
  surprises: (ids: Int32Array) => Float64Array,
): HeldOutNats {
  const skip = ATTRIBUTE_NAMES.length;
  const isNote = RemiAlphabet.of(corpus.vocabulary).mark(["Pitch", "Drum"]);
  const costs = attributeCosts(piecesIn(corpus, "train"));
  let tokenNats = 0, attributeNats = 0, tokens = 0;
  const notes: number[] = [];
  for (const ids of piecesIn(corpus, "test")) {
    for (const nats of surprises(ids).subarray(skip)) tokenNats += nats;
    for (const [place, cost] of costs.entries()) {
      attributeNats += cost(ids[place]!);
    }
    tokens += ids.length - skip;
    notes.push(ids.filter((id) => isNote[id] === 1).length);
  }
  return { tokenNats, attributeNats, tokens, notes };
}

/**
 * For each attribute, how many nats each of its values costs: −ln of its frequency
 * in some pieces, each value counted once more than it occurs.
 *
 * @example
 * ```ts
 * import { attributeCosts } from "immersic/bench/music/held_out_nats.ts";
 * const [key] = attributeCosts([Int32Array.of(7), Int32Array.of(7)]);
 * console.assert(key!(7) === -Math.log(3 / 14)); // 12 keys
 * console.assert(key!(9) === -Math.log(1 / 14));
 * ```
 */
export function attributeCosts(
  pieces: readonly Int32Array[],
): ((id: number) => number)[] {
  return ATTRIBUTE_NAMES.map((name, place) => {
    const counts = new Map<number, number>();
    for (const ids of pieces) {
      const id = ids[place]!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const all = pieces.length + ATTRIBUTES[name].length;
    return (id) => -Math.log(((counts.get(id) ?? 0) + 1) / all);
  });
}
