import assert from "node:assert/strict";
import { MidiError } from "./cursor.ts";
import {
  MAX_EVENTS,
  MAX_FILE_BYTES,
  MAX_NOTES,
  MAX_PARTS,
  MAX_TRACKS,
} from "./limits.ts";
import { readMidi } from "./read.ts";
import { chunk, end, smf } from "./testing.ts";

/** The bytes of some events many times over. */
function repeated(events: number[], count: number): number[] {
  const bytes = new Array<number>(events.length * count);
  for (let i = 0; i < bytes.length; i++) bytes[i] = events[i % events.length]!;
  return bytes;
}

const note = [0, 0x90, 60, 80, 1, 60, 0];
/** A program of a bank of its own, and a note. */
const partOf = (i: number) => [
  ...[0, 0xb0, 0, i >> 7, 0, 32, i & 127, 0, 0xc0, 0],
  ...note,
];

const BEYOND: [string, () => Uint8Array, RegExp][] = [
  ["bytes", () => new Uint8Array(MAX_FILE_BYTES + 1), /over 16777216 bytes/],
  [
    "notes",
    () => smf(0, 96, [0, 0x90, 60, 80, ...repeated([0, 60, 80], MAX_NOTES)]),
    /over 300000 notes/,
  ],
  [
    "controllers",
    () => smf(0, 96, [0, 0xb0, 7, 1, ...repeated([0, 7, 1], MAX_EVENTS)]),
    /over 400000 controllers/,
  ],
  [
    "tracks",
    () =>
      Uint8Array.from([
        ...smf(1, 96),
        ...repeated(chunk("MTrk", end()), MAX_TRACKS + 1),
      ]),
    /over 8193 tracks/,
  ],
  [
    "parts",
    () =>
      smf(
        0,
        96,
        Array.from({ length: MAX_PARTS + 1 }, (_, i) => partOf(i)).flat(),
      ),
    /over 8192 parts/,
  ],
  [
    "channels of drums",
    () =>
      smf(
        1,
        96,
        ...Array.from({ length: 256 }, (_, port) => [
          ...[0, 0xff, 0x21, 1, port, 0, 0xf0, 10],
          ...[0x41, 0, 0x42, 0x12, 0x40, 0x11, 0x15, 1, 0, 0xf7, ...note],
          ...[0, 0x99, 60, 80, 0, 60, 0, ...end()],
        ]),
      ),
    /over 256 channels/,
  ],
];

for (const [what, bytes, reason] of BEYOND) {
  Deno.test(`readMidi() refuses a file of more ${what} than any piece has`, () => {
    const made = bytes();
    assert.throws(() => readMidi(made), (error) => {
      assert.ok(error instanceof MidiError);
      assert.match(error.reason, reason);
      return true;
    });
  });
}

Deno.test("readMidi() looks programs up in time that hardly grows with their number", () => {
  const count = 200_000;
  const programs = [0, 0xc0, 1, ...repeated([1, 2], count), ...end()];
  const notes = [0, 0x90, 60, 80, ...repeated([1, 60, 0, 0, 60, 80], count)];
  const start = performance.now();
  const { sequence } = readMidi(smf(1, 96, programs, [...notes, ...end()]));
  assert.equal(sequence.notes.length, count + 1);
  assert.ok(performance.now() - start < 10_000);
});

Deno.test("readMidi() keeps each controller once, however many parts share its channel", () => {
  const parts = Array.from({ length: 2000 }, (_, i) => partOf(i)).flat();
  const controls = repeated([0, 0xb0, 7, 1], 2000);
  const { sequence } = readMidi(smf(0, 96, [...parts, ...controls, ...end()]));
  assert.equal(sequence.parts.length, 2000);
  assert.equal(sequence.controls.length, 2000);
});

Deno.test("readMidi() keeps the beginning of a very long name, and no half character", () => {
  const text = [...new TextEncoder().encode("a" + "🎹".repeat(1000))];
  const length = [0x80 | text.length >> 7, text.length & 0x7f];
  const { sequence, repairs } = readMidi(
    smf(0, 96, [0, 0xff, 3, ...length, ...text, ...note, ...end()]),
  );
  assert.equal(sequence.parts[0]?.name, "a" + "🎹".repeat(499));
  assert.match(repairs[0]!.reason, /over 1000 characters/);
});
