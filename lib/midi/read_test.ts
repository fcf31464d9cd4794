import assert from "node:assert/strict";
import { emptySequence } from "../music/music.ts";
import { parseMidi, parseMidiEvents } from "./read.ts";
import { ascii, chunk, end, name, rowsOf, smf } from "./testing.ts";

const notesOf = (...track: number[]) => rowsOf(parseMidi(smf(0, 96, track)));

Deno.test("parseMidi() reads notes, and the silence at the end", () => {
  const track = [0, 0x90, 60, 80, 0x83, 0x60, 0x80, 60, 64, ...end(96)];
  const sequence = parseMidi(smf(0, 480, track), "one.mid");
  assert.deepEqual(sequence, {
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false, channel: 0, track: 0 }],
    notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }],
    totalTicks: 576,
  });
});

Deno.test("parseMidi() keeps running status across meta and system exclusive events", () => {
  const notes = notesOf(
    ...[0, 0x90, 60, 80, 4, 60, 0, 0, 62, 81], // running
    ...[0, 0xff, 1, 2, 0x41, 0x42, 4, 62, 0], // over a text
    ...[0, 0xf0, 3, 1, 2, 0xf7, 0, 64, 82, 0, 0xf7, 1, 5, 4, 64, 0],
    ...end(),
  );
  assert.deepEqual(notes, [
    [60, 80, 0, 4, 0],
    [62, 81, 4, 8, 0],
    [64, 82, 8, 12, 0],
  ]);
});

Deno.test("parseMidi() ends overlapping notes of a pitch oldest first", () => {
  const notes = notesOf(
    ...[0, 0x90, 60, 80, 2, 60, 90, 2, 60, 0, 2, 60, 0],
    ...[2, 60, 70, 0, 60, 0], // a note of no length
    ...[0, 0x80, 60, 0], // nothing to end
    ...end(),
  );
  assert.deepEqual(notes, [
    [60, 80, 0, 4, 0],
    [60, 90, 2, 6, 0],
    [60, 70, 8, 8, 0],
  ]);
});

Deno.test("parseMidi() ends notes that are never let go with their track", () => {
  assert.deepEqual(notesOf(0, 0x90, 60, 80, 9, 62, 80, ...end(3)), [
    [60, 80, 0, 12, 0],
    [62, 80, 9, 12, 0],
  ]);
  // Without an end-of-track event, at the last event.
  assert.deepEqual(notesOf(0, 0x90, 60, 80, 9, 0xb0, 7, 100), [
    [60, 80, 0, 9, 0],
  ]);
});

Deno.test("parseMidi() makes a part of each track, channel and program", () => {
  const track = [
    ...[...name("Keys"), 0, 0xc0, 5, 0, 0xc1, 40],
    ...[0, 0x91, 50, 80, 1, 50, 0, 0, 0x90, 60, 80, 1, 60, 0],
    ...[0, 0xc0, 7, 0, 0x90, 62, 80, 1, 62, 0], // a change of program
    ...[0, 0xc0, 5, 0, 0x90, 64, 80, 1, 64, 0], // and back
    ...end(),
  ];
  const drums = [...name("Kit"), 0, 0x99, 36, 100, 4, 36, 0, ...end()];
  const sequence = parseMidi(smf(1, 96, end(), track, drums));
  assert.deepEqual(sequence.parts, [
    { name: "Keys", program: 40, isDrum: false, channel: 0, track: 1 },
    { name: "Keys", program: 5, isDrum: false, channel: 1, track: 1 },
    { name: "Keys", program: 7, isDrum: false, channel: 1, track: 1 },
    { name: "Kit", program: 0, isDrum: true, channel: 2, track: 2 },
  ]);
  assert.deepEqual(rowsOf(sequence), [
    [50, 80, 0, 1, 0],
    [36, 100, 0, 4, 3],
    [60, 80, 1, 2, 1],
    [62, 80, 2, 3, 2],
    [64, 80, 3, 4, 1],
  ]);
});

Deno.test("parseMidi() takes a channel's program from another track", () => {
  const setup = [0, 0xc0, 9, 8, 0xc0, 11, ...end()];
  const track = [0, 0x90, 60, 80, 4, 60, 0, 4, 62, 80, 4, 62, 0, ...end()];
  const { parts } = parseMidi(smf(1, 96, setup, track));
  assert.deepEqual(parts.map((part) => part.program), [9, 11]);
});

