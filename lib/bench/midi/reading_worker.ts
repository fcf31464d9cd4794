/** A thread that reads files to notes: it gets their bytes once, and is told when. */

import { readAll } from "./read_all.ts";

/** The part of a worker's global scope used here; the types are of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<readonly Uint8Array[] | "read">) => void;
  postMessage(notes: number): void;
};

let files: readonly Uint8Array[] = [];

scope.onmessage = ({ data }) => {
  if (data !== "read") files = data;
  scope.postMessage(readAll(files));
};
