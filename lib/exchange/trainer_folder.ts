/** A folder in which another engine trains a network, on as many machines as it likes. */

import { fromFileUrl } from "@std/path";
import { type FileContent, readFileIfAny } from "../base/base.ts";
import type { Checkpoint } from "../model/model.ts";
import type { TrainingData } from "../training/training.ts";
import { exportedOf, exportModel } from "./export_model.ts";
import { ExchangeError } from "./file_model.ts";
import { trainingArrays } from "./training_arrays.ts";

/** What a trainer needs beside the data. */
const TRAINERS = {
  pytorch: {
    scripts: { "train.py": "pytorch_train.py", "network.py": "pytorch.py" },
    packages: ["numpy", "torch", "safetensors"],
    initial: "initial.safetensors",
  },
  "keras-jax": {
    scripts: { "train.py": "keras_jax_train.py" },
    packages: ["numpy", "keras", "jax"],
    initial: "initial.keras",
  },
} as const;
/** Ids are of 16 bits. */
const MOST_TOKENS = 2 ** 16;

/** Names of the trainers. */
export const TRAINER_NAMES = ["pytorch", "keras-jax"] as const;
/** An engine that trains. */
export type Trainer = typeof TRAINER_NAMES[number];

/** What is trained. */
export interface TrainerOptions {
  /** Which engine trains. */
  readonly trainer: Trainer;
  /** The run that begins or goes on. */
  readonly checkpoint: Checkpoint;
  /** The data that it trains on. */
  readonly data: TrainingData;
  /** Epochs of which the data are written, each with its own variations. */
  readonly passes: number;
}

/**
 * The files of a folder in which another engine trains: memory-mapped arrays, the
 * network, a script, `requirements.txt` and `README.md`.
 *
 * @returns Contents by path in the folder, in the order in which they must be written.
 * @throws {ExchangeError} If that engine's script cannot train such a network.
 */
export async function trainerFolder(
  { trainer, checkpoint, data, passes }: TrainerOptions,
): Promise<Record<string, FileContent>> {
  const { config, corpus } = checkpoint;
  const refuse = (what: string, advice: string) =>
    new ExchangeError(
      `Cannot export for ${trainer}: its script does not train ${what}. ${advice}`,
    );
  if (config.input === "attributes" && corpus.tokenizer === "remi") {
    throw refuse(
      'networks with the input "attributes"',
      "Begin one with --data DIR --set input=context, or input=onehot.",
    );
  }
  if (trainer === "keras-jax" && config.input === "context") {
    throw refuse(
      'networks with the input "context", whose features differ in number from step to step',
      "Take --trainer pytorch, or begin one with --data DIR --set input=onehot,carry=false.",
    );
  }
  if (trainer === "keras-jax" && config.carry) {
    throw refuse(
      "with states that are carried from batch to batch",
      "Take --trainer pytorch, or begin a network with --data DIR --set carry=false.",
    );
  }
  const { size } = checkpoint.vocabulary;
  if (size > MOST_TOKENS) {
    throw refuse(
      `${size} tokens`,
      `At most ${MOST_TOKENS} are written in 16 bits.`,
    );
  }
  const { scripts, packages, initial } = TRAINERS[trainer];
  const { run, spec } = exportedOf(checkpoint);
  const files: Record<string, FileContent> = {
    ...await exportModel(checkpoint, initial),
    "run.json": JSON.stringify(
      {
        run,
        inputSize: spec.input.size,
        tokens: checkpoint.vocabulary.size,
        relations: spec.relations?.count ?? 0,
        passes,
      },
      null,
      1,
    ),
    "data.py": await text("data.py"),
    "README.md": await text(`${trainer}.md`),
    "requirements.txt": (await text("../requirements.txt")).split("\n")
      .filter((line) => packages.some((one) => line.startsWith(`${one}==`)))
      .join("\n") + "\n",
  };
  for (const [name, source] of Object.entries(scripts)) {
    files[name] = await text(source);
  }
  const arrays = trainingArrays(config, data, passes, checkpoint.epoch);
  for (const [path, content] of Object.entries(arrays)) {
    files[`data/${path}`] = content;
  }
  return files;
}

/** A text that is written as it is. */
async function text(name: string): Promise<string> {
  const url = new URL(`./trainers/${name}`, import.meta.url);
  return new TextDecoder().decode(await readFileIfAny(fromFileUrl(url)));
}
