/** Scores in MusicXML, plain or packed, by `musicxml-io`. */

import defer * as musicXml from "musicxml-io";
import { ContentError } from "./table.ts";

/** Ends of names that scores have; `.xml` may be of any kind. */
export const SCORE_NAME = /\.(?:musicxml|mxl|xml)$/i;

/**
 * A score as a MIDI file, with repeats and endings played.
 *
 * @returns undefined if it is XML of another kind.
 * @throws {ContentError} If it cannot be read.
 */
export function readScore(
  path: string,
  bytes: Uint8Array,
): Uint8Array | undefined {
  const isPacked = bytes[0] === 0x50 && bytes[1] === 0x4b;
  try {
    if (isPacked) return musicXml.exportMidi(musicXml.parseCompressed(bytes));
    const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
    const isScore = /<score-(?:partwise|timewise)\b/.test(text);
    if (!isScore && /\.xml$/i.test(path)) return undefined;
    return musicXml.exportMidi(musicXml.parse(text));
  } catch (error) {
    throw new ContentError(
      "the score cannot be read",
      `Cannot read the score: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
}

/** UTF-16 with a mark of its byte order, or else UTF-8. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
