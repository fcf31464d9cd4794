/** The bytes of a ZIP, for the library that reads its directory. */

import { Buffer } from "node:buffer";
import yauzl from "yauzl";
import { readAt } from "./file_bytes.ts";

/** What is extended here of the library, which has no types of its own. */
interface Reader {
  close(done: (error: Error | null) => void): void;
}

const { RandomAccessReader } = yauzl as unknown as {
  RandomAccessReader: new () => Reader;
};

/** Bytes that are read together. */
const CHUNK_BYTES = 2 ** 18;

/** Bytes from a place on. */
interface Chunk {
  at: number;
  length: number;
  readonly bytes: Buffer;
}

/**
 * Reads a ZIP in chunks, at once: most of its files are small, and each takes five
 * reads. Two chunks are kept, one of the directory and one of the files.
 */
export class ZipBytes extends RandomAccessReader {
  readonly #source: Deno.FsFile | Uint8Array;
  #last = newChunk();
  #other = newChunk();
  /** How many bytes there are. */
  readonly size: number;

  /** @param source An open file, which is closed at the end, or all bytes. */
  constructor(source: Deno.FsFile | Uint8Array) {
    super();
    this.#source = source;
    this.size = source instanceof Uint8Array
      ? source.length
      : source.statSync().size;
  }

  /** Copies bytes; the library gives the arguments of `fs.read`. */
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: unknown, length?: number) => void,
  ): void {
    let bytes: Uint8Array;
    try {
      bytes = this.at(position, length);
      buffer.set(bytes, offset);
    } catch (error) {
      return done(error);
    }
    done(null, bytes.length);
  }

  /** Bytes of a place, fewer at the end; they stay until the next are asked for. */
  at(position: number, length: number): Uint8Array {
    const source = this.#source;
    if (source instanceof Uint8Array) {
      return source.subarray(position, position + length);
    }
    if (length > CHUNK_BYTES) {
      const bytes = Buffer.alloc(Math.min(length, this.size));
      return bytes.subarray(0, readAt(source, position, bytes));
    }
    if (!holds(this.#last, position, length)) {
      [this.#last, this.#other] = [this.#other, this.#last];
      const chunk = this.#last;
      if (!holds(chunk, position, length)) {
        chunk.at = position;
        chunk.length = readAt(source, position, chunk.bytes);
      }
    }
    const { at, bytes, length: filled } = this.#last;
    return bytes.subarray(position - at, filled)
      .subarray(0, length);
  }

  /** The library calls it after its last read. */
  override close(done: (error: Error | null) => void): void {
    if (!(this.#source instanceof Uint8Array)) this.#source.close();
    done(null);
  }
}

function newChunk(): Chunk {
  return { at: 0, length: 0, bytes: Buffer.alloc(CHUNK_BYTES) };
}

function holds(
  { at, length: filled }: Chunk,
  position: number,
  length: number,
) {
  return position >= at && position + length <= at + filled;
}