Deno.test("parseMidi() tells the channels of two ports apart", () => {
  const on = (port: number) => [0, 0xff, 0x21, 1, port, 0, 0x90, 60, 80];
  const program = [0, 0xff, 0x21, 1, 1, 0, 0xc0, 33, ...end()];
  const { parts } = parseMidi(
    smf(1, 96, program, [...on(0), ...end(4)], [...on(1), ...end(4)]),
  );
  assert.deepEqual(parts.map((part) => part.program), [0, 33]);
});

Deno.test("parseMidi() gives a controller once, to the first part of its channel", () => {
  const note = (status: number) => [0, status, 60, 80, 4, 60, 0];
  const pedals = [
    ...[0, 0xb0, 64, 127, 0, 0xb2, 7, 90, 2, 0xb5, 7, 91], // no notes on 5
    ...[...note(0x90), ...end()],
  ];
  const other = [...note(0x92), 0, 0xc2, 3, ...note(0x92), ...end()];
  const third = [0, 0xb2, 7, 92, 4, 0xb0, 64, 0, ...note(0x90), ...end()];
  const { controls, parts } = parseMidi(smf(1, 96, pedals, other, third));
  assert.deepEqual(parts.map((part) => part.channel), [0, 1, 1, 0]);
  assert.deepEqual(controls, [
    { ticks: 0, part: 0, controller: 64, value: 127 },
    { ticks: 0, part: 1, controller: 7, value: 90 },
    { ticks: 0, part: 1, controller: 7, value: 92 },
    { ticks: 4, part: 0, controller: 64, value: 0 },
  ]);
});

Deno.test("parseMidi() keeps the parts of a channel together in their track", () => {
  const hit = (status: number) => [0, status, 60, 80, 4, 60, 0];
  const program = (channel: number, number: number) => [
    ...[0, 0xc0 | channel, number],
    ...hit(0x90 | channel),
  ];
  const track = [
    ...program(3, 1),
    ...program(1, 2),
    ...program(3, 4),
    ...program(1, 5),
    ...program(3, 1),
  ];
  const { parts } = parseMidi(smf(0, 96, [...track, ...end()]));
  assert.deepEqual(parts.map(({ channel, program }) => [channel, program]), [
    [0, 1],
    [0, 4],
    [1, 2],
    [1, 5],
  ]);
});

Deno.test("parseMidi() keeps bank select as the bank of the part, not as controllers", () => {
  const note = [0, 0x90, 60, 80, 4, 60, 0];
  const bank = [0, 0xb0, 32, 5, 0, 0xc0, 7]; // of another track
  const track = [
    ...[...note, 0, 0xb0, 0, 3, ...note, 0, 0xc0, 9, ...note],
    ...[0, 0xb0, 0, 0, 0, 32, 0, 0, 0xc0, 9, ...note, ...end()],
  ];
  const { parts, controls } = parseMidi(
    smf(1, 96, [...bank, ...end()], track),
  );
  assert.deepEqual(parts.map(({ bank, program }) => [bank, program]), [
    [5, 7],
    [3 * 128 + 5, 9],
    [undefined, 9],
  ]);
  assert.deepEqual(controls, []);
});

Deno.test("parseMidi() reads tempi, meters and keys, the later of two at one tick", () => {
  const track = [
    ...[0, 0xff, 0x51, 3, 0x07, 0xa1, 0x20, 0, 0xff, 0x58, 4, 6, 3, 24, 8],
    ...[0, 0xff, 0x59, 2, 0xfd, 1, 96, 0xff, 0x51, 3, 0x0f, 0x42, 0x40],
    ...[0, 0xff, 0x51, 3, 0x1e, 0x84, 0x80, 0, 0xff, 0x59, 2, 7, 0],
    ...end(),
  ];
  const sequence = parseMidi(smf(1, 96, track, [
    ...[10, 0xff, 0x58, 4, 5, 4, 24, 8],
    ...end(),
  ]));
  assert.deepEqual(sequence.tempos, [
    { ticks: 0, qpm: 120 },
    { ticks: 96, qpm: 30 },
  ]);
  assert.deepEqual(sequence.timeSignatures, [
    { ticks: 0, numerator: 6, denominator: 8 },
    { ticks: 10, numerator: 5, denominator: 16 },
  ]);
  assert.deepEqual(sequence.keySignatures, [
    { ticks: 0, fifths: -3, mode: "minor" },
    { ticks: 96, fifths: 7, mode: "major" },
  ]);
});

