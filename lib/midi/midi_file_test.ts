import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { MidiError } from "./bytes.ts";
import { parseMidi, parseMidiEvents, writeMidi } from "./midi_file.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";

const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const uint = (value: number, byteCount: number) =>
  Array.from(
    { length: byteCount },
    (_, i) => value >>> (8 * (byteCount - 1 - i)) & 0xff,
  );
const chunk = (type: string, data: number[]) => [
  ...ascii(type),
  ...uint(data.length, 4),
  ...data,
];
/** A file: type, division, and the bytes of the tracks' events. */
const smf = (format: number, division: number, ...tracks: number[][]) =>
  Uint8Array.from([
    ...chunk("MThd", [
      ...uint(format, 2),
      ...uint(tracks.length, 2),
      ...uint(division, 2),
    ]),
    ...tracks.flatMap((track) => chunk("MTrk", track)),
  ]);
/** End of track, `delta` ticks below 128 after the event before it. */
const end = (delta = 0) => [delta, 0xff, 0x2f, 0];
const name = (text: string) => [0, 0xff, 3, text.length, ...ascii(text)];

/** Notes as rows of pitch, velocity, start, end, part. */
const rowsOf = ({ notes }: NoteSequence) =>
  notes.map((n) => [n.pitch, n.velocity, n.startTicks, n.endTicks, n.part]);
const notesOf = (...track: number[]) => rowsOf(parseMidi(smf(0, 96, track)));

