/**
 * The flex data packets of MIDI 2.0 clip files ("Universal MIDI Packet Format",
 * M2-104-UM): tempi, meters, keys and names.
 */

import type { Mode } from "../music/music.ts";
import { Cursor } from "./cursor.ts";
import type { Tally } from "./tally.ts";
import type { TrackBuilder } from "./track_builder.ts";

/** Banks of messages: what is set, and texts about the music. */
const SETUP = 0, METADATA = 1;
/** Messages of setup. */
const TEMPO = 0, TIME_SIGNATURE = 1, KEY_SIGNATURE = 5;
/** A text about the music. */
const CLIP_NAME = 3;
/** Of texts in several packets. */
const COMPLETE = 0, START = 1, END = 3;
/** For a message of one channel. */
const OF_CHANNEL = 0;

/** Tempi are in units of ten nanoseconds. */
const UNITS_PER_MICROSECOND = 100;
const MAX_MICROSECONDS = 0xffffff;

/** The letters of tonics, a fifth apart, and their numbers in packets. */
const FIFTHS = "FCGDAEB", TONICS = " ABCDEFG";

/** Hands what flex data packets say to the builder of a track. */
export class FlexData {
  /** The beginning of a name that goes on in further packets, by whose it is. */
  readonly #names = new Map<number, number[]>();

  constructor(readonly builder: TrackBuilder, readonly tally: Tally) {}

  /**
   * Reads a packet.
   *
   * @param packet Its 16 bytes.
   */
  read(ticks: number, packet: Uint8Array): void {
    const bank = packet[2]!, status = packet[3]!;
    const ofChannel = (packet[1]! >> 4 & 3) === OF_CHANNEL;
    if (bank === METADATA && status === CLIP_NAME && !ofChannel) {
      return this.#readName(ticks, packet);
    }
    if (bank === SETUP && !ofChannel) {
      if (status === TEMPO) return this.#readTempo(ticks, packet);
      if (status === TIME_SIGNATURE) return this.#readMeter(ticks, packet);
      if (status === KEY_SIGNATURE) return this.#readKey(ticks, packet);
    }
    this.builder.other();
  }

  #readTempo(ticks: number, packet: Uint8Array): void {
    const view = new DataView(packet.buffer, packet.byteOffset);
    const microseconds = Math.round(view.getUint32(4) / UNITS_PER_MICROSECOND);
    if (microseconds > 0 && microseconds <= MAX_MICROSECONDS) {
      return this.builder.tempo(ticks, microseconds);
    }
    this.tally.repair(
      microseconds === 0
        ? "a tempo is infinite: it is left out"
        : "a tempo is below 3.58 quarter notes a minute: it is left out",
      `${microseconds} µs a quarter note`,
    );
  }

  #readMeter(ticks: number, packet: Uint8Array): void {
    const numerator = packet[4]!, power = packet[5]!;
    if (numerator > 0 && power <= 7) {
      return this.builder.timeSignature(ticks, numerator, 2 ** power);
    }
    this.tally.repair(
      "a time signature is impossible: it is left out",
      `${numerator} over 2^${power}`,
    );
  }

  /** Sharps or flats, and the letter of the tonic. */
  #readKey(ticks: number, packet: Uint8Array): void {
    const fifths = packet[4]! << 24 >> 28; // signed
    const tonic = TONICS[packet[4]! & 0x0f];
    if (fifths < -7 || tonic === undefined) {
      return this.tally.repair(
        "a key signature is impossible: it is left out",
        `${fifths} fifths, tonic ${packet[4]! & 0x0f}`,
      );
    }
    // With no sharps or flats a minor key is on A, three letters after C.
    const minor = FIFTHS[(fifths + 4 + FIFTHS.length) % FIFTHS.length];
    const mode: Mode = tonic === minor ? "minor" : "major";
    this.builder.keySignature(ticks, fifths, mode);
  }

  /** Up to twelve bytes of a name, and whether it goes on. */
  #readName(ticks: number, packet: Uint8Array): void {
    const form = packet[1]! >> 6, group = packet[0]! & 0x0f;
    if (form === COMPLETE || form === START) this.#names.set(group, []);
    const name = this.#names.get(group);
    if (!name) return this.builder.other(); // it has no start
    name.push(...packet.subarray(4));
    if (form !== COMPLETE && form !== END) return;
    this.#names.delete(group);
    const length = name.findLastIndex((byte) => byte !== 0) + 1;
    const cursor = new Cursor(Uint8Array.from(name), "", {
      start: 0,
      end: length,
      what: "a name",
    });
    this.builder.trackName(ticks, cursor.text(0, length));
  }
}
