/** `export`: writes a run for other programs, or for another engine to train. */

import { dirname, extname, join, resolve } from "@std/path";
import {
  type FileContent,
  PROJECT_FOLDER,
  runFolder,
  writeFilesAtomically,
} from "../base/base.ts";
import { openCorpus } from "../corpus/corpus.ts";
import {
  exportModel,
  type Trainer,
  trainerFolder,
} from "../exchange/exchange.ts";
import {
  type Checkpoint,
  initialWeights,
  loadBest,
  loadCheckpoint,
  networkOf,
} from "../model/model.ts";
import {
  corpusInfoOf,
  type TrainingData,
  trainingData,
} from "../training/training.ts";
import type { Run } from "./command.ts";
import { askedRecipe } from "./recipes.ts";
import {
  type EXPORT,
  flagOf,
  fromUsage,
  type Given,
  required,
  UsageError,
} from "../tasks/tasks.ts";

type ExportOptions = Given<typeof EXPORT.options>["options"];

/** Options that go with another engine's training only. */
const TRAINER_OPTIONS = ["data", "passes", "recipe", "set", "epochs"] as const;

/** See {@linkcode Run}. */
export const run: Run<typeof EXPORT.options> = async (
  { options, named },
  progress,
) => {
  const { trainer } = options;
  if (trainer) return await exportTraining(trainer, options, progress);
  const wrong = TRAINER_OPTIONS.find((name) => named.includes(name));
  if (wrong) {
    throw new UsageError(`Cannot go on: ${flagOf(wrong)} goes with --trainer.`);
  }
  const run = required("run", options.run);
  const folder = fromUsage(() => runFolder(run));
  const to = resolve(required("to", options.to));
  const checkpoint = await checkpointOf(folder, options);
  progress("writing the file");
  const path = extname(to) === "" ? join(to, "model.json") : to;
  const paths = await write(
    dirname(path),
    await exportModel(checkpoint, path),
  );
  const { epoch } = checkpoint;
  return {
    text: `Epoch ${epoch} of ${run} is in ${paths.join(" and ")}.`,
    json: { run, epoch, files: paths },
  };
};

/** Writes files to a folder; returns their paths. */
async function write(
  folder: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<string[]> {
  const paths = Object.entries(files).map(([name, content]) =>
    [join(folder, name), content] as const
  );
  await writeFilesAtomically(Object.fromEntries(paths));
  return paths.map(([path]) => path);
}

/** The checkpoint that is exported: the named one, or the run's best. */
function checkpointOf(
  folder: string,
  { checkpoint: name }: ExportOptions,
): Promise<Checkpoint> {
  return name === undefined
    ? loadBest(folder)
    : loadCheckpoint(join(folder, name));
}

/** Writes a folder in which another engine trains. */
async function exportTraining(
  trainer: Trainer,
  options: ExportOptions,
  progress: (text: string) => void,
) {
  const to = resolve(required("to", options.to));
  const { run, passes = 1 } = options;
  const folder = run && fromUsage(() => runFolder(run));
  const recipe = askedRecipe(options);
  if (folder && Object.keys(recipe.asked).length > 0) {
    throw new UsageError(
      "Cannot go on: --recipe, --set and --epochs begin a run, and --run goes on with one.",
    );
  }
  const begun = folder ? await checkpointOf(folder, options) : undefined;
  const place = options.data ??
    (begun?.corpus.folder && resolve(PROJECT_FOLDER, begun.corpus.folder));
  if (!place) {
    throw new UsageError("Cannot go on: the corpus is missing (--data DIR).");
  }
  using stored = await openCorpus(place);
  const data = await trainingData(stored, resolve(place));
  if (begun && begun.corpus.hash !== data.hash) {
    throw new RangeError(
      `Cannot export ${run}: it was trained on other data than those in ${place}. Preprocess the same files in the same way.`,
    );
  }
  const checkpoint = begun ?? freshRun(recipe.configFor(data), data);
  progress("writing the folder");
  const files = await write(
    to,
    await trainerFolder({ trainer, checkpoint, data, passes }),
  );
  return {
    text:
      `${to} has all that ${trainer} needs to train the network, with the data of ${passes} epochs. How: ${
        join(to, "README.md")
      }`,
    json: { trainer, folder: to, passes, files, config: checkpoint.config },
  };
}

/** A run before its first step. */
function freshRun(
  config: Checkpoint["config"],
  data: TrainingData,
): Checkpoint {
  const { vocabulary } = data, corpus = corpusInfoOf(data);
  const spec = networkOf({ config, vocabulary, corpus });
  return {
    config,
    corpus,
    vocabulary,
    epoch: 0,
    step: 0,
    history: [],
    workers: navigator.hardwareConcurrency,
    weights: initialWeights(spec, config.seed, config.initial),
  };
}
