/** A reading in `readings.bin`, and where all of them are; see `known_readings.ts`. */

import type { Buffer } from "node:buffer";
import type { Refusal } from "./midi_files.ts";
import type { PieceFacts } from "./reading.ts";

/** Bytes of a reading before its facts. */
export const HEAD_BYTES = 56;

/** The file that readings are in. */
export interface ReadingFile {
  /** The tokens of all readings, in the order of their numbers. */
  readonly tokens: string[];
  /** Bytes of the file, until the next are read. */
  bytesAt(at: number, length: number): Buffer<ArrayBuffer>;
}

/** Where a reading is, and how long. */
export interface ReadingPlace {
  /** Byte of its facts. */
  readonly at: number;
  /** Bytes of its facts. */
  readonly factsBytes: number;
  /** Number of tokens. */
  readonly tokens: number;
  /** Bytes of a token; 0 where the file was refused. */
  readonly width: number;
  /** Its twin signature as two numbers. */
  readonly twin: readonly [number, number];
}

/** Numbers of each place: its byte in two, then the others. */
const FIELDS = 7;

/** The places of readings: a few numbers each, as there may be a million. */
export class ReadingPlaces {
  #numbers = new Uint32Array(64 * FIELDS);
  #count = 0;

  /**
   * Adds a reading.
   *
   * @param at Its first byte.
   * @param head Its first bytes, or all.
   * @returns Its number, from 0 on.
   */
  add(at: number, head: Buffer): number {
    const from = FIELDS * this.#count;
    if (from === this.#numbers.length) {
      const larger = new Uint32Array(2 * from);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const facts = at + HEAD_BYTES;
    this.#numbers.set([
      Math.floor(facts / 2 ** 32),
      facts,
      head.readUInt32LE(4),
      head.readUInt32LE(8),
      head.readUInt32LE(12),
      head.readUInt32BE(48),
      head.readUInt32BE(52),
    ], from);
    return this.#count++;
  }

  /** The place of a reading. */
  at(number: number): ReadingPlace {
    const from = FIELDS * number;
    const field = (i: number) => this.#numbers[from + i]!;
    return {
      at: field(0) * 2 ** 32 + field(1),
      factsBytes: field(2),
      tokens: field(3),
      width: field(4),
      twin: [field(5), field(6)],
    };
  }
}

/** A reading on the disk. */
export class StoredReading {
  /** The readings that it is one of. */
  readonly readings: ReadingFile;
  readonly #places: ReadingPlaces;
  readonly #number: number;

  constructor(
    readings: ReadingFile,
    { places, number }: {
      readonly places: ReadingPlaces;
      readonly number: number;
    },
  ) {
    this.readings = readings;
    this.#places = places;
    this.#number = number;
  }

  get #place(): ReadingPlace {
    return this.#places.at(this.#number);
  }

  /** Number of tokens. */
  get tokens(): number {
    return this.#place.tokens;
  }

  /** See `twinSignature`. */
  get twin(): string {
    if (this.isRefused) return "";
    return this.#place.twin.map((number) =>
      number.toString(16).padStart(8, "0")
    ).join("");
  }

  /** Whether the file could not be used. */
  get isRefused(): boolean {
    return this.#place.width === 0;
  }

  /** Why it could not be used. */
  get refusal(): Refusal {
    return this.#readFacts() as Refusal;
  }

  /** What is known of it beside its tokens. */
  get facts(): PieceFacts {
    return this.#readFacts() as PieceFacts;
  }

  /** Its tokens, as numbers of its readings' tokens, until another's are read. */
  get numbers(): Uint16Array | Uint32Array {
    const { at, factsBytes, tokens, width } = this.#place;
    const { buffer, byteOffset } = this.readings.bytesAt(
      at + factsBytes,
      tokens * width,
    );
    return new (numbersOf(width))(buffer, byteOffset, tokens);
  }

  /** Its tokens, as numbers of its readings' tokens. */
  get ids(): Int32Array {
    return new Int32Array(this.numbers);
  }

  /**
   * Its tokens as ids of a vocabulary, in a piece of memory of their own.
   *
   * @param idOf By number of its readings' tokens.
   */
  idsBy(idOf: Int32Array): Int32Array {
    const { numbers } = this, { length } = numbers;
    const ids = new Int32Array(length);
    for (let i = 0; i < length; i++) ids[i] = idOf[numbers[i]!]!;
    return ids;
  }

  #readFacts(): unknown {
    const { at, factsBytes } = this.#place;
    return JSON.parse(this.readings.bytesAt(at, factsBytes).toString());
  }
}

/** Unsigned numbers of some bytes each. Little-endian on all that Deno runs on. */
export function numbersOf(width: number) {
  return width === 2 ? Uint16Array : Uint32Array;
}
