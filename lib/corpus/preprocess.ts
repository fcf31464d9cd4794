/** Turns a folder of MIDI files into a corpus of tokens. */

import { join } from "@std/path";
import {
  requireKnownNames,
  requireOneOf,
  requireWritableFolder,
} from "../base/base.ts";
import { cutSilence, emptySequence } from "../music/music.ts";
import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";
import { assemble, type CorpusChoices } from "./assemble.ts";
import { collectionSource } from "./collection_source.ts";
import { composedCount, composedPieces } from "./composed.ts";
import { MANIFEST_FILE } from "./folder.ts";
import type { Manifest, ManifestSummary } from "./format.ts";
import { KnownReadings } from "./known_readings.ts";
import { loadParts, namesOfPart, type PartNumber, savePart } from "./parts.ts";
import {
  ALL_FILES,
  type MidiSource,
  openMidiSource,
  type SourceFile,
} from "./midi_source.ts";
import { type FileRecord, readFiles } from "./read_files.ts";
import { DEFAULT_GAP_BARS, type ReadingOptions } from "./reading.ts";
import { withScoresBeside } from "./scores_beside.ts";
import type { CorpusFolders } from "./sequences.ts";
import { type SplitOptions, splitPieces } from "./splits.ts";
import { TOKEN_VERSION } from "./token_version.ts";
import { tokenizerFor } from "./tokenizers.ts";

/** Options of {@linkcode preprocess}. */
export interface PreprocessOptions
  extends SplitOptions, ReadingOptions, CorpusFolders {
  /**
   * The tokenizer, or the name of one.
   * @default "remi"
   */
  readonly tokenizer?: Tokenizer["name"] | Tokenizer;
  /**
   * Whether files with the same bytes are all kept.
   * @default false
   */
  readonly keepDuplicates?: boolean;
  /**
   * Which files stay in one split beside duplicates and transpositions: none, or
   * those whose names differ only in their number.
   * @default "piece"
   */
  readonly splitBy?: "piece" | "family";
  /**
   * Whether links that lead out of the folder are followed.
   * @default false
   */
  readonly followLinks?: boolean;
  /**
   * How many pieces to compose beside those of the starter folder, all of them to
   * learn from; "auto" composes 8,000, and none beside any other folder.
   * @default "auto"
   */
  readonly compose?: number | "auto";
  /** Called after each file. */
  readonly onProgress?: (progress: PreprocessProgress) => void;
}

/** Names of all options; one that is misspelt would do nothing. */
const OPTIONS: Record<keyof PreprocessOptions, true> = {
  midiFolder: true,
  outFolder: true,
  tokenizer: true,
  keepDuplicates: true,
  splitBy: true,
  seed: true,
  validShare: true,
  testShare: true,
  strict: true,
  maxGapBars: true,
  followLinks: true,
  compose: true,
  onProgress: true,
};

/** Progress of {@linkcode preprocess}. */
export interface PreprocessProgress {
  /** Files done. */
  readonly done: number;
  /** Files found. */
  readonly total: number;
  /** The file just done. */
  readonly file: string;
  /** Whether it was read now, rather than known from an earlier run. */
  readonly parsed: boolean;
}

