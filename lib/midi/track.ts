/** The events of a track, sorted by kind. */

import type {
  KeySignature,
  Marker,
  TempoChange,
  TimeSignature,
} from "../music/music.ts";
import type { DrumMessage } from "./system_exclusive.ts";

/** Channels of a port. */
export const CHANNELS = 16;
/** The channel for percussion, counted from 0. */
export const DRUM_CHANNEL = 9;
/** For tempi, which files have in microseconds a quarter note. */
export const MICROSECONDS_PER_MINUTE = 60_000_000;
/** The controllers that select the bank of the next program change. */
export const BANK_MSB = 0, BANK_LSB = 32;

/** A controller's change. */
export interface ControllerEvent {
  /** When it happens. */
  readonly ticks: number;
  readonly channel: number;
  readonly controller: number;
  readonly value: number;
}

/** A program change, and the bank that the track selected for it. */
export interface ProgramEvent {
  /** When it happens. */
  readonly ticks: number;
  readonly channel: number;
  readonly program: number;
  /** What the track last selected, undefined if it never did. */
  readonly bankMsb: number | undefined;
  /** What the track last selected, undefined if it never did. */
  readonly bankLsb: number | undefined;
  /** 128 × MSB + LSB, as any track selected them; see `channels.ts`. */
  bank: number;
}

/** A system exclusive message about the drums of a port. */
export interface DrumEvent {
  /** When it happens. */
  readonly ticks: number;
  /** The first of the port's 16 channels. */
  readonly firstChannel: number;
  readonly message: DrumMessage;
}

/** What a track has set for some of its notes. */
export interface Voice {
  readonly channel: number;
  /** When the first of them begins. */
  readonly ticks: number;
  /** The channel's last program change in the track, if there was any. */
  readonly change: ProgramEvent | undefined;
}

/** A key pressed, or let go where the velocity is 0. */
export interface KeyEvent {
  /** When it happens. */
  readonly ticks: number;
  /** 0–15. */
  readonly channel: number;
  /** Whether the channel is for drums by then. */
  readonly isDrum: boolean;
  /** MIDI pitch, 0–127. */
  readonly pitch: number;
  /** MIDI velocity, 0–127. */
  readonly velocity: number;
}

/** A key before it is known which channels are for drums. */
export type OpenKey = { -readonly [K in keyof KeyEvent]: KeyEvent[K] };

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
 * What one track says; `keys` and `instruments` are empty unless they were
 * asked for. A channel is 16 × port + the MIDI channel, but in `instruments` it is
 * the MIDI channel.
 */
export interface Track extends TrackEvents {
  readonly keys: readonly OpenKey[];
  readonly name: string;
  /** Ticks of the end-of-track event, or of the last event without one. */
  readonly endTicks: number;
  /**
   * Its notes in those of the file, up to before `endNote`, in order of their starts;
   * the `part` of each is an index into `voices`.
   */
  readonly firstNote: number;
  readonly endNote: number;
  readonly voices: readonly Voice[];
  /** Bank selects are among them. */
  readonly controls: readonly ControllerEvent[];
  readonly programs: readonly ProgramEvent[];
  readonly drums: readonly DrumEvent[];
  /** Names of places. */
  readonly markers: readonly Marker[];
}

/** The text of an event. */
export interface EventText {
  /** As it is to be shown. */
  readonly text: string;
  /** The same, absent where the bytes of a file are not UTF-8. */
  readonly utf8?: string;
}
