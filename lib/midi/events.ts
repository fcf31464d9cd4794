/** The bytes of a track, as Standard MIDI Files have them, to its events. */

import { NoteColumns } from "../music/music.ts";
import { Cursor, CutOff, MAX_NUMBER_BYTES, MidiError } from "./cursor.ts";
import { MAX_TICKS } from "./limits.ts";
import { Tally } from "./tally.ts";
import { TrackBuilder } from "./track_builder.ts";

/** Where a track was read to. */
export interface TrackEnd {
  /**
   * What ends it: its end-of-track event, the bytes given, also within an event,
   * or a delta time beyond the last tick.
   */
  readonly by: "event" | "bytes" | "cut" | "ticks";
  /** Offset of the byte after the last event read. */
  readonly position: number;
  /** Ticks of the last event. */
  readonly ticks: number;
}

/** What to read, and what is known of it. */
export interface TrackBytes {
  readonly bytes: Uint8Array;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last byte. */
  readonly end: number;
  /** When the track begins. */
  readonly startTicks: number;
}

/**
 * Reads the events of a track, up to its end-of-track event.
 *
 * @param builder Takes the events.
 * @param tally Counts what is repaired.
 */
export function readEvents(
  track: TrackBytes,
  builder: TrackBuilder,
  tally: Tally,
): TrackEnd {
  return new EventReader(track, builder, tally).read();
}

/**
 * Whether bytes are the events of a track without a fault, from end to end, the
 * last an end-of-track event.
 */
export function areEvents(track: TrackBytes): boolean {
  const tally = new Tally("", true);
  const builder = new TrackBuilder(tally, new NoteColumns(), false);
  let { start } = track;
  try {
    while (start < track.end) {
      const end = readEvents({ ...track, start }, builder, tally);
      if (end.by !== "event") return false;
      start = end.position;
    }
    return true;
  } catch (error) {
    if (error instanceof MidiError) return false;
    throw error;
  }
}

const NOTE_OFF = 0x8, NOTE_ON = 0x9, KEY_PRESSURE = 0xa, CONTROLLER = 0xb;
const PROGRAM = 0xc, CHANNEL_PRESSURE = 0xd;
const META = 0xff, SYSTEM_EXCLUSIVE = 0xf0, ESCAPE = 0xf7;
const TRACK_NAME = 0x03, INSTRUMENT_NAME = 0x04, MARKER = 0x06, PORT = 0x21;
const END_OF_TRACK = 0x2f;
/** Bytes of the longest plain event: two of its time, its status and data. */
const PLAIN_BYTES = 5;
const TEMPO = 0x51, TIME_SIGNATURE = 0x58, KEY_SIGNATURE = 0x59;

/** Data bytes of the system messages that files have no place for. */
const SYSTEM_DATA_BYTES = new Map([[0xf1, 1], [0xf2, 2], [0xf3, 1]]);

/** Names and lengths in bytes of the meta events read for their numbers. */
const NUMERIC_META = new Map([
  [TEMPO, { name: "tempo", byteCount: 3 }],
  [TIME_SIGNATURE, { name: "time signature", byteCount: 4 }],
  [KEY_SIGNATURE, { name: "key signature", byteCount: 2 }],
]);

class EventReader {
  readonly #cursor: Cursor;
  readonly #builder: TrackBuilder;
  readonly #tally: Tally;
  #ticks: number;
  // Kept across meta and system exclusive events: the format says they cancel
  // it, but files rely on it and other readers allow it.
  #runningStatus = 0;

  constructor(
    { bytes, start, end, startTicks }: TrackBytes,
    builder: TrackBuilder,
    tally: Tally,
  ) {
    this.#cursor = new Cursor(bytes, "", { start, end, what: "the track" });
    this.#builder = builder;
    this.#tally = tally;
    this.#ticks = startTicks;
  }

