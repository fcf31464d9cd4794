/**
 * Logits, random numbers and a mask to a token id. Pure arithmetic: no tensors
 * and no knowledge of what the tokens mean.
 *
 * The filters work in the order in which {@linkcode SamplingOptions} lists
 * them, each on what the one before it left: mask → bias → repetition penalty →
 * temperature → top-k → min-p → top-p. What is left is renormalised, and one
 * token is sampled with one random number.
 *
 * V is the vocabulary size throughout.
 */

import type { Random } from "../base/base.ts";

/** How to sample a token; by default from the model's own distribution. */
export interface SamplingOptions {
  /**
   * Which tokens may be sampled: 0 where not allowed, shape [V].
   * @default every token
   */
  readonly mask?: Uint8Array | undefined;
  /**
   * Added to the logits, shape [V].
   * @default nothing
   */
  readonly bias?: Float32Array | undefined;
  /**
   * Logits of the tokens in `penalized` are divided by this where positive and
   * multiplied by it where negative, as in CTRL (Keskar et al., 2019,
   * arXiv:1909.05858); 1 changes nothing.
   * @default 1
   */
  readonly repetitionPenalty?: number | undefined;
  /**
   * Ids that the penalty is for, usually those sampled lately; an id named twice is
   * penalised once.
   * @default none
   */
  readonly penalized?: ArrayLike<number> | undefined;
  /**
   * Below 1 sharpens, above 1 flattens, 0 takes the likeliest token.
   * @default 1
   */
  readonly temperature?: number | undefined;
  /**
   * Keep the `topK` likeliest tokens (Fan et al., 2018, arXiv:1805.04833).
   * @default Infinity
   */
  readonly topK?: number | undefined;
  /**
   * Keep tokens at least `minP` times as likely as the likeliest one (Nguyen
   * et al., 2024, arXiv:2407.01082).
   * @default 0
   */
  readonly minP?: number | undefined;
  /**
   * Keep the likeliest tokens until their probabilities add up to `topP`
   * (Holtzman et al., 2019, arXiv:1904.09751).
   * @default 1
   */
  readonly topP?: number | undefined;
}

/** A sampled token. */
export interface Sample {
  /** The token's id. */
  readonly id: number;
  /**
   * The model's own surprise: −ln of the token's probability under the logits
   * as they came, before mask, bias, penalty, temperature and filters.
   */
  readonly nats: number;
}

/**
 * Samples tokens without allocating: the scratch space is made once for a
 * vocabulary size.
 *
 * @example
 * ```ts
 * import { Sampler } from "immersic/generation/generation.ts";
 * import { Random } from "immersic/base/base.ts";
 * const sampler = new Sampler(3);
 * const logits = Float32Array.of(0, 2, 1);
 * const id = sampler.sample(logits, new Random(1), { temperature: 0 });
 * console.assert(id === 1 && sampler.nats < 0.41);
 * ```
 */
export class Sampler {
  /** V */
  readonly vocabularySize: number;
  /** {@linkcode Sample.nats} of the token sampled last. */
  nats = 0;
  /** By id: the logit, later the weight, of each candidate. */
  readonly #weights: Float64Array;
  /** Ids that may be sampled; part heap, part sorted while truncating. */
  readonly #candidates: Int32Array;

  /**
   * Makes the scratch space.
   *
   * @param vocabularySize V, at least 1.
   * @throws {RangeError} If it is not.
   */
  constructor(vocabularySize: number) {
    if (!Number.isInteger(vocabularySize) || vocabularySize < 1) {
      throw new RangeError(
        `Cannot create a sampler: the vocabulary size must be a positive integer, current value is ${vocabularySize}.`,
      );
    }
    this.vocabularySize = vocabularySize;
    this.#weights = new Float64Array(vocabularySize);
    this.#candidates = new Int32Array(vocabularySize);
  }

