/**
 * Numbers and texts in the bytes of a Standard MIDI File, and the error that
 * names the byte at fault.
 */

import type { EventText } from "./track.ts";

/** Bytes that are not a Standard MIDI File, and where they stop being one. */
export class MidiError extends Error {
  /** The class of the error. */
  override readonly name = "MidiError";

  /**
   * Makes an error.
   *
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

/** Bytes that end inside of something. */
export class CutOff extends MidiError {}

/** A stretch of the bytes. */
export interface Stretch {
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last byte. */
  readonly end: number;
  /** What the stretch is, for errors. */
  readonly what: string;
}

/** Bytes of the longest number in bytes of seven bits. */
export const MAX_NUMBER_BYTES = 4;

/**
 * Reads one number or text after another from a stretch of bytes; every read
 * checks that the bytes are there.
 */
export class Cursor {
  /** Offset of the byte to be read next. */
  position: number;
  /** Offset after the last byte that may be read. */
  readonly end: number;
  readonly #what: string;

  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
    { start, end, what }: Stretch,
  ) {
    this.position = start;
    this.end = end;
    this.#what = what;
  }

  /** Passes over the next `count` bytes and gives the offset of the first. */
  skip(count: number, what: string): number {
    const start = this.position;
    const left = this.end - start;
    if (count > left) {
      throw new CutOff(
        this.file,
        start,
        `${this.#what} ends too early`,
        `${what} takes ${count} more bytes, ${left} are left`,
      );
    }
    this.position = start + count;
    return start;
  }

  uint8(what: string): number {
    const offset = this.position < this.end
      ? this.position++
      : this.skip(1, what);
    return this.bytes[offset]!;
  }

  /** A number of some bytes, big-endian as all numbers in the format are. */
  uint(byteCount: number, what: string): number {
    const start = this.skip(byteCount, what);
    let value = 0;
    for (let i = 0; i < byteCount; i++) {
      value = value * 256 + this.bytes[start + i]!;
    }
    return value;
  }

  /**
   * A number in bytes of seven bits, the last without the top bit. The format
   * has up to four bytes; more are read too, see {@linkcode MAX_NUMBER_BYTES}.
   */
  variableLength(what: string): number {
    let value = 0, byte: number;
    do {
      byte = this.uint8(what);
      value = value * 128 + (byte & 0x7f);
    } while (byte >= 0x80);
    return value;
  }

  /** As {@linkcode textIn}. */
  text(start: number, length: number): EventText {
    return textIn(this.bytes, start, length);
  }
}

/** Text in UTF-8, or else in Latin 1, as before Unicode. */
export function textIn(
  bytes: Uint8Array,
  start: number,
  length: number,
): EventText {
  if (length === 0) return NO_TEXT;
  const own = bytes.subarray(start, start + length);
  if (length <= SHORT) {
    let text = "", i = start;
    for (; i < start + length && bytes[i]! < 0x80; i++) {
      text += String.fromCharCode(bytes[i]!);
    }
    if (i === start + length) return { text, utf8: text };
  }
  try {
    const utf8 = UTF8.decode(own);
    return { text: utf8, utf8 };
  } catch {
    return { text: LATIN1.decode(own) };
  }
}

/** Texts up to here are put together faster than the decoder is called. */
const SHORT = 32;
const NO_TEXT = { text: "", utf8: "" };
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LATIN1 = new TextDecoder("latin1");
