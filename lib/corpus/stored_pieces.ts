/** Pieces of token ids, in memory or on the disk. */

import { CorpusError } from "./corpus_error.ts";
import { readAt } from "./file_bytes.ts";
import { requireIds, tokenBytes } from "./token_file.ts";

/** Pieces of token ids: an array of them, or what reads each when it is asked for. */
export interface Pieces extends Iterable<Int32Array> {
  /** How many. */
  readonly length: number;
  /** The piece at an index from 0 on. */
  at(index: number): Int32Array | undefined;
}

/** Where pieces are in a token file. */
export interface PiecePlaces {
  /** Byte of the first token of each. */
  readonly starts: Float64Array;
  /** Tokens of each. */
  readonly lengths: Uint32Array;
}

/** Pieces in an open token file. Each is read anew whenever it is asked for. */
export class StoredPieces implements Pieces {
  /** Tokens of each piece. */
  readonly lengths: Uint32Array;
  readonly #file: Deno.FsFile;
  readonly #starts: Float64Array;
  readonly #vocabularySize: number;

  constructor(
    file: Deno.FsFile,
    { starts, lengths }: PiecePlaces,
    vocabularySize: number,
  ) {
    this.#file = file;
    this.#starts = starts;
    this.lengths = lengths;
    this.#vocabularySize = vocabularySize;
  }

  /** How many. */
  get length(): number {
    return this.lengths.length;
  }

  /**
   * Reads a piece.
   *
   * @throws {CorpusError} If the file is shorter than before, or damaged.
   */
  at(index: number): Int32Array | undefined {
    const length = this.lengths[index];
    if (length === undefined) return undefined;
    const ids = new Int32Array(length);
    const bytes = tokenBytes(ids);
    if (readAt(this.#file, this.#starts[index]!, bytes) < bytes.length) {
      throw new CorpusError(
        `Cannot read tokens: piece ${index} of the corpus is no longer there. Was its token file cut short? Preprocess the MIDI files again.`,
      );
    }
    requireIds(ids, this.#vocabularySize);
    return ids;
  }

  /** Reads one piece after another. */
  *[Symbol.iterator](): Iterator<Int32Array> {
    for (let i = 0; i < this.length; i++) yield this.at(i)!;
  }
}

/** Tokens of each piece; those on the disk are not read for it. */
export function lengthsOf(pieces: Pieces): ArrayLike<number> {
  return pieces instanceof StoredPieces
    ? pieces.lengths
    : Array.from(pieces, ({ length }) => length);
}

/** Tokens of all pieces. */
export function tokenCount(pieces: Pieces): number {
  const lengths = lengthsOf(pieces);
  let tokens = 0;
  for (let i = 0; i < lengths.length; i++) tokens += lengths[i]!;
  return tokens;
}
