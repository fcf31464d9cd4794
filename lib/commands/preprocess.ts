/** `preprocess`: a folder or archive of MIDI files to a corpus. */

import { resolve } from "@std/path";
import { withoutUndefined } from "../base/base.ts";
import {
  accountOf,
  type ManifestSummary,
  mergeParts,
  type PartNumber,
  type PreprocessOptions,
  preprocessPart,
  preprocessToFolder,
} from "../corpus/corpus.ts";
import type { CommandResult, Run } from "./command.ts";
import { firstOf, wrapList } from "./lists.ts";
import {
  flagOf,
  type Given,
  type PREPROCESS,
  required,
  UsageError,
} from "../tasks/tasks.ts";

/** Most refused files that are all named; the manifest names all. */
const MAX_LISTED = 50;

/** See {@linkcode Run}. */
export const run: Run<typeof PREPROCESS.options> = async (given, progress) => {
  const begun = performance.now();
  const { midi, out, shard, merge: _, json: _json, ...options } = given.options;
  const parts = partsOf(given);
  if (parts) {
    const outFolder = resolve(required("out", out));
    progress(`merging ${parts.length} parts`);
    const manifest = await mergeParts(parts, outFolder);
    return corpusResult(manifest, { outFolder, begun, parsed: 0 });
  }
  const midiFolder = resolve(required("midi", midi));
  const outFolder = resolve(required("out", out));
  let parsed = 0;
  const reading: PreprocessOptions = {
    midiFolder,
    outFolder,
    ...withoutUndefined(options),
    onProgress: (at) => {
      if (at.parsed) parsed++;
      progress(
        `${at.done} of ${at.total} files, ${at.file}`,
        at.done / at.total,
      );
    },
  };
  if (shard !== undefined) {
    const part = partNumber(shard);
    const done = await preprocessPart(reading, part);
    return partResult(done, { ...{ outFolder, begun, parsed }, part });
  }
  const manifest = await preprocessToFolder(reading);
  return corpusResult(manifest, { outFolder, begun, parsed });
};

/** What a run has done, beside its corpus. */
interface Work {
  readonly outFolder: string;
  /** When it began, in milliseconds. */
  readonly begun: number;
  /** Files parsed. */
  readonly parsed: number;
}

/** The folders of parts to be merged; undefined where none are given. */
function partsOf(
  { options: { merge }, named, words }: Given<typeof PREPROCESS.options>,
): string[] | undefined {
  const parts = [...merge, ...words];
  if (merge.length === 0) {
    const [word] = words;
    if (word === undefined) return undefined;
    throw new UsageError(`Cannot go on: "${word}" is one word too many.`);
  }
  const other = named.find((name) => !["merge", "out", "json"].includes(name));
  if (other === undefined) return parts.map((part) => resolve(part));
  throw new UsageError(
    `Cannot go on: ${
      flagOf(other)
    } cannot stand beside --merge. What a corpus is like is decided when its parts are made.`,
  );
}

/** The part that "2/8" means. */
function partNumber(text: string): PartNumber {
  const [, part, of] = text.match(/^(\d+)\/(\d+)$/) ?? [];
  if (part !== undefined && Number(part) >= 1 && Number(part) <= Number(of)) {
    return { part: Number(part), of: Number(of) };
  }
  throw new UsageError(
    `Cannot go on: --shard must be such as 2/8, the second of eight parts, current value is "${text}".`,
  );
}

function partResult(
  { files, total }: { readonly files: number; readonly total: number },
  { outFolder, begun, parsed, part: { part, of } }: Work & {
    readonly part: PartNumber;
  },
): CommandResult {
  const seconds = (performance.now() - begun) / 1000;
  const text = [
    `Part ${part} of ${of}: ${files} of ${total} MIDI files, ${parsed} of them parsed now.`,
    `Left in ${outFolder} after ${
      seconds.toFixed(1)
    } s. When all parts are there: deno task preprocess --merge PARTS... --out DIR`,
  ].join("\n");
  return {
    text,
    json: { part, of, files, total, out: outFolder, parsed, seconds },
  };
}

function corpusResult(
  { style: _, ...manifest }: ManifestSummary,
  { outFolder, begun, parsed }: Work,
): CommandResult {
  const seconds = (performance.now() - begun) / 1000;
  const text = [
    ...describe(manifest, parsed),
    `Left in ${outFolder} after ${seconds.toFixed(1)} s.`,
  ].join("\n");
  return { text, json: { ...manifest, out: outFolder, parsed, seconds } };
}

/** What became of the files, as lines of text. */
function describe(
  manifest: Omit<ManifestSummary, "style">,
  parsed: number,
): string[] {
  const { files, composed, kept, duplicates, keepDuplicates, splits } =
    manifest;
  const { rejections, repairs, ownSplits = 0 } = manifest;
  return [
    `${files} MIDI files, ${
      composed > 0 ? `${composed} of them composed, ` : ""
    }${parsed} of them parsed now, ${kept} kept:`,
    ...Object.entries(rejections).flatMap(([reason, refused]) =>
      wrapList(
        `rejected for "${reason}"`,
        refused.length > MAX_LISTED
          ? firstOf(refused.map(({ file }) => file))
          : refused.map(({ file }) => file),
      )
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
    ...firstOf(
      duplicates.map(({ file, duplicateOf }) =>
        `${
          keepDuplicates ? "kept" : "dropped"
        } ${file}, the same as ${duplicateOf}`
      ),
    ).map((line) => `  ${line}`),
    `${manifest.tokens} ${manifest.tokenizer} tokens, ${manifest.vocabularySize} in the vocabulary:`,
    ...Object.entries(splits).map(([split, { pieces, tokens }]) =>
      `  ${split}: ${pieces} pieces, ${tokens} tokens`
    ),
    ...ownSplits > 0
      ? [`  The split of ${ownSplits} pieces is that of their collection.`]
      : [],
  ];
}
