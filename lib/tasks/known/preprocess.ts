/** The command line of `deno task preprocess`. */

import { defineTask, JSON_OPTION } from "../option.ts";

/** See {@linkcode Task}. */
export const PREPROCESS = defineTask({
  name: "preprocess",
  summary: "reads a folder of MIDI files and leaves a corpus to train on",
  usage:
    "--midi PATH --out FOLDER [OPTION …], or --merge FOLDER … --out FOLDER",
  notes: [
    "What was read already is kept: the same command goes on where it was ended.",
  ],
  words: { value: "FOLDER", most: Infinity },
  options: {
    midi: {
      heading: "Files",
      is: "text",
      value: "PATH",
      meaning:
        "The music: a folder with all below it, or an archive (.zip, .tar, .tar.gz).",
      otherwise: "required, unless --merge is given",
      example: "~/Music/lofi",
    },
    out: {
      is: "text",
      value: "FOLDER",
      meaning: "Where the corpus goes.",
      example: "data/processed/lofi",
    },
    followLinks: {
      is: "flag",
      meaning: "Follows links that lead out of the folder.",
    },
    tokenizer: {
      heading: "How music is read",
      is: "choice",
      choices: ["remi", "chord"],
      default: "remi",
      meaning:
        "The alphabet: REMI keeps rhythm, instruments and dynamics; that of the original Immersic has notes and chords alone.",
      example: "chord",
    },
    strict: {
      is: "flag",
      meaning: "Refuses files in which something has to be put right.",
    },
    maxGapBars: {
      is: "whole",
      least: 0,
      default: 8,
      meaning: "Silences of more bars are cut to so many.",
      example: "2",
    },
    keepDuplicates: {
      is: "flag",
      meaning: "Keeps all files that have the same bytes.",
    },
    compose: {
      is: "whole",
      least: 0,
      meaning:
        "Adds so many pieces composed by rules, to learn from; only beside the starter collection.",
      otherwise: "8000 beside data/starter, and none beside any other folder",
      example: "0",
    },
    splitBy: {
      heading: "What is held back",
      is: "choice",
      choices: ["piece", "family"],
      default: "piece",
      meaning:
        "What stays together, beside duplicates and transpositions: pieces, or files whose names differ in a number only.",
      example: "family",
    },
    validShare: {
      is: "number",
      default: 0.1,
      meaning: "Share of the pieces that tells when to end training.",
      example: "0.05",
    },
    testShare: {
      is: "number",
      default: 0.1,
      meaning: "Share of the pieces that only evaluate reads.",
      example: "0.05",
    },
    seed: {
      is: "whole",
      default: 1,
      meaning: "Seed of the random choice of these pieces.",
      example: "2",
    },
    shard: {
      heading: "On many machines",
      is: "text",
      value: "I/N",
      meaning: "Reads the Ith of N parts of the files.",
      otherwise: "reads all",
      example: "2/8",
    },
    merge: {
      is: "list",
      value: "FOLDER",
      meaning: "Joins the parts that --shard has left.",
      otherwise: "reads --midi",
      example: "parts/1 parts/2",
    },
    json: JSON_OPTION,
  },
  examples: [
    "deno task preprocess --midi data/starter --compose 0 --out data/processed/mine",
    "deno task preprocess --midi data/starter --compose 0 --shard 1/2 --out outputs/1",
    "deno task preprocess --midi data/starter --compose 0 --shard 2/2 --out outputs/2",
    "deno task preprocess --merge outputs/1 outputs/2 --out data/processed/joined",
  ],
});
