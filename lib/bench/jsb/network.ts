/**
 * Predicts the next frame of a piece key by key: one LSTM, the same for all keys,
 * reads the piece relative to a key and predicts whether the key will sound.
 *
 * T frames, 88 keys, F features, K keys that are modelled.
 */
import { KEYS } from "./frames.ts";
import { Network, type NetworkSpec } from "../../lstm/lstm.ts";
import { initialWeights, type Weights } from "../../model/model.ts";
import type { Random } from "../../base/base.ts";
import { FEATURES, type HeardPiece, writeFeatures } from "./features.ts";

/** A network and how it is trained. */
export interface Recipe {
  /** Size that the features are first projected to. */
  readonly projection: number;
  /** Units of the LSTM. */
  readonly units: number;
  /** Dropout rate of the LSTM's outputs. */
  readonly dropout: number;
  /** Passes over the training pieces. */
  readonly epochs: number;
  /** Pieces in a batch. */
  readonly batchPieces: number;
  /** Number of random keys for which each piece of a batch is predicted. */
  readonly batchKeys: number;
  /** Adam's highest learning rate; it falls from there by half a cosine. */
  readonly learningRate: number;
  /** Steps in which the learning rate rises from 0. */
  readonly warmupSteps: number;
  /** Decoupled weight decay. */
  readonly weightDecay: number;
  /** A gradient of a larger norm is scaled down to this. */
  readonly clipNorm: number;
  /** Decay per step of the weights' moving average, which predictions use. */
  readonly averageDecay: number;
}

/** Keys beyond the training pieces' lowest and highest that are modelled. */
const MARGIN = 2;
/** Initial bias of the output: few keys sound at once. */
const FIRST_LOGIT = -3;

function specOf(recipe: Recipe): NetworkSpec {
  return {
    input: { kind: "dense", size: FEATURES },
    layers: [
      { kind: "dense", name: "projection", units: recipe.projection },
      {
        kind: "lstm",
        name: "lstm",
        units: recipe.units,
        returnSequences: true,
      },
      { kind: "dropout", name: "dropout", rate: recipe.dropout },
      { kind: "dense", name: "dense", units: 1 },
    ],
    loss: "sigmoid",
  };
}

/** A sequence: a piece, relative to a key. */
type Row = { readonly heard: HeardPiece; readonly key: number };

/** A network that predicts keys, and the training pieces it learns from. */
export class KeyNetwork {
  readonly #recipe: Recipe;
  readonly #train: readonly HeardPiece[];
  readonly #random: Random;
  readonly #network: Network;
  /** Keys that are modelled, and the logit of all others. */
  readonly #keys: readonly number[];
  readonly #otherLogit: number;
  readonly #inputs: Float32Array;
  readonly #targets: Float32Array;
  #step = 0;

  private constructor(
    recipe: Recipe,
    train: readonly HeardPiece[],
    random: Random,
    network: Network,
    keys: readonly number[],
    rows: number,
    steps: number,
  ) {
    this.#recipe = recipe;
    this.#train = train;
    this.#random = random;
    this.#network = network;
    this.#keys = keys;
    const frames = train.reduce((sum, { piece }) => sum + piece.length, 0);
    // Smoothed: as if half a key had sounded in one more frame.
    this.#otherLogit = Math.log(0.5 / (frames + 0.5));
    this.#inputs = new Float32Array(rows * steps * FEATURES);
    this.#targets = new Float32Array(rows * steps);
  }

  /**
   * Makes a network with random initial weights.
   *
   * @param mostFrames Frames of the longest piece that it will read.
   * @param random Source of its weights, batches and dropout.
   */
  static async create(
    recipe: Recipe,
    train: readonly HeardPiece[],
    mostFrames: number,
    random: Random,
  ): Promise<KeyNetwork> {
    const sounding = train.flatMap(({ piece }) => piece.keys.flat());
    const lowest = sounding.reduce((a, b) => Math.min(a, b), KEYS) - MARGIN;
    const highest = sounding.reduce((a, b) => Math.max(a, b), 0) + MARGIN;
    const keys = Array.from({ length: KEYS }, (_, key) => key)
      .filter((key) => key >= lowest && key <= highest);
    const rows = Math.max(recipe.batchPieces * recipe.batchKeys, keys.length);
    const spec = specOf(recipe);
    const network = await Network.create(spec, {
      maxBatch: rows,
      maxSteps: mostFrames - 1,
    });
    network.setWeights(initialWeights(spec, random.uint32()));
    network.setWeight("dense/bias", [FIRST_LOGIT]);
    network.startAverage();
    const steps = mostFrames - 1;
    return new KeyNetwork(recipe, train, random, network, keys, rows, steps);
  }

