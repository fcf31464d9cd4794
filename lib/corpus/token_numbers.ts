/** Numbers tokens as they come, so that pieces are kept as numbers. */

/** Tokens numbered in the order in which they first come. */
export class TokenNumbers {
  readonly #numbers: Map<string, number>;

  /** @param tokens The first ones, in the order of their numbers. */
  constructor(tokens: Iterable<string> = []) {
    this.#numbers = new Map(Array.from(tokens, (token, i) => [token, i]));
  }

  /** The tokens in the order of their numbers. */
  get tokens(): string[] {
    return [...this.#numbers.keys()];
  }

  /** Numbers a piece's tokens. */
  encode(tokens: readonly string[]): Int32Array {
    const numbers = this.#numbers;
    return Int32Array.from(tokens, (token) => {
      let number = numbers.get(token);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(token, number);
      }
      return number;
    });
  }
}
