/** Loads a corpus folder; `format.ts` has the format of its files. */

import { join } from "@std/path";
import { inTurns } from "../base/base.ts";
import { readNotesJson } from "../tokens/chord/chord.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import {
  type Corpus,
  CorpusError,
  hashOf,
  makeCorpus,
  type Manifest,
  MANIFEST_VERSION,
} from "./format.ts";
import { type SealState, sealSteps } from "./seal.ts";
import { SPLITS } from "./splits.ts";
import { decodeTokenFile } from "./token_file.ts";

/** Names of the files of a corpus. */
export const MANIFEST_FILE = "manifest.json",
  VOCABULARY_FILE = "vocabulary.json",
  TOKEN_FILE = "tokens.bin",
  NOTES_FILE = "notes.json";

/** Bytes that are read together. */
export const CHUNK_BYTES: number = 2 ** 22;

/** What manifests of older corpora lack. */
export const LATER_FIELDS = {
  strict: false,
  repairs: {},
  dropped: {},
  composed: 0,
};

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
    const manifest = await readManifest(folder);
    return manifest === undefined
      ? await loadNotesJson(folder)
      : await loadManifest(folder, manifest);
  } catch (error) {
    throw refusalOf(folder, error);
  }
}

async function loadManifest(
  folder: string,
  manifest: Manifest,
): Promise<Corpus> {
  const { pieces: listed, sha256: _, ...rest } = manifest;
  const vocabulary = await vocabularyOf(folder, manifest);
  const bytes = await Deno.readFile(join(folder, TOKEN_FILE));
  const ids = decodeTokenFile(bytes, vocabulary);
  requireHash(folder, hashOf(bytes), manifest);
  requireCount(folder, listed.length, ids.length);
  const pieces = listed.map((piece, i) => ({ ...piece, ids: ids[i]! }));
  return makeCorpus(vocabulary, pieces, { ...LATER_FIELDS, ...rest });
}

/**
 * The vocabulary of a corpus.
 *
 * @throws {CorpusError} If the manifest is of another version, or there is none.
 */
export async function vocabularyOf(
  folder: string,
  { format, version }: Pick<Manifest, "format" | "version">,
): Promise<Vocabulary> {
  const isKnown = version >= 1 && version <= MANIFEST_VERSION;
  if (format !== "immersic-corpus" || !isKnown) {
    throw refusal(
      folder,
      `${MANIFEST_FILE} must say format immersic-corpus and version ${MANIFEST_VERSION} or earlier, current values are ${format} and ${version}`,
    );
  }
  const tokens = await readJson(folder, VOCABULARY_FILE);
  if (tokens !== undefined) return Vocabulary.fromJSON(tokens);
  throw refusal(folder, `there is no ${VOCABULARY_FILE}`);
}

/** @throws {CorpusError} If a manifest lists more or fewer pieces than the token file has. */
export function requireCount(
  folder: string,
  listed: number,
  stored: number,
): void {
  if (listed === stored) return;
  throw refusal(
    folder,
    `${MANIFEST_FILE} lists ${listed} pieces, and ${TOKEN_FILE} has ${stored}`,
  );
}

/**
 * Looks whether a manifest is as it was written; a step for each chunk that is read.
 *
 * @throws {CorpusError} If it is not.
 */
export function* requireSeal(
  folder: string,
  file: Deno.FsFile,
  chunkBytes: number,
): Generator<void, SealState> {
  const state = yield* sealSteps(file, chunkBytes);
  if (state !== "broken") return state;
  throw refusal(
    folder,
    `${MANIFEST_FILE} was changed since it was written, or is damaged`,
  );
}

/** @throws {CorpusError} If a manifest of this version must have a seal, and has none. */
export function requireSealed(
  folder: string,
  state: SealState,
  { version }: Pick<Manifest, "version">,
): void {
  if (state !== "none" || version !== MANIFEST_VERSION) return;
  throw refusal(
    folder,
    `${MANIFEST_FILE} does not end with its sha256, and was changed since it was written`,
  );
}

/** @throws {CorpusError} If the token file has another hash than its manifest says. */
export function requireHash(
  folder: string,
  hash: string,
  { tokensHash }: Pick<Manifest, "tokensHash">,
): void {
  if (hash === tokensHash) return;
  throw refusal(
    folder,
    `${TOKEN_FILE} is not the one that ${MANIFEST_FILE} was written with, as if preprocessing had been stopped while it saved`,
  );
}

/** The manifest of a folder; undefined if there is none. */
async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST_FILE);
  let state: SealState;
  try {
    using file = await Deno.open(path);
    state = await inTurns(requireSeal(folder, file, CHUNK_BYTES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error instanceof CorpusError
      ? error
      : unreadable(folder, MANIFEST_FILE, error);
  }
  const manifest = Object(await readJson(folder, MANIFEST_FILE)) as Manifest;
  requireSealed(folder, state, manifest);
  return manifest;
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
    throw unreadable(folder, name, error);
  }
}

/** Why a file of a corpus cannot be read. */
export function unreadable(
  folder: string,
  name: string,
  error: unknown,
): CorpusError {
  const why = error instanceof Error ? error.message : `${error}`;
  // Messages about JSON quote lines of it.
  const line = why.replace(/\s+/g, " ");
  return refusal(folder, `${name} cannot be read (${line})`);
}

/** Any error as one of the corpus in a folder. */
export function refusalOf(folder: string, error: unknown): CorpusError {
  return error instanceof CorpusError
    ? error
    : refusal(folder, error instanceof Error ? error.message : `${error}`);
}

function refusal(folder: string, reason: string): CorpusError {
  return new CorpusError(
    `Cannot load the corpus in ${folder}: ${reason}. Preprocess the MIDI files again.`,
  );
}
