/** Turns a folder of MIDI files into a corpus of tokens. */

import { join } from "@std/path";
import {
  fileCause,
  inTurns,
  requireKnownNames,
  requireWritableFolder,
  Turns,
} from "../base/base.ts";
import { cutSilence, emptySequence, type Repair } from "../music/music.ts";
import { ChordTokenizer, styleSteps } from "../tokens/chord/chord.ts";
import {
  composedCount,
  type ComposedPiece,
  composedPieces,
} from "./composed.ts";
import { saveCorpus } from "./folder.ts";
import {
  CorpusError,
  type CorpusOrigin,
  type CorpusPiece,
  type FileCount,
  hashOf,
  makeCorpus,
  type Manifest,
  type ManifestPiece,
  type Rejection,
} from "./format.ts";
import { type KnownReadings, knownReadings } from "./known_readings.ts";
import {
  findMidiFiles,
  type FoundFile,
  MIDI_NAMES,
  openMidiFile,
  type Refusal,
  UnopenedError,
} from "./midi_files.ts";
import {
  DEFAULT_GAP_BARS,
  type PieceReading,
  type ReadingOptions,
  readPiece,
} from "./reading.ts";
import { type CorpusFolders, readSequences } from "./sequences.ts";
import { fileFamily, type SplitOptions, splitPieces } from "./splits.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { renumber } from "./renumber.ts";
import type { TokenNumbers } from "./token_numbers.ts";
import { TOKEN_VERSION } from "./token_version.ts";
import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";

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

/** The usable files of a folder, and an account of the others. */
interface FolderReading
  extends
    Pick<CorpusOrigin, "files" | "composed" | "duplicates" | "rejections"> {
  readonly readings: readonly FileReading[];
  readonly numbers: TokenNumbers;
}

/** A usable file and its tokens. */
type FileReading =
  & PieceReading
  & Pick<ManifestPiece, "file" | "sha256" | "composed">;

/** The tokenizer of a name. */
export function tokenizerFor(name: Tokenizer["name"]): Tokenizer {
  return name === "chord" ? new ChordTokenizer() : new RemiTokenizer();
}

/**
 * Reads all MIDI files of a folder and saves a corpus of their tokens. The same
 * files and options always give the same bytes.
 *
 * A file that cannot be used is listed with the reason, and the others are still
 * read; so is a file in which something was put right. Files whose content an earlier run into the same folder has tokenized are
 * not tokenized again. The vocabulary holds the tokens of all pieces, held-out
 * ones too. Pieces composed beside the starter folder are read like its files; no
 * split but the training pieces changes by them.
 *
 * @returns The content of `manifest.json`.
 * @throws {CorpusError} If the folder is missing or has no usable MIDI file.
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
  requireKnownNames(
    "options of preprocess",
    Object.keys(OPTIONS),
    Object.keys(options),
  );
  const { outFolder, tokenizer: choice = "remi", splitBy = "piece" } = options;
  const { seed = 1, validShare = 0.1, testShare = 0.1 } = options;
  const { strict = false, maxGapBars = DEFAULT_GAP_BARS } = options;
  const shares = { seed, validShare, testShare };
  // Refuse wrong options before reading anything.
  splitPieces([], shares);
  cutSilence(emptySequence(1), { maxGapBars });
  const tokenizer = typeof choice === "string" ? tokenizerFor(choice) : choice;
  const { midiFolder, compose: wanted = "auto" } = options;
  const compose = await composedCount(midiFolder, wanted);
  const files = await listFiles(options);
  await requireWritableFolder(outFolder);
  const reading = { strict, maxGapBars };
  const { readings, numbers, ...counts } = await readFiles(
    files,
    { ...options, ...reading, tokenizer, compose },
    await knownReadings(outFolder, tokenizer, reading),
  );
  const vocabulary = await inTurns(renumber(readings, numbers, tokenizer));
  const pieces = withSplits(readings, splitBy, shares);
  const corpus = makeCorpus(vocabulary, pieces, {
    tokenizer: tokenizer.name,
    tokenizerOptions: tokenizer.options ?? {},
    tokenVersion: TOKEN_VERSION,
    ...shares,
    splitBy,
    keepDuplicates: options.keepDuplicates ?? false,
    ...reading,
    ...counts,
    repairs: countsByReason(readings, ({ repairs }) => repairs),
    dropped: countsByReason(readings, ({ dropped }) => dropped),
    style: tokenizer.name === "chord"
      ? await inTurns(styleSteps(
        readSequences(options, { pieces, maxGapBars }, "train"),
      ))
      : undefined,
  });
  await saveCorpus(outFolder, corpus);
  return corpus.manifest;
}

/**
 * Finds the files.
 *
 * @throws {CorpusError} If there are none, or the folder cannot be read.
 */
