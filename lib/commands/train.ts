/** `train`: trains on a corpus, and saves the run's checkpoints. */

import { resolve } from "@std/path";
import { runFolder } from "../base/base.ts";
import { openCorpus } from "../corpus/corpus.ts";
import { chooseEngine } from "../engines/engines.ts";
import {
  Training,
  trainingData,
  type TrainingRecord,
} from "../training/training.ts";
import type { Run } from "./command.ts";
import type { Progress } from "./progress.ts";
import { askedRecipe } from "./recipes.ts";
import { fromUsage, required, type TRAIN } from "../tasks/tasks.ts";

/** See {@linkcode Run}. */
export const run: Run<typeof TRAIN.options> = async ({ options }, progress) => {
  const data = resolve(required("data", options.data));
  const run = required("run", options.run);
  const folder = fromUsage(() => runFolder(run));
  const { workers, resume } = options;
  const { asked, lstmUnits, configFor } = askedRecipe(options);
  progress("reading the corpus");
  using stored = await openCorpus(data);
  const corpus = await trainingData(stored, data);
  const engine = await chooseEngine(options.engine, { lstmUnits });
  progress(`${engine.name}: ${engine.reason}`);
  using training = await Training.open({
    folder,
    data: corpus,
    config: configFor(corpus),
    asked,
    resume,
    workers,
    engine: engine.name,
  });
  const begun = performance.now();
  const wasStopped = await runUntilInterrupt(training, progress);
  if (wasStopped) throw new Error(wasStopped);
  const seconds = (performance.now() - begun) / 1000;
  const { history, bestEpoch } = training;
  const { damaged } = training;
  return {
    text: [...damaged, summarize(training, seconds)].join("\n"),
    json: {
      run,
      folder: training.folder,
      engine: engine.name,
      config: training.config,
      ...damaged.length > 0 && { damaged },
      epochs: history.length,
      bestEpoch,
      history,
      seconds,
    },
  };
};

/** Ask a program to end: Ctrl-C, and what schedulers send before they kill. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/**
 * Trains. The first Ctrl-C or SIGTERM ends the run after its current step, with a checkpoint; a
 * second one ends the program at once.
 *
 * @returns Where it was stopped, and how to go on; undefined if it was not.
 */
async function runUntilInterrupt(
  training: Training,
  progress: Progress,
): Promise<string | undefined> {
  let isStopped = false, last: TrainingRecord | undefined;
  const stop = () => {
    isStopped = true;
    training.stop();
    ignore();
  };
  const ignore = () =>
    SIGNALS.forEach((signal) => Deno.removeSignalListener(signal, stop));
  SIGNALS.forEach((signal) => Deno.addSignalListener(signal, stop));
  try {
    for await (const record of training.run()) {
      progress(describe(record), shareOf(record));
      last = record;
    }
  } finally {
    if (!isStopped) ignore();
  }
  const isDone = last?.kind === "epoch" && last.epoch === last.epochs;
  if (!isStopped || !last || isDone) return undefined;
  const epoch = last.epoch + (last.kind === "epoch" ? 1 : 0);
  return `Stopped in epoch ${epoch} of ${last.epochs}. A checkpoint is saved: the same command with --resume goes on from there.`;
}

/** How much of its epochs a run has done. */
function shareOf(record: TrainingRecord): number {
  const { epoch, epochs } = record;
  const done = record.kind === "step"
    ? epoch - 1 + record.step / record.steps
    : epoch;
  return done / epochs;
}

/** A record as a line of progress. */
function describe(record: TrainingRecord): string {
  const { epoch, epochs, etaSeconds } = record;
  const left = `${Math.round(etaSeconds)} s left`;
  if (record.kind === "step") {
    const { step, steps, loss, stepsPerSecond } = record;
    return `epoch ${epoch} of ${epochs}, step ${step} of ${steps}, loss ${
      loss.toFixed(3)
    }, ${stepsPerSecond.toFixed(1)} steps/s, ${left}`;
  }
  const { trainLoss, validLoss } = record;
  const validation = validLoss === undefined
    ? ""
    : `, validation ${validLoss.toFixed(3)}`;
  return `epoch ${epoch} of ${epochs}, loss ${
    trainLoss.toFixed(3)
  }${validation}, ${left}`;
}

/** What a run came to. */
function summarize(
  { history, bestEpoch, folder, config }: Training,
  seconds: number,
): string {
  const best = history.find(({ epoch }) => epoch === bestEpoch);
  return best === undefined
    ? "Nothing was left to train."
    : `${history.length} epochs, the best ${bestEpoch}: loss ${
      best.trainLoss.toFixed(3)
    }, validation ${best.validLoss?.toFixed(3) ?? "none"} nats a token.${
      history.length < config.epochs
        ? ` Ended before epoch ${config.epochs}, as validation had not become better for ${config.patience} epochs.`
        : ""
    }\nCheckpoints in ${folder} after ${seconds.toFixed(1)} s.`;
}
