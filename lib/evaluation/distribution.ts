/**
 * Distances within and between sets of vectors, and how far two densities agree,
 * after L.-C. Yang and
 * A. Lerch, "On the evaluation of generative models in music", Neural Computing
 * and Applications 32, 2018.
 */

/**
 * Euclidean distances of each vector to each other one of its set. As in the
 * authors' toolbox, every pair counts twice, so there are n (n − 1).
 *
 * @example
 * ```ts
 * import { intraSetDistances } from "immersic/evaluation/distribution.ts";
 * console.assert(intraSetDistances([[0], [3], [1]]).join() === "3,1,3,2,1,2");
 * ```
 */
export function intraSetDistances(
  set: readonly (readonly number[])[],
): Float64Array {
  return Float64Array.from(
    set.flatMap((a, i) =>
      set.flatMap((b, j) => i === j ? [] : [euclidean(a, b)])
    ),
  );
}

/** Euclidean distances of each vector of `a` to each of `b`, n × m of them. */
export function interSetDistances(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): Float64Array {
  return Float64Array.from(a.flatMap((x) => b.map((y) => euclidean(x, y))));
}

function euclidean(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot measure a distance: the vectors have ${a.length} and ${b.length} elements. Were both measured with the same options?`,
    );
  }
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(squares);
}

/** Densities are integrated to so many bandwidths beyond; less than 1e-8 is left. */
const REACH = 6;
/** Bandwidths after which a kernel is 0 in floating point. */
const UNDERFLOW = 39;

/**
 * A Gaussian kernel density estimate with Scott's bandwidth, s n^(−1/5),
 * with s the sample standard deviation (D. Scott, "Multivariate density
 * estimation", 1992).
 *
 * @example
 * ```ts
 * import { KernelDensity } from "immersic/evaluation/distribution.ts";
 * const density = new KernelDensity([1, 2, 4]);
 * console.assert(density.at(2) > density.at(4));
 * ```
 */
export class KernelDensity {
  /** Standard deviation of each kernel, in the sample's unit. */
  readonly bandwidth: number;
  /** The distinct values, ascending, and how often each occurs. */
  readonly #values: number[] = [];
  readonly #counts: number[] = [];

  /**
   * Estimates the density that a sample is from.
   *
   * @param sample At least two finite numbers.
   * @param leastBandwidth Lowest bandwidth, for samples without spread.
   * @throws {RangeError} If the sample is too small or not finite, or the
   *   bandwidth would be 0.
   */
  constructor(
    readonly sample: ArrayLike<number>,
    leastBandwidth: number = 0,
  ) {
    const n = sample.length;
    if (n < 2) {
      throw new RangeError(
        `Cannot estimate a density: at least two values are needed, current number is ${n}.`,
      );
    }
    const values = Array.from(sample);
    const mean = values.reduce((a, b) => a + b) / n;
    const variance = values.reduce((a, x) => a + (x - mean) ** 2, 0) / (n - 1);
    this.bandwidth = Math.max(
      Math.sqrt(variance) * n ** (-1 / 5),
      leastBandwidth,
    );
    if (!(this.bandwidth > 0) || !Number.isFinite(this.bandwidth)) {
      throw new RangeError(
        `Cannot estimate a density: the bandwidth must be positive and finite, current value is ${this.bandwidth}. Are all values the same?`,
      );
    }
    for (const value of Float64Array.from(values).sort()) {
      const last = this.#values.length - 1;
      if (this.#values[last] === value) this.#counts[last]!++;
      else {
        this.#values.push(value);
        this.#counts.push(1);
      }
    }
  }

  /** The density at `x`, per unit of the sample. */
  at(x: number): number {
    const { bandwidth } = this;
    const values = this.#values, counts = this.#counts;
    let sum = 0;
    const until = x + UNDERFLOW * bandwidth;
    for (
      let i = this.#firstFrom(x - UNDERFLOW * bandwidth);
      i < values.length;
      i++
    ) {
      if (values[i]! > until) break;
      const z = (x - values[i]!) / bandwidth;
      sum += counts[i]! * Math.exp(-0.5 * z * z);
    }
    return sum / (this.sample.length * bandwidth * Math.sqrt(2 * Math.PI));
  }

  /** The first of the distinct values that is at least `low`. */
  #firstFrom(low: number): number {
    let from = 0, to = this.#values.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#values[middle]! < low) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** How far two densities agree. */
export interface Agreement {
  /** Area under the minimum of the two: 1 if they are equal, 0 if they are disjoint. */
  readonly overlap: number;
  /** Kullback–Leibler divergence of the second from the first, in nats. */
  readonly divergence: number;
}

/**
 * Overlapping Area and Kullback–Leibler divergence of the densities of two
 * samples, integrated over the whole line. The authors' toolbox differs in two
 * things: it integrates between the extremes of the samples, so that even equal
 * densities overlap by less than 1, and it takes the two densities of the
 * divergence at different places. Samples without spread overlap by 1 if they are
 * equal.
 *
 * @param p Sample of the first density.
 * @param q Sample of the second density.
 * @throws {RangeError} If a sample has fewer than two values or one not finite.
 *
 * @example
 * ```ts
 * import { compareDensities } from "immersic/evaluation/distribution.ts";
 * const { overlap } = compareDensities([1, 2, 4], [1, 2, 4]);
 * console.assert(Math.abs(overlap - 1) < 1e-6);
 * ```
 */
export function compareDensities(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
): Agreement {
  const values = [...Array.from(p), ...Array.from(q)];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (low === high && p.length > 1 && q.length > 1) {
    return { overlap: 1, divergence: 0 };
  }
  // A sample without spread gets a narrow peak instead of an error.
  const least = (high - low) / 1000;
  const first = new KernelDensity(p, least);
  const second = new KernelDensity(q, least);
  const widest = Math.max(first.bandwidth, second.bandwidth);
  const narrowest = Math.min(first.bandwidth, second.bandwidth);
  const from = low - REACH * widest;
  const width = high + REACH * widest - from;
  const steps = Math.max(1000, Math.ceil(4 * width / narrowest));
  const step = width / steps;
  let overlap = 0;
  let divergence = 0;
  for (let i = 0; i <= steps; i++) {
    const x = from + i * step;
    const a = first.at(x);
    // Keeps the logarithm finite where the second density underflows.
    const b = Math.max(second.at(x), 1e-300);
    overlap += Math.min(a, b) * step;
    if (a > 0) divergence += a * Math.log(a / b) * step;
  }
  return { overlap, divergence };
}
