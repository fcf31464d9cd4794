import assert from "node:assert/strict";
import type { Note, NoteSequence } from "../music/music.ts";
import { parseMidi } from "./read.ts";
import { spliceMidi } from "./splice.ts";

const text = (value: string) => [...new TextEncoder().encode(value)];
const chunk = (type: string, data: readonly number[]) => [
  ...text(type),
  0,
  0,
  data.length >> 8,
  data.length & 255,
  ...data,
];
const END = [0, 0xff, 0x2f, 0];
const TEMPO = chunk("MTrk", [0, 0xff, 0x51, 3, 7, 0xa1, 0x20, ...END]);
/** A lyric, a system exclusive message and two notes in running status. */
const SINGER = chunk("MTrk", [
  ...[0, 0xff, 3, 4, ...text("Lead")],
  ...[0, 0xc3, 73],
  ...[0, 0xff, 5, 2, ...text("la")],
  ...[0, 0x93, 60, 80, 96, 60, 0],
  ...[0, 0xf0, 3, 0x7d, 1, 0xf7],
  ...[0, 0x93, 64, 70, 96, 64, 0],
  ...[0, 0xb3, 7, 90],
  ...END,
]);
const DRUMMER = chunk("MTrk", [0, 0x99, 36, 90, 48, 0x89, 36, 0, ...END]);
const EXTRA = chunk("XFIH", [1, 2, 3]);
const header = (type: number, tracks: number) =>
  chunk("MThd", [0, type, 0, tracks, 0, 96]);
const FILE = Uint8Array.from(
  [header(1, 3), TEMPO, SINGER, EXTRA, DRUMMER].flat(),
);

const withNotes = (
  music: NoteSequence,
  change: (note: Note) => Note,
): NoteSequence => ({ ...music, notes: music.notes.map(change) });

const hex = (bytes: readonly number[] | Uint8Array) =>
  Uint8Array.from(bytes).toHex();

Deno.test("spliceMidi() gives the bytes back where nothing changes", () => {
  assert.deepEqual(spliceMidi(FILE, parseMidi(FILE)), FILE);
});

Deno.test("spliceMidi() changes one track, and in it neither texts nor messages", () => {
  const music = parseMidi(FILE);
  const after = withNotes(
    music,
    (note) =>
      note.pitch === 64
        ? { ...note, pitch: 67, startTicks: 120, endTicks: 400 }
        : note,
  );
  const bytes = spliceMidi(FILE, { ...after, totalTicks: 400 })!;
  for (const kept of [header(1, 3), TEMPO, EXTRA, DRUMMER]) {
    assert.ok(hex(bytes).includes(hex(kept)));
  }
  assert.ok(hex(bytes).includes(hex([0xff, 5, 2, ...text("la")])));
  assert.ok(hex(bytes).includes(hex([0xf0, 3, 0x7d, 1, 0xf7])));
  const read = parseMidi(bytes);
  assert.deepEqual(read.notes, after.notes);
  assert.deepEqual(read.controls, music.controls);
  assert.deepEqual(read.parts, music.parts);
});

Deno.test("spliceMidi() changes controllers, and notes that follow at once", () => {
  const music = parseMidi(FILE);
  const pedal = { ticks: 24, part: 0, controller: 64, value: 127 };
  const note = { ...music.notes[0]!, startTicks: 192, endTicks: 240 };
  const after = {
    ...music,
    notes: [...music.notes, note],
    controls: [pedal],
    totalTicks: 240,
  };
  const read = parseMidi(spliceMidi(FILE, after)!);
  assert.deepEqual(read.controls, [pedal]);
  assert.deepEqual(read.notes, after.notes);
});

Deno.test("spliceMidi() changes a file of type 0, where all is in one track", () => {
  const both = chunk("MTrk", [
    ...[0, 0x90, 60, 80, 0, 0x91, 60, 80],
    ...[96, 0x80, 60, 0, 0, 0x81, 60, 0],
    ...END,
  ]);
  const file = Uint8Array.from([...header(0, 1), ...both]);
  const music = parseMidi(file);
  const after = withNotes(
    music,
    (note) => note.part === 1 ? { ...note, pitch: 62 } : note,
  );
  assert.deepEqual(parseMidi(spliceMidi(file, after)!).notes, after.notes);
});

Deno.test("spliceMidi() changes tempi, meters and keys where they are stated", () => {
  const music: NoteSequence = {
    ...parseMidi(FILE),
    tempos: [{ ticks: 0, qpm: 200 }, { ticks: 96, qpm: 90 }],
    timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    keySignatures: [{ ticks: 0, fifths: -3, mode: "minor" }],
  };
  const bytes = spliceMidi(FILE, music)!;
  for (const kept of [header(1, 3), SINGER, EXTRA, DRUMMER]) {
    assert.ok(hex(bytes).includes(hex(kept)));
  }
  assert.ok(!hex(bytes).includes(hex(TEMPO)));
  const read = parseMidi(bytes);
  assert.deepEqual(read.timeSignatures, music.timeSignatures);
  assert.deepEqual(read.keySignatures, music.keySignatures);
  assert.deepEqual(read.tempos.map(({ qpm }) => Math.round(qpm)), [200, 90]);
});

Deno.test("spliceMidi() says of other parts, and of no plain file, that it cannot", () => {
  const music = parseMidi(FILE);
  const other = withNotes(music, (note) => ({ ...note, part: 5 }));
  assert.equal(spliceMidi(FILE, other), undefined);
  const late = Uint8Array.from([0, ...FILE]);
  assert.equal(spliceMidi(late, parseMidi(late)), undefined);
});
