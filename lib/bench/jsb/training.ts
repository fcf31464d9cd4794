/**
 * Trains a network on a benchmark's training pieces, chooses its epoch by the
 * validation pieces, and measures it on the test pieces.
 *
 * T frames, 88 keys.
 */
import type { FrameCorpus } from "./frames.ts";
import type { Weights } from "../../model/model.ts";
import { Random } from "../../base/base.ts";
import { type HeardPiece, Listener } from "./features.ts";
import { KeyNetwork, type Recipe } from "./network.ts";
import { type Piece, readPiece } from "./piece.ts";
import { meanNll, type Nll } from "./score.ts";

/** A benchmark's pieces with the data for their features. */
export interface HeardCorpus {
  readonly train: readonly HeardPiece[];
  readonly valid: readonly HeardPiece[];
  readonly test: readonly HeardPiece[];
}

/**
 * Prepares a benchmark's pieces with predictions from its training pieces. Pieces
 * of one frame are left out, because there is nothing to predict.
 *
 * @throws {RangeError} If no training piece has two frames.
 */
export function hearCorpus(corpus: FrameCorpus): HeardCorpus {
  const read = (rolls: FrameCorpus["train"]) =>
    rolls.map(readPiece).filter(({ length }) => length > 1);
  const train = read(corpus.train);
  if (train.length === 0) {
    throw new RangeError(
      `Cannot train on ${corpus.train.length} pieces: no training piece has two frames.`,
    );
  }
  const listener = new Listener(train);
  const hear = (piece: Piece) => listener.hear(piece);
  return {
    train: train.map(hear),
    valid: read(corpus.valid).map(hear),
    test: read(corpus.test).map(hear),
  };
}

/** The result of training a network. */
export interface SeedResult {
  readonly valid: Nll;
  readonly test: Nll;
  /** The epoch that validation chose. */
  readonly epoch: number;
}

/** Epochs between two validations. */
const VALIDATE_EVERY = 3;

/**
 * Trains a network and measures it. The test pieces are predicted once, with the
 * weights that validation chose.
 */
export async function trainSeed(
  { train, valid, test }: HeardCorpus,
  recipe: Recipe,
  seed: number,
  progress: (text: string) => void,
): Promise<SeedResult> {
  const mostFrames = [...train, ...valid, ...test]
    .reduce((most, { piece }) => Math.max(most, piece.length), 0);
  using network = await KeyNetwork.create(
    recipe,
    train,
    mostFrames,
    new Random(seed),
  );
  const score = (pieces: readonly HeardPiece[]) =>
    meanNll(pieces.map((heard) => ({
      roll: heard.piece.roll,
      logits: network.predict(heard),
    })));
  let best: { valid: Nll; epoch: number; weights: Weights } | undefined;
  for (let epoch = 1; epoch <= recipe.epochs; epoch++) {
    const loss = network.trainEpoch();
    progress(
      `seed ${seed}, epoch ${epoch} of ${recipe.epochs}: train ${
        loss.toFixed(3)
      }${best ? `, valid ${best.valid.frames.toFixed(3)} at best` : ""}`,
    );
    if (epoch % VALIDATE_EVERY !== 0 && epoch !== recipe.epochs) continue;
    network.swapAverage();
    const nll = score(valid);
    if (!best || nll.frames < best.valid.frames) {
      best = { valid: nll, epoch, weights: network.weights };
    }
    network.swapAverage();
  }
  if (!best) {
    throw new RangeError(
      `Cannot train: epochs must be at least 1, current value is ${recipe.epochs}.`,
    );
  }
  network.weights = best.weights;
  return { valid: best.valid, test: score(test), epoch: best.epoch };
}
