/** Turns a folder of MIDI files into a corpus of tokens. */

import { join } from "@std/path";
import { LimitError } from "../base/base.ts";
import { describePiece } from "../music/music.ts";
import { ChordTokenizer, measureStyle } from "../tokens/chord/chord.ts";
import { loadCorpus, saveCorpus } from "./folder.ts";
import {
  CorpusError,
  type CorpusOrigin,
  hashOf,
  makeCorpus,
  type Manifest,
  type ManifestPiece,
  type Rejection,
} from "./format.ts";
import { readSequences } from "./sequences.ts";
import {
  fileFamily,
  type SplitOptions,
  splitPieces,
  twinSignature,
} from "./splits.ts";
import { MidiError, parseMidi } from "../midi/midi.ts";
import { closedVocabulary, RemiTokenizer } from "../tokens/remi/remi.ts";
import { TOKEN_VERSION } from "./token_version.ts";
import { type Tokenizer, Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** Options of {@linkcode preprocess}. */
export interface PreprocessOptions extends SplitOptions {
  /** Folder of MIDI files; its subfolders are read too. */
  readonly midiFolder: string;
  /** Folder to save the corpus in; results of an earlier run there are reused. */
  readonly outFolder: string;
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
  /** Called after each file. */
  readonly onProgress?: (progress: PreprocessProgress) => void;
}

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

/** The tokens of a usable file. */
interface FileReading extends Pick<ManifestPiece, "description" | "twin"> {
  /** Ids in `vocabulary`, which is this file's own or that of an earlier corpus. */
  readonly ids: Int32Array;
  readonly vocabulary: Vocabulary;
}

/** Why a file could not be used. */
interface Refusal {
  /** The reason, worded the same for every file, so that files can be counted by it. */
  readonly reason: string;
  readonly message: string;
}

/** The usable files of a folder, and an account of the others. */
interface FolderReading
  extends Pick<CorpusOrigin, "files" | "duplicates" | "rejections"> {
  readonly readings:
    readonly (FileReading & Pick<ManifestPiece, "file" | "sha256">)[];
}

/** The tokenizer of a name. */
export function tokenizerFor(name: Tokenizer["name"]): Tokenizer {
  return name === "chord" ? new ChordTokenizer() : new RemiTokenizer();
}

/**
 * Reads all MIDI files of a folder and saves a corpus of their tokens. The same
 * files and options always give the same bytes.
 *
 * A file that cannot be used is listed with the reason, and the others are still
 * read. Files whose content an earlier run into the same folder has tokenized are
 * not tokenized again. The vocabulary holds the tokens of all pieces, held-out
 * ones too.
 *
 * @returns The content of `manifest.json`.
 * @throws {CorpusError} If the folder is missing or has no usable MIDI file.
 * @throws {RangeError} If the shares make no sense.
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
  const { outFolder, tokenizer: choice = "remi", splitBy = "piece" } = options;
  const { seed = 1, validShare = 0.1, testShare = 0.1 } = options;
  const shares = { seed, validShare, testShare };
  splitPieces([], shares); // Refuses wrong shares before reading anything.
  const tokenizer = typeof choice === "string" ? tokenizerFor(choice) : choice;
  const { readings, ...counts } = await readFiles(
    options,
    tokenizer,
    await knownReadings(outFolder, tokenizer),
  );
  const alphabet = new Set(
    readings.flatMap(({ ids, vocabulary }) => vocabulary.decode(new Set(ids))),
  );
  const vocabulary = Vocabulary.fromTokens(
    tokenizer.name === "remi"
      ? closedVocabulary(alphabet, tokenizer.options)
      : alphabet,
  );
  const splits = splitPieces(
    readings.map(({ file, sha256, twin }) => [
      sha256,
      twin,
      ...splitBy === "family" ? [fileFamily(file)] : [],
    ]),
    shares,
  );
  const pieces = readings.map(({ vocabulary: own, ids, ...piece }, i) => ({
    ...piece,
    split: splits[i]!,
    tokens: ids.length,
    ids: ids.map((id) => vocabulary.id(own.token(id))),
  }));
  const corpus = makeCorpus(vocabulary, pieces, {
    tokenizer: tokenizer.name,
    tokenizerOptions: tokenizer.options ?? {},
    tokenVersion: TOKEN_VERSION,
    ...shares,
    splitBy,
    keepDuplicates: options.keepDuplicates ?? false,
    ...counts,
    style: tokenizer.name === "chord"
      ? measureStyle(
        await readSequences(options.midiFolder, { pieces }, "train"),
      )
      : undefined,
  });
  await saveCorpus(outFolder, corpus);
  return corpus.manifest;
}

/**
 * Reads every MIDI file of a folder, except those whose content is known.
 *
 * @param known Earlier results by SHA-256 of the content; new ones are added.
 */
async function readFiles(
  options: PreprocessOptions,
  tokenizer: Tokenizer,
  known: Map<string, FileReading | Refusal>,
): Promise<FolderReading> {
  const { midiFolder, keepDuplicates = false, onProgress } = options;
  const files = await midiFilesIn(midiFolder);
  const readings: FolderReading["readings"][number][] = [];
  const duplicates: FolderReading["duplicates"][number][] = [];
  const rejections: Record<string, Rejection[]> = {};
  const firstFiles = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    let sha256 = "", parsed = false, result: FileReading | Refusal;
    try {
      const bytes = await Deno.readFile(join(midiFolder, file));
      sha256 = hashOf(bytes);
      parsed = !known.has(sha256);
      result = known.get(sha256) ?? readPiece(bytes, tokenizer);
      known.set(sha256, result);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      result = { reason: "the file cannot be opened", message };
    }
    const duplicateOf = firstFiles.get(sha256);
    if ("reason" in result) {
      const { reason, message } = result;
      (rejections[reason] ??= []).push({ file, sha256, message });
    } else if (duplicateOf === undefined) {
      firstFiles.set(sha256, file);
      readings.push({ file, sha256, ...result });
    } else {
      duplicates.push({ file, duplicateOf });
      if (keepDuplicates) readings.push({ file, sha256, ...result });
    }
    onProgress?.({ done: index + 1, total: files.length, file, parsed });
  }
  if (readings.length === 0) {
    const reasons = Object.entries(rejections).map(([reason, { length }]) =>
      `${length} × ${reason}`
    );
    throw new CorpusError(
      `Cannot preprocess ${midiFolder}: none of its ${files.length} MIDI files can be used (${
        reasons.join("; ")
      }).`,
    );
  }
  return { files: files.length, readings, duplicates, rejections };
}

