/** Reads files, except those whose content is known. */

import { Turns } from "../base/base.ts";
import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";
import { hashOf } from "./format.ts";
import type { KnownReadings } from "./known_readings.ts";
import type { Refusal } from "./midi_files.ts";
import type { FileOrigin, SourceFile } from "./midi_source.ts";
import {
  type PieceReading,
  type ReadingOptions,
  readPiece,
} from "./reading.ts";
import { ReadingPool } from "./reading_pool.ts";
import { tokenizerFor } from "./tokenizers.ts";

/** Time of reading here before threads, which take as long to begin, are made. */
const OWN_MILLISECONDS = 100;
/** Files that take longer to read than a thread to begin: it begins at once. */
const MANY_FILES = 300;
/** Milliseconds after which answers of threads are taken. */
const TURN_MILLISECONDS = 20;
/** Most files that are read at a time, and bytes of them. */
const MAX_FILES = 256, MAX_BYTES = 2 ** 26;

/** What became of a file. */
export interface FileRecord extends FileOrigin {
  /** Path below the MIDI folder, or the corpus's if composed. */
  readonly file: string;
  /** SHA-256 of its content, by which its reading is found. */
  readonly sha256: string;
  /** Why it was not opened; it has no hash then. */
  readonly refusal?: Refusal;
  /** Whether it was composed for the corpus. */
  readonly composed?: true;
}

/** A file just done. */
export interface FileDone {
  readonly file: string;
  /** Whether it was read now. */
  readonly parsed: boolean;
}

/** How files are read. */
export interface ReadFilesOptions extends ReadingOptions {
  /** A tokenizer, or the name of one: then all cores read. */
  readonly tokenizer: Tokenizer | Tokenizer["name"];
  /** How many files there are, if that is known. */
  readonly total?: number;
  /** Called after each file. */
  readonly onFile?: (done: FileDone) => void;
}

/** A file that is being read. */
interface Task extends FileRecord {
  readonly bytes: number;
  /** What is made of it; undefined where it is known, or read for another file. */
  readonly reading?: Promise<PieceReading | Refusal> | undefined;
}

/**
 * Reads files. The readings and their order depend on the files alone, and not on
 * which thread is faster.
 *
 * @param known Earlier readings; new ones are added.
 * @param ownMilliseconds Time of reading in this thread before others are made.
 * @returns What became of each, in their order.
 * @throws {Stopped} If it is asked to stop; what was read so far is known then.
 */
export async function readFiles(
  files: AsyncIterable<SourceFile>,
  known: KnownReadings,
  options: ReadFilesOptions,
  ownMilliseconds: number = (options.total ?? 0) > MANY_FILES
    ? 0
    : OWN_MILLISECONDS,
): Promise<FileRecord[]> {
  using reader = new FileReader(options, ownMilliseconds);
  const records: FileRecord[] = [];
  const tasks: Task[] = [];
  const begun = new Set<string>();
  const turns = new Turns(TURN_MILLISECONDS);
  let bytes = 0;
  const finish = async (most: number) => {
    while (tasks.length > most || tasks.length > 0 && bytes > MAX_BYTES) {
      const { bytes: size, reading, ...record } = tasks.shift()!;
      bytes -= size;
      if (reading) {
        known.add(record.sha256, await reading);
        begun.delete(record.sha256);
      }
      records.push(record);
      options.onFile?.({ file: record.file, parsed: reading !== undefined });
      await turns.give();
    }
  };
  for await (const { read, ...origin } of files) {
    if (origin.sameAs !== undefined) {
      tasks.push({ ...origin, sha256: "", bytes: 0 });
      await finish(reader.ahead);
      continue;
    }
    const content = await read();
    if ("reason" in content) {
      tasks.push({ ...origin, sha256: "", refusal: content, bytes: 0 });
    } else {
      const { length } = content, sha256 = known.held(hashOf(content));
      const isNew = known.find(sha256) === undefined && !begun.has(sha256);
      const reading = isNew ? reader.read(content) : undefined;
      if (isNew) begun.add(sha256);
      tasks.push({ ...origin, sha256, bytes: length, reading });
      bytes += length;
    }
    await finish(reader.ahead);
  }
  await finish(0);
  known.flush();
  return records;
}

/** Reads the first files in this thread, and the others on all cores if it can. */
class FileReader implements Disposable {
  readonly #tokenizer: Tokenizer;
  readonly #options: ReadingOptions;
  readonly #pool: ReadingPool | undefined;
  #ownMilliseconds: number;

  constructor(
    { tokenizer, onFile: _, total: __, ...options }: ReadFilesOptions,
    ownMilliseconds: number,
  ) {
    const isNamed = typeof tokenizer === "string";
    this.#tokenizer = isNamed ? tokenizerFor(tokenizer) : tokenizer;
    this.#options = options;
    this.#ownMilliseconds = ownMilliseconds;
    // Another tokenizer may be of any code, which threads do not have.
    const threads = navigator.hardwareConcurrency - 1;
    if (isNamed && threads > 0) {
      this.#pool = new ReadingPool({ tokenizer, options }, threads);
    }
  }

  read(bytes: Uint8Array): Promise<PieceReading | Refusal> {
    // This thread reads too, where it need not feed the others.
    if (this.#pool && this.#ownMilliseconds <= 0 && !this.#pool.isBusy) {
      return this.#pool.read(bytes);
    }
    const begun = performance.now();
    const reading = readPiece(bytes, this.#tokenizer, this.#options);
    this.#ownMilliseconds -= performance.now() - begun;
    return Promise.resolve(reading);
  }

  /** How many files may wait to be done. */
  get ahead(): number {
    return this.#pool && this.#ownMilliseconds <= 0 ? MAX_FILES : 0;
  }

  [Symbol.dispose](): void {
    this.#pool?.[Symbol.dispose]();
  }
}