/**
 * Reads all MIDI files of a folder or archive (ZIP, TAR, TAR.GZ) and saves a corpus
 * of their tokens. The same files and options always give the same bytes.
 *
 * A file that cannot be used is listed with the reason, and the others are still
 * read; so is a file in which something was put right. What is made of each file is
 * kept at once (`readings.bin`), by its content: a run that was stopped goes on where
 * it was, and a later one into the same folder reads only what changed. The vocabulary holds the tokens of all pieces, held-out
 * ones too. Pieces composed beside the starter folder are read like its files; no
 * split but the training pieces changes by them.
 *
 * @returns The content of `manifest.json`, without its hash.
 * @throws {CorpusError} If the folder is missing or has no usable MIDI file.
 * @throws {ArchiveError} If an archive is damaged or of an unsupported kind.
 * @throws {LockError} If another process preprocesses into the same folder.
 * @throws {FileError} If the corpus cannot be saved, before anything is read
 * where that can be known.
 * @throws {RangeError} If the shares, `maxGapBars` or `compose` make no sense.
 * @throws {Stopped} If it is asked to stop; an earlier corpus stays.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadCorpus, preprocess } from "immersic/corpus/corpus.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { writeMidi } from "immersic/midi/midi.ts";
 * const folder = await Deno.makeTempDir();
 * const note = { pitch: 60, velocity: 70, startTicks: 0, endTicks: 480, part: 0 };
 * await Deno.writeFile(
 *   `${folder}/one.mid`,
 *   writeMidi({
 *     ...emptySequence(480),
 *     parts: [{ name: "", program: 0, isDrum: false }],
 *     notes: [note],
 *     totalTicks: 480,
 *   }),
 * );
 * const manifest = await preprocess({ midiFolder: folder, outFolder: `${folder}/out` });
 * assert.equal(manifest.kept, 1);
 * const corpus = await loadCorpus(`${folder}/out`);
 * const tokens = corpus.vocabulary.decode(corpus.pieces[0]!.ids);
 * assert.ok(tokens.includes("Pitch_60"));
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function preprocess(
  options: PreprocessOptions,
): Promise<Manifest> {
  await preprocessToFolder(options);
  const path = join(options.outFolder, MANIFEST_FILE);
  const { sha256: _, ...manifest } = JSON.parse(await Deno.readTextFile(path));
  return manifest;
}

/**
 * As {@linkcode preprocess}, for collections of any size: the list of pieces stays
 * on the disk.
 *
 * @returns The content of `manifest.json` without its pieces.
 */
export async function preprocessToFolder(
  options: PreprocessOptions,
): Promise<ManifestSummary> {
  const { midiFolder, outFolder } = options;
  const choices = choicesOf(options);
  const compose = await composedCount(midiFolder, options.compose ?? "auto");
  const source = await sourceOf(options);
  await requireWritableFolder(outFolder);
  using known = await KnownReadings.open(outFolder, wayOf(choices));
  const files = withComposed(
    source.files(ALL_FILES),
    outFolder,
    compose,
  );
  const total = source.names.length + compose;
  const records = await readAll(files, known, { ...options, total });
  return await assemble(outFolder, {
    records,
    find: (sha256) => known.find(sha256),
    choices,
    midiFolder,
  });
}

/**
 * Reads some of the files of a folder or archive, for {@linkcode mergeParts}: each
 * machine reads one part.
 *
 * @param options As of {@linkcode preprocess}, the same for all parts but the folder
 * that each is written to.
 * @param part Which part, from 1 on, of how many.
 * @returns How many files there are in it, and in all parts.
 * @throws As {@linkcode preprocess}, and {RangeError} if there is no such part.
 */
export async function preprocessPart(
  options: PreprocessOptions,
  part: PartNumber,
): Promise<{ files: number; total: number }> {
  const { midiFolder, outFolder } = options;
  const choices = choicesOf(options);
  const compose = await composedCount(midiFolder, options.compose ?? "auto");
  const source = await sourceOf(options);
  const names = namesOfPart(source.names, part);
  await requireWritableFolder(outFolder);
  using known = await KnownReadings.open(outFolder, wayOf(choices));
  const total = names.size;
  const records = await readAll(source.files(names), known, {
    ...options,
    total,
  });
  await savePart(outFolder, { ...part, choices, compose, source, records });
  return { files: total, total: source.names.length };
}

