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
  TRAINER_NAMES,
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
import type { Arguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { askedRecipe } from "./recipes.ts";
import { fromUsage, UsageError } from "./usage_error.ts";

/** Options that go with another engine's training only. */
const TRAINER_OPTIONS = ["data", "passes", "recipe", "set", "epochs"];

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--run NAME --to FILE.keras|.weights.h5|.safetensors|.onnx|FOLDER|FOLDER/model.json [--checkpoint epoch-…] [--json], or --trainer pytorch|keras-jax --to FOLDER (--run NAME [--data DIR] | --data DIR [--recipe default|original] [--set KNOB=VALUE,…] [--epochs N]) [--passes N] [--json]",
  options: {
    run: "string",
    checkpoint: "string",
    to: "string",
    trainer: "string",
    data: "string",
    passes: "string",
    recipe: "string",
    set: "string",
    epochs: "string",
  },
  words: 0,
  async run(given, progress) {
    const trainer = given.choice("trainer", TRAINER_NAMES);
    if (trainer) return await exportTraining(trainer, given, progress);
    const wrong = TRAINER_OPTIONS.find((name) => given.text(name));
    if (wrong) {
      throw new UsageError(`Cannot go on: --${wrong} goes with --trainer.`);
    }
    const run = given.required("run");
    const folder = fromUsage(() => runFolder(run));
    const to = resolve(given.required("to"));
    const checkpoint = await checkpointOf(folder, given);
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
  },
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
function checkpointOf(folder: string, given: Arguments): Promise<Checkpoint> {
  const name = given.text("checkpoint");
  return name === undefined
    ? loadBest(folder)
    : loadCheckpoint(join(folder, name));
}

/** Writes a folder in which another engine trains. */
async function exportTraining(
  trainer: Trainer,
  given: Arguments,
  progress: (text: string) => void,
) {
  const to = resolve(given.required("to"));
  const run = given.text("run"), passes = given.wholeNumber("passes", 1) ?? 1;
  const folder = run && fromUsage(() => runFolder(run));
  const recipe = askedRecipe(given);
  if (folder && Object.keys(recipe.asked).length > 0) {
    throw new UsageError(
      "Cannot go on: --recipe, --set and --epochs begin a run, and --run goes on with one.",
    );
  }
  const begun = folder ? await checkpointOf(folder, given) : undefined;
  const place = given.text("data") ??
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
