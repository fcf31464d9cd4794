/** The command line of `deno task train`. */

import { DEFAULT_CONFIG } from "../../base/base.ts";
import { defineTask, JSON_OPTION } from "../option.ts";

/** Options that choose the settings of a run. */
export const RECIPE_OPTIONS = {
  recipe: {
    heading: "How it learns",
    is: "choice",
    choices: ["default", "original"],
    default: "default",
    meaning:
      "The settings to begin with: those that suit the corpus, or those of the original Immersic.",
    example: "original",
  },
  set: {
    is: "text",
    value: "SETTING=VALUE,…",
    meaning: `Changes settings. There are ${
      Object.keys(DEFAULT_CONFIG).join(", ")
    }.`,
    otherwise: "those of the recipe",
    example: "dropout=0.2,lstmUnits=192",
  },
  epochs: {
    is: "whole",
    least: 1,
    meaning: "Most epochs.",
    otherwise: "as many as read 4 million tokens, 40 at most",
    example: "10",
  },
} as const;

/** See {@linkcode Task}. */
export const TRAIN = defineTask({
  name: "train",
  summary: "trains the Immersic network, a checkpoint after every epoch",
  usage: "--data FOLDER --run RUN [OPTION …]",
  notes: [
    "The default settings depend on the size of the corpus. Up to 50,000 tokens of training pieces, a fifth of the pieces is relabelled and the learning rate is 0.001, else 0.003. From 1 million tokens on, an epoch ends after 500,000, other pieces each time, with a dropout of 0.05 and no variations; smaller ones are read whole, with 0.3 and variations. Training ends early where validation has not become better for 10 epochs. A corpus of chord tokens takes 30 epochs.",
    "Ctrl-C ends it with a checkpoint of that moment, and --resume goes on from there.",
  ],
  options: {
    data: {
      heading: "What it reads and leaves",
      is: "text",
      value: "FOLDER",
      meaning: "The corpus that preprocess has left.",
      example: "data/processed/mine",
    },
    run: {
      is: "text",
      value: "RUN",
      meaning: "Name of the run: its checkpoints go to checkpoints/RUN.",
      example: "mine",
    },
    resume: {
      is: "flag",
      meaning:
        "Goes on from the last checkpoint of the run, with the losses of a run that was never stopped.",
    },
    ...RECIPE_OPTIONS,
    engine: {
      heading: "What it computes with",
      is: "choice",
      choices: ["auto", "native", "wasm", "webgpu", "tensorflow"],
      default: "auto",
      meaning:
        "Machine code, WebAssembly, a GPU by WebGPU, or TensorFlow; auto takes the fastest that works here.",
      example: "wasm",
    },
    workers: {
      is: "whole",
      least: 1,
      meaning: "Threads of the CPU.",
      otherwise: "one for each core",
      example: "2",
    },
    json: JSON_OPTION,
  },
  examples: [
    "deno task train --data data/processed/mine --run mine --epochs 1",
    "deno task train --data data/processed/mine --run mine --epochs 2 --resume",
  ],
});