  read(): TrackEnd {
    let by: TrackEnd["by"];
    try {
      by = this.#readEvents();
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      by = "cut";
    }
    return { by, position: this.#cursor.position, ticks: this.#ticks };
  }

  #readEvents(): "event" | "bytes" | "ticks" {
    const cursor = this.#cursor;
    while (true) {
      this.#readPlainEvents();
      if (cursor.position >= cursor.end) return "bytes";
      const ticks = this.#ticks + this.#number("a delta time");
      if (ticks > MAX_TICKS) return "ticks";
      const eventOffset = cursor.position;
      const status = cursor.uint8("an event");
      this.#ticks = ticks;
      if (status < 0xf0) this.#readChannelEvent(status, eventOffset);
      else if (status === META) {
        if (this.#readMeta(eventOffset) === END_OF_TRACK) return "event";
      } else if (status === SYSTEM_EXCLUSIVE || status === ESCAPE) {
        this.#readSystemExclusive(status, eventOffset);
      } else this.#skipSystemMessage(status, eventOffset);
    }
  }

  /**
   * Reads events of channels up to one that is anything else, late, at fault, or near
   * the end of the track. Most of a file is such events.
   */
  #readPlainEvents(): void {
    const cursor = this.#cursor, { bytes } = cursor;
    const last = cursor.end - PLAIN_BYTES;
    while (cursor.position <= last) {
      let at = cursor.position, ticks = bytes[at++]!;
      if (ticks > 0x7f) {
        const low = bytes[at++]!;
        if (low > 0x7f) return;
        ticks = (ticks & 0x7f) << 7 | low;
      }
      ticks += this.#ticks;
      let status = bytes[at]!;
      if (status < 0x80) status = this.#runningStatus;
      else at++;
      if (status === 0 || status >= 0xf0 || ticks > MAX_TICKS) return;
      const kind = status >> 4, data = bytes[at++]!;
      const hasOne = kind === PROGRAM || kind === CHANNEL_PRESSURE;
      const second = hasOne ? 0 : bytes[at++]!;
      if ((data | second) > 0x7f) return;
      this.#ticks = ticks;
      this.#runningStatus = status;
      cursor.position = at;
      this.#giveEvent(status, data, second);
    }
  }