async function listFiles(
  { midiFolder, followLinks }: PreprocessOptions,
): Promise<FoundFile[]> {
  const files = await findMidiFiles(midiFolder, followLinks).catch((error) => {
    throw new CorpusError(
      `Cannot preprocess ${midiFolder}: its files cannot be listed (${
        fileCause(error)
      }). Is the path of the MIDI folder right?`,
      { cause: error },
    );
  });
  if (files.length === 0) {
    throw new CorpusError(
      `Cannot preprocess ${midiFolder}: there is no ${MIDI_NAMES} file in it or its subfolders.`,
    );
  }
  return files;
}

/**
 * Puts pieces into splits. Composed ones are for training, and change nothing in
 * how the others are divided.
 */
function withSplits(
  readings: readonly FileReading[],
  splitBy: CorpusOrigin["splitBy"],
  shares: Required<SplitOptions>,
): CorpusPiece[] {
  const found = readings.filter(({ composed }) => !composed);
  const splits = splitPieces(
    found.map(({ file, sha256, twin }) => [
      sha256,
      twin,
      ...splitBy === "family" ? [fileFamily(file)] : [],
    ]),
    shares,
  );
  return readings.map((
    { ids, file, sha256, description, twin, composed },
    i,
  ) => ({
    ...{ file, sha256, description, twin },
    // Composed pieces come after all others.
    split: splits[i] ?? "train",
    tokens: ids.length,
    ...composed && { composed },
    ids,
  }));
}

/** Files that were found, then files that are composed meanwhile. */
async function* filesOf(
  found: readonly FoundFile[],
  { outFolder, compose }: Pick<ReadFilesOptions, "outFolder" | "compose">,
): AsyncGenerator<FoundFile & Partial<ComposedPiece>> {
  yield* found;
  yield* composedPieces(outFolder, compose);
}

/** Options of {@linkcode readFiles}. */
type ReadFilesOptions = PreprocessOptions & {
  readonly tokenizer: Tokenizer;
  readonly compose: number;
};

/**
 * Reads every file, except those whose content is known.
 *
 * @param known Earlier results; new ones are added.
 */
async function readFiles(
  found: readonly FoundFile[],
  options: ReadFilesOptions,
  { results, numbers }: KnownReadings,
): Promise<FolderReading> {
  const { midiFolder, tokenizer, keepDuplicates = false, onProgress } = options;
  const { compose: composed } = options;
  const files = found.length + composed;
  const readings: FileReading[] = [];
  const duplicates: FolderReading["duplicates"][number][] = [];
  const rejections: Record<string, Rejection[]> = {};
  const firstFiles = new Map<string, string>();
  const turns = new Turns();
  let done = 0;
  for await (const { file, refusal, bytes: made } of filesOf(found, options)) {
    let sha256 = "", parsed = false;
    let result: PieceReading | Refusal | undefined = refusal;
    if (result === undefined) {
      try {
        const bytes = made ?? await openMidiFile(join(midiFolder, file), file);
        sha256 = hashOf(bytes);
        parsed = !results.has(sha256);
        result = results.get(sha256) ??
          readPiece(bytes, tokenizer, numbers, options);
        results.set(sha256, result);
      } catch (error) {
        if (!(error instanceof UnopenedError)) throw error;
        result = error;
      }
    }
    const piece = { file, sha256, ...made && { composed: true as const } };
    // A composed transposition of another piece would teach nothing new, or a
    // held-out piece.
    const duplicateOf = firstFiles.get(sha256) ??
      (made && "twin" in result ? firstFiles.get(result.twin) : undefined);
    if ("reason" in result) {
      const { reason, message } = result;
      (rejections[reason] ??= []).push({ file, sha256, message });
    } else if (duplicateOf === undefined) {
      firstFiles.set(sha256, file);
      if (!firstFiles.has(result.twin)) firstFiles.set(result.twin, file);
      readings.push({ ...piece, ...result });
    } else {
      duplicates.push({ file, duplicateOf });
      if (keepDuplicates && !made) readings.push({ ...piece, ...result });
    }
    onProgress?.({ done: ++done, total: files, file, parsed });
    await turns.give();
  }
  if (readings.length === 0) {
    const reasons = Object.entries(rejections).map(([reason, refused]) =>
      `\n  ${reason}: ${refused.map(({ file }) => file).join(", ")}`
    );
    throw new CorpusError(
      `Cannot preprocess ${midiFolder}: none of its ${files} MIDI files can be used.${
        reasons.join("")
      }`,
    );
  }
  return { files, composed, readings, numbers, duplicates, rejections };
}

/** What was done to files, by reason. */
function countsByReason(
  readings: readonly FileReading[],
  of: (reading: FileReading) => readonly Repair[],
): Record<string, FileCount[]> {
  const files: Record<string, FileCount[]> = {};
  for (const reading of readings) {
    for (const { reason, count } of of(reading)) {
      (files[reason] ??= []).push({ file: reading.file, count });
    }
  }
  return files;
}
