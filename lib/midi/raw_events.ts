/** The bytes of events that `@tonejs/midi` cannot write, or not fast. */

import type { KeySignature, Part } from "../music/music.ts";
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
