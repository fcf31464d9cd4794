/**
 * The network's input for each token: its id; its id as a number, as in the
 * original Immersic; or the token together with the attributes at the beginning
 * of its piece. A network that reads these only once, before the first note,
 * forgets them long before the last note.
 *
 * B batch rows, T time steps, V vocabulary size.
 */

import { ATTRIBUTE_NAMES } from "../music/music.ts";
import type { Config } from "../base/base.ts";
import type { Batch } from "../corpus/corpus.ts";
import type { NetworkBatch } from "../lstm/lstm.ts";
import type { InputStep, ModelInput } from "./input.ts";

/**
 * Input value of an attribute; that of the token is 1. It is small, because in an
 * untrained network the attributes together are noise that hides the token.
 */
const ATTRIBUTE_INPUT = 0.1;

/** The properties of a model that its inputs depend on. */
export interface IdInputSource {
  /** The configuration of its run. */
  readonly config: Pick<Config, "input">;
  /** Which alphabet its tokens are of. */
  readonly tokenizer: "chord" | "remi";
  /** Its tokens. */
  readonly vocabulary: { readonly size: number };
}

/**
 * Turns token ids into the network's inputs.
 *
 * @example
 * ```ts
 * import { IdInput } from "immersic/model/id_input.ts";
 * const input = new IdInput({
 *   config: { input: "scalar" }, tokenizer: "chord", vocabulary: { size: 8 },
 * });
 * console.assert(input.next(2).input === 0.25);
 * ```
 */
export class IdInput implements ModelInput {
  readonly #kind: Config["input"];
  readonly #size: number;
  readonly #attributeCount: number;
  /** The attributes read so far. */
  #attributes: readonly number[] = [];
  readonly #step: Float32Array;
  #batch = new Float32Array(0);

  /** Of the model whose inputs are made. */
  constructor({ config, tokenizer, vocabulary }: IdInputSource) {
    this.#kind = config.input;
    this.#size = vocabulary.size;
    this.#attributeCount = tokenizer === "remi" ? ATTRIBUTE_NAMES.length : 0;
    this.#step = new Float32Array(this.#size);
  }

  /** Forgets the attributes read so far: a new piece begins. */
  reset(): void {
    this.#attributes = [];
  }

  /** The ids of the attributes read so far, its whole state. */
  get state(): readonly number[] {
    return this.#attributes;
  }

  /** Restores the state in which these attributes had been read. */
  set state(attributes: readonly number[]) {
    this.#attributes = attributes;
  }

  /**
   * The input of the next token of one piece.
   *
   * @returns Its input is an id, a number, or floats [V] that the next token
   * overwrites.
   */
  next(id: number): InputStep {
    if (this.#kind === "onehot") return { input: id };
    if (this.#kind === "scalar") return { input: id / this.#size };
    if (this.#attributes.length < this.#attributeCount) {
      this.#attributes = [...this.#attributes, id];
    }
    this.#step.fill(0);
    this.#write(this.#step, 0, id, this.#attributes, this.#attributes.length);
    return { input: this.#step };
  }

  /**
   * A batch with the network's inputs.
   *
   * @returns Its inputs are ids [B, T], numbers [B, T] or floats [B, T, V], which
   * the next call overwrites.
   */
  batch(batch: Batch): NetworkBatch {
    if (this.#kind === "onehot") return batch;
    const { size, steps, inputs, pieces, starts } = batch;
    if (this.#kind === "scalar") {
      return {
        ...batch,
        inputs: Float32Array.from(inputs, (id) => id / this.#size),
      };
    }
    const width = this.#size;
    if (this.#batch.length < size * steps * width) {
      this.#batch = new Float32Array(size * steps * width);
    }
    this.#batch.fill(0);
    for (let row = 0; row < size; row++) {
      const piece = pieces[row];
      for (let t = 0; piece && t < steps; t++) {
        const place = starts[row]! + t;
        if (place < 0 || place >= piece.length) continue;
        const at = (row * steps + t) * width;
        const read = Math.min(place + 1, this.#attributeCount);
        this.#write(this.#batch, at, piece[place]!, piece, read);
      }
    }
    return { ...batch, inputs: this.#batch };
  }

  /** Writes one step: the token `id` and the first `read` ids of `attributes`. */
  #write(
    to: Float32Array,
    at: number,
    id: number,
    attributes: ArrayLike<number>,
    read: number,
  ): void {
    for (let i = 0; i < read; i++) to[at + attributes[i]!] = ATTRIBUTE_INPUT;
    to[at + id] = 1;
  }
}
