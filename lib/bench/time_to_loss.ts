/**
 * Time to reach the training loss at which the original recipe ends: this
 * project's network, predicting every token from one-hot input, beside the
 * original recipe in Keras, on the chord tokens of lofi-samples.
 */
import { join, resolve } from "@std/path";
import { configure, PROJECT_FOLDER } from "../base/base.ts";
import {
  batches,
  epochRandom,
  flattenPieces,
  loadCorpus,
  makeWindows,
  preprocess,
} from "../corpus/corpus.ts";
import { Network } from "../lstm/lstm.ts";
import { immersicNetwork, initialWeights } from "../model/model.ts";
import type { Peer } from "./peer.ts";

/** Nats per token at the end of the original's published run. */
const TARGET_LOSS = 0.6;
const MAX_EPOCHS = 500;

/** What was measured; undefined where the corpus is not there. */
export interface TimeToLoss {
  readonly tokens: number;
  readonly classes: number;
  readonly seconds: number;
  readonly epochs: number;
  readonly kerasSeconds: number;
  readonly kerasEpochs: number;
  /** Whether Keras got there within its epochs; else the ratio is a bound. */
  readonly kerasReached: boolean;
}

/** Epochs and seconds until the mean loss of an epoch is at the target. */
async function train(
  ids: Int32Array,
  classes: number,
): Promise<{ seconds: number; epochs: number }> {
  const config = configure({
    input: "onehot",
    dropout: 0.2,
    sequenceLength: 32,
    stride: 16,
    batchSize: 16,
    learningRate: 5e-3,
  });
  const begun = performance.now();
  const spec = immersicNetwork(config, classes);
  using network = await Network.create(spec, {
    maxBatch: config.batchSize,
    maxSteps: config.sequenceLength,
  });
  network.setWeights(initialWeights(spec, 1, config.initial));
  const windows = makeWindows([ids], config);
  let step = 0;
  for (let epoch = 1; epoch <= MAX_EPOCHS; epoch++) {
    let loss = 0, count = 0;
    const random = epochRandom(1, epoch);
    for (
      const batch of batches(windows, { batchSize: config.batchSize, random })
    ) {
      step++;
      const result = network.trainStep(batch, {
        optimizer: config.optimizer,
        learningRate: config.learningRate,
        clipNorm: config.clipNorm,
        step,
        dropoutKey: step,
      });
      loss += result.loss * result.count;
      count += result.count;
    }
    if (loss / count <= TARGET_LOSS) {
      return { seconds: (performance.now() - begun) / 1000, epochs: epoch };
    }
  }
  throw new Error(
    `Cannot measure the time to a loss of ${TARGET_LOSS}: ${MAX_EPOCHS} epochs did not reach it.`,
  );
}

/**
 * Measures both.
 *
 * @param keras Starts a Keras peer for so many classes.
 */
export async function timeToLoss(
  keras: (classes: number) => Promise<Peer>,
): Promise<TimeToLoss | undefined> {
  const midiFolder = resolve(PROJECT_FOLDER, "../shared/data/lofi-samples");
  if (!await Deno.stat(midiFolder).catch(() => undefined)) return undefined;
  const folder = await Deno.makeTempDir();
  try {
    await preprocess({
      midiFolder,
      outFolder: folder,
      tokenizer: "chord",
      keepDuplicates: true,
    });
    const corpus = await loadCorpus(folder);
    const classes = corpus.vocabulary.size;
    const ids = flattenPieces(corpus.pieces.map((piece) => piece.ids));
    const ours = await train(ids, classes);
    const data = join(folder, "ids.json");
    await Deno.writeTextFile(data, JSON.stringify([...ids]));
    await using peer = await keras(classes);
    const theirs = await peer.ask<
      { seconds: number; epochs: number; reached: number | null }
    >({ do: "train", data, epochs: MAX_EPOCHS, target: TARGET_LOSS });
    return {
      tokens: ids.length,
      classes,
      ...ours,
      kerasSeconds: theirs.seconds,
      kerasEpochs: theirs.epochs,
      kerasReached: theirs.reached !== null,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
