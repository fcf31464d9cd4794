// deno-lint-ignore-file no-console -- a program
/**
 * A process that trains for some steps: `training_child.ts CORPUS STEPS`. It writes
 * one line of JSON.
 */

import { openCorpus } from "../../corpus/corpus.ts";
import { recipeFor, Training, trainingData } from "../../training/training.ts";
import { peakMegabytes } from "./peak_memory.ts";

/** The line that the process writes. */
export interface TrainingLine {
  /** From the beginning of the process to the end of the first step. */
  readonly firstStepMilliseconds: number;
  /** Most memory, in MB. */
  readonly peak: number;
}

if (import.meta.main) {
  const [corpus = "", steps = "1"] = Deno.args;
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    using stored = await openCorpus(corpus);
    const data = await trainingData(stored);
    const config = recipeFor(data);
    using training = await Training.open({ folder, data, config });
    const train = async (steps: number) => {
      training.stopAfterSteps = steps;
      for await (const _ of training.run());
    };
    await train(1);
    const firstStepMilliseconds = performance.now();
    if (Number(steps) > 1) await train(Number(steps) - 1);
    const line: TrainingLine = {
      firstStepMilliseconds,
      peak: peakMegabytes(),
    };
    console.log(JSON.stringify(line));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
