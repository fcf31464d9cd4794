/** Reads files on all cores. */

import type { Refusal } from "./midi_files.ts";
import type { PieceReading } from "./reading.ts";
import type { ReadingAnswer, ReadingWay } from "./reading_worker.ts";

type Reading = PieceReading | Refusal;

/**
 * Files that each thread has been given at a time: what it reads while the thread that
 * feeds it is at work and takes no answer.
 */
const FILES_AHEAD = 32;

/** A thread, and the results of what it was given, in order. */
interface Reader {
  readonly worker: Worker;
  readonly results: PromiseWithResolvers<Reading>[];
  /** The names of its tokens, by its numbers. */
  readonly tokens: string[];
}

/** Threads that read files; they are made as they are needed. */
export class ReadingPool implements Disposable {
  readonly #way: ReadingWay;
  readonly #threads: number;
  readonly #readers: Reader[] = [];

  /**
   * No thread yet.
   *
   * @param way How all files are read.
   * @param threads Most threads, 1 or more.
   */
  constructor(way: ReadingWay, threads: number) {
    this.#way = way;
    this.#threads = threads;
  }

  /**
   * Reads a file.
   *
   * @param bytes Its content, which the thread takes: it is empty afterwards.
   */
  read(bytes: Uint8Array): Promise<Reading> {
    const { worker, results } = this.#nextReader();
    const result = Promise.withResolvers<Reading>();
    // A failure is thrown where its turn comes.
    result.promise.catch(() => {});
    results.push(result);
    // A part of a larger buffer is copied, not taken.
    const isWhole = bytes.byteLength === bytes.buffer.byteLength;
    worker.postMessage(bytes, isWhole ? [bytes.buffer as ArrayBuffer] : []);
    return result.promise;
  }

  /** Whether all threads have enough to do for a while. */
  get isBusy(): boolean {
    return this.#readers.length === this.#threads &&
      this.#readers.every(({ results }) => results.length >= FILES_AHEAD);
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    for (const { worker } of this.#readers) worker.terminate();
  }

  /** The thread with least to do, a new one if none is idle. */
  #nextReader(): Reader {
    const [first, ...others] = this.#readers;
    if (first) {
      const idlest = others.reduce(
        (a, b) => b.results.length < a.results.length ? b : a,
        first,
      );
      const isFull = this.#readers.length === this.#threads;
      if (isFull || idlest.results.length === 0) return idlest;
    }
    return this.#begin();
  }

  #begin(): Reader {
    const worker = new Worker(new URL("./reading_worker.ts", import.meta.url), {
      type: "module",
      name: "reader",
    });
    const reader: Reader = { worker, results: [], tokens: [] };
    this.#readers.push(reader);
    worker.onmessage = ({ data }: MessageEvent<ReadingAnswer>) => {
      reader.results.shift()?.resolve(named(data, reader.tokens));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const error = new Error(
        `A thread that reads files failed: ${event.message}`,
      );
      for (const { reject } of reader.results) reject(error);
    };
    worker.postMessage(this.#way);
    return reader;
  }
}

/** An answer with the names of its tokens. */
function named(answer: ReadingAnswer, tokens: string[]): Reading {
  if ("reason" in answer) return answer;
  const { numbers, news, ...others } = answer;
  tokens.push(...news);
  return {
    ...others,
    alphabet: Array.from(numbers, (number) => tokens[number]!),
  };
}
