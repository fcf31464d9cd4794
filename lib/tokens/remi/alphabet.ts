/** What each REMI token of a vocabulary means, parsed once for all readers. */

import { type RemiOptions, remiResolution } from "./resolution.ts";
import {
  numberOf,
  parseToken,
  type RemiToken,
  type RemiTokenType,
  TOKEN_TYPES,
} from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

const ALPHABETS = new WeakMap<Vocabulary, RemiAlphabet>();

/** Index of each type in {@linkcode TOKEN_TYPES}. */
export const TYPE_INDEX = Object.fromEntries(
  TOKEN_TYPES.map((type, index) => [type, index]),
) as Readonly<Record<RemiTokenType, number>>;

/**
 * The type, value and number of each id of a vocabulary, and the ids of each
 * type. It never changes: callers must not write to its arrays.
 *
 * @example
 * ```ts
 * import { RemiAlphabet } from "immersic/tokens/remi/remi.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const vocabulary = Vocabulary.fromTokens(["Bar", "Tempo_100", "Tempo_70"]);
 * const alphabet = RemiAlphabet.of(vocabulary);
 * const id = alphabet.id("Tempo", 100);
 * console.assert(alphabet.types[id] === "Tempo");
 * console.assert(alphabet.numbers[id] === 100);
 * console.assert(alphabet.numbersOf("Tempo").join() === "70,100");
 * ```
 */
export class RemiAlphabet {
  /** By id: the token's type. */
  readonly types: readonly RemiTokenType[];
  /** By id: index of the type in {@linkcode TYPE_INDEX}. */
  readonly typeIndexes: Uint8Array;
  /** By id: the token's type and value. */
  readonly tokens: readonly RemiToken[];
  /** By id: the value as a number, 0 where it is none, as "4/4" or "any". */
  readonly numbers: Int32Array;
  /** By type: its ids, rising; none where the vocabulary has none. */
  readonly ids: Readonly<Record<RemiTokenType, readonly number[]>>;
  /** {@linkcode numbersAt} by steps per quarter and velocity bins. */
  readonly #numbersAt = new Map<string, Int32Array>();

  private constructor(
    /** The vocabulary whose ids these are. */
    readonly vocabulary: Vocabulary,
  ) {
    this.tokens = vocabulary.toJSON().map(parseToken);
    this.types = this.tokens.map(({ type }) => type);
    this.typeIndexes = Uint8Array.from(this.types, (type) => TYPE_INDEX[type]);
    this.numbers = Int32Array.from(this.tokens, ({ value }) => Number(value));
    this.ids = Object.fromEntries(
      TOKEN_TYPES.map((wanted) => [
        wanted,
        this.types.flatMap((type, id) => type === wanted ? [id] : []),
      ]),
    ) as Record<RemiTokenType, number[]>;
  }

  /**
   * The alphabet of a vocabulary, the same one each time.
   *
   * @throws {RangeError} If the vocabulary holds tokens that are not REMI.
   */
  static of(vocabulary: Vocabulary): RemiAlphabet {
    let alphabet = ALPHABETS.get(vocabulary);
    if (!alphabet) {
      alphabet = new RemiAlphabet(vocabulary);
      ALPHABETS.set(vocabulary, alphabet);
    }
    return alphabet;
  }

  /**
   * Numbers by id at one resolution, checked: steps of a bar for a time
   * signature, 0 for an attribute, `Bar` and `End`.
   *
   * @param options The options of the tokenizer that made the tokens.
   * @returns Shape [V].
   * @throws {RangeError} If that tokenizer never writes one of the tokens.
   */
  numbersAt(options: RemiOptions = {}): Int32Array {
    const resolution = remiResolution(options);
    const key = `${resolution.stepsPerQuarter} ${resolution.velocityBins}`;
    let numbers = this.#numbersAt.get(key);
    if (!numbers) {
      numbers = Int32Array.from(
        this.tokens,
        (token) => numberOf(token, resolution),
      );
      this.#numbersAt.set(key, numbers);
    }
    return numbers;
  }

  /**
   * The token with an id.
   *
   * @throws {RangeError} If there is none.
   */
  token(id: number): RemiToken {
    const token = this.tokens[id];
    // vocabulary.token() throws for an id without a token.
    return token ?? parseToken(this.vocabulary.token(id));
  }

  /** The values of a type's tokens, in order of id. */
  valuesOf(type: RemiTokenType): string[] {
    return this.tokens.filter((token) => token.type === type)
      .map(({ value }) => value);
  }

  /** The numbers of a type's tokens, rising. */
  numbersOf(type: RemiTokenType): number[] {
    return this.valuesOf(type).map(Number).sort((a, b) => a - b);
  }

  /** The id of a type's token, undefined where the vocabulary lacks it. */
  find(type: RemiTokenType, value: number | string): number | undefined {
    const token = `${type}_${value}`;
    return this.vocabulary.has(token) ? this.vocabulary.id(token) : undefined;
  }

  /**
   * The id of a type's token.
   *
   * @throws {RangeError} If the vocabulary lacks it.
   */
  id(type: RemiTokenType, value: number | string): number {
    return this.vocabulary.id(`${type}_${value}`);
  }

  /**
   * The id of a type's token with the nearest number, the first of two as near;
   * for `Pitch`, any octave of the same note is nearer than another note.
   *
   * @returns Undefined where the vocabulary has no token of the type.
   */
  nearest(type: RemiTokenType, value: number | string): number | undefined {
    let nearest: number | undefined, least = Infinity;
    for (const [id, token] of this.tokens.entries()) {
      if (token.type !== type) continue;
      const apart = Math.abs(Number(token.value) - Number(value));
      const otherNote = type === "Pitch" && apart % 12 !== 0;
      const distance = Number.isNaN(apart)
        ? Infinity
        : apart + (otherNote ? 128 : 0);
      if (nearest !== undefined && distance >= least) continue;
      nearest = id;
      least = distance;
    }
    return nearest;
  }

  /**
   * Marks the tokens of some types, for example to tell a `RepetitionGuard`
   * which ones make the music.
   *
   * @returns 1 where a token is of one of the types, else 0, shape [V].
   */
  mark(types: readonly RemiTokenType[]): Uint8Array {
    return Uint8Array.from(this.types, (type) => types.includes(type) ? 1 : 0);
  }
}
