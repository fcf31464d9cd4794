/** The command lines of `deno task evaluate`, `export` and `import`. */

import { defineTask, JSON_OPTION } from "../option.ts";
import { RECIPE_OPTIONS } from "./train.ts";

/** See {@linkcode Task}. */
export const EVALUATE = defineTask({
  name: "evaluate",
  summary: "measures a run on music it never saw, and what it makes",
  usage: "--run RUN [OPTION …]",
  notes: ["What the figures mean is in docs/evaluation.md."],
  options: {
    run: {
      heading: "Options",
      is: "text",
      value: "RUN",
      meaning: "The training run whose best checkpoint is measured.",
      example: "starter",
    },
    data: {
      is: "text",
      value: "FOLDER",
      meaning: "A corpus that holds back the same pieces.",
      otherwise: "the one that the run was trained on",
      example: "data/processed/mine",
    },
    pieces: {
      is: "whole",
      least: 0,
      default: 50,
      meaning:
        "How many pieces are made and judged, and as many from prompts; 0 measures the loss only.",
      example: "10",
    },
    original: {
      is: "text",
      value: "RUN",
      meaning: "A run of the original recipe, to compare with.",
      otherwise: "none",
      example: "original",
    },
    json: JSON_OPTION,
  },
  examples: [
    "deno task evaluate --run mine --pieces 0",
  ],
});

/** See {@linkcode Task}. */
export const EXPORT = defineTask({
  name: "export",
  summary:
    "writes a run as a file of Keras, TensorFlow.js, PyTorch or ONNX, or a folder in which another engine trains it",
  usage:
    "--run RUN --to PATH [OPTION …], or --trainer pytorch|keras-jax --to FOLDER (--run RUN | --data FOLDER) [OPTION …]",
  options: {
    run: {
      heading: "The model",
      is: "text",
      value: "RUN",
      meaning: "The training run.",
      otherwise: "required; with --trainer, a new network",
      example: "starter",
    },
    checkpoint: {
      is: "text",
      value: "epoch-…",
      meaning: "One of its checkpoints.",
      otherwise: "the best",
      example: "epoch-0099",
    },
    to: {
      is: "text",
      value: "PATH",
      meaning:
        "Where it goes. The ending says what is written: .keras, .weights.h5, .safetensors, .onnx, or none for a folder with model.json.",
      example: "outputs/starter.onnx",
    },
    trainer: {
      heading: "To train it elsewhere",
      is: "choice",
      choices: ["pytorch", "keras-jax"],
      meaning: "Writes all that this engine needs to train the network.",
      otherwise: "writes the model alone",
      example: "pytorch",
    },
    data: {
      is: "text",
      value: "FOLDER",
      meaning: "The corpus.",
      otherwise: "that of the run",
      example: "data/processed/mine",
    },
    passes: {
      is: "whole",
      least: 1,
      meaning: "Epochs whose data are written, each with its own variations.",
      otherwise: "1",
      example: "10",
    },
    ...RECIPE_OPTIONS,
    json: JSON_OPTION,
  },
  examples: [
    "deno task export --run starter --to outputs/starter.keras",
    "deno task export --trainer pytorch --data data/processed/mine --to outputs/trainer",
  ],
});

/** See {@linkcode Task}. */
export const IMPORT = defineTask({
  name: "import",
  summary: "makes a run of such a file, or of a model that Keras trained",
  usage: "FILE --run RUN [OPTION …]",
  notes: [
    "FILE ends in .keras, .weights.h5, .h5, .safetensors, or is a model.json.",
  ],
  words: { value: "FILE", most: 1 },
  options: {
    run: {
      heading: "Options",
      is: "text",
      value: "RUN",
      meaning: "Name of the new run.",
      example: "theirs",
    },
    like: {
      is: "text",
      value: "RUN",
      meaning:
        "A run with the same vocabulary, where the file does not tell its own.",
      otherwise: "the file's own",
      example: "starter",
    },
    data: {
      is: "text",
      value: "FOLDER",
      meaning:
        "The corpus that the model was trained on, where the file does not tell.",
      otherwise: "the file's own",
      example: "data/processed/mine",
    },
    json: JSON_OPTION,
  },
  examples: ["deno task import outputs/starter.keras --run theirs"],
});
