/**
 * The bytes of a Standard MIDI File, taken apart into what each track says,
 * after "Standard MIDI Files 1.0" (MIDI Manufacturers Association, RP-001). An
 * error names the byte it stumbled on. `midi.ts` makes music of the tracks.
 */

import type {
  KeySignature,
  Note,
  TempoChange,
  TimeSignature,
} from "../music/music.ts";

/** Channels of a port. */
export const CHANNELS = 16;
export const MICROSECONDS_PER_MINUTE = 60_000_000;

/** Bytes that are not a Standard MIDI File, and where they stop being one. */
export class MidiError extends Error {
  override readonly name = "MidiError";

  /**
   * @param file Name of the file, "" for bytes from elsewhere.
   * @param byteOffset Offset of the first byte at fault.
   * @param reason What is wrong, the same words for every file it is wrong
   * with, without a full stop.
   * @param detail The values at fault, for the message.
   */
  constructor(
    readonly file: string,
    readonly byteOffset: number,
    readonly reason: string,
    detail: string,
  ) {
    super(
      `Cannot read ${file || "the MIDI bytes"}: ${reason}${
        detail && ` (${detail})`
      }, at byte ${byteOffset}.`,
    );
  }
}

/** A place in the bytes; every read checks that the bytes are there. */
export class Cursor {
  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
    public position: number,
    /** Offset after the last byte that may be read. */
    readonly end: number,
    /** What ends there, for the error. */
    readonly within: string,
  ) {}

  fail(
    reason: string,
    detail: string,
    byteOffset: number = this.position,
  ): never {
    throw new MidiError(this.file, byteOffset, reason, detail);
  }

  /** Offset of the next `count` bytes, which are passed over. */
  skip(count: number, what: string): number {
    const start = this.position;
    const left = this.end - start;
    if (count > left) {
      this.fail(
        `${this.within} ends too early`,
        `${what} takes ${count} more bytes, ${left} are left`,
      );
    }
    this.position = start + count;
    return start;
  }

  uint8(what: string): number {
    return this.bytes[
      this.position < this.end ? this.position++ : this.skip(1, what)
    ];
  }

  /** Big-endian, as all numbers in the format are. */
  uint(byteCount: number, what: string): number {
    const start = this.skip(byteCount, what);
    let value = 0;
    for (let i = 0; i < byteCount; i++) {
      value = value * 256 + this.bytes[start + i];
    }
    return value;
  }

  /** A number in up to four bytes of seven bits, the last without the top bit. */
  variableLength(what: string): number {
    const start = this.position;
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.uint8(what);
      value = value << 7 | byte & 0x7f;
      if (byte < 0x80) return value;
    }
    this.fail("a variable-length number has over four bytes", what, start);
  }

  /** A data byte of a channel event. */
  data(status: number): number {
    const byte = this.uint8("an event");
    if (byte > 0x7f) {
      this.fail(
        "a data byte is above 127",
        `${byte} after status ${status}`,
        this.position - 1,
      );
    }
    return byte;
  }

  text(start: number, length: number): string {
    // Names from before Unicode are Latin 1.
    return this.utf8(start, length) ??
      LATIN1.decode(this.bytes.subarray(start, start + length));
  }

  utf8(start: number, length: number): string | undefined {
    try {
      return UTF8.decode(this.bytes.subarray(start, start + length));
    } catch {
      return undefined;
    }
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const LATIN1 = new TextDecoder("latin1");

export interface Header {
  readonly format: number;
  readonly trackCount: number;
  readonly ticksPerQuarter: number;
  /** Set where ticks are fractions of a second, so that tempi mean nothing. */
  readonly smpteQpm?: number;
}

/** A `Note` under construction. */
type OpenNote = { -readonly [K in keyof Note]: Note[K] };

/** A channel event that is not a note. */
interface ChannelChange {
  readonly ticks: number;
  readonly channel: number;
  readonly controller: number;
  readonly value: number;
}

interface ProgramChange {
  readonly ticks: number;
  readonly channel: number;
  readonly program: number;
}

/** A key pressed, or let go where the velocity is 0. */
export interface KeyEvent {
  readonly ticks: number;
  /** 0–15; 9 is percussion. */
  readonly channel: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** What a track or an instrument in it is called from some tick on. */
export type InstrumentEvent =
  & { readonly ticks: number }
  & (
    | { readonly channel: number; readonly program: number }
    | { readonly trackName: string }
    | { readonly instrumentName: string }
  );

/** What one MTrk chunk says. A channel is 16 × port + the MIDI channel. */
export interface Track {
  name: string;
  /** Ticks of the end-of-track event, or of the last event without one. */
  endTicks: number;
  /** In order of onset; `part` holds a line, see {@linkcode lineOf}. */
  readonly notes: OpenNote[];
  readonly controls: ChannelChange[];
  readonly programs: ProgramChange[];
  /** In the order of the file, as are `instruments`; if they were asked for. */
  readonly keys: KeyEvent[];
  readonly instruments: InstrumentEvent[];
  readonly tempos: TempoChange[];
  readonly timeSignatures: TimeSignature[];
  readonly keySignatures: KeySignature[];
}

export const NO_PROGRAM = 128;
/** One number for a channel and its program in a track. */
export const lineOf = (channel: number, program: number) =>
  channel * 256 + program;

/**
 * Reads the chunks of a file. The patterns of a type 2 file are laid out one
 * after another.
 *
 * @param withEvents Whether to give `keys` and `instruments` too.
 * @throws {MidiError} If the bytes are not a Standard MIDI File.
 */
export function readTracks(
  bytes: Uint8Array,
  file: string,
  withEvents: boolean = false,
): { header: Header; tracks: Track[] } {
  const cursor = new Cursor(bytes, file, 0, bytes.length, "the file");
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
    // Chunks of unknown type are to be passed over.
    if (type === MTRK) {
      const track = readTrack(
        new Cursor(bytes, file, start, start + length, "the track"),
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

const MTHD = 0x4d546864;
const MTRK = 0x4d54726b;
const BAD_DIVISION = "the division is none that files can have";

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

function readTrack(
  cursor: Cursor,
  startTicks: number,
  withEvents: boolean,
): Track {
  const track: Track = {
    name: "",
    endTicks: startTicks,
    notes: [],
    controls: [],
    programs: [],
    keys: [],
    instruments: [],
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
  };
  let ticks = startTicks;
  let port = 0;
  // Kept across meta and system exclusive events: the format says they cancel
  // it, but files rely on it and readers allow it.
  let runningStatus = 0;
  /** Notes waiting for their note-off, oldest first, by channel and pitch. */
  const open = new Map<number, OpenNote[]>();
  /** The program last set on each channel in this track. */
  const programs: number[] = [];

  while (cursor.position < cursor.end) {
    ticks += cursor.variableLength("a delta time");
    const eventOffset = cursor.position;
    let status = cursor.uint8("an event");
    if (status === 0xff) {
      const type = cursor.uint8("a meta event");
      const length = cursor.variableLength("a meta event's length");
      const start = cursor.skip(length, "a meta event");
      if (type === 0x2f) break;
      if (withEvents && (type === 0x03 || type === 0x04)) {
        const name = cursor.utf8(start, length) ?? "";
        track.instruments.push(
          type === 0x03
            ? { ticks, trackName: name }
            : { ticks, instrumentName: name },
        );
      }
      if (type === 0x03) track.name ||= cursor.text(start, length);
      else if (type === 0x21 && length === 1) port = cursor.bytes[start];
      else if (type in META_LENGTHS) {
        readMeta(cursor, track, ticks, eventOffset, type, start, length);
      }
      continue;
    }
    if (status === 0xf0 || status === 0xf7) {
      const length = cursor.variableLength("a system exclusive event's length");
      cursor.skip(length, "a system exclusive event");
      continue;
    }
    if (status < 0x80) {
      if (runningStatus === 0) {
        cursor.fail(
          "an event has no status",
          `it begins with ${status}, and no event to take the status from comes before`,
          eventOffset,
        );
      }
      status = runningStatus;
      cursor.position--;
    } else if (status > 0xf0) {
      cursor.fail(
        "an event is of a kind that files cannot have",
        `status ${status}`,
        eventOffset,
      );
    }
    runningStatus = status;
    const channel = port * CHANNELS + (status & 0x0f);
    const kind = status >> 4;
    const first = cursor.data(status);
    if (kind === 0xc) {
      programs[channel] = first;
      track.programs.push({ ticks, channel, program: first });
      if (withEvents) {
        const channel = status & 0x0f;
        track.instruments.push({ ticks, channel, program: first });
      }
      continue;
    }
    if (kind === 0xd) continue;
    const second = cursor.data(status);
    if (withEvents && (kind === 0x8 || kind === 0x9)) {
      track.keys.push({
        ticks,
        channel: status & 0x0f,
        pitch: first,
        velocity: kind === 0x9 ? second : 0,
      });
    }
    if (kind === 0x9 && second > 0) {
      const note: OpenNote = {
        pitch: first,
        velocity: second,
        startTicks: ticks,
        endTicks: -1,
        part: lineOf(channel, programs[channel] ?? NO_PROGRAM),
      };
      track.notes.push(note);
      const key = channel * 128 + first;
      const waiting = open.get(key);
      if (waiting) waiting.push(note);
      else open.set(key, [note]);
    } else if (kind === 0x8 || kind === 0x9) {
      const note = open.get(channel * 128 + first)?.shift();
      if (note) note.endTicks = ticks;
    } else if (kind === 0xb) {
      track.controls.push({ ticks, channel, controller: first, value: second });
    }
  }
  for (const notes of open.values()) {
    for (const note of notes) note.endTicks = ticks;
  }
  track.endTicks = ticks;
  return track;
}

/** Lengths in bytes of the meta events read for their numbers. */
const META_LENGTHS: { readonly [type: number]: number } = {
  0x51: 3,
  0x58: 4,
  0x59: 2,
};

/** Reads a tempo, a time signature or a key signature. */
function readMeta(
  cursor: Cursor,
  track: Track,
  ticks: number,
  eventOffset: number,
  type: number,
  start: number,
  length: number,
): void {
  const [a, b, c] = cursor.bytes.subarray(start, start + 3);
  const name = type === 0x51
    ? "tempo"
    : type === 0x58
    ? "time signature"
    : "key signature";
  if (length !== META_LENGTHS[type]) {
    cursor.fail(
      `a ${name} is of the wrong length`,
      `${length} bytes, not ${META_LENGTHS[type]}`,
      eventOffset,
    );
  }
  if (type === 0x51) {
    const microseconds = a << 16 | b << 8 | c;
    if (microseconds === 0) {
      cursor.fail("a tempo is infinite", "0 µs a quarter note", start);
    }
    track.tempos.push({ ticks, qpm: MICROSECONDS_PER_MINUTE / microseconds });
  } else if (type === 0x58) {
    if (a === 0 || b > 7) {
      cursor.fail("a time signature is impossible", `${a} over 2^${b}`, start);
    }
    track.timeSignatures.push({ ticks, numerator: a, denominator: 2 ** b });
  } else {
    const fifths = a << 24 >> 24; // signed
    if (Math.abs(fifths) > 7 || b > 1) {
      cursor.fail(
        "a key signature is impossible",
        `${fifths} fifths, mode ${b}`,
        start,
      );
    }
    const mode = b === 0 ? "major" : "minor";
    track.keySignatures.push({ ticks, fifths, mode });
  }
}
