/** Our side of the benchmark of music: trains, predicts and makes pieces. */

import { cpuUsage } from "node:process";
import { join } from "@std/path";
import { Random } from "../../base/base.ts";
import { type Corpus, tokenCount } from "../../corpus/corpus.ts";
import { Generator } from "../../generation/generation.ts";
import { loadBest } from "../../model/model.ts";
import type { NoteSequence } from "../../music/music.ts";
import {
  recipeFor,
  Training,
  type TrainingData,
  trainingData,
  type TrainingOptions,
} from "../../training/training.ts";

/** Share of the time that finds out how fast training is. */
const PILOT_SHARE = 0.05;
/** Most epochs: the recipe's own number is for a few minutes of training. */
const MOST_EPOCHS = 40;
/** An epoch may take so much longer than the pilot foretold. */
const MARGIN = 1.15;

/** How our network was trained. */
export interface OwnTraining {
  /** Trainable values. */
  readonly weights: number;
  /** Time that training took, with the pilot and all validations. */
  readonly seconds: number;
  /** Time that all cores worked, together. */
  readonly cpuSeconds: number;
  /** Whole epochs. */
  readonly epochs: number;
  /** The epoch that validation chose. */
  readonly bestEpoch: number;
  /** Share of the training pieces that there was time for. */
  readonly pieceShare: number;
}

/**
 * Trains by the default recipe for some time at most. Where not one epoch fits into
 * it, an epoch of fewer pieces is trained.
 *
 * @param folder For the checkpoints.
 * @returns The model of the best epoch, to be disposed of.
 */
export async function trainOurs(
  corpus: Corpus,
  folder: string,
  seconds: number,
  progress: (text: string) => void,
): Promise<{ generator: Generator; training: OwnTraining }> {
  const begun = performance.now(), before = cpuUsage();
  const left = () => seconds - (performance.now() - begun) / 1000;
  const data = await trainingData(corpus);
  const epochSeconds = MARGIN * await pilot(
    { data, config: recipeFor(data), folder: join(folder, "pilot") },
    PILOT_SHARE * seconds,
  );
  const plan = fitToTime(epochSeconds, left(), MOST_EPOCHS);
  const run = join(folder, "run");
  using training = await Training.open({
    folder: run,
    data: plan.pieceShare < 1 ? someOf(data, plan.pieceShare) : data,
    config: recipeFor(data, { epochs: plan.epochs }),
  });
  for await (const { epoch, epochs } of training.run()) {
    progress(`epoch ${epoch} of ${epochs}, ${Math.round(left())} s left`);
    if (left() <= 0) training.stop();
  }
  const spent = seconds - left(), { user, system } = cpuUsage(before);
  const checkpoint = await loadBest(run);
  let weights = 0;
  for (const values of checkpoint.weights.values()) weights += values.length;
  return {
    generator: await Generator.open(checkpoint),
    training: {
      weights,
      seconds: spent,
      cpuSeconds: (user + system) / 1e6,
      epochs: training.epoch,
      bestEpoch: checkpoint.epoch,
      pieceShare: plan.pieceShare,
    },
  };
}

/** How much is trained. */
export interface TimePlan {
  readonly epochs: number;
  /** Share of the training pieces, 1 where one epoch of all fits. */
  readonly pieceShare: number;
}

/**
 * As many epochs as fit into some time, and at most `most`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fitToTime } from "immersic/bench/music/ours.ts";
 * assert.deepEqual(fitToTime(7, 60, 30), { epochs: 8, pieceShare: 1 });
 * assert.deepEqual(fitToTime(1, 60, 30), { epochs: 30, pieceShare: 1 });
 * assert.deepEqual(fitToTime(240, 60, 30), { epochs: 1, pieceShare: 0.25 });
 * ```
 */
export function fitToTime(
  epochSeconds: number,
  seconds: number,
  most: number,
): TimePlan {
  const share = seconds / epochSeconds;
  return share < 1
    ? { epochs: 1, pieceShare: share }
    : { epochs: Math.min(most, Math.floor(share)), pieceShare: 1 };
}

/** Seconds that an epoch takes, from a run that is thrown away. */
async function pilot(
  options: TrainingOptions,
  seconds: number,
): Promise<number> {
  const begun = performance.now();
  using training = await Training.open(options);
  let foretold = seconds;
  for await (const record of training.run()) {
    if (record.kind === "epoch") {
      foretold = record.seconds;
      break;
    }
    foretold = record.steps / record.stepsPerSecond +
      validationSeconds(record.steps / record.stepsPerSecond, options.data);
    if (performance.now() - begun > 1000 * seconds) break;
  }
  return foretold;
}

/** Validation costs about a third of what training on as many tokens does. */
function validationSeconds(
  trainSeconds: number,
  { train, valid }: TrainingData,
): number {
  return trainSeconds * tokenCount(valid) / tokenCount(train) / 3;
}

/** The data with a random share of its training pieces, at least one. */
function someOf(data: TrainingData, share: number): TrainingData {
  const count = Math.max(1, Math.floor(share * data.train.length));
  return {
    ...data,
    train: new Random(1).shuffle([...data.train]).slice(0, count),
  };
}

/** Pieces made with default settings and the random seeds 1, 2, …. */
export async function makeOurs(
  generator: Generator,
  count: number,
  progress: (text: string) => void,
): Promise<NoteSequence[]> {
  const pieces: NoteSequence[] = [];
  for (let randomSeed = 1; randomSeed <= count; randomSeed++) {
    progress(`piece ${randomSeed} of ${count}`);
    pieces.push((await generator.generate({ randomSeed })).sequence);
  }
  return pieces;
}
