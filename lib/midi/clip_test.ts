import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { parseMidiEvents, readMidi } from "./read.ts";
import { ascii, rowsOf } from "./testing.ts";
import { writeMidi } from "./write.ts";

/** A file of packets, each a row of 16-bit numbers. */
const clip = (...packets: number[][]) =>
  Uint8Array.from([
    ...ascii("SMF2CLIP"),
    ...packets.flat().flatMap((number) => [number >> 8, number & 0xff]),
  ]);
const division = (ticks: number) => [0x0030, ticks];
const wait = (ticks: number) => [0x0040 | ticks >> 16, ticks & 0xffff];
const START = [0xf020, 0, 0, 0, 0, 0, 0, 0];
const END = [0xf021, 0, 0, 0, 0, 0, 0, 0];
/** A note of MIDI 2.0: group, status and channel, pitch, velocity of 16 bits. */
const on = (pitch: number, velocity: number, group = 0, channel = 0) => [
  0x4090 | group << 8 | channel,
  pitch << 8,
  velocity,
  0,
];
const off = (
  pitch: number,
  group = 0,
) => [0x4080 | group << 8, pitch << 8, 0, 0];
/** Flex data of a group: form, bank and status, 12 bytes of text. */
const name = (form: number, text: string) => {
  const bytes = [...ascii(text), ...new Array(12 - text.length).fill(0)];
  const numbers = Array.from(
    { length: 6 },
    (_, i) => bytes[2 * i]! << 8 | bytes[2 * i + 1]!,
  );
  return [0xd010 | form << 6, 0x0103, ...numbers];
};
const set = (status: number, first: number, second = 0) => [
  ...[0xd010, status, first, second, 0, 0, 0, 0],
];

Deno.test("readMidi() reads a MIDI 2.0 clip file", () => {
  const { sequence, repairs } = readMidi(clip(
    division(96),
    set(0, 0x0393, 0x8700), // 0.6 s a quarter note, in tens of nanoseconds
    set(1, 0x0302, 0x0800), // 3/4
    set(5, 0xd100), // three flats, but on A: taken as major
    name(1, "A long name "),
    name(3, "in two"),
    START,
    wait(96),
    [0x0020, 0x1234], // a time stamp of the transport
    on(60, 0xffff),
    wait(48),
    wait(48),
    off(60),
    on(62, 0x0001),
    wait(96),
    on(62, 0x8000),
    wait(0),
    off(62),
    off(62),
    set(5, 0x0100), // no sharps, on A
    wait(200),
    END,
    [0x2090, 0x3c40], // after the end
  ));
  assert.deepEqual(repairs, []);
  assert.deepEqual(sequence, {
    ticksPerQuarter: 96,
    parts: [
      {
        name: "A long name in two",
        program: 0,
        isDrum: false,
        channel: 0,
        track: 0,
      },
    ],
    notes: [
      { pitch: 60, velocity: 127, startTicks: 96, endTicks: 192, part: 0 },
      // The softest note of MIDI 2.0 is one of MIDI 1.0 too.
      { pitch: 62, velocity: 1, startTicks: 192, endTicks: 288, part: 0 },
      { pitch: 62, velocity: 64, startTicks: 288, endTicks: 288, part: 0 },
    ],
    tempos: [{ ticks: 0, qpm: 100 }],
    timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    keySignatures: [
      { ticks: 0, fifths: -3, mode: "major" },
      { ticks: 288, fifths: 0, mode: "minor" },
    ],
    controls: [],
    totalTicks: 488,
  });
});

Deno.test("readMidi() takes the first seven bits of a clip's controllers, and its banks", () => {
  const { sequence } = readMidi(clip(
    division(96),
    START,
    [0x40c0, 0x0001, 0x0500, 0x0203], // program 5 of bank 2, 3
    [0x40b0, 0x0700, 0x81ff, 0xffff], // volume 64
    [0x4020, 0x0000, 0x0408, 0x0000], // registered parameter 0, 0
    on(60, 0x4000),
    [0x40c0, 0x0000, 0x0600, 0x7f7f], // program 6; its bank does not count
    on(61, 0x4000),
    [0x20b0, 0x0140, 0x20c0, 0x0700], // of MIDI 1.0: a wheel, a program
    [0x2090, 0x3e00], // a note-off
    [0x2090, 0x3e10],
    wait(96),
    END,
  ));
  assert.deepEqual(
    sequence.parts.map(({ program, bank }) => [program, bank]),
    [[5, 259], [6, 259], [7, 259]],
  );
  assert.deepEqual(
    sequence.controls.map(({ controller, value }) => [controller, value]),
    [[7, 64], [101, 0], [100, 0], [6, 2], [38, 2], [1, 64]],
  );
  assert.deepEqual(
    rowsOf(sequence).map(([pitch, velocity]) => [
      pitch,
      velocity,
    ]),
    [[60, 32], [61, 32], [62, 16]],
  );
});

