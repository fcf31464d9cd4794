/**
 * Predicts the next token of a piece from the piece itself: after the same tokens
 * as before, the token that followed then is likely to follow again. The network
 * has learnt the style from other music; the cache learns this piece's themes.
 * Combined they give one distribution, a cache model (R. Kuhn and R. De Mori 1990,
 * "A cache-based natural language model for speech recognition").
 *
 * With the network as the shortest context, each longer one of up to L tokens
 * is smoothed by the one below it, as in D. MacKay and L. Peto (1995), "A
 * hierarchical Dirichlet language model": where a context of k tokens came N
 * times before in this piece, n times with w after it,
 *
 *     p_k(w) = (n + s_k · p_{k−1}(w)) / (N + s_k),  s_k = strength / k,
 *
 * so that the longer a context, the fewer occurrences outweigh the network. The
 * result is the network's probability times a factor, plus votes for a few tokens;
 * neither the factor nor the votes depend on the network.
 */

/** Options of {@linkcode PieceCache}. */
export interface PieceCacheOptions {
  /**
   * Number of occurrences of one token that weigh as much as the network.
   * @default 32
   */
  readonly strength?: number;
  /**
   * Shortest context that is looked up, in tokens, at most 12. All lengths improve
   * prediction; in generation, short contexts make a piece repeat itself until only
   * a few pitches are left.
   * @default 1
   */
  readonly shortest?: number;
}

/** Longest context, in tokens; 16 is no better on validation pieces. */
const LONGEST = 12;
/** Tokens after which a token is dropped, so that a stream can be endless. */
const WINDOW = 4096;

/** A copy of a cache's state. */
export interface PieceCacheState {
  /** Tokens of the piece so far. */
  readonly length: number;
  /** The last of them, in a ring buffer. */
  readonly ids: Int32Array;
  /** By period: how many of the last tokens equal those a period before. */
  readonly runs: Uint8Array;
}

/**
 * Reads the tokens of one piece, and mixes its own prediction of the next token
 * into a network's.
 *
 * @example
 * ```ts
 * import { PieceCache } from "immersic/model/model.ts";
 * const cache = new PieceCache(3, { strength: 1 });
 * for (const id of [0, 1, 0]) cache.push(id);
 * // After 0 came 1, once: half the network's 1/4, and half for certain.
 * console.assert(cache.probability(1, 1 / 4) === 5 / 8);
 * ```
 */
export class PieceCache {
  readonly #strength: number;
  readonly #shortest: number;
  /** The last ids, in a ring buffer. */
  readonly #ids = new Int32Array(WINDOW);
  /** By period: how many of the last ids, up to L, equal those a period before. */
  readonly #runs = new Uint8Array(WINDOW + 1);
  #length = 0;
  /** What the network's probability is multiplied by. */
  #share = 1;
  /** Shape [V]; 0 but for the ids in `#voted`. */
  readonly #votes: Float64Array;
  #voted: number[] = [];
  /** By length of context: how often it occurred before. */
  readonly #counts = new Float64Array(LONGEST + 2);
  /** By length of context: the vote that each occurrence adds. */
  readonly #weights = new Float64Array(LONGEST + 1);

  /**
   * A cache that has read nothing.
   *
   * @param vocabularySize V.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(vocabularySize: number, options: PieceCacheOptions = {}) {
    const { strength = 32, shortest = 1 } = options;
    if (!(strength > 0)) {
      throw new RangeError(
        `Cannot make a piece's cache: its strength must be above 0, current value is ${strength}. Do without one for a network that is believed alone.`,
      );
    }
    if (!(Number.isInteger(shortest) && shortest >= 1 && shortest <= LONGEST)) {
      throw new RangeError(
        `Cannot make a piece's cache: its shortest context must be a whole number from 1 to ${LONGEST}, current value is ${shortest}.`,
      );
    }
    this.#strength = strength;
    this.#shortest = shortest;
    this.#votes = new Float64Array(vocabularySize);
  }

  /** Forgets everything: another piece begins. */
  reset(): void {
    this.#length = 0;
    this.#vote();
  }

  /** Reads the next token of the piece. */
  push(id: number): void {
    const ids = this.#ids, runs = this.#runs;
    const length = this.#length, last = Math.min(length, WINDOW - 1);
    for (let period = 1; period <= last; period++) {
      const same = ids[(length - period) % WINDOW] === id;
      // At the longest period there is nothing before to continue.
      const run = period === length ? 0 : runs[period]!;
      runs[period] = same ? Math.min(run + 1, LONGEST) : 0;
    }
    ids[length % WINDOW] = id;
    this.#length++;
    this.#vote();
  }

  /** Computes the network's share and the votes for what followed before. */
  #vote(): void {
    const ids = this.#ids, runs = this.#runs, votes = this.#votes;
    const counts = this.#counts, weights = this.#weights;
    const shortest = this.#shortest;
    for (const id of this.#voted) votes[id] = 0;
    this.#voted = [];
    counts.fill(0);
    const last = Math.min(this.#length, WINDOW) - 1;
    for (let period = 1; period <= last; period++) counts[runs[period]!]!++;
    for (let k = LONGEST - 1; k >= 1; k--) counts[k]! += counts[k + 1]!;
    let share = 1;
    for (let k = LONGEST; k >= shortest; k--) {
      const strength = this.#strength / k;
      const whole = counts[k]! + strength;
      weights[k] = share / whole;
      share *= strength / whole;
    }
    this.#share = share;
    if (counts[shortest] === 0) return;
    // Wherever a context occurs, all shorter ones occur too.
    for (let k = shortest + 1; k <= LONGEST; k++) {
      weights[k]! += weights[k - 1]!;
    }
    for (let period = 1; period <= last; period++) {
      const run = runs[period]!;
      if (run < shortest) continue;
      const id = ids[(this.#length - period) % WINDOW]!;
      if (votes[id] === 0) this.#voted.push(id);
      votes[id]! += weights[run]!;
    }
  }

  /**
   * The probability of the next token.
   *
   * @param ofNetwork Its probability according to the network.
   */
  probability(id: number, ofNetwork: number): number {
    return this.#share * ofNetwork + this.#votes[id]!;
  }

  /**
   * Mixes the votes into the network's prediction of the next token.
   *
   * @param logits Shape [V].
   * @param out Natural logarithms of probabilities, shape [V].
   */
  mix(logits: Float32Array, out: Float32Array): void {
    let peak = -Infinity, sum = 0;
    for (let id = 0; id < logits.length; id++) {
      if (logits[id]! > peak) peak = logits[id]!;
    }
    for (let id = 0; id < logits.length; id++) {
      sum += Math.exp(logits[id]! - peak);
    }
    const shift = Math.log(this.#share / sum) - peak;
    for (let id = 0; id < logits.length; id++) out[id] = logits[id]! + shift;
    for (const id of this.#voted) {
      out[id] = Math.log(Math.exp(out[id]!) + this.#votes[id]!);
    }
  }

  /** A copy of its state. */
  get state(): PieceCacheState {
    const size = Math.min(this.#length, WINDOW);
    return {
      length: this.#length,
      ids: this.#ids.slice(0, size),
      runs: this.#runs.slice(0, size),
    };
  }

  /** Goes back to a state. */
  set state({ length, ids, runs }: PieceCacheState) {
    this.#length = length;
    this.#ids.set(ids);
    this.#runs.set(runs);
    this.#vote();
  }
}