Deno.test("parseMidi() lays the patterns of type 2 one after another", () => {
  const on = [0, 0x90, 60, 80, 4, 60, 0];
  const fast = [0, 0xff, 0x51, 3, 0x03, 0xd0, 0x90];
  const waltz = [0, 0xff, 0x58, 4, 3, 2, 24, 8];
  const sequence = parseMidi(
    smf(2, 96, [...fast, ...waltz, ...on, ...end(92)], [...on, ...end(0)]),
  );
  assert.deepEqual(rowsOf(sequence), [[60, 80, 0, 4, 0], [60, 80, 96, 100, 1]]);
  assert.deepEqual(sequence.tempos, [
    { ticks: 0, qpm: 240 },
    { ticks: 96, qpm: 120 },
  ]);
  assert.deepEqual(sequence.timeSignatures, [
    { ticks: 0, numerator: 3, denominator: 4 },
    { ticks: 96, numerator: 4, denominator: 4 },
  ]);
  assert.equal(sequence.totalTicks, 100);
});

Deno.test("parseMidi() turns SMPTE time into a quarter note to the second", () => {
  const read = (framesPerSecond: number, ticksPerFrame: number) =>
    parseMidi(smf(0, (256 - framesPerSecond) << 8 | ticksPerFrame, [
      ...[0, 0xff, 0x51, 3, 0x03, 0xd0, 0x90, 0, 0x90, 60, 80],
      ...end(100),
    ]));
  const film = read(25, 40);
  assert.equal(film.ticksPerQuarter, 1000);
  assert.deepEqual(film.tempos, [{ ticks: 0, qpm: 60 }]);
  const drop = read(29, 80);
  assert.equal(drop.ticksPerQuarter, 2400);
  assert.deepEqual(drop.tempos, [{ ticks: 0, qpm: 60_000_000 / 1_001_000 }]);
});

Deno.test("parseMidi() passes over unknown chunks, long headers and what follows the tracks", () => {
  const track = chunk("MTrk", [0, 0x90, 60, 80, 4, 60, 0, ...end(), 1, 2, 3]);
  const bytes = Uint8Array.from([
    ...chunk("MThd", [0, 0, 0, 1, 0, 96, 9, 9]),
    ...chunk("XFIH", [1, 2, 3]),
    ...track,
    ...[0, 0, 0],
  ]);
  assert.deepEqual(rowsOf(parseMidi(bytes)), [[60, 80, 0, 4, 0]]);
});

Deno.test("parseMidi() reads names as UTF-8, or else as Latin-1", () => {
  const read = (...text: number[]) =>
    parseMidi(smf(0, 96, [
      ...[0, 0xff, 3, text.length, ...text, 0, 0x90, 60, 80],
      ...end(4),
    ])).parts[0]!.name;
  assert.equal(read(0x63, 0xc3, 0xb4, 0x72), "côr");
  assert.equal(read(0x63, 0xf4, 0x72), "côr");
});

Deno.test("parseMidiEvents() gives keys and names in the order of the file", () => {
  const track = [
    ...[...name("Keys"), 0, 0x93, 60, 80, 2, 0x83, 60, 64, 0, 0x93, 60, 81],
    ...[1, 0xff, 4, 5, ...ascii("Piano"), 0, 0xc3, 7, 1, 0x93, 60, 0],
    ...end(),
  ];
  const { ticksPerQuarter, tracks } = parseMidiEvents(
    smf(1, 96, end(), track),
  );
  assert.equal(ticksPerQuarter, 96);
  assert.equal(tracks.length, 2);
  assert.deepEqual(tracks[1]!.keys, [
    { ticks: 0, channel: 3, isDrum: false, pitch: 60, velocity: 80 },
    { ticks: 2, channel: 3, isDrum: false, pitch: 60, velocity: 0 },
    { ticks: 2, channel: 3, isDrum: false, pitch: 60, velocity: 81 },
    { ticks: 4, channel: 3, isDrum: false, pitch: 60, velocity: 0 },
  ]);
  assert.deepEqual(tracks[1]!.instruments, [
    { ticks: 0, trackName: "Keys" },
    { ticks: 3, instrumentName: "Piano" },
    { ticks: 3, channel: 3, program: 7 },
  ]);
});

Deno.test("parseMidi() reads a view into a larger buffer, and only reads", () => {
  const file = smf(0, 96, [0, 0x90, 60, 80, 4, 60, 0, ...end()]);
  const buffer = new Uint8Array(file.length + 20).fill(0xff);
  buffer.set(file, 7);
  const before = buffer.slice();
  const sequence = parseMidi(buffer.subarray(7, 7 + file.length));
  assert.deepEqual(sequence, parseMidi(file));
  assert.deepEqual(buffer, before);
});
