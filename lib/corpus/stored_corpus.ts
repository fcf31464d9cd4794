/** A corpus of any size, to train on: its tokens stay on the disk. */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { inTurns, Stopped } from "../base/base.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { readAt } from "./file_bytes.ts";
import {
  CHUNK_BYTES,
  LATER_FIELDS,
  loadCorpus,
  MANIFEST_FILE,
  refusalOf,
  requireCount,
  requireHash,
  requireSeal,
  requireSealed,
  TOKEN_FILE,
  unreadable,
  vocabularyOf,
} from "./folder.ts";
import {
  type Corpus,
  CorpusError,
  corpusHash,
  type ManifestSummary,
  piecesIn,
} from "./format.ts";
import { scanManifest, type ScannedManifest } from "./manifest_scan.ts";
import type { Split } from "./splits.ts";
import { type Pieces, StoredPieces } from "./stored_pieces.ts";
import {
  HEADER_BYTES,
  pieceCountIn,
  requireLength,
  tokenFileHeader,
} from "./token_file.ts";

/** A corpus whose pieces stay on the disk. */
export interface StoredCorpus extends
  Disposable,
  Pick<
    Corpus,
    "tokenizer" | "vocabulary" | "style" | "hash" | "heldOutHash"
  > {
  /** What is saved as `manifest.json`, but the pieces. */
  readonly manifest: ManifestSummary;
  /** The pieces in one split, in order of path. */
  piecesOf(split: Split): Pieces;
}

/**
 * As {@linkcode loadCorpus}, but the tokens stay on the disk, and of the list of
 * pieces only their splits and lengths are kept: a dozen bytes a piece. The token
 * file is read once, to see that it is whole.
 *
 * @param folder The corpus folder.
 * @param chunkBytes Bytes that are read together.
 * @returns The corpus; its token file is open until it is disposed of.
 * @throws {CorpusError} As `loadCorpus`.
 * @throws {Stopped} If it is asked to stop.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { STARTER_FOLDER as midiFolder } from "immersic/base/base.ts";
 * import { openCorpus, preprocess } from "immersic/corpus/corpus.ts";
 * const outFolder = await Deno.makeTempDir();
 * const options = { midiFolder, outFolder, compose: 0 };
 * const { splits } = await preprocess(options);
 * {
 *   using corpus = await openCorpus(outFolder);
 *   assert.equal(corpus.piecesOf("train").length, splits.train.pieces);
 * }
 * await Deno.remove(outFolder, { recursive: true });
 * ```
 */
export async function openCorpus(
  folder: string,
  chunkBytes: number = CHUNK_BYTES,
): Promise<StoredCorpus> {
  try {
    return await openStored(folder, chunkBytes);
  } catch (error) {
    throw error instanceof Stopped ? error : refusalOf(folder, error);
  }
}

async function openStored(
  folder: string,
  chunkBytes: number,
): Promise<StoredCorpus> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(join(folder, MANIFEST_FILE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return await inMemory(folder);
    throw unreadable(folder, MANIFEST_FILE, error);
  }
  const { summary, splits } = await scanSealed(file, folder, chunkBytes);
  const manifest = { ...LATER_FIELDS, ...summary };
  const vocabulary = await vocabularyOf(folder, manifest);
  const tokens = await Deno.open(join(folder, TOKEN_FILE));
  try {
    const lengths = lengthsIn(tokens, vocabulary);
    requireCount(folder, splits.length, lengths.length);
    const hashes = await inTurns(
      hashSteps(tokens, { lengths, splits, vocabulary, chunkBytes }),
    );
    requireHash(folder, hashes.tokens, manifest);
    const { tokenizer, style } = manifest;
    return {
      ...{ tokenizer, vocabulary, style, manifest },
      hash: corpusHash(manifest, splits),
      heldOutHash: hashes.heldOut,
      piecesOf: (split) =>
        new StoredPieces(
          tokens,
          placesOf(lengths, (i) => splits[i] === split),
          vocabulary.size,
        ),
      [Symbol.dispose]: () => tokens.close(),
    };
  } catch (error) {
    tokens.close();
    throw error;
  }
}

