/** Reads files on all cores. */

import type { Refusal } from "./midi_files.ts";
import type { PieceReading } from "./reading.ts";
import type { ReadingWay } from "./reading_worker.ts";

type Reading = PieceReading | Refusal;

/** Files that wait for each thread, so that it never waits for one. */
const WAITING_FILES = 4;

/** A file that waits for its turn, or is read. */
interface Task {
  readonly bytes: Uint8Array;
  readonly result: PromiseWithResolvers<Reading>;
}

/** Threads that read files; they are made as they are needed. */
export class ReadingPool implements Disposable {
  readonly #way: ReadingWay;
  readonly #threads: number;
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #tasks: Task[] = [];
  readonly #current = new Map<Worker, Task>();

  /**
   * No thread yet.
   *
   * @param way How all files are read.
   * @param threads Most threads.
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
    const result = Promise.withResolvers<Reading>();
    // A failure is thrown where its turn comes.
    result.promise.catch(() => {});
    this.#tasks.push({ bytes, result });
    const worker = this.#idle.pop() ??
      (this.#workers.length < this.#threads ? this.#begin() : undefined);
    if (worker) this.#goOn(worker);
    return result.promise;
  }

  /** Whether all threads have enough to do for a while. */
  get isBusy(): boolean {
    return this.#tasks.length >= WAITING_FILES * this.#threads;
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }

  #begin(): Worker {
    const worker = new Worker(new URL("./reading_worker.ts", import.meta.url), {
      type: "module",
      name: "reader",
    });
    this.#workers.push(worker);
    worker.onmessage = ({ data }: MessageEvent<Reading>) => {
      this.#current.get(worker)?.result.resolve(data);
      this.#goOn(worker);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const error = new Error(
        `A thread that reads files failed: ${event.message}`,
      );
      this.#current.get(worker)?.result.reject(error);
    };
    worker.postMessage(this.#way);
    return worker;
  }

  #goOn(worker: Worker): void {
    const task = this.#tasks.shift();
    if (task === undefined) {
      this.#current.delete(worker);
      this.#idle.push(worker);
      return;
    }
    this.#current.set(worker, task);
    const { bytes } = task;
    // A part of a larger buffer is copied, not taken.
    const isWhole = bytes.byteLength === bytes.buffer.byteLength;
    worker.postMessage(bytes, isWhole ? [bytes.buffer as ArrayBuffer] : []);
  }
}
