/**
 * What the network is shown at each step: a token's id, its id as a number as
 * the original Immersic has it, or the token together with the attributes that
 * head its piece. These come before the first note only, and a network that saw
 * them once forgets them long before the last.
 *
 * B batch rows, T time steps, V vocabulary size.
 */

import { ATTRIBUTE_NAMES } from "../music/music.ts";
import type { Config } from "../base/base.ts";
import type { Batch } from "../corpus/corpus.ts";
import type { NetworkBatch } from "../lstm/lstm.ts";

/** Small, for all together are at first noise over the token, which is 1. */
const ATTRIBUTE_INPUT = 0.1;

/** Whose tokens go in. */
export interface InputSource {
  readonly config: Pick<Config, "input">;
  readonly tokenizer: "chord" | "remi";
  readonly vocabulary: { readonly size: number };
}

/**
 * Makes inputs of ids.
 *
 * @example
 * ```ts
 * import { ModelInput } from "immersic/model/model.ts";
 * const input = new ModelInput({
 *   config: { input: "scalar" }, tokenizer: "chord", vocabulary: { size: 8 },
 * });
 * console.assert(input.next(2) === 0.25);
 * ```
 */
export class ModelInput {
  readonly #kind: Config["input"];
  readonly #size: number;
  readonly #headLength: number;
  /** The attributes read so far. */
  #head: readonly number[] = [];
  readonly #step: Float32Array;
  #batch = new Float32Array(0);

  constructor({ config, tokenizer, vocabulary }: InputSource) {
    this.#kind = config.input;
    this.#size = vocabulary.size;
    this.#headLength = tokenizer === "remi" ? ATTRIBUTE_NAMES.length : 0;
    this.#step = new Float32Array(this.#size);
  }

  /** A new piece begins. */
  reset(): void {
    this.#head = [];
  }

  /** The attributes read so far: what it remembers, to return to. */
  get head(): readonly number[] {
    return this.#head;
  }

  set head(head: readonly number[]) {
    this.#head = head;
  }

  /**
   * The input of the next token of one piece.
   *
   * @returns An id, a number, or floats [V] that the next token overwrites.
   */
  next(id: number): number | Float32Array {
    if (this.#kind === "onehot") return id;
    if (this.#kind === "scalar") return id / this.#size;
    if (this.#head.length < this.#headLength) {
      this.#head = [...this.#head, id];
    }
    this.#step.fill(0);
    this.#write(this.#step, 0, id, this.#head, this.#head.length);
    return this.#step;
  }

  /**
   * A batch as the network takes it.
   *
   * @returns Its inputs are ids [B, T], numbers [B, T] or floats [B, T, V]; the
   * next batch overwrites the last.
   */
  batch<B extends Batch>(batch: B): B & NetworkBatch {
    if (this.#kind === "onehot") return batch;
    const { size, steps, inputs, pieces, starts } = batch;
    if (this.#kind === "scalar") {
      return {
        ...batch,
        inputs: Float32Array.from(inputs, (id) => id / this.#size),
      } as unknown as B & NetworkBatch;
    }
    const width = this.#size;
    if (this.#batch.length < size * steps * width) {
      this.#batch = new Float32Array(size * steps * width);
    }
    this.#batch.fill(0);
    for (let row = 0; row < size; row++) {
      const piece = pieces[row];
      for (let t = 0; piece && t < steps; t++) {
        const place = starts[row] + t;
        if (place < 0 || place >= piece.length) continue;
        const at = (row * steps + t) * width;
        const read = Math.min(place + 1, this.#headLength);
        this.#write(this.#batch, at, piece[place], piece, read);
      }
    }
    return { ...batch, inputs: this.#batch } as unknown as B & NetworkBatch;
  }

  #write(
    to: Float32Array,
    at: number,
    id: number,
    head: ArrayLike<number>,
    read: number,
  ): void {
    for (let i = 0; i < read; i++) to[at + head[i]] = ATTRIBUTE_INPUT;
    to[at + id] = 1;
  }
}
