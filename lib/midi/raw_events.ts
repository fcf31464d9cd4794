/** The bytes of events that `@tonejs/midi` cannot write. */

import type { KeySignature, Part } from "../music/music.ts";
import { DRUM_CHANNEL } from "./track.ts";

/** A controller change. */
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
    controllerBytes(channel, 0, bank >> 7),
    controllerBytes(channel, 32, bank & 0x7f),
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

/**
 * Makes a channel play drums, or pitches again: "use for rhythm part" in Roland
 * GS, a system exclusive event that other systems pass over.
 */
export function rhythmBytes(channel: number, isDrum: boolean): number[] {
  // GS numbers the drum channel 0, and the others from 1 in order.
  const number = channel === DRUM_CHANNEL
    ? 0
    : channel < DRUM_CHANNEL
    ? channel + 1
    : channel;
  const data = [0x40, 0x10 | number, 0x15, isDrum ? 1 : 0];
  const sum = data.reduce((sum, byte) => sum + byte);
  const checksum = (128 - sum % 128) % 128;
  return [0xf0, 10, 0x41, 0x10, 0x42, 0x12, ...data, checksum, 0xf7];
}
