/** `preprocess`: a folder or archive of MIDI files to a corpus. */

import { resolve } from "@std/path";
import { withoutUndefined } from "../base/base.ts";
import {
  accountOf,
  type Manifest,
  preprocess,
  type PreprocessOptions,
  withMidiFolder,
} from "../corpus/corpus.ts";
import type { Command } from "./command.ts";
import { firstOf, wrapList } from "./lists.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--midi DIR|ARCHIVE --out DIR [--tokenizer remi|chord] [--strict] [--max-gap-bars N] [--follow-links] [--keep-duplicates] [--split-by piece|family] [--compose N] [--valid-share X] [--test-share X] [--seed N] [--json]",
  options: {
    "midi": "string",
    "out": "string",
    "tokenizer": "string",
    "strict": "boolean",
    "max-gap-bars": "string",
    "follow-links": "boolean",
    "keep-duplicates": "boolean",
    "split-by": "string",
    "compose": "string",
    "valid-share": "string",
    "test-share": "string",
    "seed": "string",
  },
  words: 0,
  async run(given, progress) {
    const midi = resolve(given.required("midi"));
    const outFolder = resolve(given.required("out"));
    const begun = performance.now();
    let parsed = 0;
    const options: Omit<PreprocessOptions, "midiFolder"> = {
      outFolder,
      keepDuplicates: given.flag("keep-duplicates"),
      strict: given.flag("strict"),
      followLinks: given.flag("follow-links"),
      ...withoutUndefined({
        tokenizer: given.choice("tokenizer", ["remi", "chord"]),
        maxGapBars: given.wholeNumber("max-gap-bars", 0),
        splitBy: given.choice("split-by", ["piece", "family"]),
        compose: given.wholeNumber("compose", 0),
        validShare: given.number("valid-share"),
        testShare: given.number("test-share"),
        seed: given.wholeNumber("seed"),
      }),
      onProgress: (at) => {
        if (at.parsed) parsed++;
        progress(`${at.done} of ${at.total} files, ${at.file}`);
      },
    };
    const { pieces: _, style: _style, ...manifest } = await withMidiFolder(
      midi,
      (midiFolder) => preprocess({ midiFolder, ...options }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const text = [
      ...describe(manifest, parsed),
      `Left in ${outFolder} after ${seconds.toFixed(1)} s.`,
    ].join("\n");
    return { text, json: { ...manifest, out: outFolder, parsed, seconds } };
  },
};

/** What became of the files, as lines of text. */
function describe(
  manifest: Omit<Manifest, "pieces" | "style">,
  parsed: number,
): string[] {
  const { files, composed, kept, duplicates, keepDuplicates, splits } =
    manifest;
  const { rejections, repairs } = manifest;
  return [
    `${files} MIDI files, ${
      composed > 0 ? `${composed} of them composed, ` : ""
    }${parsed} of them parsed now, ${kept} kept:`,
    ...Object.entries(rejections).flatMap(([reason, refused]) =>
      wrapList(`rejected for "${reason}"`, refused.map(({ file }) => file))
    ),
    ...Object.entries(repairs).flatMap(([reason, repaired]) => {
      const times = repaired.reduce((sum, { count }) => sum + count, 0);
      return wrapList(
        `put right, "${reason}": ${times} in ${repaired.length} files`,
        firstOf(repaired.map(({ file }) => file)),
      );
    }),
    ...accountOf(manifest).dropped.map(({ kind, files, events }) =>
      `  left out, ${kind}: ${events} in ${files} files`
    ),
    ...duplicates.map(({ file, duplicateOf }) =>
      `  ${
        keepDuplicates ? "kept" : "dropped"
      } ${file}, the same as ${duplicateOf}`
    ),
    `${manifest.tokens} ${manifest.tokenizer} tokens, ${manifest.vocabularySize} in the vocabulary:`,
    ...Object.entries(splits).map(([split, { pieces, tokens }]) =>
      `  ${split}: ${pieces} pieces, ${tokens} tokens`
    ),
  ];
}
