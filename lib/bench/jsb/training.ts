/**
 * Trains a network on a benchmark's training pieces, chooses its epoch by the
 * validation pieces, and measures it on the test pieces.
 *
 * T frames, 88 keys.
 */
import type { FrameCorpus } from "../../frames.ts";
import type { Weights } from "../../model.ts";
import { Random } from "../../random.ts";
import { type HeardPiece, Listener } from "./features.ts";
import { KeyNetwork, type Recipe } from "./network.ts";
import { readPiece } from "./piece.ts";
import { meanNll, type Nll } from "./score.ts";

/** A benchmark's pieces as the network hears them. */
export interface HeardCorpus {
  readonly train: readonly HeardPiece[];
  readonly valid: readonly HeardPiece[];
  readonly test: readonly HeardPiece[];
}

/** Hears a benchmark's pieces beside its training pieces. */
export function hearCorpus(corpus: FrameCorpus): HeardCorpus {
  const train = corpus.train.map(readPiece);
  const listener = new Listener(train);
  const hear = (rolls: FrameCorpus["test"]) =>
    rolls.map((roll) => listener.hear(readPiece(roll)));
  return {
    train: train.map((piece) => listener.hear(piece)),
    valid: hear(corpus.valid),
    test: hear(corpus.test),
  };
}

/** What a network learnt. */
export interface SeedResult {
  readonly valid: Nll;
  readonly test: Nll;
  /** The epoch that validation chose. */
  readonly epoch: number;
}

/** Epochs between two looks at the validation pieces. */
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
