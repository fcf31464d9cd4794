/**
 * What a checkpoint holds: a training run at one moment, with everything that
 * generating and resuming need.
 */

import type { Config } from "../base/base.ts";
import type { NetworkSpec, NetworkState, Weights } from "../lstm/lstm.ts";
import type { ChordStyle } from "../tokens/chord/chord.ts";
import type { Profile } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { featureCount } from "./context_input.ts";
import { immersicNetwork } from "./network.ts";

/** Results of one finished epoch. */
export interface EpochResult {
  /** From 1 on. */
  readonly epoch: number;
  /** Training steps since the run began. */
  readonly step: number;
  /** Mean over the epoch, in nats per token, with dropout on. */
  readonly trainLoss: number;
  /** Share of training tokens to which the network gave the highest probability. */
  readonly trainAccuracy: number;
  /** Mean over the validation pieces, in nats per token; undefined without any. */
  readonly validLoss?: number;
  /** As {@linkcode trainAccuracy}, of the validation pieces. */
  readonly validAccuracy?: number;
  /** Wall-clock time of the epoch, validation included. */
  readonly seconds: number;
}

/** How far an unfinished epoch has come, and its sums so far. */
export interface EpochProgress {
  /** Steps done in this epoch. */
  readonly steps: number;
  /** Sum of the losses of all targets, in nats. */
  readonly lossSum: number;
  /** Targets that were predicted. */
  readonly count: number;
  /** Targets to which the network gave the highest probability. */
  readonly correct: number;
}

/** The data that a model was trained on. */
export interface CorpusInfo {
  /** Which alphabet its tokens are of. */
  readonly tokenizer: "chord" | "remi";
  /** Settings of the tokenizer. */
  readonly tokenizerOptions?: object;
  /** Hash of the splits and their token ids; resuming on other data is refused. */
  readonly hash: string;
  /** Hash of the pieces held back, see `Corpus`; older checkpoints lack it. */
  readonly heldOutHash?: string;
  /** The corpus's folder, relative to the project's; undefined if outside it. */
  readonly folder?: string;
  /** Chord tokens: tempo, rhythms and velocities of the training pieces. */
  readonly style?: ChordStyle;
  /**
   * REMI: profiles (attributes, constraints, density) of typical training
   * pieces; an unprompted piece copies one.
   */
  readonly profiles?: readonly Profile[];
}

/** The whole state of a training run at one step. */
export interface Checkpoint {
  /** The configuration that the run was begun with. */
  readonly config: Config;
  /** The data that it trains on. */
  readonly corpus: CorpusInfo;
  /** The tokens of the network's outputs. */
  readonly vocabulary: Vocabulary;
  /** Finished epochs. */
  readonly epoch: number;
  /** Training steps since the run began. */
  readonly step: number;
  /** How far the epoch after `epoch` has come; undefined between epochs. */
  readonly progress?: EpochProgress;
  /** Results of the finished epochs. */
  readonly history: readonly EpochResult[];
  /** Number of threads. It decides the order of summation, and so the last bits. */
  readonly workers: number;
  /** What it was trained with last, such as "native"; older checkpoints lack it. */
  readonly engine?: string;
  /** The weights to generate with. */
  readonly weights: Weights;
  /** What only training needs; undefined in a copy that cannot be resumed. */
  readonly training?: NetworkState;
}

/** Why a checkpoint cannot be used. */
export class CheckpointError extends Error {
  /** The error's class. */
  override readonly name = "CheckpointError";
}

/** The network that a checkpoint's weights belong to. */
export function networkOf(
  { config, vocabulary, corpus }:
    & Pick<Checkpoint, "config" | "vocabulary">
    & { readonly corpus?: Pick<CorpusInfo, "tokenizerOptions"> },
): NetworkSpec {
  const features = config.input === "context"
    ? featureCount(vocabulary, corpus?.tokenizerOptions)
    : 0;
  return immersicNetwork(config, vocabulary.size, features);
}

/**
 * The epoch with the lowest validation loss, or with the lowest training loss
 * where there are no validation pieces.
 */
export function bestEpoch(history: readonly EpochResult[]): number | undefined {
  const loss = ({ validLoss, trainLoss }: EpochResult) =>
    validLoss ?? trainLoss;
  let best: EpochResult | undefined;
  for (const result of history) {
    if (!best || loss(result) < loss(best)) best = result;
  }
  return best?.epoch;
}
