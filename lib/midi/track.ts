/** The events of a track (an MTrk chunk), sorted by kind. */

import type {
  KeySignature,
  Note,
  TempoChange,
  TimeSignature,
} from "../music/music.ts";
import type { Cursor } from "./cursor.ts";

/** Channels of a port. */
export const CHANNELS = 16;
/** The channel for percussion, counted from 0. */
export const DRUM_CHANNEL = 9;
/** For tempi, which files have in microseconds a quarter note. */
export const MICROSECONDS_PER_MINUTE = 60_000_000;

/** A note by its channel rather than its part. */
export interface TrackNote extends Omit<Note, "part"> {
  readonly channel: number;
  /** The program last set on the channel in this track, if any was. */
  readonly program: number | undefined;
}

/** A note whose end is still to come. */
type OpenNote = { -readonly [K in keyof TrackNote]: TrackNote[K] };

interface ControllerEvent {
  /** When it happens. */
  readonly ticks: number;
  readonly channel: number;
  readonly controller: number;
  readonly value: number;
}

interface ProgramEvent {
  /** When it happens. */
  readonly ticks: number;
  readonly channel: number;
  readonly program: number;
}

/** A key pressed, or let go where the velocity is 0. */
export interface KeyEvent {
  /** When it happens. */
  readonly ticks: number;
  /** 0–15; 9 is percussion. */
  readonly channel: number;
  /** MIDI pitch, 0–127. */
  readonly pitch: number;
  /** MIDI velocity, 0–127. */
  readonly velocity: number;
}

/** The name of a track or of an instrument, or a program, from a tick on. */
export type InstrumentEvent =
  & { readonly ticks: number }
  & (
    | { readonly channel: number; readonly program: number }
    | { readonly trackName: string }
    | { readonly instrumentName: string }
  );

/** The events of a track; those of each kind are in the order of the file. */
export interface TrackEvents {
  /** Keys pressed and let go. */
  readonly keys: readonly KeyEvent[];
  /** Names of the track and its instruments, and programs. */
  readonly instruments: readonly InstrumentEvent[];
  /** Tempi. */
  readonly tempos: readonly TempoChange[];
  /** Meters. */
  readonly timeSignatures: readonly TimeSignature[];
  /** Keys. */
  readonly keySignatures: readonly KeySignature[];
}

/**
 * What one MTrk chunk says; `keys` and `instruments` are empty unless they were
 * asked for. A channel is 16 × port + the MIDI channel, but in `keys` and
 * `instruments` it is the MIDI channel.
 */
export interface Track extends TrackEvents {
  readonly name: string;
  /** Ticks of the end-of-track event, or of the last event without one. */
  readonly endTicks: number;
  /** In order of their starts. */
  readonly notes: readonly TrackNote[];
  readonly controls: readonly ControllerEvent[];
  readonly programs: readonly ProgramEvent[];
}

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
  readonly #withEvents: boolean;
  #ticks: number;
  #port = 0;
  // Kept across meta and system exclusive events: the format says they cancel
  // it, but files rely on it and other readers allow it.
  #runningStatus = 0;
  /** Notes waiting for their note-off, oldest first, by channel and pitch. */
  readonly #open = new Map<number, OpenNote[]>();
  /** The program last set on each channel. */
  readonly #programOf: number[] = [];

  #name = "";
  readonly #notes: OpenNote[] = [];
  readonly #controls: ControllerEvent[] = [];
  readonly #programs: ProgramEvent[] = [];
  readonly #keys: KeyEvent[] = [];
  readonly #instruments: InstrumentEvent[] = [];
  readonly #tempos: TempoChange[] = [];
  readonly #timeSignatures: TimeSignature[] = [];
  readonly #keySignatures: KeySignature[] = [];

  constructor(cursor: Cursor, startTicks: number, withEvents: boolean) {
    this.#cursor = cursor;
    this.#ticks = startTicks;
    this.#withEvents = withEvents;
  }

  read(): Track {
    this.#readEvents();
    for (const notes of this.#open.values()) {
      for (const note of notes) note.endTicks = this.#ticks;
    }
    return {
      name: this.#name,
      endTicks: this.#ticks,
      notes: this.#notes,
      controls: this.#controls,
      programs: this.#programs,
      keys: this.#keys,
      instruments: this.#instruments,
      tempos: this.#tempos,
      timeSignatures: this.#timeSignatures,
      keySignatures: this.#keySignatures,
    };
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
    const ticks = this.#ticks;
    const midiChannel = status & 0x0f;
    const channel = this.#port * CHANNELS + midiChannel;
    const kind = status >> 4;
    const first = this.#cursor.data(status);
    if (kind === PROGRAM) {
      this.#programOf[channel] = first;
      this.#programs.push({ ticks, channel, program: first });
      if (this.#withEvents) {
        this.#instruments.push({ ticks, channel: midiChannel, program: first });
      }
      return;
    }
    if (kind === CHANNEL_PRESSURE) return;
    const second = this.#cursor.data(status);
    if (kind === NOTE_OFF || kind === NOTE_ON) {
      const velocity = kind === NOTE_ON ? second : 0;
      if (this.#withEvents) {
        const pitch = first;
        this.#keys.push({ ticks, channel: midiChannel, pitch, velocity });
      }
      this.#readKey(channel, first, velocity);
    } else if (kind === CONTROLLER) {
      this.#controls.push({ ticks, channel, controller: first, value: second });
    }
  }

  /** Begins a note, or ends one where the velocity is 0. */
  #readKey(channel: number, pitch: number, velocity: number): void {
    const key = channel * 128 + pitch;
    const waiting = this.#open.get(key);
    if (velocity === 0) {
      const note = waiting?.shift();
      if (note) note.endTicks = this.#ticks;
      return;
    }
    const note: OpenNote = {
      pitch,
      velocity,
      startTicks: this.#ticks,
      endTicks: -1,
      channel,
      program: this.#programOf[channel],
    };
    this.#notes.push(note);
    if (waiting) waiting.push(note);
    else this.#open.set(key, [note]);
  }

  /** Reads a name or a port; other meta events are passed over. */
  #readText(type: number, start: number, length: number): void {
    const cursor = this.#cursor, ticks = this.#ticks;
    if (type === TRACK_NAME) {
      if (this.#withEvents) {
        const trackName = cursor.utf8(start, length) ?? "";
        this.#instruments.push({ ticks, trackName });
      }
      this.#name ||= cursor.text(start, length);
    } else if (type === INSTRUMENT_NAME && this.#withEvents) {
      const instrumentName = cursor.utf8(start, length) ?? "";
      this.#instruments.push({ ticks, instrumentName });
    } else if (type === PORT && length === 1) {
      this.#port = cursor.bytes[start]!;
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
      this.#tempos.push({ ticks, qpm: MICROSECONDS_PER_MINUTE / microseconds });
    } else if (type === TIME_SIGNATURE) {
      if (first === 0 || second > 7) {
        cursor.fail(
          "a time signature is impossible",
          `${first} over 2^${second}`,
          start,
        );
      }
      const denominator = 2 ** second;
      this.#timeSignatures.push({ ticks, numerator: first, denominator });
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
      this.#keySignatures.push({ ticks, fifths, mode });
    }
  }
}
