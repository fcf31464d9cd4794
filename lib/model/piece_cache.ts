/**
 * What a piece tells of itself: after the same tokens as before, what followed
 * then is likely to follow again. A network that has learnt other music knows
 * its style, and this its own themes; both together make one distribution, a
 * cache model (R. Kuhn and R. De Mori 1990, "A cache-based natural language
 * model for speech recognition").
 *
 * With the network as the shortest context, each longer one of up to L tokens
 * is smoothed by the one below it, as D. MacKay and L. Peto have it (1995, "A
 * hierarchical Dirichlet language model"): where k tokens were heard N times in
 * this piece, n times with w after them,
 *
 *     p_k(w) = (n + s_k · p_{k−1}(w)) / (N + s_k),  s_k = strength / k,
 *
 * so that a long context needs to be heard but seldom to be believed. That is
 * the network's probability times one number, plus votes for a few tokens:
 * neither depends on the network.
 */

/** How a {@linkcode PieceCache} remembers. */
export interface PieceCacheOptions {
  /**
   * How many hearings of one token count as much as the network does.
   * @default 32
   */
  readonly strength?: number;
  /**
   * Shortest context that is looked up, in tokens, at most 12. Prediction gains
   * from all; where the model draws from its own past again and again, short
   * ones wear a piece down to a few pitches.
   * @default 1
   */
  readonly shortest?: number;
}

/** Longest context, in tokens; 16 is no better on validation pieces. */
const LONGEST = 12;
/** Tokens after which a token is forgotten, so that a stream can go on. */
const WINDOW = 4096;

/** Where a cache stands, to return to. */
export interface PieceCacheState {
  readonly length: number;
  readonly heard: Int32Array;
  readonly runs: Uint8Array;
}

/**
 * Hears the tokens of one piece, and mixes what they tell of the next one into
 * a network's prediction.
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
  /** The last ids, a ring. */
  readonly #heard = new Int32Array(WINDOW);
  /** By period: how many of the last ids, up to L, equal those a period before. */
  readonly #runs = new Uint8Array(WINDOW + 1);
  #length = 0;
  #share = 1;
  /** Shape [V]; 0 but for the ids in `#voted`. */
  readonly #votes: Float64Array;
  #voted: number[] = [];
  /** By length of context: how often heard, and what each hearing adds. */
  readonly #hearings = new Float64Array(LONGEST + 2);
  readonly #weights = new Float64Array(LONGEST + 1);

  /**
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

  /** Forgets everything heard: another piece begins. */
  reset(): void {
    this.#length = 0;
    this.#vote();
  }

  /** Hears the next token of the piece. */
  push(id: number): void {
    const heard = this.#heard, runs = this.#runs;
    const length = this.#length, last = Math.min(length, WINDOW - 1);
    for (let period = 1; period <= last; period++) {
      const same = heard[(length - period) % WINDOW] === id;
      // A run of the period that only now is possible begins here.
      const run = period === length ? 0 : runs[period];
      runs[period] = same ? Math.min(run + 1, LONGEST) : 0;
    }
    heard[length % WINDOW] = id;
    this.#length++;
    this.#vote();
  }

  /** What is left to the network, and the votes for what followed before. */
  #vote(): void {
    const heard = this.#heard, runs = this.#runs, votes = this.#votes;
    const hearings = this.#hearings, weights = this.#weights;
    const shortest = this.#shortest;
    for (const id of this.#voted) votes[id] = 0;
    this.#voted = [];
    hearings.fill(0);
    const last = Math.min(this.#length, WINDOW) - 1;
    for (let period = 1; period <= last; period++) hearings[runs[period]]++;
    for (let k = LONGEST - 1; k >= 1; k--) hearings[k] += hearings[k + 1];
    let share = 1;
    for (let k = LONGEST; k >= shortest; k--) {
      const strength = this.#strength / k;
      const whole = hearings[k] + strength;
      weights[k] = share / whole;
      share *= strength / whole;
    }
    this.#share = share;
    if (hearings[shortest] === 0) return;
    // A hearing of a context is one of all that are shorter, too.
    for (let k = shortest + 1; k <= LONGEST; k++) weights[k] += weights[k - 1];
    for (let period = 1; period <= last; period++) {
      if (runs[period] < shortest) continue;
      const id = heard[(this.#length - period) % WINDOW];
      if (votes[id] === 0) this.#voted.push(id);
      votes[id] += weights[runs[period]];
    }
  }

  /**
   * The probability of the next token.
   *
   * @param ofNetwork What the network gives it.
   */
  probability(id: number, ofNetwork: number): number {
    return this.#share * ofNetwork + this.#votes[id];
  }

  /**
   * The network's logits of the next token with the votes in them.
   *
   * @param logits Shape [V].
   * @param out Natural logarithms of probabilities, shape [V].
   */
  mix(logits: Float32Array, out: Float32Array): void {
    let peak = -Infinity, sum = 0;
    for (let id = 0; id < logits.length; id++) {
      if (logits[id] > peak) peak = logits[id];
    }
    for (let id = 0; id < logits.length; id++) {
      sum += Math.exp(logits[id] - peak);
    }
    const shift = Math.log(this.#share / sum) - peak;
    for (let id = 0; id < logits.length; id++) out[id] = logits[id] + shift;
    for (const id of this.#voted) {
      out[id] = Math.log(Math.exp(out[id]) + this.#votes[id]);
    }
  }

  /** A copy of what is remembered, to return to. */
  get state(): PieceCacheState {
    const size = Math.min(this.#length, WINDOW);
    return {
      length: this.#length,
      heard: this.#heard.slice(0, size),
      runs: this.#runs.slice(0, size),
    };
  }

  set state({ length, heard, runs }: PieceCacheState) {
    this.#length = length;
    this.#heard.set(heard);
    this.#runs.set(runs);
    this.#vote();
  }
}