  /**
   * Samples one token. Takes one number from `random`, or none at temperature 0.
   *
   * @param logits Unnormalised log-probabilities, shape [V]; −Infinity rules a
   * token out.
   * @param random Source of randomness.
   * @returns The token's id; its surprise is left in {@linkcode Sampler.nats}.
   * @throws {RangeError} If an option is out of range, a logit is NaN or
   * Infinity, a length is not V, or no token may be sampled.
   */
  sample(
    logits: Float32Array,
    random: Random,
    options: SamplingOptions = {},
  ): number {
    const { temperature = 1, topK = Infinity, minP = 0, topP = 1 } = options;
    checkOptions(options, logits.length, this.vocabularySize);
    const logSum = logSumExp(logits);
    const count = this.#collect(logits, options);
    const candidates = this.#candidates, weights = this.#weights;

    let id = candidates[0]!;
    for (let i = 1; i < count; i++) {
      if (weights[candidates[i]!]! > weights[id]!) id = candidates[i]!;
    }
    if (temperature > 0) {
      const peak = weights[id]!;
      for (let i = 0; i < count; i++) {
        const candidate = candidates[i]!;
        weights[candidate] = Math.exp(
          (weights[candidate]! - peak) / temperature,
        );
      }
      const kept = this.#truncate(count, topK, minP, topP);
      let rest = random.next() * this.#sum(kept);
      for (let i = 0; i < kept; i++) {
        id = candidates[i]!;
        rest -= weights[id]!;
        if (rest < 0) break;
      }
    }
    this.nats = logSum - logits[id]!;
    return id;
  }

  /** Collects the tokens that may be sampled; returns how many. */
  #collect(logits: Float32Array, options: SamplingOptions): number {
    const { mask, bias, repetitionPenalty = 1, penalized } = options;
    const weights = this.#weights;
    let count = 0;
    for (let id = 0; id < logits.length; id++) {
      if ((mask && mask[id] === 0) || logits[id] === -Infinity) continue;
      weights[id] = bias ? logits[id]! + bias[id]! : logits[id]!;
      this.#candidates[count++] = id;
    }
    if (count === 0) {
      throw new RangeError(
        mask && !mask.some((allowed) => allowed !== 0)
          ? "Cannot draw a token: the mask allows none. Loosen the constraints (scale, range, instruments) behind it."
          : "Cannot draw a token: every logit that the mask allows is -Infinity.",
      );
    }
    if (penalized && repetitionPenalty !== 1) {
      for (let i = 0; i < penalized.length; i++) {
        const id = penalized[i]!, logit = logits[id]! + (bias?.[id] ?? 0);
        weights[id] = logit > 0
          ? logit / repetitionPenalty
          : logit * repetitionPenalty;
      }
    }
    return count;
  }

  /** Moves what top-k, min-p and top-p keep to the front; returns how many. */
  #truncate(count: number, topK: number, minP: number, topP: number): number {
    const candidates = this.#candidates, weights = this.#weights;
    // All three keep the likeliest few, so top-k and min-p may swap, as long as
    // top-p measures against what they left. The peak weighs 1.
    if (minP > 0) {
      let kept = 0;
      for (let i = 0; i < count; i++) {
        if (weights[candidates[i]!]! >= minP) {
          candidates[kept++] = candidates[i]!;
        }
      }
      count = kept;
    }
    if (topK < count) count = this.#sortFirst(count, topK, Infinity);
    if (topP < 1) {
      count = this.#sortFirst(count, count, topP * this.#sum(count));
    }
    return count;
  }

  #sum(count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.#weights[this.#candidates[i]!]!;
    return sum;
  }

  /**
   * Brings the heaviest candidates to the front in falling order (of equal
   * ones, the lower id first) until there are `most` of them or they weigh
   * `enough`; returns how many. A heap: only what is kept is sorted.
   */
  #sortFirst(count: number, most: number, enough: number): number {
    const candidates = this.#candidates;
    for (let i = (count >> 1) - 1; i >= 0; i--) this.#sink(i, count);
    let kept = 0, weight = 0;
    while (kept < most && weight < enough && kept < count) {
      const top = candidates[0]!, last = count - 1 - kept;
      candidates[0] = candidates[last]!;
      candidates[last] = top;
      this.#sink(0, last);
      weight += this.#weights[top]!;
      kept++;
    }
    // What came off the heap now stands at the back, the heaviest last.
    for (let i = 0, j = count - 1; i < j; i++, j--) {
      const id = candidates[i]!;
      candidates[i] = candidates[j]!;
      candidates[j] = id;
    }
    return kept;
  }

  /** Restores the heap of `size` candidates from index `i` down. */
  #sink(i: number, size: number): void {
    const candidates = this.#candidates;
    const moved = candidates[i]!;
    for (let child = 2 * i + 1; child < size; child = 2 * i + 1) {
      if (
        child + 1 < size &&
        this.#before(candidates[child + 1]!, candidates[child]!)
      ) child++;
      if (!this.#before(candidates[child]!, moved)) break;
      candidates[i] = candidates[child]!;
      i = child;
    }
    candidates[i] = moved;
  }

  #before(a: number, b: number): boolean {
    const difference = this.#weights[a]! - this.#weights[b]!;
    return difference > 0 || (difference === 0 && a < b);
  }
}