  /** Writes sequences into a batch; frames past the end of a piece do not count. */
  #batch(rows: readonly Row[]) {
    const inputs = this.#inputs, targets = this.#targets;
    const steps = Math.max(...rows.map(({ heard }) => heard.piece.length - 1));
    let i = 0;
    for (const { heard, key } of rows) {
      const { length, roll } = heard.piece;
      for (let t = 0; t < steps; t++, i++) {
        if (t + 1 < length) {
          writeFeatures(heard, t, key, inputs, i * FEATURES);
          targets[i] = roll[(t + 1) * KEYS + key]!;
        } else {
          inputs.fill(0, i * FEATURES, (i + 1) * FEATURES);
          targets[i] = -1;
        }
      }
    }
    return { size: rows.length, steps, inputs, targets };
  }

  /** Training pieces of about one length, in batches, in random order. */
  #batches(): HeardPiece[][] {
    const { batchPieces } = this.#recipe;
    const sorted = this.#train.map((heard) => ({
      heard,
      length: heard.piece.length + 8 * this.#random.next(),
    })).sort((a, b) => a.length - b.length);
    const batches: HeardPiece[][] = [];
    for (let i = 0; i < sorted.length; i += batchPieces) {
      const batch = sorted.slice(i, i + batchPieces);
      batches.push(batch.map(({ heard }) => heard));
    }
    return this.#random.shuffle(batches);
  }

  #learningRate(steps: number): number {
    const { learningRate, warmupSteps, epochs } = this.#recipe;
    const done = Math.min(this.#step / (steps * epochs), 1);
    return learningRate * Math.min(this.#step / warmupSteps, 1) *
      Math.max(0.5 * (1 + Math.cos(Math.PI * done)), 0.01);
  }

  /** One pass over the training pieces; returns the loss in nats per frame. */
  trainEpoch(): number {
    const { batchKeys, weightDecay, clipNorm, averageDecay } = this.#recipe;
    const random = this.#random;
    const batches = this.#batches();
    let loss = 0, count = 0;
    for (const batch of batches) {
      const step = ++this.#step;
      const rows = batch.flatMap((heard) =>
        random.shuffle(this.#keys).slice(0, batchKeys)
          .map((key) => ({ heard, key }))
      );
      const result = this.#network.trainStep(this.#batch(rows), {
        optimizer: "adam",
        learningRate: this.#learningRate(batches.length),
        step,
        dropoutKey: random.uint32() | 0,
        weightDecay,
        clipNorm,
        // Lower in the first steps, so that the initial weights soon fade.
        averageDecay: Math.min(averageDecay, step / (step + 10)),
      });
      loss += result.loss * result.count;
      count += result.count;
    }
    return loss / count * this.#keys.length;
  }

  /** Swaps the weights with their moving average. */
  swapAverage(): void {
    this.#network.swapAverage();
  }

  set weights(weights: Weights) {
    this.#network.setWeights(weights);
  }

  /** A copy of the weights. */
  get weights(): Weights {
    const { weights } = this.#network;
    return new Map(
      weights.map(({ name }) => [name, this.#network.getWeight(name)]),
    );
  }

  /** Logits of a piece's frames 2 to T. [T − 1 × 88], key fastest */
  predict(heard: HeardPiece): Float32Array {
    const rows = this.#keys.map((key) => ({ heard, key }));
    const batch = this.#batch(rows);
    const logits = this.#network.predict(batch);
    const all = new Float32Array(batch.steps * KEYS).fill(this.#otherLogit);
    rows.forEach(({ key }, r) => {
      for (let t = 0; t < batch.steps; t++) {
        all[t * KEYS + key] = logits[r * batch.steps + t]!;
      }
    });
    return all;
  }

  /** Ends the workers; the network cannot compute after this. */
  [Symbol.dispose](): void {
    this.#network.dispose();
  }
}