  #number(what: string): number {
    const cursor = this.#cursor;
    const start = cursor.position;
    if (start < cursor.end && cursor.bytes[start]! < 0x80) {
      return cursor.bytes[cursor.position++]!;
    }
    const value = cursor.variableLength(what);
    if (cursor.position - start <= MAX_NUMBER_BYTES) return value;
    // Some programs write a small step back as a negative number of 64 bits.
    const isNegative = cursor.bytes.subarray(start, start + MAX_NUMBER_BYTES)
      .every((byte) => byte === 0xff);
    this.#tally.repair(
      isNegative
        ? "a variable-length number is negative: it counts as 0"
        : "a variable-length number has over four bytes: all are read",
      what,
      start,
    );
    return isNegative ? 0 : value;
  }

  #readChannelEvent(first: number, eventOffset: number): void {
    const cursor = this.#cursor;
    if (first < 0x80) {
      if (this.#runningStatus === 0) {
        return this.#skipData(first, eventOffset);
      }
      cursor.position--;
    } else this.#runningStatus = first;
    const status = this.#runningStatus;
    const kind = status >> 4;
    const data = cursor.uint8("an event");
    const hasOne = kind === PROGRAM || kind === CHANNEL_PRESSURE;
    const second = hasOne ? 0 : cursor.uint8("an event");
    if ((data | second) > 0x7f) {
      this.#tally.repair(
        "a data byte is above 127: its event is left out",
        `${data > 0x7f ? data : second} after status ${status}`,
        cursor.position - (data > 0x7f && !hasOne ? 2 : 1),
      );
      // The velocity of a note-off is not used.
      if (kind !== NOTE_OFF || data > 0x7f) return;
    }
    this.#giveEvent(status, data, second);
  }

  /** Hands on an event of a channel. */
  #giveEvent(status: number, data: number, second: number): void {
    const kind = status >> 4, channel = status & 0x0f;
    const ticks = this.#ticks, builder = this.#builder;
    if (kind === NOTE_ON) builder.noteOn(ticks, channel, data, second);
    else if (kind === NOTE_OFF) builder.noteOff(ticks, channel, data);
    else if (kind === CONTROLLER) builder.control(ticks, channel, data, second);
    else if (kind === PROGRAM) builder.program(ticks, channel, data);
    else if (kind === KEY_PRESSURE || kind === CHANNEL_PRESSURE) {
      builder.pressure();
    } else builder.pitchBend();
  }

  /** Passes over the data, two bytes as of most events, of an unknown status. */
  #skipData(first: number, eventOffset: number): void {
    const cursor = this.#cursor;
    this.#tally.repair(
      "an event has no status: it is left out",
      `it begins with ${first}, and no event to take the status from comes before`,
      eventOffset,
    );
    if (cursor.uint8("an event") > 0x7f) cursor.position--;
  }

  /** Passes over a real-time message, as a clock, or a common one. */
  #skipSystemMessage(status: number, eventOffset: number): void {
    const cursor = this.#cursor;
    this.#tally.repair(
      "an event is of a kind that files cannot have: it is left out",
      `status ${status}`,
      eventOffset,
    );
    for (let left = SYSTEM_DATA_BYTES.get(status) ?? 0; left > 0; left--) {
      if (cursor.uint8("an event") > 0x7f) {
        cursor.position--;
        return;
      }
    }
  }

  #readSystemExclusive(status: number, eventOffset: number): void {
    const cursor = this.#cursor;
    const length = this.#number("a system exclusive event's length");
    const start = cursor.position;
    const left = cursor.end - start;
    if (length <= left) cursor.position = start + length;
    else {
      const last = cursor.bytes.subarray(start, cursor.end).indexOf(0xf7);
      if (last < 0) cursor.skip(length, "a system exclusive event");
      this.#tally.repair(
        "a system exclusive event runs past its track: it is read to its end byte",
        `it takes ${length} bytes, ${left} are left`,
        eventOffset,
      );
      cursor.position = start + last + 1;
    }
    if (status === SYSTEM_EXCLUSIVE) {
      this.#builder.systemExclusive(
        this.#ticks,
        cursor.bytes.subarray(start, cursor.position),
      );
    }
  }

  /** Reads a meta event and gives its type. */
  #readMeta(eventOffset: number): number {
    const cursor = this.#cursor, builder = this.#builder, ticks = this.#ticks;
    const type = cursor.uint8("a meta event");
    const length = this.#number("a meta event's length");
    const start = cursor.skip(length, "a meta event");
    if (type === END_OF_TRACK) return type;
    if (NUMERIC_META.has(type)) {
      this.#readNumbers(type, start, length, eventOffset);
    } else if (type === TRACK_NAME && builder.takesNames) {
      builder.trackName(ticks, cursor.text(start, length));
    } else if (type === INSTRUMENT_NAME && builder.takesInstruments) {
      builder.instrumentName(ticks, cursor.text(start, length));
    } else if (type === MARKER) {
      builder.marker(ticks, cursor.text(start, length));
    } else if (type === PORT && length === 1) {
      builder.port(cursor.bytes[start]!);
    } else builder.other();
    return type;
  }

  /** Reads a tempo, a time signature or a key signature. */
  #readNumbers(
    type: number,
    start: number,
    length: number,
    eventOffset: number,
  ): void {
    const { bytes } = this.#cursor, tally = this.#tally, ticks = this.#ticks;
    const { name, byteCount } = NUMERIC_META.get(type)!;
    if (length !== byteCount) {
      return tally.repair(
        `a ${name} is of the wrong length: it is left out`,
        `${length} bytes, not ${byteCount}`,
        eventOffset,
      );
    }
    const first = bytes[start]!, second = bytes[start + 1]!;
    if (type === TEMPO) {
      const microseconds = first << 16 | second << 8 | bytes[start + 2]!;
      if (microseconds > 0) return this.#builder.tempo(ticks, microseconds);
      tally.repair(
        "a tempo is infinite: it is left out",
        "0 µs a quarter note",
        start,
      );
    } else if (type === TIME_SIGNATURE) {
      if (first > 0 && second <= 7) {
        return this.#builder.timeSignature(ticks, first, 2 ** second);
      }
      tally.repair(
        "a time signature is impossible: it is left out",
        `${first} over 2^${second}`,
        start,
      );
    } else {
      const fifths = first << 24 >> 24; // signed
      if (Math.abs(fifths) <= 7 && second <= 1) {
        const mode = second === 0 ? "major" : "minor";
        return this.#builder.keySignature(ticks, fifths, mode);
      }
      tally.repair(
        "a key signature is impossible: it is left out",
        `${fifths} fifths, mode ${second}`,
        start,
      );
    }
  }
}
