/** Tokens by numbers while they are written. */

/** Tokens of a piece: its different ones, and each as an index into these. */
export interface NumberedTokens {
  /** Different tokens, in the order in which they first come. */
  readonly alphabet: readonly string[];
  /** The tokens, as indices into `alphabet`. */
  readonly ids: Int32Array;
}

/**
 * All tokens that were written so far, each with a number that it keeps.
 *
 * @example
 * ```ts
 * import { TokenNumbers } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const numbers = new TokenNumbers();
 * const written = ["Bar", "Pitch_60", "Bar"].map((token) => numbers.of(token));
 * const { alphabet, ids } = numbers.numbered(written);
 * console.assert(alphabet.join() === "Bar,Pitch_60" && ids.join() === "0,1,0");
 * ```
 */
export class TokenNumbers {
  readonly #tokens: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** By number: its place in the alphabet of a piece, plus one; 0 for none. */
  #places = new Int32Array(256);

  /** How many there are: each number is below it. */
  get count(): number {
    return this.#tokens.length;
  }

  /** The number of a token. */
  of(token: string): number {
    let number = this.#numbers.get(token);
    if (number === undefined) {
      number = this.#tokens.push(token) - 1;
      this.#numbers.set(token, number);
    }
    return number;
  }

  /** The token of a number. */
  token(number: number): string {
    return this.#tokens[number]!;
  }

  /** Tokens, given by their numbers, as indices into an alphabet of their own. */
  numbered(written: readonly number[]): NumberedTokens {
    if (this.#places.length < this.#tokens.length) {
      this.#places = new Int32Array(2 * this.#tokens.length);
    }
    const places = this.#places;
    const numbers: number[] = [];
    const ids = new Int32Array(written.length);
    for (let i = 0; i < written.length; i++) {
      const number = written[i]!;
      let place = places[number]!;
      if (place === 0) places[number] = place = numbers.push(number);
      ids[i] = place - 1;
    }
    for (const number of numbers) places[number] = 0;
    return { ids, alphabet: numbers.map((number) => this.token(number)) };
  }
}
