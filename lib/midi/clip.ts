/**
 * MIDI 2.0 clip files, after "MIDI Clip File" (M2-116-U) and "Universal MIDI
 * Packet Format and MIDI 2.0 Protocol" (M2-104-UM): eight bytes that say what they
 * are, then packets of one to four words, as a rule each after a packet with the
 * ticks since the one before.
 *
 * Their values are finer than those of Standard MIDI Files, which the music has:
 * a number of more bits loses the last ones, as the protocol has it.
 */

import { NoteColumns } from "../music/music.ts";
import type { MidiChunks } from "./chunks.ts";
import { isAt } from "./container.ts";
import { FlexData } from "./flex_data.ts";
import { USUAL_TICKS_PER_QUARTER } from "./header.ts";
import { MAX_TICKS } from "./limits.ts";
import type { Tally } from "./tally.ts";
import { BANK_LSB, BANK_MSB } from "./track.ts";
import { TrackBuilder } from "./track_builder.ts";

const MAGIC = "SMF2CLIP";

/** Whether bytes begin as a MIDI 2.0 clip file does. */
export function isClip(bytes: Uint8Array): boolean {
  return isAt(bytes, 0, MAGIC);
}

/**
 * Reads a clip file as the one track of a file. A group of channels is a port.
 *
 * @param bytes Of a file that {@linkcode isClip}.
 * @param tally Counts what is repaired and dropped.
 * @param withEvents Whether the track is to have `keys` and `instruments`.
 * @throws {MidiError} If the file holds more than any piece.
 */
export function readClip(
  bytes: Uint8Array,
  tally: Tally,
  withEvents: boolean = false,
): MidiChunks {
  return new ClipReader(bytes, tally, withEvents).read();
}

/** Words of a packet by its type, the first four bits. */
const WORDS = [1, 1, 1, 2, 2, 4, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4] as const;

/** Types of packets. */
const UTILITY = 0, SYSTEM = 1, CHANNEL_VOICE_1 = 2, SYSTEM_EXCLUSIVE = 3;
const CHANNEL_VOICE_2 = 4, FLEX_DATA = 0xd, STREAM = 0xf;
/** Of utility packets: ticks a quarter note, and ticks since the last packet. */
const TICKS_PER_QUARTER = 3, DELTA_TICKS = 4;
/** A stream packet. */
const END_OF_CLIP = 0x21;

/** Status of a channel voice message; those below 8 are of MIDI 2.0 alone. */
const REGISTERED = 2, ASSIGNABLE = 3, NOTE_PITCH_BEND = 6, NOTE_OFF = 8;
const NOTE_ON = 9, KEY_PRESSURE = 0xa, CONTROLLER = 0xb, PROGRAM = 0xc;
const CHANNEL_PRESSURE = 0xd, PITCH_BEND = 0xe;

/** Of messages in several packets. */
const COMPLETE = 0, START = 1, END = 3;

/** Controllers that select a parameter (the MSB is next), and that set it. */
const NRPN_LSB = 98, RPN_LSB = 100, DATA_ENTRY_MSB = 6, DATA_ENTRY_LSB = 38;

/** The largest division of a Standard MIDI File. */
const MAX_TICKS_PER_QUARTER = 0x7fff;

class ClipReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #tally: Tally;
  readonly #notes = new NoteColumns();
  readonly #builder: TrackBuilder;
  readonly #flexData: FlexData;
  /** System exclusive messages that go on, by group. */
  readonly #messages = new Map<number, number[]>();
  #offset = MAGIC.length;
  #ticksPerQuarter = 0;
  #ticks = 0;
  /** Before the last ticks went by. */
  #lastTicks = 0;

  constructor(bytes: Uint8Array, tally: Tally, withEvents: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#tally = tally;
    this.#builder = new TrackBuilder(tally, this.#notes, withEvents);
    this.#flexData = new FlexData(this.#builder, tally);
  }

  read(): MidiChunks {
    const tally = this.#tally;
    if (!this.#readPackets()) {
      tally.repair(
        "a clip has no end of clip: it ends with its last packet",
        "",
        this.#offset,
      );
    }
    if (this.#ticksPerQuarter === 0) {
      tally.repair(
        `a clip does not say its ticks: ${USUAL_TICKS_PER_QUARTER} a quarter note are taken`,
        "",
        MAGIC.length,
      );
    }
    const ticksPerQuarter = divisionOf(
      this.#ticksPerQuarter || USUAL_TICKS_PER_QUARTER,
    );
    const track = this.#builder.finish(this.#now());
    return {
      header: { format: 1, trackCount: 1, ticksPerQuarter },
      tracks: [track],
      notes: this.#notes,
    };
  }

  /** Reads packet after packet; returns whether an end of clip ends them. */
  #readPackets(): boolean {
    const tally = this.#tally, end = this.#bytes.length;
    while (this.#offset < end) {
      const packet = this.#offset;
      tally.offset = packet;
      const type = this.#bytes[packet]! >> 4;
      const next = packet + 4 * WORDS[type]!;
      if (next > end) {
        tally.repair(
          "the file ends inside a packet: it is left out",
          `the packet has ${next - packet} bytes, ${end - packet} are left`,
        );
        return false;
      }
      if (type === STREAM && this.#status(packet) === END_OF_CLIP) return true;
      this.#readPacket(type, packet);
      if (this.#now() > MAX_TICKS) {
        tally.repair(
          `an event is later than tick ${MAX_TICKS}: its track ends before it`,
        );
        this.#ticks = this.#lastTicks;
        return false;
      }
      this.#offset = next;
    }
    return false;
  }

  #readPacket(type: number, packet: number): void {
    const group = this.#bytes[packet]! & 0x0f;
    this.#builder.port(group);
    if (type === UTILITY) this.#readUtility(packet);
    else if (type === CHANNEL_VOICE_1) this.#readVoice1(packet);
    else if (type === CHANNEL_VOICE_2) this.#readVoice2(packet);
    else if (type === SYSTEM_EXCLUSIVE) this.#readMessage(packet, group);
    else if (type === FLEX_DATA) {
      const data = this.#bytes.subarray(packet, packet + 16);
      this.#flexData.read(this.#now(), data);
    } else if (type !== SYSTEM && type !== STREAM) this.#builder.other();
  }

  /** The status of a stream packet. */
  #status(packet: number): number {
    return this.#view.getUint16(packet) & 0x3ff;
  }

  /** Ticks a quarter note, or ticks gone by; other packets are passed over. */
  #readUtility(packet: number): void {
    const word = this.#view.getUint32(packet);
    const status = word >> 20 & 0x0f;
    if (status === DELTA_TICKS) {
      this.#lastTicks = this.#ticks;
      this.#ticks += word & 0xfffff;
    } else if (status === TICKS_PER_QUARTER && this.#ticks === 0) {
      this.#ticksPerQuarter ||= word & 0xffff;
    }
  }

  /** Of MIDI 1.0: the bytes of the message. */
  #readVoice1(packet: number): void {
    const bytes = this.#bytes;
    const status = bytes[packet + 1]!;
    const first = bytes[packet + 2]!, second = bytes[packet + 3]!;
    if (!this.#isData(first, second)) return;
    const kind = status >> 4;
    if (kind === NOTE_ON && second === 0) {
      this.#readVoice(NOTE_OFF, status & 0x0f, first, 0);
    } else this.#readVoice(kind, status & 0x0f, first, second);
  }

  /** Of MIDI 2.0: status, channel, two numbers, and a word of data. */
  #readVoice2(packet: number): void {
    const bytes = this.#bytes, view = this.#view;
    const kind = bytes[packet + 1]! >> 4, channel = bytes[packet + 1]! & 0x0f;
    const first = bytes[packet + 2]!, second = bytes[packet + 3]!;
    const highest = bytes[packet + 4]! >> 1; // the first 7 bits of the data
    const ticks = this.#now(), builder = this.#builder;
    if (kind === PROGRAM) {
      const program = bytes[packet + 4]!;
      const msb = bytes[packet + 6]!, lsb = bytes[packet + 7]!;
      if (!this.#isData(program, msb | lsb)) return;
      if ((second & 1) === 1) {
        builder.control(ticks, channel, BANK_MSB, msb);
        builder.control(ticks, channel, BANK_LSB, lsb);
      }
      builder.program(ticks, channel, program);
    } else if (kind === REGISTERED || kind === ASSIGNABLE) {
      if (!this.#isData(first, second)) return;
      const select = kind === REGISTERED ? RPN_LSB : NRPN_LSB;
      const next = view.getUint32(packet + 4) >> 18 & 0x7f;
      builder.control(ticks, channel, select + 1, first);
      builder.control(ticks, channel, select, second);
      builder.control(ticks, channel, DATA_ENTRY_MSB, highest);
      builder.control(ticks, channel, DATA_ENTRY_LSB, next);
    } else if (kind === NOTE_PITCH_BEND) builder.pitchBend();
    else if (kind < NOTE_OFF || kind > PITCH_BEND) builder.other();
    else if (this.#isData(first, 0)) {
      this.#readVoice(kind, channel, first, highest);
    }
  }

  /** What both protocols have, its numbers 0–127. */
  #readVoice(
    kind: number,
    channel: number,
    first: number,
    second: number,
  ): void {
    const ticks = this.#now(), builder = this.#builder;
    if (kind === NOTE_ON) {
      // Of MIDI 2.0, a velocity below 1/128 too begins a note.
      builder.noteOn(ticks, channel, first, Math.max(1, second));
    } else if (kind === NOTE_OFF) builder.noteOff(ticks, channel, first);
    else if (kind === CONTROLLER) {
      builder.control(ticks, channel, first, second);
    } else if (kind === PROGRAM) builder.program(ticks, channel, first);
    else if (kind === PITCH_BEND) builder.pitchBend();
    else if (kind === KEY_PRESSURE || kind === CHANNEL_PRESSURE) {
      builder.pressure();
    } else builder.other();
  }

  /** Whether numbers have seven bits; counts a repair where not. */
  #isData(first: number, second: number): boolean {
    if ((first | second) < 0x80) return true;
    this.#tally.repair(
      "a data byte is above 127: its event is left out",
      `${Math.max(first, second)}`,
    );
    return false;
  }

  /** Up to six bytes of a system exclusive message, and whether it goes on. */
  #readMessage(packet: number, group: number): void {
    const form = this.#bytes[packet + 1]! >> 4;
    const count = Math.min(this.#bytes[packet + 1]! & 0x0f, 6);
    const bytes = this.#bytes.subarray(packet + 2, packet + 2 + count);
    if (form === COMPLETE || form === START) this.#messages.set(group, []);
    const message = this.#messages.get(group);
    if (!message) return this.#builder.other(); // it has no start
    message.push(...bytes);
    if (form === COMPLETE || form === END) {
      this.#messages.delete(group);
      message.push(0xf7); // as in Standard MIDI Files
      this.#builder.systemExclusive(this.#now(), Uint8Array.from(message));
    }
  }

  /** The ticks of the packet that is read, as the music has them. */
  #now(): number {
    const said = this.#ticksPerQuarter;
    if (said <= MAX_TICKS_PER_QUARTER) return this.#ticks;
    return Math.floor(this.#ticks * divisionOf(said) / said + 0.5);
  }
}

/** Ticks a quarter note as Standard MIDI Files can have them: half as many. */
function divisionOf(ticksPerQuarter: number): number {
  return ticksPerQuarter > MAX_TICKS_PER_QUARTER
    ? ticksPerQuarter >> 1
    : ticksPerQuarter;
}
