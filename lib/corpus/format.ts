/**
 * A preprocessed corpus, and the format of its token file.
 *
 * A corpus folder holds `manifest.json` (a {@linkcode Manifest}),
 * `vocabulary.json` (the tokens in order of id), `tokens.bin` and, with the
 * chord tokenizer, `notes.json`, the original Immersic's cache: the tokens of
 * all pieces in one flat array.
 *
 * `tokens.bin`; all numbers have 32 bits, little-endian:
 *
 * | bytes | content |
 * |---|---|
 * | 4 | `IMMT` |
 * | 4 | version of this format |
 * | 4 | P, the number of pieces |
 * | 4 | V, the size of the vocabulary |
 * | 32 | SHA-256 of the vocabulary |
 * | 4 P | tokens in each piece |
 * | 4 each | token ids of the first piece, of the second, … |
 */

import { createHash } from "node:crypto";
import type { PieceDescription } from "../music/music.ts";
import type { ChordStyle } from "../tokens/chord/chord.ts";
import type { Split } from "./splits.ts";
import type { Tokenizer, Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** Version of everything in a corpus folder. */
export const CORPUS_VERSION = 1;

const MAGIC = "IMMT";
const HEADER_BYTES = 48;

/** A corpus that cannot be made or read, and why. */
export class CorpusError extends Error {
  /** The class of the error. */
  override readonly name = "CorpusError";
}

/** A kept file, as the manifest lists it. */
export interface ManifestPiece {
  /**
   * Path below the MIDI folder, or the corpus's if composed; "/" between folders.
   * Where a file holds several pieces, "#" and the name of one follow.
   */
  readonly file: string;
  /** SHA-256 of the file's bytes, or of the MIDI file made of another kind. */
  readonly sha256: string;
  /** Its split. */
  readonly split: Split;
  /** Whether its collection gives the split. */
  readonly ownSplit?: true;
  /** The electronic kit whose pitches were changed to those of General MIDI. */
  readonly kit?: "TD-11";
  /** Number of tokens. */
  readonly tokens: number;
  /** Its key, meter, notes, …; absent in the original's cache. */
  readonly description?: PieceDescription | undefined;
  /** Hash that it shares with its transpositions, see `twinSignature`. */
  readonly twin: string;
  /** Whether it was composed for this corpus; its file is below the corpus's folder. */
  readonly composed?: true;
}

/** A kept file and its tokens. */
export interface CorpusPiece extends ManifestPiece {
  /** Its tokens as ids of the corpus's vocabulary. */
  readonly ids: Int32Array;
}

/** A file that could not be used. */
export interface Rejection {
  /** Path below the MIDI folder. */
  readonly file: string;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** The whole error, with its numbers. */
  readonly message: string;
}

/** What was put right or left out in a file. */
export interface FileCount {
  /** Path below the MIDI folder. */
  readonly file: string;
  /** How often. */
  readonly count: number;
}

/** How a corpus was made: its files and the options of `preprocess`. */
export interface CorpusOrigin {
  /** Which tokenizer made the tokens. */
  readonly tokenizer: Tokenizer["name"];
  /** Settings of the tokenizer. */
  readonly tokenizerOptions: object;
  /** `TOKEN_VERSION` of the code that read the files; under another they are read again. */
  readonly tokenVersion: number;
  /** Seed of the split. */
  readonly seed: number;
  /** Which files stay in one split. */
  readonly splitBy: "piece" | "family";
  /** Share of the pieces that validate. */
  readonly validShare: number;
  /** Share of the pieces that test. */
  readonly testShare: number;
  /** Whether files with the same bytes were all kept. */
  readonly keepDuplicates: boolean;
  /** Whether files that need a repair were refused; false in older corpora. */
  readonly strict: boolean;
  /** Silences of more bars were cut; undefined in older corpora: none was. */
  readonly maxGapBars?: number | undefined;
  /** MIDI files found or composed: kept, rejected, and duplicates dropped. */
  readonly files: number;
  /** How many of the files were composed, to have more to learn from. */
  readonly composed: number;
  /** How many pieces have the split that their collection gives; absent if none. */
  readonly ownSplits?: number;
  /**
   * Files with the bytes of an earlier one, or of the same song or performance;
   * dropped unless kept on request.
   */
  readonly duplicates: readonly {
    readonly file: string;
    readonly duplicateOf: string;
  }[];
  /** Files that could not be used, by reason. */
  readonly rejections: Readonly<Record<string, readonly Rejection[]>>;
  /** Kept files in which something was put right, by what; none in older corpora. */
  readonly repairs: Readonly<Record<string, readonly FileCount[]>>;
  /** Events of kept files that tokens cannot hold, such as pitch bends, by kind. */
  readonly dropped: Readonly<Record<string, readonly FileCount[]>>;
  /** Rhythms and velocities of the training pieces, which chord tokens lack. */
  readonly style?: ChordStyle | undefined;
}

/** An account of the preprocessing: the content of `manifest.json`. */
export interface Manifest extends CorpusOrigin {
  /** Marks the file as a manifest. */
  readonly format: "immersic-corpus";
  /** {@linkcode CORPUS_VERSION} of the code that wrote it. */
  readonly version: number;
  /** Pieces kept. */
  readonly kept: number;
  /** Tokens in all pieces. */
  readonly tokens: number;
  /** Number of different tokens. */
  readonly vocabularySize: number;
  /** SHA-256 of the vocabulary. */
  readonly vocabularyHash: string;
  /** SHA-256 of `tokens.bin`. */
  readonly tokensHash: string;
  /** Pieces and tokens in each split. */
  readonly splits: Readonly<
    Record<Split, { readonly pieces: number; readonly tokens: number }>
  >;
  /** In order of path. */
  readonly pieces: readonly ManifestPiece[];
}

/** A preprocessed corpus. */
export interface Corpus {
  /** Which tokenizer made the tokens. */
  readonly tokenizer: Tokenizer["name"];
  /** The tokens in order of id. */
  readonly vocabulary: Vocabulary;
  /** In order of path. */
  readonly pieces: readonly CorpusPiece[];
  /** What is saved as `manifest.json`. */
  readonly manifest: Manifest;
  /** Rhythms and velocities of the training pieces, which chord tokens lack. */
  readonly style?: ChordStyle | undefined;
  /** Hash of all that training depends on: tokens, vocabulary and splits. */
  readonly hash: string;
  /**
   * Hash of the vocabulary and of the validation and test pieces: a model may be
   * evaluated on any corpus that holds back the same pieces.
   */
  readonly heldOutHash: string;
}

/** SHA-256 in 64 hexadecimal digits; text is taken as UTF-8. */
export function hashOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** As {@linkcode hashOf}, of bytes in parts. */
function hashOfParts(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** A manifest without the list of pieces, which may be too long for memory. */
export type ManifestSummary = Omit<Manifest, "pieces">;

/** The beginning of a manifest, up to the pieces. */
export function summaryOf(
  vocabulary: Vocabulary,
  pieces: readonly Pick<ManifestPiece, "split" | "tokens">[],
  tokensHash: string,
  origin: CorpusOrigin,
): ManifestSummary {
  const splits = {
    train: { pieces: 0, tokens: 0 },
    valid: { pieces: 0, tokens: 0 },
    test: { pieces: 0, tokens: 0 },
  };
  for (const { split, tokens } of pieces) {
    splits[split].pieces++;
    splits[split].tokens += tokens;
  }
  return {
    format: "immersic-corpus",
    version: CORPUS_VERSION,
    ...origin,
    kept: pieces.length,
    tokens: pieces.reduce((sum, { tokens }) => sum + tokens, 0),
    vocabularySize: vocabulary.size,
    vocabularyHash: vocabulary.hash,
    tokensHash,
    splits,
  };
}

/**
 * Makes a corpus: counts its tokens and composes its manifest.
 *
 * @param vocabulary Of all pieces.
 * @param pieces In order of path.
 */
export function makeCorpus(
  vocabulary: Vocabulary,
  pieces: readonly CorpusPiece[],
  origin: CorpusOrigin,
): Corpus {
  const tokensHash = hashOfParts(
    tokenFileParts(pieces.map(({ ids }) => ids), vocabulary),
  );
  const manifest: Manifest = {
    ...summaryOf(vocabulary, pieces, tokensHash, origin),
    pieces: pieces.map(({ ids: _, ...piece }) => piece),
  };
  const { tokenizer, tokenizerOptions, style } = origin;
  const splits = pieces.map(({ split }) => split);
  const hash = hashOf(
    JSON.stringify([tokenizer, tokenizerOptions, tokensHash, splits]),
  );
  const heldOut = pieces.filter(({ split }) => split !== "train");
  const heldOutHash = hashOfParts(
    tokenFileParts(heldOut.map(({ ids }) => ids), vocabulary),
  );
  return { tokenizer, vocabulary, pieces, manifest, style, hash, heldOutHash };
}

/** The token ids of the pieces in one split, in order of path. */
export function piecesIn(corpus: Corpus, split: Split): Int32Array[] {
  return corpus.pieces.filter((piece) => piece.split === split)
    .map(({ ids }) => ids);
}

/**
 * Pieces as the bytes of `tokens.bin`: the header, then each piece, not copied, so
 * that a large corpus is in memory only once.
 *
 * @param pieces Token ids of each piece.
 * @param vocabulary The vocabulary of the ids.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Buffer } from "node:buffer";
 * import { decodeTokenFile, tokenFileParts } from "immersic/corpus/format.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const vocabulary = Vocabulary.fromTokens(["C4", "E4", "G4"]);
 * const pieces = [Int32Array.of(0, 1, 2), Int32Array.of(2)];
 * const bytes = Buffer.concat([...tokenFileParts(pieces, vocabulary)]);
 * assert.equal(bytes.length, 48 + 4 * (2 + 4));
 * assert.deepEqual(decodeTokenFile(bytes, vocabulary), pieces);
 * ```
 */
export function* tokenFileParts(
  pieces: readonly Int32Array[],
  vocabulary: Vocabulary,
): Generator<Uint8Array> {
  yield tokenFileHeader(pieces.map(({ length }) => length), vocabulary);
  for (const ids of pieces) yield tokenBytes(ids);
}

/** The bytes of `tokens.bin` before the first piece, from the pieces' lengths. */
export function tokenFileHeader(
  lengths: readonly number[],
  vocabulary: Vocabulary,
): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES + 4 * lengths.length);
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, CORPUS_VERSION, true);
  view.setUint32(8, lengths.length, true);
  view.setUint32(12, vocabulary.size, true);
  header.set(hashBytes(vocabulary), 16);
  lengths.forEach((length, p) =>
    view.setUint32(HEADER_BYTES + 4 * p, length, true)
  );
  return header;
}

