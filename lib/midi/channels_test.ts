import assert from "node:assert/strict";
import { parseMidiEvents, readMidi } from "./read.ts";
import { end, smf } from "./testing.ts";

const sysex = (...data: number[]) => [0, 0xf0, data.length + 1, ...data, 0xf7];
const GM_ON = sysex(0x7e, 0x7f, 9, 1), GM2_ON = sysex(0x7e, 0x7f, 9, 3);
const GS_RESET = sysex(0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7f, 0, 0x41);
const XG_ON = sysex(0x43, 0x10, 0x4c, 0, 0, 0x7e, 0);
/** GS "use for rhythm part" of a block of address 40 1x 15. */
const rhythm = (block: number, value: number) =>
  sysex(0x41, 0x10, 0x42, 0x12, 0x40, 0x10 | block, 0x15, value, 0);
const partMode = (part: number, value: number) =>
  sysex(0x43, 0x15, 0x4c, 8, part, 7, value);
const bank = (channel: number, msb: number, lsb = 0) => [
  ...[0, 0xb0 | channel, 0, msb, 0, 32, lsb],
];
const program = (channel: number, number = 0) => [0, 0xc0 | channel, number];
const note = (channel: number) => [0, 0x90 | channel, 60, 80, 1, 60, 0];

/** Drum or not and bank of each part of a track, in order of first notes. */
const read = (...events: number[][]) =>
  readMidi(smf(0, 96, [...events.flat(), ...end()])).sequence.parts.map((
    { isDrum, bank },
  ) => `${isDrum ? "drums" : "pitches"} ${bank ?? 0}`);

const TABLE: [string, number[][], string[]][] = [
  ["channel 10", [note(9), note(8)], ["drums 0", "pitches 0"]],
  ["GS block A is channel 11", [rhythm(0xa, 2), note(10)], ["drums 0"]],
  ["GS block 1 is channel 1", [rhythm(1, 1), note(0)], ["drums 0"]],
  ["GS block 0 is channel 10", [rhythm(0, 0), note(9)], ["pitches 0"]],
  [
    "GS, in the middle",
    [note(10), rhythm(0xa, 1), note(10), rhythm(0xa, 0), note(10)],
    ["pitches 0", "drums 0"],
  ],
  ["a reset ends it", [rhythm(1, 1), GS_RESET, note(0)], ["pitches 0"]],
  ["and gives channel 10 back", [rhythm(0, 0), GM_ON, note(9)], ["drums 0"]],
  [
    "GS banks are variations",
    [GS_RESET, bank(1, 127), program(1), note(1)],
    ["pitches 16256"],
  ],
  [
    "so are banks without a reset",
    [bank(1, 126, 1), program(1), note(1)],
    ["pitches 16129"],
  ],
  [
    "on channel 10 they are those of its kits",
    [bank(9, 8), program(9), note(9)],
    ["drums 1024"],
  ],
  [
    "XG bank 127, with the next program",
    [XG_ON, bank(1, 127, 3), note(1), program(1), note(1)],
    ["pitches 0", "drums 0"],
  ],
  ["XG bank 126", [XG_ON, bank(1, 126), program(1), note(1)], ["drums 0"]],
  [
    "XG bank 0 after it",
    [
      ...[XG_ON, bank(1, 127), program(1), note(1)],
      ...[bank(1, 0, 8), program(1), note(1)],
    ],
    ["drums 0", "pitches 8"],
  ],
  [
    "XG bank 0 on channel 10",
    [XG_ON, bank(9, 0), program(9), note(9)],
    ["drums 0"],
  ],
  ["XG part mode", [XG_ON, partMode(4, 2), note(4)], ["drums 0"]],
  ["XG part mode 0", [XG_ON, partMode(9, 0), note(9)], ["pitches 0"]],
  ["GM2 bank 120", [GM2_ON, bank(10, 120), program(10), note(10)], ["drums 0"]],
  [
    "GM2 bank 121",
    [GM2_ON, bank(9, 121, 1), program(9), note(9)],
    ["pitches 15489"],
  ],
];

for (const [what, events, expected] of TABLE) {
  Deno.test(`readMidi() knows drums as players do: ${what}`, () => {
    assert.deepEqual(read(...events), expected);
  });
}

Deno.test("readMidi() takes messages about drums from other tracks, and from each port its own", () => {
  const port = (number: number) => [0, 0xff, 0x21, 1, number];
  const { parts } = readMidi(smf(
    1,
    96,
    [...note(0), ...end()],
    [...port(1), ...note(0), ...end()],
    [...port(1), ...rhythm(1, 1), ...end()],
  )).sequence;
  assert.deepEqual(parts.map((part) => part.isDrum), [false, true]);
});

Deno.test("readMidi() gives controllers of a channel to its drums and its pitches", () => {
  const { sequence } = readMidi(smf(0, 96, [
    ...[...note(0), ...rhythm(1, 1), ...note(0), 0, 0xb0, 7, 90, ...end()],
  ]));
  assert.deepEqual(sequence.parts.map((part) => part.channel), [0, 1]);
  assert.deepEqual(sequence.controls.map(({ part }) => part), [0, 1]);
});

/** Registered parameter 6, which makes an MPE zone. */
const zone = (channel: number, members: number) => [
  ...[0, 0xb0 | channel, 101, 0, 0, 100, 6, 0, 6, members],
];

Deno.test("readMidi() makes one part of an MPE zone, channel 10 included", () => {
  const { sequence, dropped } = readMidi(smf(0, 96, [
    ...[...zone(0, 15), ...program(0, 88), ...program(3, 5)],
    ...[...note(1), 0, 0xb1, 74, 9, ...note(9), ...note(15), ...note(0)],
    ...[0, 0xb0, 64, 127, ...end()],
  ]));
  assert.deepEqual(sequence.parts, [
    { name: "", program: 88, isDrum: false, channel: 0, track: 0 },
  ]);
  assert.equal(sequence.notes.length, 4);
  assert.deepEqual(dropped, [
    { reason: "controllers of single notes of an MPE zone", count: 1 },
  ]);
  // The parameter is selected, but no zone set: the music may be written to
  // channels that are in none.
  assert.deepEqual(sequence.controls.map((c) => c.controller), [101, 100, 64]);
});

Deno.test("readMidi() keeps to the borders of MPE zones, and to their end", () => {
  const hits = [0, 2, 3, 14, 15].flatMap(note);
  const read = (...events: number[][]) =>
    readMidi(smf(0, 96, [...events.flat(), ...end()])).sequence.parts
      .map((part) => part.channel);
  const both = [zone(0, 2), zone(15, 3)];
  assert.deepEqual(read(...both, hits), [0, 1, 2]);
  assert.deepEqual(read(...both, zone(0, 0), zone(15, 0), hits), [
    ...[0, 1, 2, 3, 4],
  ]);
  // On other channels the parameter means nothing.
  assert.deepEqual(read(zone(4, 15), hits), [0, 1, 2, 3, 4]);
});

Deno.test("parseMidiEvents() tells which keys are drums, as readMidi() does", () => {
  const drumsOf = (...events: number[][]) =>
    parseMidiEvents(smf(0, 96, [...events.flat(), ...end()])).tracks
      .flatMap(({ keys }) => keys.filter(({ velocity }) => velocity > 0))
      .map(({ channel, isDrum }) => [channel, isDrum]);
  assert.deepEqual(drumsOf(note(9), rhythm(0xa, 1), note(10), note(11)), [
    [9, true],
    [10, true],
    [11, false],
  ]);
  assert.deepEqual(drumsOf(zone(0, 15), note(9)), [[9, false]]);
});
