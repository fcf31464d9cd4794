/** Collects the events of a track, whatever format they come from. */

import type {
  KeySignature,
  Marker,
  Mode,
  NoteColumns,
  TempoChange,
  TimeSignature,
} from "../music/music.ts";
import { MAX_NAME_CHARACTERS } from "./limits.ts";
import { Pairing } from "./pairing.ts";
import { readDrumMessage } from "./system_exclusive.ts";
import type { Tally } from "./tally.ts";
import {
  BANK_LSB,
  BANK_MSB,
  CHANNELS,
  type ControllerEvent,
  type DrumEvent,
  type EventText,
  type InstrumentEvent,
  MICROSECONDS_PER_MINUTE,
  type OpenKey,
  type ProgramEvent,
  type Track,
  type Voice,
} from "./track.ts";

const ALL_SOUND_OFF = 120, ALL_NOTES_OFF = 123;

/**
 * Collects the events of a track in the order of their ticks. A channel is
 * 0–15; {@linkcode TrackBuilder.port} says of which port.
 */
export class TrackBuilder {
  readonly #tally: Tally;
  readonly #withEvents: boolean;
  #firstChannel = 0;
  readonly #notes: NoteColumns;
  /** Index of the first note of the track. */
  readonly #firstNote: number;
  readonly #pairing: Pairing;
  // By channel: what was last set, and the voice of the notes from there on.
  readonly #bankMsb: number[] = [];
  readonly #bankLsb: number[] = [];
  readonly #changeOf: ProgramEvent[] = [];
  readonly #voiceOf: (number | undefined)[] = [];

  #name = "";
  readonly #voices: Voice[] = [];
  readonly #controls: ControllerEvent[] = [];
  readonly #programs: ProgramEvent[] = [];
  readonly #drums: DrumEvent[] = [];
  readonly #keys: OpenKey[] = [];
  readonly #instruments: InstrumentEvent[] = [];
  readonly #tempos: TempoChange[] = [];
  readonly #timeSignatures: TimeSignature[] = [];
  readonly #keySignatures: KeySignature[] = [];
  readonly #markers: Marker[] = [];
  #pitchBends = 0;
  #pressures = 0;
  #messages = 0;
  #others = 0;

  /**
   * @param tally Counts what the track has.
   * @param notes Of the file; those of the track are added.
   * @param withEvents Whether the track is to have `keys` and `instruments`.
   */
  constructor(tally: Tally, notes: NoteColumns, withEvents: boolean) {
    this.#tally = tally;
    this.#notes = notes;
    this.#firstNote = notes.length;
    this.#pairing = new Pairing(notes);
    this.#withEvents = withEvents;
  }

  /** Whether a further name of the track would be kept. */
  get takesNames(): boolean {
    return this.#withEvents || this.#name === "";
  }

  /** Names the track; the first name is the one it keeps. */
  trackName(ticks: number, { text, utf8 }: EventText): void {
    this.#name ||= this.#bounded(text);
    if (this.#withEvents) {
      this.#addInstrument({ ticks, trackName: this.#bounded(utf8 ?? "") });
    }
  }

  /** Whether the names of instruments are kept. */
  get takesInstruments(): boolean {
    return this.#withEvents;
  }

  /** Names an instrument. */
  instrumentName(ticks: number, { utf8 }: EventText): void {
    this.#addInstrument({ ticks, instrumentName: this.#bounded(utf8 ?? "") });
  }

  /** Names a place of the piece. */
  marker(ticks: number, { text }: EventText): void {
    this.#tally.countEvent();
    this.#markers.push({ ticks, text: this.#bounded(text) });
  }

