/** Which kind of file a path names, by its ending. */

import { extname } from "@std/path";

/** The kinds of files that a piece can be written to. */
export type FileKind =
  | "midi"
  | "wav"
  | "flac"
  | "ogg"
  | "mp3"
  | "musicxml"
  | "mxl"
  | "page";

const KINDS: Readonly<Record<string, FileKind>> = {
  ".mid": "midi",
  ".midi": "midi",
  ".wav": "wav",
  ".flac": "flac",
  ".ogg": "ogg",
  ".mp3": "mp3",
  ".mxl": "mxl",
  ".musicxml": "musicxml",
  ".html": "page",
};

/**
 * The kind of file that a path names.
 *
 * @param path Its ending decides, in capitals or not.
 * @throws {RangeError} If it is the ending of no kind; the message names those that are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileKindOf } from "immersic/files/files.ts";
 * assert.equal(fileKindOf("rain.MP3"), "mp3");
 * assert.throws(() => fileKindOf("rain.aac"), /current value is "rain.aac"/);
 * ```
 */
export function fileKindOf(path: string): FileKind {
  const kind = KINDS[extname(path).toLowerCase()];
  if (kind) return kind;
  const endings = Object.keys(KINDS);
  throw new RangeError(
    `Cannot write the piece: its file must end with ${
      endings.slice(0, -1).join(", ")
    } or ${endings.at(-1)}, current value is "${path}".`,
  );
}
