/** `preprocess`: a folder of MIDI files to a corpus. */

import { resolve } from "@std/path";
import { withoutUndefined } from "../base/base.ts";
import { preprocess } from "../corpus/corpus.ts";
import type { Command } from "./command.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--midi DIR --out DIR [--tokenizer remi|chord] [--keep-duplicates] [--split-by piece|family] [--valid-share X] [--test-share X] [--seed N] [--json]",
  options: {
    "midi": "string",
    "out": "string",
    "tokenizer": "string",
    "keep-duplicates": "boolean",
    "split-by": "string",
    "valid-share": "string",
    "test-share": "string",
    "seed": "string",
  },
  words: 0,
  async run(given, progress) {
    const midiFolder = resolve(given.required("midi"));
    const outFolder = resolve(given.required("out"));
    const begun = performance.now();
    let parsed = 0;
    const { pieces: _, style: _style, ...manifest } = await preprocess({
      midiFolder,
      outFolder,
      keepDuplicates: given.flag("keep-duplicates"),
      ...withoutUndefined({
        tokenizer: given.choice("tokenizer", ["remi", "chord"]),
        splitBy: given.choice("split-by", ["piece", "family"]),
        validShare: given.number("valid-share"),
        testShare: given.number("test-share"),
        seed: given.wholeNumber("seed"),
      }),
      onProgress: (at) => {
        if (at.parsed) parsed++;
        progress(`${at.done} of ${at.total} files, ${at.file}`);
      },
    });
    const seconds = (performance.now() - begun) / 1000;
    const { files, kept, duplicates, rejections, splits } = manifest;
    const text = [
      `${files} MIDI files, ${parsed} of them parsed now, ${kept} kept:`,
      ...Object.entries(rejections).map(([reason, rejected]) =>
        `  rejected for "${reason}": ${
          rejected.map(({ file }) => file).join(", ")
        }`
      ),
      ...duplicates.map(({ file, duplicateOf }) =>
        `  ${
          manifest.keepDuplicates ? "kept" : "dropped"
        } ${file}, the same as ${duplicateOf}`
      ),
      `${manifest.tokens} ${manifest.tokenizer} tokens, ${manifest.vocabularySize} in the vocabulary:`,
      ...Object.entries(splits).map(([split, { pieces, tokens }]) =>
        `  ${split}: ${pieces} pieces, ${tokens} tokens`
      ),
      `Left in ${outFolder} after ${seconds.toFixed(1)} s.`,
    ].join("\n");
    return { text, json: { ...manifest, out: outFolder, parsed, seconds } };
  },
};
