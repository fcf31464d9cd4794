/**
 * Reads a TAR file as a stream: POSIX ustar with pax and GNU long names and sizes.
 */

import { printable } from "../base/base.ts";
import { type ArchiveEntry, ArchiveError } from "./archive_entry.ts";

const DECODER = new TextDecoder();
const BLOCK_BYTES = 512;
/** Most bytes of a path, or of a pax header. */
const MAX_HEADER_BYTES = 2 ** 20;

/** Makes the error of an archive that is not whole. */
type Damaged = (cause: unknown) => ArchiveError;

/**
 * The files of a TAR, in its order. Its content is passed over unless it is read.
 *
 * @param content The bytes of the archive in parts.
 * @param damaged Makes the error of an archive that is not whole.
 */
export async function* tarEntries(
  content: AsyncIterable<Uint8Array>,
  damaged: Damaged,
): AsyncGenerator<ArchiveEntry> {
  const reader = new Reader(content[Symbol.asyncIterator](), damaged);
  let files = 0, longPath = "", longSize: number | undefined;
  try {
    while (true) {
      const block = await reader.take(BLOCK_BYTES);
      if ((block[0] ?? 0) === 0) break;
      if (block.length < BLOCK_BYTES || textOf(block, 257, 5) !== "ustar") {
        throw damaged("no header where one should be");
      }
      const prefix = textOf(block, 345, 155);
      const path = longPath ||
        (prefix && `${prefix}/`) + textOf(block, 0, 100);
      const size = longSize ?? sizeOf(block.subarray(124, 136), path);
      const type = textOf(block, 156, 1);
      const end = reader.position + size;
      const next = end + (-size & (BLOCK_BYTES - 1));
      if (type === "L" || type === "x") {
        const text = textOf(await reader.takeAll(size, MAX_HEADER_BYTES));
        if (type === "L") longPath = text;
        else {
          longPath = text.match(/^\d+ path=(.*)$/m)?.[1] ?? longPath;
          const stated = text.match(/^\d+ size=(.*)$/m)?.[1];
          if (stated) longSize = requireSize(Number(stated), stated, longPath);
        }
      } else {
        longPath = "";
        longSize = undefined;
        if (type === "0" || type === "") {
          files++;
          yield { path, size, read: () => reader.takeAll(size) };
        }
      }
      await reader.skipTo(end);
      // Some archives end without filling the last block.
      await reader.skipTo(next, true);
    }
    // The rest is padding; going through it shows whether the archive is whole.
    await reader.skipTo(Infinity, true);
  } finally {
    await reader.close();
  }
  if (files === 0) throw damaged("no file");
}

/** Text of a field, up to its first zero byte. */
function textOf(bytes: Uint8Array, from = 0, length = bytes.length): string {
  const field = bytes.subarray(from, from + length), end = field.indexOf(0);
  // No part of a longer text, which would be kept with it.
  return DECODER.decode(end < 0 ? field : field.subarray(0, end));
}

/** A size of 12 bytes: octal digits, or a binary number as GNU writes large ones. */
function sizeOf(field: Uint8Array, path: string): number {
  const [first = 0, ...others] = field;
  if (first < 0x80) {
    const text = textOf(field).trim();
    const size = /^[0-7]*$/.test(text) ? parseInt(text || "0", 8) : NaN;
    return requireSize(size, text, path);
  }
  const size = others.reduce((sum, byte) => 256 * sum + byte, first & 0x3f);
  return requireSize((first & 0x40) === 0 ? size : -1, `${size}`, path);
}

function requireSize(size: number, current: string, path: string): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new ArchiveError(
    `Cannot unpack the archive: the size of its file "${
      printable(path)
    }" must be a whole number of bytes, 0 or more, current value is "${
      printable(current)
    }". It is damaged, or made to do harm.`,
  );
}

/** Takes bytes from parts of any lengths. */
class Reader {
  readonly #parts: AsyncIterator<Uint8Array>;
  readonly #damaged: Damaged;
  #part: Uint8Array = new Uint8Array();
  /** Bytes taken or passed over so far. */
  position = 0;

  constructor(parts: AsyncIterator<Uint8Array>, damaged: Damaged) {
    this.#parts = parts;
    this.#damaged = damaged;
  }

  /** The next bytes; fewer at the end. */
  async take(count: number): Promise<Uint8Array> {
    // Bytes are gathered as they come: a size that lies takes no memory.
    const gathered: Uint8Array[] = [];
    let length = 0;
    while (length < count && await this.#fill()) {
      const some = this.#part.subarray(0, count - length);
      this.#advance(some.length);
      length += some.length;
      gathered.push(some);
    }
    if (gathered.length === 1) return gathered[0]!.slice();
    const bytes = new Uint8Array(length);
    let offset = 0;
    for (const some of gathered) {
      bytes.set(some, offset);
      offset += some.length;
    }
    return bytes;
  }

  /** The next bytes, all of them. */
  async takeAll(count: number, most = Infinity): Promise<Uint8Array> {
    if (count > most) throw this.#damaged(`a header of ${count} bytes`);
    const bytes = await this.take(count);
    if (bytes.length < count) throw this.#damaged("it ends within a file");
    return bytes;
  }

  /** Passes over bytes, without holding them. */
  async skipTo(position: number, mayEnd = false): Promise<void> {
    while (this.position < position) {
      if (!await this.#fill()) {
        if (mayEnd) return;
        throw this.#damaged("it ends within a file");
      }
      this.#advance(Math.min(this.#part.length, position - this.position));
    }
  }

  async close(): Promise<void> {
    await this.#parts.return?.();
  }

  #advance(count: number): void {
    this.#part = this.#part.subarray(count);
    this.position += count;
  }

  /** Whether there are more bytes; if so some are in `#part`. */
  async #fill(): Promise<boolean> {
    while (this.#part.length === 0) {
      try {
        const { done, value } = await this.#parts.next();
        if (done) return false;
        this.#part = value;
      } catch (error) {
        throw this.#damaged(error);
      }
    }
    return true;
  }
}