/** The bytes of a piece in `tokens.bin`. */
export function tokenBytes(
  { buffer, byteOffset, byteLength }: Int32Array,
): Uint8Array {
  // Typed arrays are little-endian on every machine that Deno runs on.
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * The pieces in the bytes of `tokens.bin`.
 *
 * @param bytes The whole file, which the pieces share and must not change.
 * @param vocabulary The vocabulary that the file must belong to.
 * @throws {CorpusError} If it is no such file, has another version or vocabulary,
 * or is damaged.
 */
export function decodeTokenFile(
  bytes: Uint8Array,
  vocabulary: Vocabulary,
): Int32Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = new TextDecoder().decode(bytes.subarray(0, 4));
  if (magic !== MAGIC || bytes.length < HEADER_BYTES) {
    throw new CorpusError(
      `Cannot read tokens: the file must be at least ${HEADER_BYTES} bytes and begin with "${MAGIC}", current values are ${bytes.length} and ${
        JSON.stringify(magic)
      }. Is it another kind of file, or cut short?`,
    );
  }
  const version = view.getUint32(4, true);
  if (version !== CORPUS_VERSION) {
    throw new CorpusError(
      `Cannot read tokens: the format must be version ${CORPUS_VERSION}, current value is ${version}. Preprocess the MIDI files again.`,
    );
  }
  const size = view.getUint32(12, true);
  if (hashBytes(vocabulary).some((byte, i) => byte !== bytes[16 + i])) {
    throw new CorpusError(
      `Cannot read tokens: they are of another vocabulary, of ${size} tokens where this one has ${vocabulary.size}. Was one of the two files replaced? Preprocess the MIDI files again.`,
    );
  }
  const count = view.getUint32(8, true);
  const numbers = numbersIn(bytes.subarray(HEADER_BYTES));
  const pieces: Int32Array[] = [];
  let next = count;
  for (let p = 0; p < count && next <= numbers.length; p++) {
    const end = next + (numbers[p]! >>> 0);
    pieces.push(numbers.subarray(next, end));
    next = end;
  }
  if (HEADER_BYTES + 4 * next !== bytes.length) {
    throw new CorpusError(
      `Cannot read tokens: the file's length does not fit its ${count} pieces, current value is ${bytes.length} bytes. It is damaged; preprocess the MIDI files again.`,
    );
  }
  for (const ids of pieces) {
    const wrong = ids.find((id) => id < 0 || id >= vocabulary.size);
    if (wrong === undefined) continue;
    throw new CorpusError(
      `Cannot read tokens: ids must be below ${vocabulary.size}, current value is ${wrong}. The file is damaged; preprocess the MIDI files again.`,
    );
  }
  return pieces;
}

/** Bytes as numbers of 32 bits: the same memory, or a copy where it must be. */
function numbersIn(
  { buffer, byteOffset, byteLength }: Uint8Array,
): Int32Array {
  const count = byteLength >> 2;
  if (byteOffset % 4 === 0) return new Int32Array(buffer, byteOffset, count);
  return new Int32Array(buffer.slice(byteOffset, byteOffset + 4 * count));
}

function hashBytes(vocabulary: Vocabulary): Uint8Array {
  return Uint8Array.from(
    vocabulary.hash.match(/../g) ?? [],
    (hex) => parseInt(hex, 16),
  );
}
