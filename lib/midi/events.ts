/** The bytes of an MTrk chunk to its events. */

import type { Cursor } from "./cursor.ts";
import { type Track, TrackBuilder } from "./track.ts";

/**
 * Reads a track.
 *
 * @param cursor Over the data of its chunk.
 * @param startTicks When the track begins.
 * @param withEvents Whether the track is to have `keys` and `instruments`.
 * @throws {MidiError} If the data are no events of a file.
 */
export function readTrack(
  cursor: Cursor,
  startTicks: number,
  withEvents: boolean,
): Track {
  return new TrackReader(cursor, startTicks, withEvents).read();
}

const NOTE_OFF = 0x8, NOTE_ON = 0x9, CONTROLLER = 0xb, PROGRAM = 0xc;
const CHANNEL_PRESSURE = 0xd;
const META = 0xff, SYSTEM_EXCLUSIVE = 0xf0, ESCAPE = 0xf7;
const TRACK_NAME = 0x03, INSTRUMENT_NAME = 0x04, PORT = 0x21;
const END_OF_TRACK = 0x2f;
const TEMPO = 0x51, TIME_SIGNATURE = 0x58, KEY_SIGNATURE = 0x59;

/** Names and lengths in bytes of the meta events read for their numbers. */
const NUMERIC_META = new Map([
  [TEMPO, { name: "tempo", byteCount: 3 }],
  [TIME_SIGNATURE, { name: "time signature", byteCount: 4 }],
  [KEY_SIGNATURE, { name: "key signature", byteCount: 2 }],
]);

class TrackReader {
  readonly #cursor: Cursor;
  readonly #builder: TrackBuilder;
  #ticks: number;
  // Kept across meta and system exclusive events: the format says they cancel
  // it, but files rely on it and other readers allow it.
  #runningStatus = 0;

  constructor(cursor: Cursor, startTicks: number, withEvents: boolean) {
    this.#cursor = cursor;
    this.#ticks = startTicks;
    this.#builder = new TrackBuilder(withEvents);
  }

  read(): Track {
    this.#readEvents();
    return this.#builder.finish(this.#ticks);
  }

  #readEvents(): void {
    const cursor = this.#cursor;
    while (cursor.position < cursor.end) {
      this.#ticks += cursor.variableLength("a delta time");
      const eventOffset = cursor.position;
      const status = cursor.uint8("an event");
      if (status === META) {
        const type = cursor.uint8("a meta event");
        const length = cursor.variableLength("a meta event's length");
        const start = cursor.skip(length, "a meta event");
        if (type === END_OF_TRACK) return;
        if (NUMERIC_META.has(type)) {
          this.#readNumbers(type, start, length, eventOffset);
        } else this.#readText(type, start, length);
      } else if (status === SYSTEM_EXCLUSIVE || status === ESCAPE) {
        const length = cursor.variableLength(
          "a system exclusive event's length",
        );
        cursor.skip(length, "a system exclusive event");
      } else this.#readChannelEvent(this.#statusOf(status, eventOffset));
    }
  }

  /** The status of a channel event: its first byte, or the running status. */
  #statusOf(first: number, eventOffset: number): number {
    if (first < 0x80) {
      if (this.#runningStatus === 0) {
        this.#cursor.fail(
          "an event has no status",
          `it begins with ${first}, and no event to take the status from comes before`,
          eventOffset,
        );
      }
      this.#cursor.position--;
      return this.#runningStatus;
    }
    if (first > 0xf0) {
      this.#cursor.fail(
        "an event is of a kind that files cannot have",
        `status ${first}`,
        eventOffset,
      );
    }
    return this.#runningStatus = first;
  }

  #readChannelEvent(status: number): void {
    const ticks = this.#ticks, builder = this.#builder;
    const channel = status & 0x0f;
    const kind = status >> 4;
    const first = this.#cursor.data(status);
    if (kind === PROGRAM) return builder.program(ticks, channel, first);
    if (kind === CHANNEL_PRESSURE) return;
    const second = this.#cursor.data(status);
    if (kind === NOTE_ON) builder.noteOn(ticks, channel, first, second);
    else if (kind === NOTE_OFF) builder.noteOff(ticks, channel, first);
    else if (kind === CONTROLLER) {
      builder.control(ticks, channel, first, second);
    }
  }

  /** Reads a name or a port; other meta events are passed over. */
  #readText(type: number, start: number, length: number): void {
    const cursor = this.#cursor, ticks = this.#ticks;
    if (type === TRACK_NAME) {
      this.#builder.trackName(ticks, cursor.text(start, length));
    } else if (type === INSTRUMENT_NAME) {
      this.#builder.instrumentName(ticks, cursor.text(start, length));
    } else if (type === PORT && length === 1) {
      this.#builder.port(cursor.bytes[start]!);
    }
  }

  /** Reads a tempo, a time signature or a key signature. */
  #readNumbers(
    type: number,
    start: number,
    length: number,
    eventOffset: number,
  ): void {
    const cursor = this.#cursor, ticks = this.#ticks;
    const { name, byteCount } = NUMERIC_META.get(type)!;
    if (length !== byteCount) {
      cursor.fail(
        `a ${name} is of the wrong length`,
        `${length} bytes, not ${byteCount}`,
        eventOffset,
      );
    }
    const first = cursor.bytes[start]!, second = cursor.bytes[start + 1]!;
    if (type === TEMPO) {
      const microseconds = first << 16 | second << 8 | cursor.bytes[start + 2]!;
      if (microseconds === 0) {
        cursor.fail("a tempo is infinite", "0 µs a quarter note", start);
      }
      this.#builder.tempo(ticks, microseconds);
    } else if (type === TIME_SIGNATURE) {
      if (first === 0 || second > 7) {
        cursor.fail(
          "a time signature is impossible",
          `${first} over 2^${second}`,
          start,
        );
      }
      const denominator = 2 ** second;
      this.#builder.timeSignature(ticks, first, denominator);
    } else {
      const fifths = first << 24 >> 24; // signed
      if (Math.abs(fifths) > 7 || second > 1) {
        cursor.fail(
          "a key signature is impossible",
          `${fifths} fifths, mode ${second}`,
          start,
        );
      }
      const mode = second === 0 ? "major" : "minor";
      this.#builder.keySignature(ticks, fifths, mode);
    }
  }
}
