/** Loads a corpus folder; `format.ts` has the format of its files. */

import { join } from "@std/path";
import { readNotesJson } from "../tokens/chord/chord.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import {
  type Corpus,
  CORPUS_VERSION,
  CorpusError,
  decodeTokenFile,
  hashOf,
  makeCorpus,
  type Manifest,
} from "./format.ts";
import { SPLITS } from "./splits.ts";

/** Names of the files of a corpus. */
export const MANIFEST_FILE = "manifest.json",
  VOCABULARY_FILE = "vocabulary.json",
  TOKEN_FILE = "tokens.bin",
  NOTES_FILE = "notes.json";

/** What manifests of older corpora lack. */
const LATER_FIELDS = { strict: false, repairs: {}, dropped: {}, composed: 0 };

/**
 * Reads a corpus that `preprocess` saved, or the original Immersic's cache: if the
 * folder has only a `notes.json`, its tokens count as one long piece, cut in
 * order into 80 % train, 10 % valid and 10 % test.
 *
 * @param folder The corpus folder.
 * @throws {CorpusError} If there is no corpus, or its files are damaged, of
 * another version, or do not belong together.
 */
export async function loadCorpus(folder: string): Promise<Corpus> {
  try {
    const manifest = await readJson(folder, MANIFEST_FILE);
    return manifest === undefined
      ? await loadNotesJson(folder)
      : await loadManifest(folder, manifest as Manifest);
  } catch (error) {
    if (error instanceof CorpusError) throw error;
    throw refusal(folder, error instanceof Error ? error.message : `${error}`);
  }
}

async function loadManifest(
  folder: string,
  manifest: Manifest,
): Promise<Corpus> {
  const { format, version } = manifest;
  if (format !== "immersic-corpus" || version !== CORPUS_VERSION) {
    throw refusal(
      folder,
      `${MANIFEST_FILE} must say format immersic-corpus and version ${CORPUS_VERSION}, current values are ${format} and ${version}`,
    );
  }
  const tokens = await readJson(folder, VOCABULARY_FILE);
  if (tokens === undefined) {
    throw refusal(folder, `there is no ${VOCABULARY_FILE}`);
  }
  const vocabulary = Vocabulary.fromJSON(tokens);
  const bytes = await Deno.readFile(join(folder, TOKEN_FILE));
  const ids = decodeTokenFile(bytes, vocabulary);
  if (hashOf(bytes) !== manifest.tokensHash) {
    throw refusal(
      folder,
      `${TOKEN_FILE} is not the one that ${MANIFEST_FILE} was written with; was preprocessing stopped while it saved?`,
    );
  }
  const pieces = manifest.pieces.map((piece, i) => ({
    ...piece,
    ids: ids[i]!,
  }));
  return makeCorpus(vocabulary, pieces, { ...LATER_FIELDS, ...manifest });
}

/** The original's cache as a corpus. */
async function loadNotesJson(folder: string): Promise<Corpus> {
  const text = await Deno.readTextFile(join(folder, NOTES_FILE)).catch(() => {
    throw new CorpusError(
      `Cannot load a corpus: there is neither ${MANIFEST_FILE} nor ${NOTES_FILE} in ${folder}. Make one with notebooks/preprocess.ipynb, or with: deno task preprocess --midi FOLDER --out ${folder}`,
    );
  });
  const tokens = readNotesJson(text);
  const vocabulary = Vocabulary.fromTokens(tokens);
  const ids = vocabulary.encode(tokens);
  const cuts = [0, 0.8, 0.9, 1].map((share) => Math.round(share * ids.length));
  const pieces = SPLITS.map((split, i) => {
    const ofSplit = ids.subarray(cuts[i], cuts[i + 1]);
    return {
      file: NOTES_FILE,
      sha256: hashOf(text),
      split,
      twin: "",
      tokens: ofSplit.length,
      ids: ofSplit,
    };
  });
  return makeCorpus(vocabulary, pieces, {
    tokenizer: "chord",
    tokenizerOptions: {},
    tokenVersion: 0,
    seed: 0,
    splitBy: "piece",
    validShare: 0.1,
    testShare: 0.1,
    keepDuplicates: true,
    ...LATER_FIELDS,
    files: 1,
    duplicates: [],
    rejections: {},
  });
}

/** Parsed JSON; undefined if there is no such file. */
async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(join(folder, name)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    const why = error instanceof Error ? error.message : error;
    throw refusal(folder, `${name} cannot be read (${why})`);
  }
}

function refusal(folder: string, reason: string): CorpusError {
  return new CorpusError(
    `Cannot load the corpus in ${folder}: ${reason}. Preprocess the MIDI files again.`,
  );
}
