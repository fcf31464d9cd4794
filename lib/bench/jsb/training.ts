/**
 * Trains networks of one seed on a benchmark's training pieces, chooses the
 * epoch of each by the validation pieces, and predicts with all of them.
 *
 * T frames, 88 keys.
 */
import type { FrameCorpus } from "../../frames.ts";
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

/** Networks of one seed. */
export interface SeedResult {
  readonly valid: Nll;
  readonly test: Nll;
  /** Each network by itself, and the epoch chosen for it. */
  readonly networks: readonly {
    readonly valid: Nll;
    readonly test: Nll;
    readonly epoch: number;
  }[];
}

type Logits = readonly Float32Array[];

/** Logits of the mean of the networks' probabilities. */
export function meanProbability(networks: readonly Logits[]): Float32Array[] {
  return networks[0].map((first, piece) =>
    first.map((_, i) => {
      let on = 0, off = 0;
      for (const logits of networks) {
        on += 1 / (1 + Math.exp(-logits[piece][i]));
        off += 1 / (1 + Math.exp(logits[piece][i]));
      }
      return Math.log(on / off);
    })
  );
}

const score = (heard: readonly HeardPiece[], logits: Logits): Nll =>
  meanNll(heard.map(({ piece: { roll } }, i) => ({ roll, logits: logits[i] })));

/**
 * Trains and measures. The test pieces are predicted once, with what validation
 * has chosen.
 */
export async function trainSeed(
  corpus: HeardCorpus,
  recipe: Recipe,
  seed: number,
  progress: (text: string) => void,
): Promise<SeedResult> {
  const random = new Random(seed);
  const { train, valid, test } = corpus;
  const mostFrames = [...train, ...valid, ...test]
    .reduce((most, { piece }) => Math.max(most, piece.length), 0);
  const predicted: { valid: Logits; test: Logits; epoch: number }[] = [];
  for (let n = 1; n <= recipe.networks; n++) {
    using network = await KeyNetwork.create(recipe, train, mostFrames, random);
    const predict = (heard: readonly HeardPiece[]) =>
      heard.map((piece) => network.predict(piece));
    let best = { nll: Infinity, epoch: 0, weights: network.weights };
    for (let epoch = 1; epoch <= recipe.epochs; epoch++) {
      const loss = network.trainEpoch();
      network.swapAverage();
      const nll = score(valid, predict(valid)).frames;
      if (nll < best.nll) best = { nll, epoch, weights: network.weights };
      network.swapAverage();
      progress(
        `seed ${seed}, network ${n} of ${recipe.networks}, epoch ${epoch} of ${recipe.epochs}: train ${
          loss.toFixed(3)
        }, valid ${nll.toFixed(3)}`,
      );
    }
    network.weights = best.weights;
    const { epoch } = best;
    predicted.push({ valid: predict(valid), test: predict(test), epoch });
  }
  const mean = (split: "valid" | "test") =>
    score(corpus[split], meanProbability(predicted.map((one) => one[split])));
  return {
    valid: mean("valid"),
    test: mean("test"),
    networks: predicted.map((one) => ({
      valid: score(valid, one.valid),
      test: score(test, one.test),
      epoch: one.epoch,
    })),
  };
}
