/** `runs`: the training runs and the corpora that are here. */

import { join, relative } from "@std/path";
import {
  CHECKPOINTS_FOLDER,
  lockHolder,
  PROCESSED_FOLDER,
  PROJECT_FOLDER,
} from "../base/base.ts";
import { openCorpus } from "../corpus/corpus.ts";
import { bestEpoch, listCheckpoints, loadLatest } from "../model/model.ts";
import { table } from "../plot/plot.ts";
import type { RUNS } from "../tasks/tasks.ts";
import type { Run } from "./command.ts";

/** A training run. */
export interface RunRow {
  readonly name: string;
  /** What it was trained with last; undefined in older runs. */
  readonly engine: string | undefined;
  /** Folder of its corpus; undefined where the run does not tell. */
  readonly corpus: string | undefined;
  /** Finished epochs, and how many there are to be. */
  readonly epochs: number;
  readonly ofEpochs: number;
  /** The lowest loss on validation pieces, in nats a token. */
  readonly validLoss: number | undefined;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** When its last checkpoint was saved, in ISO 8601. */
  readonly saved: string | undefined;
  /** Who trains it at this moment. */
  readonly heldBy: string | undefined;
  /** Sentences on checkpoints that cannot be read. */
  readonly damaged: readonly string[];
}

/** A preprocessed corpus. */
export interface CorpusRow {
  readonly name: string;
  readonly tokenizer: string;
  readonly pieces: number;
  readonly tokens: number;
  /** Bytes of all its files. */
  readonly bytes: number;
}

/** What cannot be read, and why. */
export interface Unreadable {
  readonly name: string;
  readonly error: string;
}

/**
 * Lists the runs of a folder of checkpoints and the corpora of another.
 *
 * @param folders @default those of the project
 * @param progress Shows what is being read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listRuns } from "immersic/commands/runs.ts";
 * const { runs } = await listRuns();
 * assert(runs.some(({ name }) => name === "starter"));
 * ```
 */
export async function listRuns(
  { checkpoints = CHECKPOINTS_FOLDER, corpora = PROCESSED_FOLDER }: {
    readonly checkpoints?: string;
    readonly corpora?: string;
  } = {},
  progress: (text: string) => void = () => {},
): Promise<{
  readonly runs: readonly (RunRow | Unreadable)[];
  readonly corpora: readonly (CorpusRow | Unreadable)[];
}> {
  return {
    runs: await rowsOf(checkpoints, readRun, progress),
    corpora: await rowsOf(corpora, readCorpus, progress),
  };
}

/** A row for each folder of a folder, in the order of their names. */
async function rowsOf<T>(
  parent: string,
  read: (name: string, folder: string) => Promise<T>,
  progress: (text: string) => void,
): Promise<(T | Unreadable)[]> {
  const rows: (T | Unreadable)[] = [];
  for (const name of await foldersIn(parent)) {
    progress(`reading ${name}`);
    try {
      rows.push(await read(name, join(parent, name)));
    } catch (error) {
      rows.push({ name, error: (error as Error).message });
    }
  }
  return rows;
}

async function foldersIn(parent: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(parent)) {
      if (isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

async function readRun(name: string, folder: string): Promise<RunRow> {
  const places = await listCheckpoints(folder);
  const heldBy = await lockHolder(join(folder, ".lock"));
  const latest = await loadLatest(places);
  if (!latest) {
    throw new Error(
      heldBy === undefined
        ? "It has no checkpoint."
        : `It has no checkpoint yet; ${heldBy} trains it.`,
    );
  }
  const { history, config, corpus, engine, epoch, damaged } = latest;
  const best = history.find((one) => one.epoch === bestEpoch(history));
  const { mtime } = await Deno.stat(places.at(-1)!.folder);
  return {
    ...{ name, engine, corpus: corpus.folder, epochs: epoch, heldBy },
    ofEpochs: config.epochs,
    validLoss: best?.validLoss,
    bytes: await bytesIn(folder),
    saved: mtime?.toISOString(),
    damaged,
  };
}

async function readCorpus(name: string, folder: string): Promise<CorpusRow> {
  using corpus = await openCorpus(folder);
  const splits = Object.values(corpus.manifest.splits);
  const sum = (what: "pieces" | "tokens") =>
    splits.reduce((all, split) => all + split[what], 0);
  return {
    ...{ name, tokenizer: corpus.tokenizer },
    ...{ pieces: sum("pieces"), tokens: sum("tokens") },
    bytes: await bytesIn(folder),
  };
}

/** Bytes of all files below a folder. */
async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) bytes += await bytesIn(path);
    else if (isFile) bytes += (await Deno.stat(path)).size;
  }
  return bytes;
}

/** See {@linkcode Run}. */
export const run: Run<typeof RUNS.options> = async (_given, progress) => {
  const found = await listRuns({}, progress);
  return {
    text: [
      ...shown("runs", CHECKPOINTS_FOLDER, found.runs, runCells),
      ...found.runs.flatMap((row) => "damaged" in row ? row.damaged : []),
      "",
      ...shown("corpora", PROCESSED_FOLDER, found.corpora, corpusCells),
    ].join("\n"),
    json: found,
  };
};

/** A table of what could be read, and a sentence on all else. */
function shown<T extends { readonly name: string }>(
  what: string,
  folder: string,
  rows: readonly (T | Unreadable)[],
  cells: (row: T) => Record<string, string | number | undefined>,
): string[] {
  const place = relative(PROJECT_FOLDER, folder);
  if (rows.length === 0) return [`There are no ${what} in ${place}.`];
  const readable = rows.filter((row): row is T => !("error" in row));
  const text = table(readable.map(cells), undefined, { maxRows: Infinity });
  return [
    ...readable.length > 0 ? [text.text] : [],
    ...rows.filter((row) => "error" in row).map(({ name, error }) =>
      `${join(place, name)} cannot be used. ${error}`
    ),
  ];
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function runCells(row: RunRow) {
  return {
    run: row.name,
    engine: row.engine,
    corpus: row.corpus,
    epochs: `${row.epochs} of ${row.ofEpochs}`,
    "best loss": row.validLoss === undefined
      ? undefined
      : Number(row.validLoss.toFixed(3)),
    size: megabytes(row.bytes),
    saved: row.saved?.slice(0, 16).replace("T", " "),
    "trained by": row.heldBy,
  };
}

function corpusCells(row: CorpusRow) {
  return {
    corpus: row.name,
    alphabet: row.tokenizer,
    pieces: row.pieces,
    tokens: row.tokens,
    size: megabytes(row.bytes),
  };
}
