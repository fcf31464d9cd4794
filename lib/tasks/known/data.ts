/** The command lines of `deno task data`, `runs` and `transcribe`. */

import { defineTask, JSON_OPTION } from "../option.ts";

/** See {@linkcode Task}. */
export const DATA = defineTask({
  name: "data",
  summary: "lists the data sets, or fetches, unpacks and verifies one",
  usage: "[NAME] [OPTION …]",
  notes: [
    "Without a name it lists them, with licence, size and source. A download goes on where it broke off.",
  ],
  words: {
    value: "NAME",
    most: 1,
    choices: [
      "starter",
      "lofi-samples",
      "jsb-chorales",
      "nottingham",
      "pop909",
      "gmd",
      "e-gmd",
      "lmd-full",
      "lmd-matched",
      "lmd-aligned",
      "lakh-clean",
      "jazz-ml-ready",
      "classical-csv",
      "nsynth",
      "fma",
    ],
  },
  options: {
    from: {
      heading: "Options",
      is: "text",
      value: "PATH",
      meaning: "Takes what was downloaded by hand.",
      otherwise: "downloads it",
      example: "~/Downloads/groove.zip",
    },
    out: {
      is: "text",
      value: "FOLDER",
      meaning: "The folder that gets a folder of this name.",
      otherwise: "data/midi",
      example: "/srv/midi",
    },
    json: JSON_OPTION,
  },
  examples: ["deno task data", "deno task data starter"],
});

/** See {@linkcode Task}. */
export const RUNS = defineTask({
  name: "runs",
  summary: "lists the training runs and the corpora that are here",
  usage: "[OPTION …]",
  notes: [
    "Of a run: engine, corpus, epochs, the best loss on validation pieces in nats a token, size, when it was last saved, and who trains it now. Of a corpus: pieces, tokens, size. What cannot be read is named with the reason.",
  ],
  options: { json: { ...JSON_OPTION, heading: "Options" } },
  examples: ["deno task runs"],
});

/** See {@linkcode Task}. */
export const TRANSCRIBE = defineTask({
  name: "transcribe",
  summary: "writes a MIDI file for each recording of a folder",
  usage: "--audio PATH --out FOLDER [OPTION …]",
  notes: [
    "By the network of Basic Pitch. Files that are there already are left, so that the same command goes on. The first run downloads some 280 MB of packages.",
  ],
  options: {
    audio: {
      heading: "Options",
      is: "text",
      value: "PATH",
      meaning:
        "A folder of .wav, .mp3, .ogg, .opus, .flac, .m4a, .aac or .aiff files, or one of them.",
      example: "recordings",
    },
    out: {
      is: "text",
      value: "FOLDER",
      meaning: "Where the MIDI files go.",
      example: "data/midi/mine",
    },
    fmaMetadata: {
      is: "text",
      value: "FOLDER",
      meaning:
        "The tables of the Free Music Archive, tracks.csv and genres.csv.",
      otherwise: "all files, whatever their genre",
      example: "data/midi/fma/fma_metadata",
    },
    genre: {
      is: "text",
      value: "TITLE",
      meaning: "A genre of these tables; those below it belong to it.",
      otherwise: "all files, whatever their genre",
      example: "Ambient",
    },
  },
  examples: ["deno task transcribe --audio recordings --out data/midi/mine"],
});