/**
 * Makes a corpus of the parts that {@linkcode preprocessPart} left, the same as
 * {@linkcode preprocess} makes of all files at once.
 *
 * @param folders Of all parts, in any order.
 * @param outFolder Of the corpus.
 * @returns The content of `manifest.json` without its pieces.
 * @throws {CorpusError} If a part is missing, there twice, or does not belong to the
 * others, or no file can be used.
 * @throws {FileError} If a part cannot be read, or the corpus cannot be written.
 *
 * @example
 * ```ts
 * import { mergeParts, preprocessPart } from "immersic/corpus/corpus.ts";
 * import { STARTER_FOLDER as midiFolder } from "immersic/base/base.ts";
 * const folder = await Deno.makeTempDir();
 * const parts = [1, 2].map((part) => `${folder}/${part}`);
 * for (const [i, outFolder] of parts.entries()) {
 *   const options = { midiFolder, outFolder, compose: 0 };
 *   await preprocessPart(options, { part: i + 1, of: parts.length });
 * }
 * const { kept } = await mergeParts(parts, `${folder}/corpus`);
 * console.assert(kept === 162);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function mergeParts(
  folders: readonly string[],
  outFolder: string,
): Promise<ManifestSummary> {
  await requireWritableFolder(outFolder);
  const parts = await loadParts(folders);
  const { choices, compose } = parts[0]!;
  using opened = new DisposableStack();
  const known: KnownReadings[] = [];
  for (const { folder } of parts) {
    const readings = await KnownReadings.openWhole(folder, wayOf(choices));
    known.push(opened.use(readings));
  }
  const records = parts.flatMap(({ records }) => records);
  if (compose > 0) {
    const own = await KnownReadings.open(outFolder, wayOf(choices));
    known.push(opened.use(own));
    const files = withComposed(noFiles(), outFolder, compose);
    const { tokenizer, strict, maxGapBars } = choices;
    const options = { tokenizer, strict, maxGapBars, total: compose };
    records.push(...await readAll(files, own, options));
  }
  return await assemble(outFolder, {
    records,
    find: (sha256) => {
      for (const readings of known) {
        const found = readings.find(sha256);
        if (found) return found;
      }
      return undefined;
    },
    choices,
    midiFolder: folders.join(", "),
  });
}

/** The pieces of the folder or archive. */
async function sourceOf(
  { midiFolder, followLinks, keepDuplicates = false }: PreprocessOptions,
): Promise<MidiSource> {
  const source = await openMidiSource(midiFolder, followLinks);
  return await collectionSource(
    await withScoresBeside(midiFolder, source),
    keepDuplicates,
  );
}

/** Reads files as the options say. */
async function readAll(
  files: AsyncIterable<SourceFile>,
  known: KnownReadings,
  options:
    & Pick<
      PreprocessOptions,
      "tokenizer" | "strict" | "maxGapBars" | "onProgress"
    >
    & { readonly total: number },
): Promise<FileRecord[]> {
  const { tokenizer = "remi", total, onProgress } = options;
  const { strict = false, maxGapBars = DEFAULT_GAP_BARS } = options;
  let done = 0;
  return await readFiles(files, known, {
    ...{ tokenizer, strict, maxGapBars, total },
    // A table may hold many pieces.
    onFile: (at) =>
      onProgress?.({ done: ++done, total: Math.max(done, total), ...at }),
  });
}

/**
 * What the options decide, in the order of the manifest.
 *
 * @throws {RangeError} If one makes no sense, before anything is read.
 */
function choicesOf(options: PreprocessOptions): CorpusChoices {
  requireKnownNames(
    "options of preprocess",
    Object.keys(OPTIONS),
    Object.keys(options),
  );
  const { seed = 1, validShare = 0.1, testShare = 0.1 } = options;
  const { strict = false, maxGapBars = DEFAULT_GAP_BARS } = options;
  const { tokenizer: choice = "remi", splitBy = "piece" } = options;
  if (typeof choice === "string") {
    requireOneOf("the tokenizer", ["remi", "chord"], choice);
  }
  requireOneOf("splitBy", ["piece", "family"], splitBy);
  const { keepDuplicates = false } = options;
  for (const [name, value] of Object.entries({ keepDuplicates, strict })) {
    if (typeof value === "boolean") continue;
    throw new RangeError(
      `Cannot set ${name} to ${
        JSON.stringify(value)
      }: it is true or false, without quotes.`,
    );
  }
  const shares = { seed, validShare, testShare };
  splitPieces([], shares);
  cutSilence(emptySequence(1), { maxGapBars });
  const tokenizer = typeof choice === "string" ? tokenizerFor(choice) : choice;
  return {
    tokenizer: tokenizer.name,
    tokenizerOptions: tokenizer.options ?? {},
    tokenVersion: TOKEN_VERSION,
    ...shares,
    splitBy,
    keepDuplicates,
    strict,
    maxGapBars,
  };
}

/** All that a reading depends on, beside the file. */
function wayOf(choices: CorpusChoices): unknown {
  const { tokenizer, tokenizerOptions, tokenVersion } = choices;
  const { strict, maxGapBars } = choices;
  return { tokenizer, tokenizerOptions, tokenVersion, strict, maxGapBars };
}

/** Files that were found, then files that are composed meanwhile. */
async function* withComposed(
  found: AsyncIterable<SourceFile>,
  outFolder: string,
  compose: number,
): AsyncGenerator<SourceFile> {
  yield* found;
  for await (const { file, bytes } of composedPieces(outFolder, compose)) {
    yield { file, composed: true, read: () => Promise.resolve(bytes) };
  }
}

async function* noFiles(): AsyncGenerator<SourceFile> {}
