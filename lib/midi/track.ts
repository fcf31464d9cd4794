/** The events of a track (an MTrk chunk), sorted by kind, and what collects them. */

import type {
  KeySignature,
  Mode,
  Note,
  TempoChange,
  TimeSignature,
} from "../music/music.ts";

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

/** The text of an event. */
export interface EventText {
  /** As it is to be shown. */
  readonly text: string;
  /** The same, absent where the bytes of a file are not UTF-8. */
  readonly utf8?: string;
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
 * Collects the events of a track, in the order of their ticks, whatever format
 * they come from. A channel is 0–15; {@linkcode TrackBuilder.port} says of which
 * port.
 */
export class TrackBuilder {
  readonly #withEvents: boolean;
  #port = 0;
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

  /** @param withEvents Whether the track is to have `keys` and `instruments`. */
  constructor(withEvents: boolean) {
    this.#withEvents = withEvents;
  }

  /** Names the track; the first name is the one it keeps. */
  trackName(ticks: number, { text, utf8 }: EventText): void {
    this.#name ||= text;
    if (this.#withEvents) {
      this.#instruments.push({ ticks, trackName: utf8 ?? "" });
    }
  }

  /** Names an instrument. */
  instrumentName(ticks: number, { utf8 }: EventText): void {
    if (this.#withEvents) {
      this.#instruments.push({ ticks, instrumentName: utf8 ?? "" });
    }
  }

  /** Sets the port of the events that follow. */
  port(port: number): void {
    this.#port = port;
  }

  /** Presses a key; with velocity 0 it lets go. */
  noteOn(
    ticks: number,
    channel: number,
    pitch: number,
    velocity: number,
  ): void {
    if (velocity === 0) return this.noteOff(ticks, channel, pitch);
    if (this.#withEvents) this.#keys.push({ ticks, channel, pitch, velocity });
    const ofPort = this.#port * CHANNELS + channel;
    const note: OpenNote = {
      pitch,
      velocity,
      startTicks: ticks,
      endTicks: -1,
      channel: ofPort,
      program: this.#programOf[ofPort],
    };
    this.#notes.push(note);
    const key = ofPort * 128 + pitch;
    const waiting = this.#open.get(key);
    if (waiting) waiting.push(note);
    else this.#open.set(key, [note]);
  }

  /** Lets a key go. */
  noteOff(ticks: number, channel: number, pitch: number): void {
    if (this.#withEvents) {
      this.#keys.push({ ticks, channel, pitch, velocity: 0 });
    }
    const key = (this.#port * CHANNELS + channel) * 128 + pitch;
    const note = this.#open.get(key)?.shift();
    if (note) note.endTicks = ticks;
  }

  /** Sets a controller, 0–127. */
  control(
    ticks: number,
    channel: number,
    controller: number,
    value: number,
  ): void {
    const ofPort = this.#port * CHANNELS + channel;
    this.#controls.push({ ticks, channel: ofPort, controller, value });
  }

  /** Sets the program of a channel. */
  program(ticks: number, channel: number, program: number): void {
    const ofPort = this.#port * CHANNELS + channel;
    this.#programOf[ofPort] = program;
    this.#programs.push({ ticks, channel: ofPort, program });
    if (this.#withEvents) this.#instruments.push({ ticks, channel, program });
  }

  /** Sets the tempo, in microseconds a quarter note, 1–0xffffff. */
  tempo(ticks: number, microseconds: number): void {
    this.#tempos.push({ ticks, qpm: MICROSECONDS_PER_MINUTE / microseconds });
  }

  /** Sets the meter: 1–255 over 1, 2, 4, … 128. */
  timeSignature(ticks: number, numerator: number, denominator: number): void {
    this.#timeSignatures.push({ ticks, numerator, denominator });
  }

  /** Sets the key, −7 to 7 fifths. */
  keySignature(ticks: number, fifths: number, mode: Mode): void {
    this.#keySignatures.push({ ticks, fifths, mode });
  }

  /** Ends the track, and the notes that still sound. */
  finish(endTicks: number): Track {
    for (const notes of this.#open.values()) {
      for (const note of notes) note.endTicks = endTicks;
    }
    return {
      name: this.#name,
      endTicks,
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
}
