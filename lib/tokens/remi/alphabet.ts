/** A vocabulary's tokens by type, taken apart once. */

import { parseToken, type RemiTokenType, TOKEN_TYPES } from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** REMI tokens by id, and ids by type. */
export class TokenLists {
  readonly types: readonly RemiTokenType[];
  /** The number each token carries, 0 where it carries none. */
  readonly numbers: Int32Array;
  /** Ids of each type, rising; none where the vocabulary has none. */
  readonly lists: Readonly<Record<string, readonly number[]>>;

  constructor(vocabulary: Vocabulary, readonly stepsPerQuarter: number) {
    const tokens = vocabulary.toJSON().map(parseToken);
    this.types = tokens.map(({ type }) => type);
    this.numbers = Int32Array.from(tokens, ({ value }) => Number(value));
    this.lists = Object.fromEntries(
      TOKEN_TYPES.map((wanted) => [
        wanted,
        this.types.flatMap((type, id) => type === wanted ? [id] : []),
      ]),
    );
  }
}
