/**
 * What our model pays for the test pieces, in nats: for their tokens, and for what
 * it is told of each piece beforehand.
 */

import { ATTRIBUTE_NAMES, ATTRIBUTES, largest } from "../../music/music.ts";
import { type Corpus, piecesIn } from "../../corpus/corpus.ts";
import { RemiAlphabet } from "../../tokens/remi/remi.ts";

/** Nats of the test pieces. */
export interface HeldOutNats {
  /** Of all tokens after the attributes, `End` included. */
  readonly tokenNats: number;
  /**
   * Of the attributes, the number of bars and who plays, which the network is told, by their
   * frequencies in the training pieces: what it would cost to tell them to
   * somebody who knows only those.
   */
  readonly toldNats: number;
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
export async function heldOutNats(
  corpus: Corpus,
  surprises: (ids: Int32Array) => Promise<Float64Array>,
): Promise<HeldOutNats> {
  const skip = ATTRIBUTE_NAMES.length;
  const isNote = RemiAlphabet.of(corpus.vocabulary).mark(["Pitch", "Drum"]);
  const bar = corpus.vocabulary.id("Bar");
  const barsOf = (ids: Int32Array) => ids.filter((id) => id === bar).length;
  const training = piecesIn(corpus, "train");
  const costs = attributeCosts(training);
  const barsCost = barCountCost(training.map(barsOf));
  const { ids: { Program, Kit } } = RemiAlphabet.of(corpus.vocabulary);
  const playersCost = presenceCost([...Program, ...Kit], training);
  let tokenNats = 0, toldNats = 0, tokens = 0;
  const notes: number[] = [];
  for (const ids of piecesIn(corpus, "test")) {
    const nats = await surprises(ids);
    for (const value of nats.subarray(skip)) tokenNats += value;
    for (const [place, cost] of costs.entries()) {
      toldNats += cost(ids[place]!);
    }
    toldNats += barsCost(barsOf(ids)) + playersCost(ids);
    tokens += ids.length - skip;
    notes.push(ids.filter((id) => isNote[id] === 1).length);
  }
  return { tokenNats, toldNats, tokens, notes };
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
  return ATTRIBUTE_NAMES.map((name, place) =>
    costOf(pieces.map((ids) => ids[place]!), ATTRIBUTES[name].length)
  );
}

/**
 * How many nats a number of bars costs: −ln of its frequency among some pieces, each
 * number up to twice the largest counted once more than it occurs.
 *
 * @example
 * ```ts
 * import { barCountCost } from "immersic/bench/music/held_out_nats.ts";
 * const cost = barCountCost([8, 16, 16]);
 * console.assert(cost(16) === -Math.log(3 / 35));
 * console.assert(cost(12) === -Math.log(1 / 35));
 * ```
 */
export function barCountCost(
  counts: readonly number[],
): (bars: number) => number {
  return costOf(counts, 2 * largest(counts));
}

/**
 * How many nats it costs to say which of some tokens a piece has, each by itself:
 * −ln of how often training pieces have it, or lack it, each counted once more.
 *
 * @example
 * ```ts
 * import { presenceCost } from "immersic/bench/music/held_out_nats.ts";
 * const cost = presenceCost([5], [Int32Array.of(5), Int32Array.of(6)]);
 * console.assert(cost(Int32Array.of(5, 5)) === -Math.log(2 / 4));
 * ```
 */
export function presenceCost(
  tokens: readonly number[],
  pieces: readonly Int32Array[],
): (ids: Int32Array) => number {
  const having = tokens.map((id) =>
    pieces.filter((ids) => ids.includes(id)).length
  );
  return (ids) =>
    tokens.reduce((nats, id, i) => {
      const has = having[i]!;
      const alike = ids.includes(id) ? has : pieces.length - has;
      return nats - Math.log((alike + 1) / (pieces.length + 2));
    }, 0);
}

/** @param possible How many different values there may be. */
function costOf(
  values: readonly number[],
  possible: number,
): (value: number) => number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const all = values.length + possible;
  return (value) => -Math.log(((counts.get(value) ?? 0) + 1) / all);
}
