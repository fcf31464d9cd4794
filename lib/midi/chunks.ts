/**
 * The chunks of a Standard MIDI File, after "Standard MIDI Files 1.0" (MIDI
 * Manufacturers Association, RP-001). `read.ts` makes music of the tracks.
 */

import { Cursor } from "./cursor.ts";
import { readTrack } from "./events.ts";
import { MICROSECONDS_PER_MINUTE, type Track } from "./track.ts";

/** What the MThd chunk says. */
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

/** What a file says. */
export interface MidiChunks {
  readonly header: Header;
  readonly tracks: readonly Track[];
}

const MTHD = 0x4d546864;
const MTRK = 0x4d54726b;
const BAD_DIVISION = "the division is none that files can have";

/**
 * Reads the chunks of a file. The patterns of a type 2 file are laid out one
 * after another.
 *
 * @param withEvents Whether the tracks are to have `keys` and `instruments`.
 * @throws {MidiError} If the bytes are not a Standard MIDI File.
 */
export function readTracks(
  bytes: Uint8Array,
  file: string,
  withEvents: boolean = false,
): MidiChunks {
  const cursor = new Cursor(bytes, file, {
    start: 0,
    end: bytes.length,
    what: "the file",
  });
  const header = readHeader(cursor);
  const tracks: Track[] = [];
  let startTicks = 0;
  while (tracks.length < header.trackCount) {
    const chunk = cursor.position;
    if (chunk === bytes.length) {
      cursor.fail(
        "tracks are missing",
        `the header announces ${header.trackCount}, the file has ${tracks.length}`,
      );
    }
    const type = cursor.uint(4, "a chunk type");
    const length = cursor.uint(4, "a chunk length");
    const start = cursor.position;
    if (start + length > bytes.length) {
      cursor.fail(
        "a chunk runs past the end of the file",
        `it has ${length} bytes, ${bytes.length - start} are left`,
        chunk,
      );
    }
    // The format has readers pass over chunks of unknown types.
    if (type === MTRK) {
      const track = readTrack(
        new Cursor(bytes, file, {
          start,
          end: start + length,
          what: "the track",
        }),
        startTicks,
        withEvents,
      );
      tracks.push(track);
      if (header.format === 2) startTicks = track.endTicks;
    }
    cursor.position = start + length;
  }
  return { header, tracks };
}

function readHeader(cursor: Cursor): Header {
  if (cursor.end === 0) cursor.fail("the file is empty", "0 bytes");
  if (cursor.uint(4, "the header chunk type") !== MTHD) {
    cursor.fail(
      "the file is no MIDI file",
      'MIDI files begin with "MThd"',
      0,
    );
  }
  const length = cursor.uint(4, "the header length");
  if (length < 6) {
    cursor.fail("the header is shorter than 6 bytes", `${length} bytes`, 4);
  }
  const format = cursor.uint(2, "the header format");
  if (format > 2) {
    cursor.fail("the file type is not 0, 1 or 2", `it is ${format}`, 8);
  }
  const trackCount = cursor.uint(2, "the header track count");
  const division = cursor.uint(2, "the header division");
  cursor.skip(length - 6, "the header");
  if (division < 0x8000) {
    if (division === 0) cursor.fail(BAD_DIVISION, "it is 0", 12);
    return { format, trackCount, ticksPerQuarter: division };
  }
  // SMPTE: minus the frames a second, then the ticks a frame.
  const framesPerSecond = 256 - (division >> 8);
  const ticksPerFrame = division & 0xff;
  if (![24, 25, 29, 30].includes(framesPerSecond) || ticksPerFrame === 0) {
    cursor.fail(
      BAD_DIVISION,
      `it is ${framesPerSecond} SMPTE frames a second of ${ticksPerFrame} ticks`,
      12,
    );
  }
  // 29 stands for 30 / 1.001 frames a second, counted as 30.
  const isDropFrame = framesPerSecond === 29;
  return {
    format,
    trackCount,
    ticksPerQuarter: (isDropFrame ? 30 : framesPerSecond) * ticksPerFrame,
    smpteQpm: MICROSECONDS_PER_MINUTE / (isDropFrame ? 1_001_000 : 1_000_000),
  };
}
