/**
 * Tokens and their ids: what a model's outputs mean. Also the form that every
 * tokenizer has.
 */

import { createHash } from "node:crypto";
import type { NoteSequence, Repair } from "../../music/music.ts";
import type { NumberedTokens } from "./numbered.ts";

export { type NumberedTokens, TokenNumbers } from "./numbered.ts";

/** Music to tokens and back. */
export interface Tokenizer {
  /** The alphabet that the tokens belong to. */
  readonly name: "chord" | "remi";
  /** Settings that change the tokens, as JSON can carry them. */
  readonly options?: object;

  /** A piece as tokens, none where there is nothing it can say. */
  encode(sequence: NoteSequence): string[];

  /**
   * As `encode`, each token as a number.
   *
   * @default numbers what `encode` gives
   */
  encodeNumbered?(sequence: NoteSequence): NumberedTokens;

  /**
   * A MIDI file as tokens, where the bytes say more than what was read of them.
   *
   * @default encodes the sequence
   */
  encodeFile?(bytes: Uint8Array): string[];

  /**
   * What the tokens of a piece change that is worth telling, each reason once.
   *
   * @default nothing
   */
  repairs?(sequence: NoteSequence): readonly Repair[];

  /**
   * The piece that tokens say.
   *
   * @throws {RangeError} If a token is not of this alphabet.
   */
  decode(tokens: readonly string[]): NoteSequence;
}

/**
 * A fixed set of tokens, numbered from 0 without gaps.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const vocabulary = Vocabulary.fromTokens(["E-5", "4.7.11", "E-5"]);
 * assert(vocabulary.size === 2 && vocabulary.id("E-5") === 1);
 * assert(vocabulary.decode([1, 0]).join(" ") === "E-5 4.7.11");
 * ```
 */
export class Vocabulary {
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  #hash?: string;

  private constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
    this.#ids = new Map(tokens.map((token, id) => [token, id]));
  }

  /**
   * The vocabulary of some tokens, numbered in the order of their UTF-16 code
   * units, so that it depends on which tokens occur and on nothing else.
   *
   * @param tokens In any order, each as often as it likes.
   */
  static fromTokens(tokens: Iterable<string>): Vocabulary {
    return new Vocabulary([...new Set(tokens)].sort());
  }

  /**
   * The vocabulary that {@linkcode Vocabulary.toJSON} gave, ids as they were.
   *
   * @param json Parsed JSON.
   * @throws {TypeError} If it is not an array of strings, each one once.
   */
  static fromJSON(json: unknown): Vocabulary {
    if (
      !Array.isArray(json) || json.some((token) => typeof token !== "string")
    ) {
      throw new TypeError(
        `Cannot read a vocabulary: it must be an array of strings, current value is ${
          Array.isArray(json)
            ? "an array with something else in it"
            : typeof json
        }.`,
      );
    }
    const vocabulary = new Vocabulary([...json]);
    if (vocabulary.#ids.size < json.length) {
      const twice = json.find((token, id) => vocabulary.#ids.get(token) !== id);
      throw new TypeError(
        `Cannot read a vocabulary: each token must occur once, but "${twice}" occurs again.`,
      );
    }
    return vocabulary;
  }

  /** Number of tokens; ids run from 0 to `size` − 1. */
  get size(): number {
    return this.#tokens.length;
  }

  /** SHA-256 of the tokens in order of id, in 64 hexadecimal digits. */
  get hash(): string {
    this.#hash ??= createHash("sha256").update(JSON.stringify(this.#tokens))
      .digest("hex");
    return this.#hash;
  }

  /** Whether the token has an id. */
  has(token: string): boolean {
    return this.#ids.has(token);
  }

  /**
   * The id of a token.
   *
   * @throws {RangeError} If the vocabulary lacks it.
   */
  id(token: string): number {
    const id = this.#ids.get(token);
    if (id === undefined) {
      throw new RangeError(
        `Cannot encode token "${token}": it is not among the ${this.size} tokens of the vocabulary. Was it made by another tokenizer, or from another corpus?`,
      );
    }
    return id;
  }

  /**
   * The token with an id.
   *
   * @throws {RangeError} If there is none.
   */
  token(id: number): string {
    const token = this.#tokens[id];
    if (token === undefined) {
      throw new RangeError(
        `Cannot decode a token id: it must be a whole number below ${this.size}, current value is ${id}.`,
      );
    }
    return token;
  }

  /**
   * Tokens to ids.
   *
   * @throws {RangeError} If the vocabulary lacks one.
   */
  encode(tokens: readonly string[]): Int32Array {
    return Int32Array.from(tokens, (token) => this.id(token));
  }

  /**
   * Ids to tokens.
   *
   * @throws {RangeError} If an id has no token.
   */
  decode(ids: Iterable<number>): string[] {
    return Array.from(ids, (id) => this.token(id));
  }

  /** The tokens in order of id. */
  toJSON(): string[] {
    return [...this.#tokens];
  }
}
