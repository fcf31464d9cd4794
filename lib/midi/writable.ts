/** Whether the format of Standard MIDI Files has a place for a sequence. */

import type { NoteSequence } from "../music/music.ts";
import { MAX_TICKS } from "./limits.ts";
import { BANK_LSB, BANK_MSB, MICROSECONDS_PER_MINUTE } from "./track.ts";

function requireInteger(
  name: string,
  value: number,
  min: number,
  max: number,
): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(
      `Cannot write MIDI: ${name} must be an integer from ${min} to ${max}, current value is ${value}.`,
    );
  }
}

/** @throws {RangeError} If a value of the sequence has no place in the format. */
export function requireWritable(sequence: NoteSequence): void {
  const { parts, tempos, timeSignatures, keySignatures } = sequence;
  const requireTicks = (name: string, ticks: number) =>
    requireInteger(name, ticks, 0, MAX_TICKS);
  const requirePart = (part: number) =>
    requireInteger("part", part, 0, parts.length - 1);
  requireInteger("ticksPerQuarter", sequence.ticksPerQuarter, 1, 0x7fff);
  requireTicks("totalTicks", sequence.totalTicks);
  for (const { program, bank = 0 } of parts) {
    requireInteger("program", program, 0, 127);
    requireInteger("bank", bank, 0, 0x3fff);
  }
  for (const note of sequence.notes) {
    requirePart(note.part);
    requireInteger("pitch", note.pitch, 0, 127);
    requireInteger("velocity", note.velocity, 1, 127);
    requireTicks("startTicks", note.startTicks);
    requireInteger("endTicks", note.endTicks, note.startTicks, MAX_TICKS);
  }
  for (const { ticks, part, controller, value } of sequence.controls) {
    requireTicks("a controller's ticks", ticks);
    requirePart(part);
    requireInteger("controller", controller, 0, 127);
    if (controller === BANK_MSB || controller === BANK_LSB) {
      throw new RangeError(
        `Cannot write MIDI: controller must not be ${BANK_MSB} or ${BANK_LSB}, which select a bank, current value is ${controller}. Give the part the bank instead.`,
      );
    }
    requireInteger("a controller's value", value, 0, 127);
  }
  for (const { ticks, qpm } of tempos) {
    requireTicks("a tempo's ticks", ticks);
    const microseconds = microsecondsPerQuarter(qpm);
    if (!(microseconds >= 1 && microseconds <= 0xffffff)) {
      throw new RangeError(
        `Cannot write MIDI: qpm must be from 3.58 to 60000000, current value is ${qpm}.`,
      );
    }
  }
  for (const { ticks, numerator, denominator } of timeSignatures) {
    requireTicks("a time signature's ticks", ticks);
    requireInteger("numerator", numerator, 1, 255);
    if (![1, 2, 4, 8, 16, 32, 64, 128].includes(denominator)) {
      throw new RangeError(
        `Cannot write MIDI: denominator must be a power of two up to 128, current value is ${denominator}.`,
      );
    }
  }
  for (const { ticks, fifths } of keySignatures) {
    requireTicks("a key signature's ticks", ticks);
    requireInteger("fifths", fifths, -7, 7);
  }
  for (const { ticks } of sequence.markers ?? []) {
    requireTicks("a marker's ticks", ticks);
  }
}

/** A tempo as files have it, a whole number. */
export function microsecondsPerQuarter(qpm: number): number {
  return Math.round(MICROSECONDS_PER_MINUTE / qpm);
}