/** The MIDI files of a folder and its subfolders, sorted, "/" in their paths. */
async function midiFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  const visited = new Set<string>();
  const visit = async (prefix: string) => {
    const real = await Deno.realPath(join(folder, prefix));
    if (visited.has(real)) return; // A link back to a folder above.
    visited.add(real);
    for await (const entry of Deno.readDir(join(folder, prefix))) {
      const path = prefix + entry.name;
      const isDirectory = entry.isSymlink
        ? await Deno.stat(join(folder, path)).then(
          (target) => target.isDirectory,
          () => false,
        )
        : entry.isDirectory;
      if (isDirectory) await visit(`${path}/`);
      else if (/\.midi?$/i.test(entry.name)) files.push(path);
    }
  };
  await visit("").catch((error) => {
    throw new CorpusError(
      `Cannot preprocess ${folder}: its files cannot be listed (${error.message}). Is the path of the MIDI folder right?`,
      { cause: error },
    );
  });
  if (files.length === 0) {
    throw new CorpusError(
      `Cannot preprocess ${folder}: there is no .mid or .midi file in it or its subfolders.`,
    );
  }
  return files.sort();
}

/** Results of an earlier run into the same folder, by SHA-256 of the file. */
async function knownReadings(
  outFolder: string,
  tokenizer: Tokenizer,
): Promise<Map<string, FileReading | Refusal>> {
  const known = new Map<string, FileReading | Refusal>();
  const corpus = await loadCorpus(outFolder).catch(() => undefined);
  // There is none, it is damaged, or the files would now be read differently.
  if (
    corpus === undefined || corpus.tokenizer !== tokenizer.name ||
    JSON.stringify([
        corpus.manifest.tokenizerOptions,
        corpus.manifest.tokenVersion,
      ]) !==
      JSON.stringify([tokenizer.options ?? {}, TOKEN_VERSION])
  ) return known;
  const { manifest, vocabulary, pieces } = corpus;
  for (const { sha256, description, twin, ids } of pieces) {
    known.set(sha256, { description, twin, ids, vocabulary });
  }
  for (const [reason, files] of Object.entries(manifest.rejections)) {
    for (const { sha256, message } of files) {
      known.set(sha256, { reason, message });
    }
  }
  return known;
}

/** Tokenizes a file; any error is a reason to reject the file. */
function readPiece(
  bytes: Uint8Array,
  tokenizer: Tokenizer,
): FileReading | Refusal {
  try {
    const sequence = parseMidi(bytes);
    const tokens = sequence.notes.length === 0
      ? []
      : tokenizer.encodeFile?.(bytes) ?? tokenizer.encode(sequence);
    if (tokens.length === 0) {
      const reason = sequence.notes.length > 0
        ? `no note that ${tokenizer.name} tokens can say`
        : "no notes";
      return { reason, message: `The file has ${reason}.` };
    }
    const vocabulary = Vocabulary.fromTokens(tokens);
    return {
      ids: vocabulary.encode(tokens),
      vocabulary,
      description: describePiece(sequence),
      twin: twinSignature(sequence),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = error instanceof MidiError || error instanceof LimitError
      ? error.reason
      : message;
    return { reason, message };
  }
}
