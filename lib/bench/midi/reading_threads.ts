/** Our reader on all cores. */

/** Threads that each have their share of some files in memory. */
export class ReadingThreads implements Disposable {
  readonly #threads: readonly Worker[];

  private constructor(threads: readonly Worker[]) {
    this.#threads = threads;
  }

  /** Starts a thread for each core; each has read its share once. */
  static async start(files: readonly Uint8Array[]): Promise<ReadingThreads> {
    const count = navigator.hardwareConcurrency;
    const threads = Array.from(
      { length: count },
      () =>
        new Worker(new URL("./reading_worker.ts", import.meta.url), {
          type: "module",
        }),
    );
    await Promise.all(
      threads.map((thread, i) =>
        answerOf(thread, files.filter((_, file) => file % count === i))
      ),
    );
    return new ReadingThreads(threads);
  }

  /** Reads all files. @returns Seconds by the clock. */
  async read(): Promise<number> {
    const begun = performance.now();
    await Promise.all(this.#threads.map((thread) => answerOf(thread, "read")));
    return (performance.now() - begun) / 1000;
  }

  [Symbol.dispose](): void {
    for (const thread of this.#threads) thread.terminate();
  }
}

function answerOf(
  thread: Worker,
  message: readonly Uint8Array[] | "read",
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  thread.onmessage = () => resolve();
  thread.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`Cannot read on all cores: ${event.message}`));
  };
  thread.postMessage(message);
  return promise;
}
