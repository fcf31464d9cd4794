/** Files of weights in HDF5, read by a thread of their own. */

import { ExchangeError, type FileModel } from "./file_model.ts";

/** Longest time that reading takes; 100 MB take a second. */
const MOST_SECONDS = 60;

/** What the thread tells: that it can begin, and what it read. */
type Answer =
  | "ready"
  | { readonly model: FileModel }
  | { readonly reason: string };

/**
 * Reads a `.weights.h5`, or a whole model of Keras 2.
 *
 * @param mostSeconds After so long it is given up: of some damaged files the library
 * finds no end.
 * @throws {ExchangeError} If it is none, or damaged.
 */
export async function readWeightsH5(
  bytes: Uint8Array,
  mostSeconds: number = MOST_SECONDS,
): Promise<FileModel> {
  const worker = new Worker(
    new URL("./weights_h5_worker.ts", import.meta.url),
    { type: "module", name: "weights" },
  );
  const { promise, resolve, reject } = Promise.withResolvers<FileModel>();
  const fail = (reason: string) => reject(new ExchangeError(reason));
  let timer: ReturnType<typeof setTimeout> | undefined;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data === "ready") {
      worker.postMessage(bytes);
      timer = setTimeout(
        () => fail(damaged(`no end of it after ${mostSeconds} s`)),
        1000 * mostSeconds,
      );
    } else if ("model" in data) resolve(data.model);
    else fail(data.reason);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(damaged(event.message));
  };
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

function damaged(why: string): string {
  return `Cannot import the network: its HDF5 cannot be read (${why}). Was the file cut short?`;
}
