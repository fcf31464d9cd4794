/**
 * The network's input where it is shown the music so far: sparse features of each
 * step, and which relations hold for the tokens that may come next.
 *
 * B batch rows, T time steps.
 */

import {
  ContextReader,
  MOST_FEATURES,
  MOST_RELATIONS,
  type PiecePlan,
  planOf,
} from "../context/context.ts";
import { type Batch, wholeOf } from "../corpus/corpus.ts";
import type { NetworkBatch } from "../lstm/lstm.ts";
import type { InputStep, ModelInput } from "./input.ts";
import { RemiAlphabet, type RemiOptions } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** One piece that is read, and how far. */
interface Row {
  readonly context: ContextReader;
  piece: Int32Array | undefined;
  place: number;
}

/** Makes the inputs of a model that is shown the context. */
export class ContextInput implements ModelInput {
  readonly #alphabet: RemiAlphabet;
  readonly #newContext: () => ContextReader;
  readonly #context: ContextReader;
  readonly #rows: Row[] = [];
  readonly #step = new Int32Array(MOST_FEATURES);
  readonly #pairs = new Int32Array(MOST_RELATIONS);
  /** The beginnings of these by length, made once: a stream must not allocate. */
  readonly #stepViews: Int32Array[] = [];
  readonly #pairViews: Int32Array[] = [];
  #features = rows(0, 0);
  #batchPairs = rows(0, 0);

  /** @param options Of the tokenizer. */
  constructor(vocabulary: Vocabulary, options: RemiOptions = {}) {
    this.#newContext = () => new ContextReader(vocabulary, options);
    this.#context = this.#newContext();
    this.#alphabet = RemiAlphabet.of(vocabulary);
  }

  /** Starts another piece. */
  reset(plan?: PiecePlan): void {
    this.#context.reset(plan);
  }

  /** A copy of the piece read so far. */
  get state(): ContextReader {
    const copy = this.#newContext();
    copy.copy(this.#context);
    return copy;
  }

  /** Returns to a copy. */
  set state(state: ContextReader) {
    this.#context.copy(state);
  }

  /** The input after the next token of one piece; the next call overwrites it. */
  next(id: number): InputStep {
    const context = this.#context;
    context.push(id);
    const features = context.writeFeatures(this.#step, 0);
    const relations = context.writeRelations(this.#pairs, 0);
    return {
      input: this.#stepViews[features] ??= this.#step.subarray(0, features),
      relations: this.#pairViews[relations] ??= this.#pairs.subarray(
        0,
        relations,
      ),
    };
  }

  /**
   * A batch with the network's inputs; the next call overwrites them. Quick where
   * each row goes on where it ended in the batch before.
   */
  batch(batch: Batch): NetworkBatch {
    const { size, steps, pieces, starts } = batch;
    const count = size * steps;
    if (this.#features.offsets.length < count + 1) {
      this.#features = rows(count, MOST_FEATURES);
      this.#batchPairs = rows(count, MOST_RELATIONS);
    }
    const features = this.#features, pairs = this.#batchPairs;
    let f = 0, p = 0;
    for (let r = 0; r < size; r++) {
      const row = this.#rowAt(r, pieces[r], starts[r]!);
      for (let t = 0; t < steps; t++) {
        const at = r * steps + t;
        features.offsets[at] = f;
        pairs.offsets[at] = p;
        if (!row.piece || row.place >= row.piece.length) continue;
        row.context.push(row.piece[row.place++]!);
        f = row.context.writeFeatures(features.values, f);
        p = row.context.writeRelations(pairs.values, p);
      }
    }
    features.offsets[count] = f;
    pairs.offsets[count] = p;
    return { ...batch, inputs: features, relations: pairs };
  }

  /** Row `r`, read up to `start` of a piece. */
  #rowAt(r: number, piece: Int32Array | undefined, start: number): Row {
    const row = this.#rows[r] ??= {
      context: this.#newContext(),
      piece: undefined,
      place: 0,
    };
    if (row.piece === piece && row.place === start && start > 0) return row;
    row.piece = piece;
    row.place = 0;
    if (!piece) return row;
    row.context.reset(planOf(wholeOf(piece), this.#alphabet));
    while (row.place < start) row.context.push(piece[row.place++]!);
    return row;
  }
}

/** The number of features of a vocabulary. */
export function featureCount(
  vocabulary: Vocabulary,
  options: RemiOptions = {},
): number {
  return new ContextReader(vocabulary, options).featureCount;
}

function rows(count: number, most: number) {
  return {
    offsets: new Int32Array(count + 1),
    values: new Int32Array(count * most),
  };
}