/**
 * Samples one token; a {@linkcode Sampler} does so without allocating.
 *
 * @param logits Unnormalised log-probabilities, shape [V].
 * @param random Source of randomness.
 * @throws {RangeError} As {@linkcode Sampler.sample}.
 *
 * @example
 * ```ts
 * import { sample } from "immersic/generation/sampling.ts";
 * import { Random } from "immersic/base/base.ts";
 * const logits = Float32Array.of(1, 1, -Infinity, 1);
 * const { id } = sample(logits, new Random(7), { topK: 1 });
 * console.assert(id === 0); // of equals, the first
 * ```
 */
export function sample(
  logits: Float32Array,
  random: Random,
  options: SamplingOptions = {},
): Sample {
  const sampler = new Sampler(logits.length);
  const id = sampler.sample(logits, random, options);
  return { id, nats: sampler.nats };
}

/**
 * How much a token surprises the model: −ln of its probability, in nats.
 *
 * @param logits Shape [V].
 * @throws {RangeError} If a logit is NaN or Infinity.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { surprise } from "immersic/generation/sampling.ts";
 * assert.equal(surprise(Float32Array.of(0, 0), 1), Math.log(2));
 * ```
 */
export function surprise(logits: Float32Array, id: number): number {
  return logSumExp(logits) - logits[id]!;
}

/** ln Σ exp(logits), safe for large logits and for −Infinity. */
function logSumExp(logits: Float32Array): number {
  let peak = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    // NaN and Infinity fail this comparison.
    if (!(logits[id]! < Infinity)) {
      throw new RangeError(
        `Cannot draw a token: logits must be finite or -Infinity, current value at id ${id} is ${
          logits[id]
        }. Did training diverge?`,
      );
    }
    if (logits[id]! > peak) peak = logits[id]!;
  }
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    sum += Math.exp(logits[id]! - peak);
  }
  return peak + Math.log(sum);
}

function checkOptions(
  options: SamplingOptions,
  length: number,
  size: number,
): void {
  const {
    temperature = 1,
    topK = Infinity,
    minP = 0,
    topP = 1,
    repetitionPenalty = 1,
    mask,
    bias,
  } = options;
  const wrong = length !== size
    ? `logits must have ${size} values, current length is ${length}`
    : mask && mask.length !== size
    ? `the mask must have ${size} values, current length is ${mask.length}`
    : bias && bias.length !== size
    ? `the bias must have ${size} values, current length is ${bias.length}`
    : !(temperature >= 0 && temperature < Infinity)
    ? `temperature must be a number from 0, current value is ${temperature}`
    : !(topK >= 1 && (Number.isInteger(topK) || topK === Infinity))
    ? `topK must be a positive integer, current value is ${topK}`
    : !(minP >= 0 && minP <= 1)
    ? `minP must be from 0 to 1, current value is ${minP}`
    : !(topP > 0 && topP <= 1)
    ? `topP must be above 0 and at most 1, current value is ${topP}`
    : !(repetitionPenalty > 0 && repetitionPenalty < Infinity)
    ? `repetitionPenalty must be above 0, current value is ${repetitionPenalty}`
    : undefined;
  if (wrong) throw new RangeError(`Cannot draw a token: ${wrong}.`);
}
