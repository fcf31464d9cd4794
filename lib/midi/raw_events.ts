/** The bytes of events that `@tonejs/midi` cannot write, or not fast. */

import type { KeySignature, Marker, Part } from "../music/music.ts";
import { BANK_LSB, BANK_MSB } from "./track.ts";

/** A controller change; `@tonejs/midi` takes 3 µs for each and has no 127. */
export function controllerBytes(
  channel: number,
  controller: number,
  value: number,
): number[] {
  return [0xb0 | channel, controller, value];
}

/** Bank select, the two halves of a bank. */
export function bankBytes(channel: number, bank: number): number[][] {
  return [
    controllerBytes(channel, BANK_MSB, bank >> 7),
    controllerBytes(channel, BANK_LSB, bank & 0x7f),
  ];
}

/** A program change. */
export function programBytes(channel: number, { program }: Part): number[] {
  return [0xc0 | channel, program];
}

/** The port of the events that follow. */
export function portBytes(port: number): number[] {
  return [0xff, 0x21, 1, port];
}

/** A key signature; `@tonejs/midi` writes it 14 fifths too high. */
export function keySignatureBytes({ fifths, mode }: KeySignature): number[] {
  return [0xff, 0x59, 2, fifths & 0xff, mode === "major" ? 0 : 1];
}

/** A marker, its text in UTF-8. */
export function markerBytes({ text }: Marker): number[] {
  const bytes = new TextEncoder().encode(text);
  return [0xff, 0x06, ...variableLength(bytes.length), ...bytes];
}

/** A number in bytes of seven bits, of which all but the last have the high bit. */
function variableLength(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [
    ...variableLength(value >> 7).map((byte) => byte | 0x80),
    low,
  ];
}
