/**
 * The data of an epoch: its augmented pieces and their batches. They depend only on
 * the seed and the epoch's number, so that a resumed run trains on the same data
 * as an uninterrupted one.
 */

import type { Config, Random } from "../base/base.ts";
import {
  type Batch,
  batches,
  beginningOf,
  epochRandom,
  makeWindows,
  statefulBatches,
} from "../corpus/corpus.ts";
import { ChordAugmenter } from "../tokens/chord/chord.ts";
import {
  frameOf,
  RemiAugmenter,
  type TonicFrame,
} from "../tokens/remi/remi.ts";
import type { TrainingData } from "./training_data.ts";

/** Shares of a piece's bars that a beginning has. */
const BEGINNING = [0.15, 0.5] as const;

/** The data of a training run, epoch by epoch. */
export class EpochData {
  readonly #config: Config;
  readonly #data: TrainingData;
  readonly #augmenter: RemiAugmenter | ChordAugmenter | undefined;
  readonly #frame: TonicFrame | undefined;
  /** −1 of chord tokens, which have no bars. */
  readonly #barId: number;

  /** @param config Of the run. */
  constructor(config: Config, data: TrainingData) {
    this.#config = config;
    this.#data = data;
    this.#frame = frameOf({ config, ...data });
    const { vocabulary } = data;
    this.#barId = vocabulary.has("Bar") ? vocabulary.id("Bar") : -1;
    if (config.augment) {
      const { tokenizer, vocabulary, tokenizerOptions } = data;
      this.#augmenter = tokenizer === "remi"
        ? new RemiAugmenter(vocabulary, tokenizerOptions)
        : new ChordAugmenter(vocabulary);
    }
  }

  /** The validation pieces as the network reads them. */
  get valid(): readonly Int32Array[] {
    const frame = this.#frame, { valid } = this.#data;
    return frame ? valid.map((ids) => frame.inC(ids)) : valid;
  }

  /** The training pieces of an epoch, with its own augmentation, as the network reads them. */
  piecesOf(epoch: number): readonly Int32Array[] {
    const random = epochRandom(this.#config.seed ^ 0x5bd1e995, epoch);
    const { train } = this.#data, { epochTokens } = this.#config;
    if (epochTokens === 0) return train.map((ids) => this.#read(ids, random));
    const pieces: Int32Array[] = [];
    let tokens = 0;
    for (const ids of random.shuffle(train)) {
      const piece = this.#read(ids, random);
      pieces.push(piece);
      tokens += piece.length;
      if (tokens >= epochTokens) break;
    }
    return pieces;
  }

  /** A training piece varied, in C where the network reads it so, and perhaps cut. */
  #read(ids: Int32Array, random: Random): Int32Array {
    const augmenter = this.#augmenter, frame = this.#frame;
    const { relabel, beginnings } = this.#config;
    const varied = augmenter === undefined
      ? ids
      : augmenter instanceof ChordAugmenter
      ? augmenter.random(ids, random, relabel)
      : augmenter.random(ids, random, {
        relabel,
        // Not transposed: the network reads all pieces in C anyway.
        ...frame && { semitones: 0 },
      });
    const piece = frame ? frame.inC(varied, ids[0]) : varied;
    return beginnings > 0 && random.next() < beginnings
      ? this.#beginningOf(piece, random)
      : piece;
  }

  /** The beginning of a piece, some of its bars. */
  #beginningOf(ids: Int32Array, random: Random): Int32Array {
    const barId = this.#barId;
    const bars: number[] = [];
    for (let i = 0; i < ids.length; i++) if (ids[i] === barId) bars.push(i);
    const [low, high] = BEGINNING;
    const share = low + (high - low) * random.next();
    // With the bar line after it, so that this is learnt too.
    const last = bars[Math.max(2, Math.ceil(share * bars.length))];
    return last === undefined ? ids : beginningOf(ids, last + 1);
  }

  /** The batches of an epoch's pieces; each is valid until the next is taken. */
  batchesOf(pieces: readonly Int32Array[], epoch: number): Iterable<Batch> {
    const { sequenceLength, batchSize, seed, carry } = this.#config;
    const random = epochRandom(seed, epoch);
    return carry
      ? statefulBatches(pieces, { sequenceLength, batchSize, random })
      : batches(makeWindows(pieces, this.#config), { batchSize, random });
  }

  /** How many batches an epoch's pieces give. */
  stepsOf(pieces: readonly Int32Array[], epoch: number): number {
    const { batchSize, carry } = this.#config;
    if (!carry) {
      return Math.ceil(makeWindows(pieces, this.#config).count / batchSize);
    }
    let steps = 0;
    for (const _ of this.batchesOf(pieces, epoch)) steps++;
    return steps;
  }
}