/** Scans a manifest that is as it was written, and closes it. */
async function scanSealed(
  file: Deno.FsFile,
  folder: string,
  chunkBytes: number,
): Promise<ScannedManifest> {
  using _ = file;
  try {
    const seal = await inTurns(requireSeal(folder, file, chunkBytes));
    const path = join(folder, MANIFEST_FILE);
    const scanned = await scanManifest(file, path, chunkBytes);
    requireSealed(folder, seal, scanned.summary);
    return scanned;
  } catch (error) {
    if (error instanceof Stopped || error instanceof CorpusError) throw error;
    throw unreadable(folder, MANIFEST_FILE, error);
  }
}

/** A corpus that is loaded whole: the original's cache. */
async function inMemory(folder: string): Promise<StoredCorpus> {
  const corpus = await loadCorpus(folder);
  return {
    ...corpus,
    piecesOf: (split) => piecesIn(corpus, split),
    [Symbol.dispose]() {},
  };
}

/**
 * Tokens of each piece, as the beginning of a token file says.
 *
 * @throws {CorpusError} If the file is damaged, or of another vocabulary.
 */
function lengthsIn(file: Deno.FsFile, vocabulary: Vocabulary): Uint32Array {
  const header = new Uint8Array(HEADER_BYTES);
  const length = readAt(file, 0, header);
  const pieces = pieceCountIn(header.subarray(0, length), vocabulary);
  const { size } = file.statSync();
  // Before memory is taken for as many as a damaged file may claim.
  const most = Math.min(pieces, Math.floor((size - HEADER_BYTES) / 4));
  const lengths = new Uint32Array(most);
  readAt(file, HEADER_BYTES, new Uint8Array(lengths.buffer));
  requireLength(size, lengths, pieces);
  return lengths;
}

/** The places of some pieces in a token file. */
function placesOf(lengths: Uint32Array, isWanted: (piece: number) => boolean) {
  const wanted: number[] = [], starts: number[] = [];
  let start = HEADER_BYTES + 4 * lengths.length;
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!;
    if (isWanted(i)) {
      wanted.push(length);
      starts.push(start);
    }
    start += 4 * length;
  }
  return {
    starts: Float64Array.from(starts),
    lengths: Uint32Array.from(wanted),
  };
}

/**
 * SHA-256 of a token file, and of one of the held-out pieces alone, as `makeCorpus`
 * has them; a step for each chunk that is read.
 */
function* hashSteps(
  file: Deno.FsFile,
  { lengths, splits, vocabulary, chunkBytes }: {
    readonly lengths: Uint32Array;
    readonly splits: readonly Split[];
    readonly vocabulary: Vocabulary;
    readonly chunkBytes: number;
  },
): Generator<void, { tokens: string; heldOut: string }> {
  const isHeldOut = (piece: number) => splits[piece] !== "train";
  const all = createHash("sha256"), heldOut = createHash("sha256");
  const held = placesOf(lengths, isHeldOut);
  heldOut.update(tokenFileHeader([...held.lengths], vocabulary));
  const chunk = new Uint8Array(chunkBytes);
  let next = 0;
  for (let from = 0;; from += chunk.length) {
    const length = readAt(file, from, chunk), to = from + length;
    all.update(chunk.subarray(0, length));
    for (; next < held.starts.length; next++) {
      const start = held.starts[next]!, end = start + 4 * held.lengths[next]!;
      if (start >= to && start < end) break;
      heldOut.update(
        chunk.subarray(Math.max(0, start - from), Math.min(end, to) - from),
      );
      if (end > to) break;
    }
    if (length < chunk.length) break;
    yield;
  }
  return { tokens: all.digest("hex"), heldOut: heldOut.digest("hex") };
}
