/** Standard MIDI Files by the byte, and one of everything, for tests. */

import { Cursor } from "./cursor.ts";
import type { NoteSequence } from "../music/music.ts";

export const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
export const uint = (value: number, byteCount: number) =>
  Array.from(
    { length: byteCount },
    (_, i) => value >>> (8 * (byteCount - 1 - i)) & 0xff,
  );
export const chunk = (type: string, data: number[]) => [
  ...ascii(type),
  ...uint(data.length, 4),
  ...data,
];
/** A file: type, division, and the bytes of the tracks' events. */
export const smf = (format: number, division: number, ...tracks: number[][]) =>
  Uint8Array.from([
    ...chunk("MThd", [
      ...uint(format, 2),
      ...uint(tracks.length, 2),
      ...uint(division, 2),
    ]),
    ...tracks.flatMap((track) => chunk("MTrk", track)),
  ]);
/** End of track, `delta` ticks below 128 after the event before it. */
export const end = (delta = 0) => [delta, 0xff, 0x2f, 0];
export const name = (text: string) => [0, 0xff, 3, text.length, ...ascii(text)];

/** The events of each track of a written file: ticks, then bytes. */
export function eventsOf(file: Uint8Array): number[][][] {
  const tracks: number[][][] = [];
  let start = 14;
  while (start < file.length) {
    const length = new DataView(file.buffer).getUint32(start + 4);
    const end = start + 8 + length;
    const cursor = new Cursor(file, "", { start: start + 8, end, what: "" });
    const events: number[][] = [];
    for (let ticks = 0; cursor.position < end;) {
      ticks += cursor.variableLength("");
      const from = cursor.position, status = cursor.uint8("");
      if (status === 0xff) cursor.skip(1, "");
      if (status >= 0xf0) cursor.skip(cursor.variableLength(""), "");
      else cursor.skip(status >> 4 === 0xc ? 1 : 2, "");
      events.push([ticks, ...file.subarray(from, cursor.position)]);
    }
    tracks.push(events);
    start = end;
  }
  return tracks;
}

/** Notes as rows of pitch, velocity, start, end, part. */
export const rowsOf = ({ notes }: NoteSequence) =>
  notes.map((n) => [n.pitch, n.velocity, n.startTicks, n.endTicks, n.part]);

/** One of everything a file can hold. */
export const RICH: NoteSequence = {
  ticksPerQuarter: 384,
  parts: [
    {
      name: "Nappe étirée 🎹",
      program: 89,
      bank: 131,
      isDrum: false,
      channel: 0,
      track: 1,
    },
    { name: "", program: 0, isDrum: false, channel: 1, track: 2 },
    { name: "Kit", program: 8, isDrum: true, channel: 2, track: 3 },
  ],
  notes: [
    ...Array.from({ length: 127 }, (_, i) => ({
      pitch: i + 1,
      velocity: i + 1,
      startTicks: i * 100,
      endTicks: i * 100 + 20_000,
      part: 0,
    })),
    // Notes of one pitch that begin, end and meet at the same ticks.
    ...[
      [60, 80, 13_000, 13_000],
      [60, 81, 13_000, 13_100],
      [60, 82, 13_050, 13_200],
      [60, 83, 13_200, 14_000],
    ].map(([pitch = 0, velocity = 0, startTicks = 0, endTicks = 0]) => (
      { pitch, velocity, startTicks, endTicks, part: 1 }
    )),
    { pitch: 36, velocity: 100, startTicks: 14_000, endTicks: 14_001, part: 2 },
  ],
  tempos: [1, 600_000, 8.1e6, 731_707, 999_999, 16_777_215].map(
    (microseconds, i) => ({ ticks: i * 77, qpm: 60_000_000 / microseconds }),
  ),
  timeSignatures: [1, 2, 4, 8, 16, 32, 64, 128].map((denominator, i) => (
    { ticks: i * 1000, numerator: [4, 255, 1, 7][i % 4]!, denominator }
  )),
  keySignatures: Array.from({ length: 30 }, (_, i) => ({
    ticks: 10 * i,
    fifths: i % 15 - 7,
    mode: i < 15 ? "major" : "minor",
  })),
  controls: [
    ...[64, 7, 127, 1, 33, 64].map((controller, i) => ({
      ticks: 5,
      part: 0,
      controller,
      value: i * 20,
    })),
    ...Array.from({ length: 128 }, (_, value) => ({
      ticks: 100 + value,
      part: 1,
      controller: 127 - value,
      value,
    })).filter(({ controller }) => controller !== 0 && controller !== 32),
  ],
  markers: [
    { ticks: 0, text: "Einführung" },
    { ticks: 7_000, text: "drop ".repeat(100) },
    { ticks: 7_000, text: "" },
  ],
  totalTicks: 1_000_000,
};
