/**
 * The data of an epoch: its augmented pieces and their batches. They depend only on
 * the seed and the epoch's number, so that a resumed run trains on the same data
 * as an uninterrupted one.
 */

import { type Config, Random } from "../base/base.ts";
import {
  type Batch,
  batches,
  beginningOf,
  epochRandom,
  lengthsOf,
  makeWindows,
  statefulBatches,
  tokenCount,
  windowCount,
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
/** Most tokens of an epoch that is held as a whole. */
const MOST_TOKENS = 2 ** 24;
/** Tokens of a part of a larger one. */
const PART_TOKENS = 2 ** 20;

/** An epoch of training. */
export interface Epoch {
  /** How many batches it has; of an epoch in parts, nearly. */
  readonly steps: number;
  /** The batches from the first on; each is valid until the next is taken. */
  batches(): Iterable<Batch>;
}

/** A part of an epoch: its pieces, as indices, and how many windows they have. */
interface Part {
  readonly pieces: Int32Array;
  readonly windows: number;
}

/** How large an epoch may be. */
export interface EpochLimits {
  /** Most tokens of an epoch that is held as a whole. */
  readonly mostTokens: number;
  /** Tokens of a part of a larger one. */
  readonly partTokens: number;
}

/** The data of a training run, epoch by epoch. */
export class EpochData {
  readonly #config: Config;
  readonly #data: TrainingData;
  readonly #augmenter: RemiAugmenter | ChordAugmenter | undefined;
  readonly #frame: TonicFrame | undefined;
  /** −1 of chord tokens, which have no bars. */
  readonly #barId: number;

  readonly #limits: EpochLimits;

  /**
   * The epochs of a run.
   *
   * @param config Of the run.
   */
  constructor(
    config: Config,
    data: TrainingData,
    limits: EpochLimits = { mostTokens: MOST_TOKENS, partTokens: PART_TOKENS },
  ) {
    this.#limits = limits;
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

  /**
   * An epoch, with its own augmentation. Which pieces it has, and in which order, is
   * drawn from all of the corpus. One of many tokens comes in parts, so that memory
   * does not grow with the corpus: pieces in random order, a million tokens of them
   * at a time, and their windows in random order.
   */
  epoch(number: number): Epoch {
    const { train } = this.#data, { seed, epochTokens } = this.#config;
    const pieceRandom = () => epochRandom(seed ^ 0x5bd1e995, number);
    const most = Math.min(tokenCount(train), epochTokens || Infinity);
    if (most <= this.#limits.mostTokens) {
      const pieces = this.#pieces(pieceRandom());
      return {
        steps: this.#stepsOf(pieces, number),
        batches: () => this.#batchesOf(pieces, epochRandom(seed, number)),
      };
    }
    const random = pieceRandom();
    const parts = this.#parts(random.order(train.length));
    const { state } = random, { batchSize } = this.#config;
    return {
      steps: parts.reduce(
        (sum, { windows }) => sum + Math.ceil(windows / batchSize),
        0,
      ),
      batches: () =>
        this.#batchesInParts(parts, {
          ofPieces: Random.fromState(state),
          ofBatches: epochRandom(seed, number),
        }),
    };
  }

  /** The batches of an epoch of many tokens. */
  *#batchesInParts(
    parts: readonly Part[],
    random: { readonly ofPieces: Random; readonly ofBatches: Random },
  ): Generator<Batch> {
    const { train } = this.#data;
    for (const { pieces } of parts) {
      const read = Array.from(
        pieces,
        (i) => this.#read(train.at(i)!, random.ofPieces),
      );
      yield* this.#batchesOf(read, random.ofBatches);
    }
  }

  /** The parts of an epoch of many tokens. */
  #parts(order: Int32Array): readonly Part[] {
    const { epochTokens, carry, sequenceLength } = this.#config;
    const { partTokens } = this.#limits;
    const way = carry ? { sequenceLength } : this.#config;
    const lengths = lengthsOf(this.#data.train);
    const parts: Part[] = [];
    let from = 0, tokens = 0, windows = 0, all = 0;
    for (let i = 0; i < order.length; i++) {
      const length = lengths[order[i]!]!;
      tokens += length;
      all += length;
      windows += windowCount(length, way);
      const isLast = i === order.length - 1 ||
        epochTokens > 0 && all >= epochTokens;
      if (!isLast && tokens < partTokens) continue;
      parts.push({ pieces: order.subarray(from, i + 1), windows });
      [from, tokens, windows] = [i + 1, 0, 0];
      if (isLast) break;
    }
    return parts;
  }

  /** The training pieces of an epoch of few tokens, as the network reads them. */
  #pieces(random: Random): readonly Int32Array[] {
    const { train } = this.#data, { epochTokens } = this.#config;
    if (epochTokens === 0) {
      return Array.from(train, (ids) => this.#read(ids, random));
    }
    const pieces: Int32Array[] = [];
    let tokens = 0;
    for (const i of random.order(train.length)) {
      const piece = this.#read(train.at(i)!, random);
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

  /** The batches of some pieces; each is valid until the next is taken. */
  #batchesOf(pieces: readonly Int32Array[], random: Random): Iterable<Batch> {
    const { sequenceLength, batchSize, carry } = this.#config;
    return carry
      ? statefulBatches(pieces, { sequenceLength, batchSize, random })
      : batches(makeWindows(pieces, this.#config), { batchSize, random });
  }

  /** How many batches an epoch's pieces give. */
  #stepsOf(pieces: readonly Int32Array[], epoch: number): number {
    const { batchSize, carry, seed } = this.#config;
    if (!carry) {
      return Math.ceil(makeWindows(pieces, this.#config).count / batchSize);
    }
    let steps = 0;
    for (const _ of this.#batchesOf(pieces, epochRandom(seed, epoch))) steps++;
    return steps;
  }
}