  /** A name that is not too long; it is written again for each channel. */
  #bounded(name: string): string {
    if (name.length <= MAX_NAME_CHARACTERS) return name;
    this.#tally.repair(
      `a name has over ${MAX_NAME_CHARACTERS} characters: the rest is left out`,
      `${name.length} characters`,
    );
    const start = name.slice(0, MAX_NAME_CHARACTERS);
    // Half of a pair of UTF-16 is no character.
    return start.isWellFormed() ? start : start.slice(0, -1);
  }

  /** Sets the port, 0–255, of the events that follow. */
  port(port: number): void {
    this.#firstChannel = port * CHANNELS;
  }

  /** Presses a key; with velocity 0 it lets go. */
  noteOn(
    ticks: number,
    channel: number,
    pitch: number,
    velocity: number,
  ): void {
    if (velocity === 0) return this.noteOff(ticks, channel, pitch);
    this.#tally.countNote();
    const ofPort = this.#firstChannel + channel;
    if (this.#withEvents) this.#addKey(ticks, ofPort, pitch, velocity);
    const voice = this.#voiceOf[ofPort] ??
      this.#addVoice(ofPort, ticks);
    const note = this.#notes.add(pitch, velocity, ticks, ticks, voice);
    this.#pairing.press(ofPort, pitch, note);
  }

  /** Lets a key go. */
  noteOff(ticks: number, channel: number, pitch: number): void {
    if (this.#withEvents) {
      this.#tally.countEvent();
      this.#addKey(ticks, this.#firstChannel + channel, pitch, 0);
    }
    this.#pairing.release(this.#firstChannel + channel, pitch, ticks);
  }

  #addKey(
    ticks: number,
    channel: number,
    pitch: number,
    velocity: number,
  ): void {
    this.#keys.push({ ticks, channel, isDrum: false, pitch, velocity });
  }

  /** Sets a controller, 0–127. */
  control(
    ticks: number,
    channel: number,
    controller: number,
    value: number,
  ): void {
    this.#tally.countEvent();
    const ofPort = this.#firstChannel + channel;
    this.#controls.push({ ticks, channel: ofPort, controller, value });
    if (controller === BANK_MSB) this.#bankMsb[ofPort] = value;
    else if (controller === BANK_LSB) this.#bankLsb[ofPort] = value;
    else if (controller === ALL_SOUND_OFF || controller >= ALL_NOTES_OFF) {
      // 124–127, which choose a mode of the channel, end all notes too.
      this.#pairing.silence(ofPort, ticks);
    }
  }

  /** Sets the program of a channel. */
  program(ticks: number, channel: number, program: number): void {
    this.#tally.countEvent();
    const ofPort = this.#firstChannel + channel;
    const change = {
      ticks,
      channel: ofPort,
      program,
      bankMsb: this.#bankMsb[ofPort],
      bankLsb: this.#bankLsb[ofPort],
      bank: 0,
    };
    this.#programs.push(change);
    this.#changeOf[ofPort] = change;
    this.#voiceOf[ofPort] = undefined;
    if (this.#withEvents) this.#addInstrument({ ticks, channel, program });
  }

  /** Takes a system exclusive message, without the 0xf0 it begins with. */
  systemExclusive(ticks: number, data: Uint8Array): void {
    const message = readDrumMessage(data);
    if (message === undefined) {
      this.#messages++;
      return;
    }
    this.#tally.countEvent();
    this.#drums.push({ ticks, firstChannel: this.#firstChannel, message });
  }

  /** Sets the tempo, in microseconds a quarter note, 1–0xffffff. */
  tempo(ticks: number, microseconds: number): void {
    this.#tally.countEvent();
    this.#tempos.push({ ticks, qpm: MICROSECONDS_PER_MINUTE / microseconds });
  }

  /** Sets the meter: 1–255 over 1, 2, 4, … 128. */
  timeSignature(ticks: number, numerator: number, denominator: number): void {
    this.#tally.countEvent();
    this.#timeSignatures.push({ ticks, numerator, denominator });
  }

  /** Sets the key, −7 to 7 fifths. */
  keySignature(ticks: number, fifths: number, mode: Mode): void {
    this.#tally.countEvent();
    this.#keySignatures.push({ ticks, fifths, mode });
  }

  /** Counts a pitch bend, which is dropped. */
  pitchBend(): void {
    this.#pitchBends++;
  }

  /** Counts the pressure of a key or a channel, which is dropped. */
  pressure(): void {
    this.#pressures++;
  }

  /** Counts a text, or another event that is dropped. */
  other(): void {
    this.#others++;
  }

  /** Ends the track, and the notes that still sound. */
  finish(endTicks: number): Track {
    const tally = this.#tally;
    for (let lost = this.#pairing.finish(endTicks); lost > 0; lost--) {
      tally.repair(
        "a note has no note-off: it ends with the next of its pitch, or its track",
      );
    }
    tally.dropOfTrack({
      pitchBends: this.#pitchBends,
      pressures: this.#pressures,
      messages: this.#messages,
      others: this.#others,
    });
    return {
      name: this.#name,
      endTicks,
      firstNote: this.#firstNote,
      endNote: this.#notes.length,
      voices: this.#voices,
      controls: this.#controls,
      programs: this.#programs,
      drums: this.#drums,
      keys: this.#keys,
      instruments: this.#instruments,
      tempos: this.#tempos,
      timeSignatures: this.#timeSignatures,
      keySignatures: this.#keySignatures,
      markers: this.#markers,
    };
  }

  #addVoice(channel: number, ticks: number): number {
    this.#voices.push({ channel, ticks, change: this.#changeOf[channel] });
    return this.#voiceOf[channel] = this.#voices.length - 1;
  }

  #addInstrument(event: InstrumentEvent): void {
    this.#tally.countEvent();
    this.#instruments.push(event);
  }
}
