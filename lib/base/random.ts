/**
 * Seeded random numbers: xoshiro128**, of D. Blackman and S. Vigna, "Scrambled
 * linear pseudorandom number generators" (2021), seeded through splitmix32.
 */

/** The whole state of a {@linkcode Random}, as JSON can carry it. */
export type RandomState = readonly [number, number, number, number];

/**
 * A seeded source of random numbers whose state can be saved and resumed.
 *
 * @example
 * ```ts
 * import { Random } from "immersic/base/base.ts";
 * const random = new Random(7);
 * const copy = Random.fromState(random.state);
 * console.assert(random.next() === copy.next());
 * ```
 */
export class Random {
  #state: Uint32Array;

  /**
   * Starts a source.
   *
   * @param seed Any integer; its low 32 bits count.
   * @throws {RangeError} If the seed is no safe integer.
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(
        `Cannot seed random numbers: the seed must be an integer, current value is ${seed}.`,
      );
    }
    this.#state = new Uint32Array(4);
    let s = seed | 0;
    for (let i = 0; i < 4; i++) {
      s = (s + 0x9e3779b9) | 0;
      let z = s ^ (s >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      this.#state[i] = z ^ (z >>> 15);
    }
  }

  /** A source that goes on exactly where the one with this state stopped. */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.#state = Uint32Array.from(state);
    return random;
  }

  /** The current state, to go on from with {@linkcode Random.fromState}. */
  get state(): RandomState {
    const s = this.#state;
    return [s[0]!, s[1]!, s[2]!, s[3]!];
  }

  /** An unsigned 32-bit integer. */
  uint32(): number {
    const s = this.#state;
    const a = s[0]!, b = s[1]!;
    const c = s[2]! ^ a, d = s[3]! ^ b;
    s[0] = a ^ d;
    s[1] = b ^ c;
    s[2] = c ^ (b << 9);
    s[3] = (d << 11) | (d >>> 21);
    const x = Math.imul(b, 5);
    return Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    return this.uint32() / 4294967296;
  }

  /** An integer in [0, n). */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** A normal deviate with mean 0 and standard deviation 1 (Box–Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** One element of a non-empty array. */
  pick<T>(array: readonly T[]): T {
    if (array.length === 0) {
      throw new RangeError("Cannot pick an element: the array is empty.");
    }
    return array[this.int(array.length)]!;
  }

  /** A new array with the same elements in random order (Fisher–Yates). */
  shuffle<T>(array: readonly T[]): T[] {
    return Array.from(this.order(array.length), (i) => array[i]!);
  }

  /** The numbers from 0 to n − 1 in random order, as {@linkcode shuffle} has them. */
  order(n: number): Int32Array {
    const result = new Int32Array(n);
    for (let i = 0; i < n; i++) result[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(i + 1), swapped = result[i]!;
      result[i] = result[j]!;
      result[j] = swapped;
    }
    return result;
  }
}

/** Seeds that {@linkcode freshSeed} gives are below it, short enough to type. */
const SEEDS = 1_000_000;

/**
 * A seed that differs from run to run, for where none is given.
 *
 * @returns A whole number from 1, of at most six digits.
 *
 * @example
 * ```ts
 * import { freshSeed } from "immersic/base/base.ts";
 * console.assert(freshSeed() >= 1 && freshSeed() < 1_000_000);
 * ```
 */
export function freshSeed(): number {
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  return 1 + number! % (SEEDS - 1);
}
