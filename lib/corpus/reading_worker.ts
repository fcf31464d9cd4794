/** A thread that reads files: it gets the content of one, and answers what it made. */

import {
  type Tokenizer,
  TokenNumbers,
} from "../tokens/vocabulary/vocabulary.ts";
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

/**
 * What a thread answers: a reading, in which tokens have the numbers of that thread. A
 * name is sent once, since most pieces have the same three hundred.
 */
export type ReadingAnswer =
  | Refusal
  | Omit<PieceReading, "alphabet"> & {
    /** Numbers of the alphabet's tokens. */
    readonly numbers: Int32Array<ArrayBuffer>;
    /** Names of the numbers that no earlier answer had. */
    readonly news: readonly string[];
  };

/** The part of a worker's global scope used here; the types are of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ReadingWay | Uint8Array>) => void;
  postMessage(answer: ReadingAnswer, transfer: ArrayBuffer[]): void;
};

const tokens = new TokenNumbers();
let tokenizer: Tokenizer, options: ReadingOptions;

scope.onmessage = ({ data }) => {
  if (!(data instanceof Uint8Array)) {
    tokenizer = tokenizerFor(data.tokenizer);
    options = data.options;
    return;
  }
  const reading = readPiece(data, tokenizer, options);
  if ("reason" in reading) return scope.postMessage(reading, []);
  const { alphabet, ...others } = reading, known = tokens.count;
  const numbers = Int32Array.from(alphabet, (token) => tokens.of(token));
  const news = Array.from(
    { length: tokens.count - known },
    (_, i) => tokens.token(known + i),
  );
  scope.postMessage(
    { ...others, numbers, news },
    [reading.ids.buffer as ArrayBuffer, numbers.buffer],
  );
};
