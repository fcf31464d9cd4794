/**
 * The token file of a corpus.
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

import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { CORPUS_VERSION, CorpusError } from "./corpus_error.ts";

const MAGIC = "IMMT";
/** Bytes of `tokens.bin` before the lengths of its pieces. */
export const HEADER_BYTES = 48;

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
 * import { decodeTokenFile, tokenFileParts } from "immersic/corpus/token_file.ts";
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
 * The number of pieces that the beginning of `tokens.bin` states.
 *
 * @param bytes Its first bytes, or all.
 * @param vocabulary The vocabulary that the file must belong to.
 * @throws {CorpusError} If it is no such file, or has another version or vocabulary.
 */
export function pieceCountIn(
  bytes: Uint8Array,
  vocabulary: Vocabulary,
): number {
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
  return view.getUint32(8, true);
}

/** @throws {CorpusError} If a file of so many bytes does not hold such pieces. */
export function requireLength(
  fileBytes: number,
  lengths: ArrayLike<number>,
  pieces: number,
): void {
  let tokens = 0;
  for (let p = 0; p < lengths.length; p++) tokens += lengths[p]!;
  const isWhole = lengths.length === pieces &&
    HEADER_BYTES + 4 * (pieces + tokens) === fileBytes;
  if (isWhole) return;
  throw new CorpusError(
    `Cannot read tokens: the file's length does not fit its ${pieces} pieces, current value is ${fileBytes} bytes. It is damaged; preprocess the MIDI files again.`,
  );
}

/** @throws {CorpusError} If an id of a piece is none of the vocabulary. */
export function requireIds(ids: Int32Array, vocabularySize: number): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (id >= 0 && id < vocabularySize) continue;
    throw new CorpusError(
      `Cannot read tokens: ids must be below ${vocabularySize}, current value is ${id}. The file is damaged; preprocess the MIDI files again.`,
    );
  }
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
  const count = pieceCountIn(bytes, vocabulary);
  const numbers = numbersIn(bytes.subarray(HEADER_BYTES));
  const lengths = Uint32Array.from(numbers.subarray(0, count));
  requireLength(bytes.length, lengths, count);
  let next = count;
  return Array.from(lengths, (length) => {
    const ids = numbers.subarray(next, next += length);
    requireIds(ids, vocabulary.size);
    return ids;
  });
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
