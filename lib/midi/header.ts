/** The header chunk of a Standard MIDI File, the first. */

import { isAt } from "./container.ts";
import type { Cursor } from "./cursor.ts";
import type { Tally } from "./tally.ts";
import { MICROSECONDS_PER_MINUTE } from "./track.ts";

/** What the header says. */
export interface Header {
  /** 0, 1 or 2. */
  readonly format: number;
  readonly trackCount: number;
  readonly ticksPerQuarter: number;
  /**
   * The tempo at which ticks last the fraction of a second that the file says,
   * whatever its tempo events. Only in a file of SMPTE time.
   */
  readonly smpteQpm?: number;
}

/** Bytes of the data. */
const HEADER_BYTES = 6;

/**
 * Ticks a quarter note where a file has none. Players differ; this is what most
 * sequencers write, so that a file whose division was lost is likely right.
 */
export const USUAL_TICKS_PER_QUARTER = 480;

/**
 * Reads the header and goes to the chunk after it.
 *
 * @param cursor At "MThd".
 */
export function readHeader(cursor: Cursor, tally: Tally): Header {
  const start = cursor.skip(4, "the header chunk type");
  const length = cursor.uint(4, "the header length");
  const format = cursor.uint(2, "the header format");
  const trackCount = cursor.uint(2, "the header track count");
  const division = cursor.uint(2, "the header division");
  const first = cursor.position;
  if (length > HEADER_BYTES) {
    const announced = first + length - HEADER_BYTES;
    // Where the length lies, the first track follows nonetheless.
    if (announced <= cursor.end && !isAt(cursor.bytes, first, "MTrk")) {
      cursor.position = announced;
    }
  }
  if (
    length < HEADER_BYTES || length > HEADER_BYTES && cursor.position === first
  ) {
    tally.repair(
      "the length of the header is wrong: 6 bytes are read",
      `it says ${length} bytes`,
      start + 4,
    );
  }
  if (format > 2) {
    tally.repair(
      "the file type is not 0, 1 or 2: it is read as type 1",
      `it is ${format}`,
      start + 8,
    );
  }
  return {
    format: format > 2 ? 1 : format,
    trackCount,
    ...readDivision(division, start + 12, tally),
  };
}

function readDivision(
  division: number,
  byteOffset: number,
  tally: Tally,
): Pick<Header, "ticksPerQuarter" | "smpteQpm"> {
  // SMPTE: minus the frames a second, then the ticks a frame.
  const isSmpte = division >= 0x8000;
  const framesPerSecond = 256 - (division >> 8);
  const ticksPerFrame = division & 0xff;
  if (division === 0 || isSmpte && ticksPerFrame === 0) {
    tally.repair(
      `the division is 0: ${USUAL_TICKS_PER_QUARTER} ticks a quarter note are taken`,
      `it is ${division}`,
      byteOffset,
    );
    return { ticksPerQuarter: USUAL_TICKS_PER_QUARTER };
  }
  if (!isSmpte) return { ticksPerQuarter: division };
  if (![24, 25, 29, 30].includes(framesPerSecond)) {
    tally.repair(
      "the division is of no SMPTE frame rate: it is taken as it is",
      `${framesPerSecond} frames a second`,
      byteOffset,
    );
  }
  // 29 stands for 30 / 1.001 frames a second, counted as 30.
  const isDropFrame = framesPerSecond === 29;
  return {
    ticksPerQuarter: (isDropFrame ? 30 : framesPerSecond) * ticksPerFrame,
    smpteQpm: MICROSECONDS_PER_MINUTE / (isDropFrame ? 1_001_000 : 1_000_000),
  };
}