Deno.test("parseMidi() reads notes, and the silence at the end", () => {
  const track = [0, 0x90, 60, 80, 0x83, 0x60, 0x80, 60, 64, ...end(96)];
  const sequence = parseMidi(smf(0, 480, track), "one.mid");
  assert.deepEqual(sequence, {
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false, track: 0 }],
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
    { name: "Keys", program: 40, isDrum: false, track: 1 },
    { name: "Keys", program: 5, isDrum: false, track: 1 },
    { name: "Keys", program: 7, isDrum: false, track: 1 },
    { name: "Kit", program: 0, isDrum: true, track: 2 },
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

Deno.test("parseMidi() gives controllers to the parts of their channel", () => {
  const note = (status: number) => [0, status, 60, 80, 4, 60, 0];
  const pedals = [
    ...[0, 0xb0, 64, 127, 0, 0xb2, 7, 90, 2, 0xb5, 7, 91], // no notes on 5
    ...[...note(0x90), ...end()],
  ];
  const other = [...note(0x92), 0, 0xc2, 3, ...note(0x92), ...end()];
  const { controls } = parseMidi(smf(1, 96, pedals, other));
  assert.deepEqual(controls, [
    { ticks: 0, part: 0, controller: 64, value: 127 },
    { ticks: 0, part: 1, controller: 7, value: 90 },
    { ticks: 0, part: 2, controller: 7, value: 90 },
  ]);
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
    ])).parts[0].name;
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
  assert.deepEqual(tracks[1].keys, [
    { ticks: 0, channel: 3, pitch: 60, velocity: 80 },
    { ticks: 2, channel: 3, pitch: 60, velocity: 0 },
    { ticks: 2, channel: 3, pitch: 60, velocity: 81 },
    { ticks: 4, channel: 3, pitch: 60, velocity: 0 },
  ]);
  assert.deepEqual(tracks[1].instruments, [
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

const MAGIC = [...ascii("MThd"), 0, 0, 0, 6];
const HEADER = [...MAGIC, 0, 0, 0, 1, 0, 96];
const inTrack = (...events: number[]) => [...HEADER, ...chunk("MTrk", events)];
const riff = [...ascii("RIFF"), 0, 0, 0, 0, ...ascii("RMID")];
/** What is wrong, the bytes, the reason and the offset of the bytes at fault. */
const MALFORMED: [string, number[], RegExp, number][] = [
  ["nothing", [], /the file is empty \(0 bytes\)/, 0],
  ["other file", riff, /no MIDI file \(MIDI files begin with "MThd"\)/, 0],
  ["cut in the magic", [0x4d, 0x54], /the file ends too early/, 0],
  [
    "cut in the header",
    MAGIC.concat(0, 1, 0),
    /ends too early.*1 are left/,
    10,
  ],
  ["short header", [...ascii("MThd"), 0, 0, 0, 5], /shorter than 6 bytes/, 4],
  [
    "long header",
    [...ascii("MThd"), 0, 0, 0, 9, 0, 0, 0, 1, 0, 96],
    /early/,
    14,
  ],
  ["type 3", [...MAGIC, 0, 3, 0, 1, 0, 96], /type .* \(it is 3\)/, 8],
  ["division 0", [...MAGIC, 0, 1, 0, 1, 0, 0], /division .* \(it is 0\)/, 12],
  ["23 frames", [...MAGIC, 0, 1, 0, 1, 0xe9, 4], /23 SMPTE frames/, 12],
  ["frames of 0", [...MAGIC, 0, 1, 0, 1, 0xe8, 0], /of 0 ticks/, 12],
  ["no track", HEADER, /tracks are missing .* 1, the file has 0/, 14],
  ["cut chunk head", [...HEADER, ...ascii("MTrk"), 0], /ends too early/, 18],
  [
    "cut chunk",
    [...HEADER, ...ascii("MTrk"), 0, 0, 0, 9, 0, 0x90],
    /past the end of the file \(it has 9 bytes, 2 are left\)/,
    14,
  ],
  [
    "delta of 5 bytes",
    inTrack(0x81, 0x81, 0x81, 0x81, 1),
    /over four bytes/,
    22,
  ],
  ["cut delta", inTrack(0x81), /the track ends too early/, 23],
  ["no event", inTrack(0), /the track ends too early/, 23],
  ["no status", inTrack(0, 60, 80), /no status \(it begins with 60/, 23],
  ["cut note", inTrack(0, 0x90, 60), /the track ends too early/, 25],
  ["pitch 200", inTrack(0, 0x90, 200, 80), /200 after status 144/, 24],
  ["velocity 128", inTrack(0, 0x90, 60, 128), /128 after status 144/, 25],
  ["program 128", inTrack(0, 0xc0, 128), /above 127/, 24],
  ["real-time event", inTrack(0, 0xf8), /cannot have \(status 248\)/, 23],
  ["cut meta", inTrack(0, 0xff, 1, 9, 65), /the track ends too early/, 26],
  ["cut sysex", inTrack(0, 0xf0, 9, 1), /9 more bytes, 1 are left/, 25],
  ["tempo of 2 bytes", inTrack(0, 0xff, 0x51, 2, 7, 0xa1), /wrong length/, 23],
  ["tempo 0", inTrack(0, 0xff, 0x51, 3, 0, 0, 0), /tempo is infinite/, 26],
  ["meter 0/4", inTrack(0, 0xff, 0x58, 4, 0, 2, 24, 8), /\(0 over 2\^2\)/, 26],
  ["meter 4/2^9", inTrack(0, 0xff, 0x58, 4, 4, 9, 24, 8), /2\^9/, 26],
  ["8 sharps", inTrack(0, 0xff, 0x59, 2, 8, 0), /8 fifths/, 26],
  ["mode 2", inTrack(0, 0xff, 0x59, 2, 0xff, 2), /-1 fifths, mode 2/, 26],
];

for (const [what, bytes, reason, byteOffset] of MALFORMED) {
  Deno.test(`parseMidi() names the byte at fault: ${what}`, () => {
    assert.throws(
      () => parseMidi(Uint8Array.from(bytes), "dir/bad.mid"),
      (error) => {
        assert.ok(error instanceof MidiError);
        assert.equal(error.file, "dir/bad.mid");
        assert.equal(error.byteOffset, byteOffset);
        assert.match(error.message, reason);
        // The numbers stay out of the reason, so that files can be counted by it.
        assert.doesNotMatch(error.reason, /[()]/);
        const [start] = error.message.split(" (");
        assert.equal(start, `Cannot read dir/bad.mid: ${error.reason}`);
        return true;
      },
    );
  });
}

Deno.test("parseMidi() throws nothing but MidiError on damaged files", () => {
  const file = writeMidi(RICH);
  let refused = 0;
  for (let i = 0; i < file.length; i++) {
    for (const bytes of [file.slice(0, i), file.with(i, file[i] ^ 0xff)]) {
      try {
        parseMidi(bytes);
      } catch (error) {
        assert.ok(error instanceof MidiError, `byte ${i}: ${error}`);
        assert.ok(error.byteOffset >= 0 && error.byteOffset <= bytes.length);
        refused++;
      }
    }
  }
  assert.ok(refused > file.length);
});

/** One of everything a file can hold. */
const RICH: NoteSequence = {
  ticksPerQuarter: 384,
  parts: [
    { name: "Nappe étirée 🎹", program: 89, isDrum: false, track: 1 },
    { name: "", program: 0, isDrum: false, track: 2 },
    { name: "Kit", program: 8, isDrum: true, track: 3 },
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
    ].map(([pitch, velocity, startTicks, endTicks]) => (
      { pitch, velocity, startTicks, endTicks, part: 1 }
    )),
    { pitch: 36, velocity: 100, startTicks: 14_000, endTicks: 14_001, part: 2 },
  ],
  tempos: [1, 600_000, 8.1e6, 731_707, 999_999, 16_777_215].map(
    (microseconds, i) => ({ ticks: i * 77, qpm: 60_000_000 / microseconds }),
  ),
  timeSignatures: [1, 2, 4, 8, 16, 32, 64, 128].map((denominator, i) => (
    { ticks: i * 1000, numerator: [4, 255, 1, 7][i % 4], denominator }
  )),
  keySignatures: Array.from({ length: 30 }, (_, i) => ({
    ticks: 10 * i,
    fifths: i % 15 - 7,
    mode: i < 15 ? "major" : "minor",
  })),
  controls: [
    ...[64, 7, 127, 0, 32, 64].map((controller, i) => ({
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
    })),
  ],
  totalTicks: 1_000_000,
};

Deno.test("writeMidi() keeps everything, as parseMidi() reads it", () => {
  const before = structuredClone(RICH);
  assert.deepEqual(parseMidi(writeMidi(RICH)), RICH);
  assert.deepEqual(RICH, before);
});

Deno.test("writeMidi() keeps an empty sequence", () => {
  const sequence = { ...emptySequence(96), totalTicks: 127 };
  assert.deepEqual(parseMidi(writeMidi(sequence)), sequence);
});

/** A sequence of parts with these programs, a note in each. */
function ensemble(programs: number[], isDrum = false): NoteSequence {
  return {
    ...emptySequence(96),
    parts: programs.map((program, i) => (
      { name: `${i}`, program, isDrum, track: i + 1 }
    )),
    notes: programs.map((_, part) => (
      { pitch: 60, velocity: 80, startTicks: 0, endTicks: 96, part }
    )),
    totalTicks: 96,
  };
}

/** The channels of the note-ons, in the order of the file. */
const channelsOf = (sequence: NoteSequence) =>
  Array.from(writeMidi(sequence)).flatMap((byte, i, bytes) =>
    byte >> 4 === 9 && bytes[i + 1] === 60 && bytes[i + 2] === 80
      ? [byte & 15]
      : []
  );

Deno.test("writeMidi() gives each of 15 parts a channel, drums the tenth", () => {
  assert.deepEqual([...channelsOf(ensemble(new Array(15).fill(0)))], [
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15],
  ]);
  assert.deepEqual([...channelsOf(ensemble([0, 8], true))], [9, 9]);
});

Deno.test("writeMidi() lets the parts of a program share a channel when there are more", () => {
  const sequence = ensemble(Array.from({ length: 20 }, (_, i) => i % 4));
  assert.deepEqual([...channelsOf(sequence).slice(0, 6)], [0, 1, 2, 3, 0, 1]);
  assert.deepEqual(parseMidi(writeMidi(sequence)), sequence);
});

Deno.test("writeMidi() keeps more programs than there are channels", () => {
  const sequence = ensemble(Array.from({ length: 40 }, (_, i) => i));
  assert.deepEqual(parseMidi(writeMidi(sequence)), sequence);
});

Deno.test("writeMidi() refuses what the format cannot hold", () => {
  const one = ensemble([0]);
  const note = one.notes[0];
  const control = { ticks: 0, part: 0, controller: 7, value: 0 };
  const wrong: [Partial<NoteSequence>, RegExp][] = [
    [{ ticksPerQuarter: 40_000 }, /ticksPerQuarter.*value is 40000/],
    [{ notes: [{ ...note, pitch: 128 }] }, /pitch.*0 to 127.*value is 128/],
    [{ notes: [{ ...note, velocity: 0 }] }, /velocity.*value is 0/],
    [{ notes: [{ ...note, velocity: 80.5 }] }, /velocity.*value is 80.5/],
    [{ notes: [{ ...note, startTicks: 0.5 }] }, /startTicks.*value is 0.5/],
    [{ notes: [{ ...note, startTicks: 97 }] }, /endTicks.*97.*value is 96/],
    [{ notes: [{ ...note, part: 1 }] }, /part .*value is 1/],
    [{ parts: [{ ...one.parts[0], program: 128 }] }, /program.*value is 128/],
    [{ controls: [{ ...control, value: 128 }] }, /value.*value is 128/],
    [{ controls: [{ ...control, controller: -1 }] }, /controller.*value is -1/],
    [{ tempos: [{ ticks: 0, qpm: 3 }] }, /qpm.*value is 3/],
    [{ tempos: [{ ticks: 0, qpm: NaN }] }, /qpm.*value is NaN/],
    [
      { timeSignatures: [{ ticks: 0, numerator: 4, denominator: 3 }] },
      /denominator.*value is 3/,
    ],
    [
      { keySignatures: [{ ticks: 0, fifths: 8, mode: "major" }] },
      /fifths.*value is 8/,
    ],
    [{ totalTicks: 2 ** 28 }, /totalTicks.*value is 268435456/],
  ];
  for (const [part, message] of wrong) {
    assert.throws(() => writeMidi({ ...one, ...part }), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  }
});

const SAMPLES = new URL("../../../shared/data/lofi-samples/", import.meta.url);

Deno.test({
  name: existsSync(SAMPLES)
    ? "parseMidi() and writeMidi() keep every lofi sample"
    : "parseMidi() is not tried on the lofi samples: ../shared/data has none",
  ignore: !existsSync(SAMPLES),
  fn() {
    const files = readdirSync(SAMPLES);
    assert.equal(files.length, 120);
    for (const file of files) {
      const sequence = parseMidi(readFileSync(new URL(file, SAMPLES)), file);
      assert.equal(sequence.notes.length > 0, file !== "testOutput.mid", file);
      const again = parseMidi(writeMidi(sequence), file);
      const untracked = (read: NoteSequence) => ({
        ...read,
        parts: read.parts.map((part) => ({ ...part, track: undefined })),
      });
      assert.deepEqual(untracked(again), untracked(sequence), file);
    }
  },
});
