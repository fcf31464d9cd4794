/**
 * The Roland TD-11, the electronic kit of the Groove MIDI data sets: its pads send
 * pitches that General MIDI has for other drums, or for none.
 *
 * J. Gillick, A. Roberts, J. Engel, D. Eck, D. Bamman, Learning to Groove with
 * Inverse Sequence Transformations, 2019: the table of the data set.
 */

import { mapDrums, readMidi, writeMidi } from "../../midi/midi.ts";
import type { Repair } from "../../music/music.ts";
import type { MeterText } from "./meter_text.ts";

/** General MIDI drums by the pitches of the TD-11, where the two differ. */
const DRUMS: ReadonlyMap<number, number> = new Map([
  [22, 42], // closed hi-hat, edge
  [26, 46], // open hi-hat, edge
  [52, 57], // second crash, edge; General MIDI: Chinese cymbal
  [55, 49], // first crash, edge; General MIDI: splash
  [58, 43], // third tom, rim; General MIDI: vibraslap
]);

/**
 * A performance on a TD-11 as a file of General MIDI.
 *
 * @param meter That a table gives, for a file that has none.
 * @throws {MidiError} If it is no MIDI file.
 */
export function fromTd11(
  bytes: Uint8Array,
  meter?: MeterText,
): { bytes: Uint8Array; repairs: readonly Repair[] } {
  const repairs: Repair[] = [];
  const repair = (reason: string, count: number) => {
    if (count > 0) repairs.push({ reason, count });
  };
  let mapped = mapDrums(bytes, DRUMS);
  if (mapped === undefined || meter && mapped.meter === undefined) {
    const { sequence, repairs: faults } = readMidi(bytes);
    repairs.push(...faults);
    const timeSignatures = meter && sequence.timeSignatures.length === 0
      ? [{ ticks: 0, ...meter }]
      : sequence.timeSignatures;
    mapped = mapDrums(writeMidi({ ...sequence, timeSignatures }), DRUMS)!;
  }
  repair(
    "drums of an electronic kit are put as General MIDI has them",
    mapped.count,
  );
  if (meter) {
    const [numerator, denominator] = mapped.meter ?? [];
    const isOther = numerator !== meter.numerator ||
      denominator !== meter.denominator;
    repair(
      "the table says another meter: that of the file holds",
      Number(isOther),
    );
    repair(
      "the table has a date for its meter, as spreadsheets make of 4-4",
      Number(meter.isDate),
    );
  }
  return { bytes: mapped.bytes, repairs };
}
