/**
 * What was made of files, kept on the disk by the content of each: a run that was
 * stopped goes on, and one that comes later reads only what changed.
 *
 * `readings.bin`; all numbers have 32 bits, little-endian:
 *
 * | bytes | content |
 * |---|---|
 * | 4 | `IMMR` |
 * | 4 | version of this format |
 * | 4 | bytes of the way |
 * | … | the way in which files were read, in JSON |
 * | … | readings, each written once and never changed |
 *
 * A reading:
 *
 * | bytes | content |
 * |---|---|
 * | 4 | CRC-32 of the rest of it |
 * | 4 | F, bytes of the facts |
 * | 4 | T, number of tokens |
 * | 4 | W, bytes of a token; 0 where the file was refused |
 * | 32 | SHA-256 of the file; zeros before names of tokens |
 * | 8 | its twin signature, see `twinSignature` |
 * | F | facts in JSON: {@linkcode PieceFacts}, {@linkcode Refusal}, or names of tokens |
 * | T · W | tokens, as numbers |
 *
 * Tokens are numbered from 0 as they come. Their names are written, in an array,
 * before the first reading that has them.
 */

import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { dirname, join, resolve } from "@std/path";
import { FileError, LockError, lockFile } from "../base/base.ts";
import { readAt, writeAt } from "./file_bytes.ts";
import type { Refusal } from "./midi_files.ts";
import type { PieceFacts, PieceReading } from "./reading.ts";
import {
  HEAD_BYTES,
  numbersOf,
  ReadingPlaces,
  StoredReading,
} from "./stored_reading.ts";

/** Name of the file, in the folder of a corpus. */
export const READINGS_FILE = "readings.bin";

const MAGIC = "IMMR", VERSION = 2;
const HEADER_BYTES = 12;
/** Bytes of readings that are written together. */
const FLUSH_BYTES = 2 ** 18;
/** Milliseconds after which they are written though they are fewer. */
const FLUSH_MILLISECONDS = 100;
/** A file of fewer bytes is read as a whole. */
const MAX_WHOLE_BYTES = 2 ** 25;
/** Bytes that are read together. */
const CHUNK_BYTES = 2 ** 22;
/** More than any file gives; what claims more is damaged. */
const MAX_READING_BYTES = 2 ** 28;

/** In place of the SHA-256 of a file, where names of tokens follow. */
const NO_FILE = "0".repeat(64);

/** By path, what resolves once this process has closed the readings that it opened. */
const ownLocks = new Map<string, Promise<void>>();
/** How long a run that was stopped in this process may take to end. */
const OWN_RUN_MS = 5000;

/**
 * Locks a file of readings. A run of this process that Stop has ended holds it until its
 * workers are done with their files; its successor, such as the cell run again, waits.
 */
async function lockAfterOwn(path: string, file: Deno.FsFile): Promise<boolean> {
  if (await lockFile(file)) return true;
  const ended = ownLocks.get(resolve(path));
  if (!ended) return false;
  const { promise, resolve: giveUp } = Promise.withResolvers<void>();
  const timer = setTimeout(giveUp, OWN_RUN_MS);
  await Promise.race([ended, promise]);
  clearTimeout(timer);
  return await lockFile(file);
}