Deno.test("readMidi() takes the groups of a clip for ports, drums too", () => {
  const { sequence } = readMidi(clip(
    division(96),
    // GS: channel 2 is for drums, in two packets.
    [0x3016, 0x4110, 0x4212, 0x4012],
    [0x3034, 0x1501, 0x1840, 0x0000],
    START,
    on(60, 0x4000),
    on(36, 0x4000, 0, 1),
    on(36, 0x4000, 1, 1),
    on(36, 0x4000, 1, 9),
    wait(96),
    END,
  ));
  assert.deepEqual(
    sequence.parts.map(({ isDrum, channel }) => [isDrum, channel]),
    [[false, 0], [true, 1], [false, 2], [true, 3]],
  );
});

Deno.test("readMidi() passes over the packets of a clip that it does not know, by their size", () => {
  const sizes = [1, 1, 1, 2, 2, 4, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4];
  const unknown = [1, 5, 6, 7, 8, 9, 10, 11, 12, 14].map((type) => [
    type << 12 | 0x0fff,
    ...new Array(2 * sizes[type]! - 1).fill(0xffff),
  ]);
  const { sequence, repairs } = readMidi(
    clip(
      division(96),
      START,
      ...unknown,
      on(60, 0x4000),
      wait(9),
      off(60),
      END,
    ),
  );
  assert.deepEqual(repairs, []);
  assert.deepEqual(rowsOf(sequence), [[60, 32, 0, 9, 0]]);
});

Deno.test("readMidi() reads what is there of a damaged clip, and tells", () => {
  const whole = clip(division(96), START, on(60, 0x4000), wait(9), off(60));
  for (
    const [what, bytes, reasons] of [
      ["no end", whole, [/no end of clip/]],
      ["cut", whole.subarray(0, -1), [/inside a packet/, /no end/, /note-off/]],
      ["nothing", clip(), [/no end of clip/, /does not say its ticks/]],
      [
        "above 127",
        clip(division(96), START, on(200, 1), END),
        [/above 127/],
      ],
      [
        "impossible",
        clip(
          division(96),
          set(0, 0),
          set(0, 0xffff, 0xffff),
          set(1, 0x0002),
          set(5, 0x8000),
          START,
          END,
        ),
        [/infinite/, /below 3\.58/, /time signature/, /key signature/],
      ],
    ] as const
  ) {
    const told = readMidi(bytes).repairs.map(({ reason }) => reason);
    assert.equal(told.length, reasons.length, `${what}: ${told}`);
    reasons.forEach((reason, i) => assert.match(told[i]!, reason));
    assert.throws(() => readMidi(bytes, { strict: true }), {
      name: "MidiError",
    });
  }
});

Deno.test("readMidi() halves ticks that are finer than Standard MIDI Files have", () => {
  const { sequence } = readMidi(clip(
    division(0xffff),
    START,
    wait(0xffff),
    on(60, 0x4000),
    wait(0xffff),
    off(60),
    END,
  ));
  assert.equal(sequence.ticksPerQuarter, 0x7fff);
  assert.deepEqual(rowsOf(sequence), [[60, 32, 0x7fff, 2 * 0x7fff, 0]]);
  assert.deepEqual(
    readMidi(writeMidi(sequence)).sequence.notes,
    sequence.notes,
  );
});

Deno.test("readMidi() gives of damaged clips what can be written", () => {
  const whole = clip(
    division(96),
    set(0, 0x0393, 0x8700),
    name(1, "A long name "),
    START,
    ...[60, 62, 60, 64].flatMap((pitch, channel) => [
      [0x40c0 | channel, 0x0001, 0x0500, 0x0203],
      on(pitch, 0x4000, 0, channel),
      wait(48 * channel),
      off(pitch),
    ]),
    END,
  );
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed);
    const bytes = whole.slice(0, whole.length - random.int(2) * random.int(99));
    for (let left = 1 + random.int(5); left > 0; left--) {
      bytes[8 + random.int(bytes.length - 8)] = random.int(256);
    }
    const { sequence } = readMidi(bytes);
    const again = readMidi(writeMidi(sequence));
    assert.deepEqual(again.repairs, [], `seed ${seed}`);
    assert.deepEqual(again.sequence.notes, sequence.notes, `seed ${seed}`);
    assert.equal(again.sequence.totalTicks, sequence.totalTicks);
  }
});

Deno.test("parseMidiEvents() gives the events of a clip", () => {
  const { ticksPerQuarter, tracks } = parseMidiEvents(
    clip(division(96), START, on(60, 0x4000), wait(9), off(60), END),
  );
  assert.equal(ticksPerQuarter, 96);
  assert.deepEqual(tracks[0]?.keys.map((key) => [key.ticks, key.velocity]), [
    [0, 32],
    [9, 0],
  ]);
});
