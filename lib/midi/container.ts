/** Where in some bytes a Standard MIDI File is. */

import type { Stretch } from "./cursor.ts";
import type { Tally } from "./tally.ts";

/** A file in other bytes. */
type Place = Pick<Stretch, "start" | "end">;

/**
 * How far into the bytes a file may begin. MacBinary puts 128 bytes before it,
 * mail and download programs a few hundred.
 */
const SEARCHED_BYTES = 8192;

/**
 * Finds a file that begins with the bytes, is the data of a RIFF file of type
 * RMID (.rmi), or follows other bytes, which is counted as a repair.
 *
 * @throws {MidiError} If the bytes are empty, or no file is there.
 */
export function findFile(bytes: Uint8Array, tally: Tally): Place {
  if (bytes.length === 0) tally.refuse("the file is empty", "0 bytes");
  if (isAt(bytes, 0, "MThd")) return { start: 0, end: bytes.length };
  const inRiff = findInRiff(bytes);
  if (inRiff) return inRiff;
  const last = Math.min(bytes.length - 4, SEARCHED_BYTES);
  for (let start = 1; start <= last; start++) {
    if (isAt(bytes, start, "MThd")) {
      tally.repair(
        "other bytes come before the header: they are left out",
        `${start} bytes`,
        0,
      );
      return { start, end: bytes.length };
    }
  }
  tally.refuse("the file is no MIDI file", 'MIDI files begin with "MThd"', 0);
}

/** "RIFF", the length of the rest, "RMID", and chunks, one of them "data". */
function findInRiff(bytes: Uint8Array): Place | undefined {
  if (!isAt(bytes, 0, "RIFF") || !isAt(bytes, 8, "RMID")) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let chunk = 12; chunk + 8 <= bytes.length;) {
    const length = view.getUint32(chunk + 4, true);
    const start = chunk + 8;
    if (isAt(bytes, chunk, "data") && isAt(bytes, start, "MThd")) {
      const end = start + length;
      // Some programs leave the length 0.
      return {
        start,
        end: length > 0 && end < bytes.length ? end : bytes.length,
      };
    }
    chunk = start + length + length % 2; // chunks begin at even offsets
  }
  return undefined;
}

/** Whether a text is at an offset. */
export function isAt(
  bytes: Uint8Array,
  offset: number,
  ascii: string,
): boolean {
  for (let i = 0; i < ascii.length; i++) {
    if (bytes[offset + i] !== ascii.charCodeAt(i)) return false;
  }
  return true;
}
