/**
 * A thread that composes: it gets numbers of pieces, and answers each with the
 * file of that piece.
 */

import { type ComposedFile, composeFile } from "./more.ts";

/** The part of a worker's global scope used here; the types are of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<number>) => void;
  postMessage(file: ComposedFile, transfer: ArrayBuffer[]): void;
};

scope.onmessage = ({ data: number }) => {
  const file = composeFile(number);
  scope.postMessage(file, [file.bytes.buffer]);
};
