/** `import`: makes a run of a model that another program trained or saved. */

import { resolve } from "@std/path";
import { runFolder } from "../base/base.ts";
import { loadCorpus } from "../corpus/corpus.ts";
import { importModel } from "../exchange/exchange.ts";
import {
  countParameters,
  listCheckpoints,
  loadBest,
  networkOf,
  saveCheckpoint,
} from "../model/model.ts";
import { trainingData } from "../training/training.ts";
import type { Run } from "./command.ts";
import {
  fromUsage,
  type IMPORT,
  required,
  UsageError,
} from "../tasks/tasks.ts";

/** See {@linkcode Run}. */
export const run: Run<typeof IMPORT.options> = async (
  { options, words: [file] },
  progress,
) => {
  if (file === undefined) {
    throw new UsageError("Cannot go on: the file to import is missing.");
  }
  const run = required("run", options.run);
  const folder = fromUsage(() => runFolder(run));
  const { like, data } = options;
  if (like !== undefined && data !== undefined) {
    throw new UsageError(
      "Cannot go on: give one of --like and --data, not both.",
    );
  }
  const likeFolder = like && fromUsage(() => runFolder(like));
  if ((await listCheckpoints(folder)).length > 0) {
    throw new RangeError(
      `Cannot import as ${run}: there is such a run already. Name another one, or remove ${folder}.`,
    );
  }
  progress("reading the file");
  const path = resolve(file);
  const checkpoint = await importModel(path, {
    ...likeFolder && { like: await loadBest(likeFolder) },
    ...data !== undefined &&
      { data: await trainingData(await loadCorpus(data), resolve(data)) },
  });
  const saved = await saveCheckpoint(folder, checkpoint);
  const { config, vocabulary, epoch } = checkpoint;
  const parameters = countParameters(networkOf(checkpoint));
  return {
    text:
      `The run ${run} has ${parameters} weights and ${vocabulary.size} tokens, after ${epoch} epochs of ${config.epochs}. Its optimizer begins anew.\nCheckpoint in ${saved}\nMake music: deno task generate --run ${run} --out FILE.mid\nTrain on: deno task train --data DIR --run ${run} --resume --epochs N`,
    json: {
      run,
      folder: saved,
      parameters,
      tokens: vocabulary.size,
      epoch,
      config,
    },
  };
};