/** The readings of a folder. One process at a time holds them. */
export class KnownReadings implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  /** By the hash of a file: which of the readings. */
  readonly #numberOf = new Map<string, number>();
  readonly #places = new ReadingPlaces();
  readonly #hashes: string[] = [];
  readonly #numbers = new Map<string, number>();
  #written: number;
  /** What is read: one place for all, which begins where numbers may. */
  #bytes = Buffer.from(new ArrayBuffer(0));
  /** All of the file, where that is little: a piece at a time is slower. */
  #whole: Buffer | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #flushedMs = performance.now();
  /** Resolves once the readings of {@linkcode open} are closed. */
  #closed: PromiseWithResolvers<void> | undefined;

  private constructor(path: string, file: Deno.FsFile, written: number) {
    this.#path = path;
    this.#file = file;
    this.#written = written;
  }

  /**
   * Opens the readings of a folder, or begins them. What a stopped run has left in
   * half, and what was read in another way, is dropped.
   *
   * @param folder Of a corpus.
   * @param way All that a reading depends on beside the file, fit for JSON.
   * @throws {LockError} If another process has them.
   * @throws {FileError} If they cannot be read or written.
   */
  static async open(folder: string, way: unknown): Promise<KnownReadings> {
    const path = join(folder, READINGS_FILE);
    let file: Deno.FsFile | undefined;
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      file = await Deno.open(path, { read: true, write: true, create: true });
      if (!await lockAfterOwn(path, file)) {
        throw new LockError(
          `Cannot preprocess into ${folder}: another process does so now. Wait until it is done, or give another folder.`,
        );
      }
      const header = headerOf(way);
      const readings = new KnownReadings(path, file, header.length);
      readings.#closed = Promise.withResolvers<void>();
      ownLocks.set(resolve(path), readings.#closed.promise);
      if (beginsWith(file, header)) readings.#scan();
      else {
        file.truncateSync(0);
        writeAt(file, 0, header);
      }
      file.truncateSync(readings.#written);
      return readings;
    } catch (error) {
      file?.close();
      throw error instanceof LockError
        ? error
        : new FileError(`open ${path}`, error);
    }
  }

  /**
   * Opens readings that are not added to.
   *
   * @param way In which they must have been made.
   * @throws {FileError} If they cannot be read, or were made in another way.
   */
  static async openWhole(folder: string, way: unknown): Promise<KnownReadings> {
    const path = join(folder, READINGS_FILE);
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(path);
      const header = headerOf(way);
      if (!beginsWith(file, header)) {
        throw new Error("its files were read in another way");
      }
      const readings = new KnownReadings(path, file, header.length);
      readings.#scan();
      return readings;
    } catch (error) {
      file?.close();
      throw new FileError(`read ${path}`, error);
    }
  }

  /** What is known of a file; undefined if it was not read. */
  find(sha256: string): StoredReading | undefined {
    const number = this.#numberOf.get(sha256);
    return number === undefined
      ? undefined
      : new StoredReading(this, { places: this.#places, number });
  }

  /** The hash of a file: where its reading is known, the text that is held already. */
  held(sha256: string): string {
    const number = this.#numberOf.get(sha256);
    return number === undefined ? sha256 : this.#hashes[number]!;
  }

  /** Keeps where a reading is. */
  #place(sha256: string, at: number, head: Buffer): void {
    const number = this.#places.add(at, head);
    this.#numberOf.set(sha256, number);
    this.#hashes[number] = sha256;
  }

  /** The tokens of all readings, in the order of their numbers. */
  get tokens(): string[] {
    return [...this.#numbers.keys()];
  }

  /** Adds what was made of a file. */
  add(sha256: string, reading: PieceReading | Refusal): void {
    if ("reason" in reading) {
      const { reason, message } = reading;
      this.#add(sha256, recordOf(sha256, { reason, message }));
      return;
    }
    const { ids, twin, alphabet, ...facts } = reading;
    const { numbers, news } = this.#number(alphabet);
    if (news.length > 0) this.#add(NO_FILE, recordOf(NO_FILE, news));
    const Numbers = numbersOf(this.#numbers.size <= 2 ** 16 ? 2 : 4);
    const tokens = new Numbers(ids.length);
    renumber(ids, numbers, tokens);
    this.#add(sha256, recordOf(sha256, facts, { twin, tokens }));
  }

  /** The numbers of tokens, and those tokens that had none. */
  #number(tokens: readonly string[]): { numbers: Int32Array; news: string[] } {
    const numbers = new Int32Array(tokens.length), news: string[] = [];
    const all = this.#numbers;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      let number = all.get(token);
      if (number === undefined) {
        number = all.size;
        all.set(token, number);
        news.push(token);
      }
      numbers[i] = number;
    }
    return { numbers, news };
  }

  #add(sha256: string, bytes: Buffer): void {
    if (sha256 !== NO_FILE) {
      const at = this.#written + this.#waitingBytes;
      this.#place(sha256, at, bytes);
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    const isLate = performance.now() - this.#flushedMs > FLUSH_MILLISECONDS;
    if (isLate || this.#waitingBytes >= FLUSH_BYTES) this.flush();
  }

  /**
   * Writes what was added.
   *
   * @throws {FileError} If it cannot be written.
   */
  flush(): void {
    if (this.#waitingBytes === 0) return;
    try {
      writeAt(this.#file, this.#written, Buffer.concat(this.#waiting));
    } catch (error) {
      throw new FileError(`write ${this.#path}`, error);
    }
    this.#written += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#flushedMs = performance.now();
  }

  /**
   * Bytes of the file, until the next are read.
   *
   * @throws {FileError} If they cannot be read.
   */
  bytesAt(at: number, length: number): Buffer<ArrayBuffer> {
    if (at + length > this.#written) this.flush();
    if (length > this.#bytes.length) {
      this.#bytes = Buffer.from(new ArrayBuffer(2 * length));
    }
    const bytes = this.#bytes.subarray(0, length);
    if (this.#written > MAX_WHOLE_BYTES) return this.#read(at, bytes);
    if (this.#whole?.length !== this.#written) {
      this.#whole = this.#read(0, Buffer.allocUnsafe(this.#written));
    }
    bytes.set(this.#whole.subarray(at, at + length));
    return bytes;
  }

  /** Fills bytes. */
  #read<T extends Buffer>(at: number, bytes: T): T {
    try {
      if (readAt(this.#file, at, bytes) === bytes.length) return bytes;
      throw new Error("it is shorter than before");
    } catch (error) {
      throw new FileError(`read ${this.#path}`, error);
    }
  }

  /**
   * Closes the file. What was added and not written is written if that can be done:
   * an error now would hide the one that ended the work. What is missing is read again.
   */
  [Symbol.dispose](): void {
    try {
      this.flush();
    } catch {
      // Who needs all of it on the disk has called flush().
    } finally {
      this.#file.close();
      this.#closed?.resolve();
    }
  }

  /** Finds the readings that are whole, from the header on. */
  #scan(): void {
    let chunk = Buffer.alloc(0), chunkAt = this.#written;
    /** Bytes at the place of the next reading; fewer at the end of the file. */
    const peek = (length: number) => {
      const from = this.#written - chunkAt;
      if (from + length > chunk.length) {
        chunkAt = this.#written;
        chunk = Buffer.alloc(Math.max(CHUNK_BYTES, length));
        chunk = chunk.subarray(0, readAt(this.#file, chunkAt, chunk));
        return chunk.subarray(0, length);
      }
      return chunk.subarray(from, from + length);
    };
    while (true) {
      const head = peek(HEAD_BYTES);
      if (head.length < HEAD_BYTES) return;
      const length = HEAD_BYTES + head.readUInt32LE(4) +
        head.readUInt32LE(8) * head.readUInt32LE(12);
      if (length > MAX_READING_BYTES) return;
      const whole = peek(length);
      if (whole.length < length) return;
      if (crc32(whole.subarray(4)) !== whole.readUInt32LE(0)) return;
      const sha256 = whole.toString("hex", 16, 48);
      if (sha256 === NO_FILE) {
        const text = whole.toString("utf8", HEAD_BYTES);
        this.#number(JSON.parse(text));
      } else {
        this.#place(sha256, this.#written, whole);
      }
      this.#written += length;
    }
  }
}

/** The beginning of the file. */
function headerOf(way: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(way));
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC);
  header.writeUInt32LE(VERSION, 4);
  header.writeUInt32LE(text.length, 8);
  return Buffer.concat([header, text]);
}

function beginsWith(file: Deno.FsFile, header: Buffer): boolean {
  const found = Buffer.alloc(header.length);
  return readAt(file, 0, found) === header.length && found.equals(header);
}

/** Indices into an alphabet to the numbers of its tokens. */
function renumber(
  ids: Int32Array,
  numbers: Int32Array,
  to: Uint16Array | Uint32Array,
): void {
  for (let i = 0; i < ids.length; i++) to[i] = numbers[ids[i]!]!;
}

/** A reading as it is written, or names of tokens. */
function recordOf(
  sha256: string,
  facts: PieceFacts | Refusal | readonly string[],
  piece?: {
    readonly twin: string;
    readonly tokens: Uint16Array | Uint32Array;
  },
): Buffer {
  const text = Buffer.from(JSON.stringify(facts));
  const { buffer, byteLength = 0 } = piece?.tokens ?? {};
  const bytes = Buffer.alloc(HEAD_BYTES + text.length + byteLength);
  bytes.writeUInt32LE(text.length, 4);
  bytes.write(sha256, 16, "hex");
  text.copy(bytes, HEAD_BYTES);
  if (piece && buffer) {
    bytes.writeUInt32LE(piece.tokens.length, 8);
    bytes.writeUInt32LE(piece.tokens.BYTES_PER_ELEMENT, 12);
    bytes.write(piece.twin, 48, "hex");
    bytes.set(new Uint8Array(buffer), HEAD_BYTES + text.length);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}
