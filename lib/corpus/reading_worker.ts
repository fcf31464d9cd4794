/** A thread that reads files: it gets the content of one, and answers what it made. */

import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";
import type { Refusal } from "./midi_files.ts";
import {
  type PieceReading,
  type ReadingOptions,
  readPiece,
} from "./reading.ts";
import { tokenizerFor } from "./tokenizers.ts";

/** How a thread reads all files, its first message. */
export interface ReadingWay {
  readonly tokenizer: Tokenizer["name"];
  readonly options: ReadingOptions;
}

/** The part of a worker's global scope used here; the types are of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ReadingWay | Uint8Array>) => void;
  postMessage(reading: PieceReading | Refusal, transfer: ArrayBuffer[]): void;
};

let tokenizer: Tokenizer, options: ReadingOptions;

scope.onmessage = ({ data }) => {
  if (!(data instanceof Uint8Array)) {
    tokenizer = tokenizerFor(data.tokenizer);
    options = data.options;
    return;
  }
  const reading = readPiece(data, tokenizer, options);
  scope.postMessage(
    reading,
    "ids" in reading ? [reading.ids.buffer as ArrayBuffer] : [],
  );
};
