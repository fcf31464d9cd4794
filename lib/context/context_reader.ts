/** Reads a piece, and tells what the network is shown after each token. */

import type { RemiOptions } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { FeatureLayout } from "./features.ts";
import { MusicContext } from "./music_context.ts";
import type { PiecePlan } from "./piece_plan.ts";
import { Relations } from "./relations.ts";

/** A piece of REMI tokens while it is read. */
export class ContextReader {
  readonly #context: MusicContext;
  readonly #layout: FeatureLayout;
  readonly #relations: Relations;

  /**
   * Of one alphabet.
   *
   * @param options Of the tokenizer.
   */
  constructor(vocabulary: Vocabulary, options: RemiOptions = {}) {
    this.#context = new MusicContext(vocabulary, options);
    const { alphabet, stepsPerQuarter } = this.#context;
    this.#layout = new FeatureLayout(alphabet, stepsPerQuarter);
    this.#relations = new Relations(alphabet, stepsPerQuarter);
  }

  /** How many features there are. */
  get featureCount(): number {
    return this.#layout.size;
  }

  /** Starts another piece. */
  reset(plan?: PiecePlan): void {
    this.#context.reset(plan);
  }

  /** Reads a token. */
  push(id: number): void {
    this.#context.push(id);
  }

  /**
   * Writes the features that are 1 for the token that comes next.
   *
   * @param to Filled from `from` on.
   * @returns Where they end.
   */
  writeFeatures(to: Int32Array, from: number): number {
    return this.#layout.write(this.#context, to, from);
  }

  /**
   * Writes which relation holds for which token, as token + 65536·relation.
   *
   * @param to Filled from `from` on.
   * @returns Where they end.
   */
  writeRelations(to: Int32Array, from: number): number {
    return this.#relations.write(this.#context, to, from);
  }

  /** Takes over what another reader of the same vocabulary has read. */
  copy(other: ContextReader): void {
    this.#context.copy(other.#context);
  }
}
