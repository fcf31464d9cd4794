import assert from "node:assert/strict";
import { MidiError } from "./cursor.ts";
import { parseMidi, parseMidiEvents, readMidi } from "./read.ts";
import { ascii, chunk, end, RICH, rowsOf, smf, uint } from "./testing.ts";
import { writeMidi } from "./write.ts";

const MAGIC = [...ascii("MThd"), 0, 0, 0, 6];
const HEADER = [...MAGIC, 0, 0, 0, 1, 0, 96];
const NOTE = [0, 0x90, 60, 80, 4, 60, 0];
const TRACK = chunk("MTrk", [...NOTE, ...end()]);
/** A track with some events before a note; they begin at byte 22. */
const before = (
  ...events: number[]
) => [...HEADER, ...chunk("MTrk", [...events, ...NOTE, ...end()])];
/** A track with some bytes after a note; they begin at byte 29. */
const after = (
  ...events: number[]
) => [...HEADER, ...chunk("MTrk", [...NOTE, ...events])];
/** Two tracks, the length of the first as it is said. */
const twoTracks = (length: number) => [
  ...[...MAGIC, 0, 1, 0, 2, 0, 96, ...ascii("MTrk"), ...uint(length, 4)],
  ...[...TRACK.slice(8), ...TRACK],
];
const NOTE_ROW = [60, 80, 0, 4, 0];
const TWO_NOTES = [NOTE_ROW, [60, 80, 0, 4, 1]];

/** What is wrong, the bytes, what is said of it, its offset, and the notes. */
type Row = [string, number[], RegExp, number, number[][]?];

const REFUSED: Row[] = [
  ["nothing", [], /the file is empty \(0 bytes\)/, 0],
  ["other file", ascii("RIFF...."), /no MIDI file \(MIDI .* "MThd"\)/, 0],
  ["cut in the magic", [0x4d, 0x54], /no MIDI file/, 0],
  ["cut in the header", MAGIC.concat(0, 1, 0), /early.*1 are left/, 10],
];

const REPAIRED: Row[] = [
  ["junk first", [1, 2, 3, ...HEADER, ...TRACK], /before .*\(3 bytes\)/, 0],
  [
    "MacBinary",
    [...new Array<number>(128).fill(0), ...HEADER, ...TRACK],
    /\(128 bytes\)/,
    0,
  ],
  [
    "short header",
    [...ascii("MThd"), 0, 0, 0, 5, ...HEADER.slice(8), ...TRACK],
    /says 5 bytes/,
    4,
  ],
  [
    "long header",
    [...ascii("MThd"), 0, 0, 0, 9, ...HEADER.slice(8), ...TRACK],
    /says 9 bytes/,
    4,
  ],
  ["type 3", [...MAGIC, 0, 3, 0, 1, 0, 96, ...TRACK], /\(it is 3\)/, 8],
  ["division 0", [...MAGIC, 0, 1, 0, 1, 0, 0, ...TRACK], /\(it is 0\)/, 12],
  ["23 frames", [...MAGIC, 0, 1, 0, 1, 0xe9, 4, ...TRACK], /23 frames/, 12],
  ["frames of 0", [...MAGIC, 0, 1, 0, 1, 0xe8, 0, ...TRACK], /59392/, 12],
  ["no track", HEADER, /missing.* 1, the file has 0/, 0, []],
  [
    "fewer tracks",
    [...MAGIC, 0, 1, 0, 2, 0, 96, ...TRACK],
    /announces 2, the file has 1/,
    0,
  ],
  [
    "more tracks",
    [...MAGIC, 0, 1, 0, 1, 0, 96, ...TRACK, ...TRACK],
    /announces 1, the file has 2/,
    0,
    TWO_NOTES,
  ],
  [
    "two tracks in type 0",
    [...MAGIC, 0, 0, 0, 2, 0, 96, ...TRACK, ...TRACK],
    /\(2 tracks\)/,
    0,
    TWO_NOTES,
  ],
  [
    "bytes between the tracks",
    [...MAGIC, 0, 1, 0, 2, 0, 96, ...TRACK, 0, 0, 0, ...TRACK],
    /no chunk.*\(3 bytes\)/,
    14 + TRACK.length,
    TWO_NOTES,
  ],
  [
    "length into a track",
    twoTracks(14),
    /14 bytes, 11 are read/,
    14,
    TWO_NOTES,
  ],
  ["length over a track", twoTracks(30), /19 bytes less/, 33, TWO_NOTES],
  ["length past the file", twoTracks(999), /999 bytes, 11/, 14, TWO_NOTES],
  ["length too short", twoTracks(3), /3 bytes, 11/, 14, TWO_NOTES],
  ["cut", after(0, 0xff, 0x2f, 0).slice(0, -1), /11 bytes, 10 are left/, 14],
  ["no end", after(), /no end-of-track event/, 29],
  [
    "early end",
    [...HEADER, ...chunk("MTrk", [...end(), ...NOTE, ...end()])],
    /11 bytes follow/,
    26,
  ],
  ["bytes after the end", after(...end(), 1, 2, 3), /\(3 bytes\)/, 33],
  ["cut event", after(0, 0x90), /runs past the end of its track/, 31],
  ["cut meta", after(0, 0xff, 1, 9, 65), /runs past/, 33],
  ["cut sysex", after(0, 0xf0, 9, 1), /runs past/, 32],
  [
    "sysex past the track",
    before(0, 0xf0, 99, 0x43, 0xf7),
    /99 bytes, 13 are left/,
    23,
  ],
  [
    "delta of 5 bytes",
    before(0x80, 0x80, 0x80, 0x80, 0, 0xb0, 7, 1),
    /over four bytes/,
    22,
  ],
  [
    "delta of −24",
    before(...Array<number>(9).fill(0xff), 0x68, 0xb0, 7, 1),
    /is negative/,
    22,
  ],
  [
    "too late",
    after(...[0xff, 0xff, 0xff, 0x7f, 0x90, 60, 1], ...end()),
    /later than tick 268435455.*at tick 4\)/,
    33,
  ],
  ["no status", before(0, 60, 80), /begins with 60/, 23],
  ["velocity 128", before(0, 0x90, 60, 128), /128 after status 144/, 25],
  ["pitch 200", before(0, 0x90, 200, 80), /200 after status 144/, 24],
  ["controller 144", before(0, 0xb0, 7, 144), /144 after/, 25],
  ["program 128", before(0, 0xc0, 128), /128 after status 192/, 24],
  ["clock", before(0, 0xf8), /cannot have.*\(status 248\)/, 23],
  ["song position", before(0, 0xf2, 1, 2), /\(status 242\)/, 23],
  ["undefined", before(0, 0xf4), /\(status 244\)/, 23],
  ["tempo of 2 bytes", before(0, 0xff, 0x51, 2, 7, 0xa1), /2 bytes, not 3/, 23],
  ["tempo 0", before(0, 0xff, 0x51, 3, 0, 0, 0), /tempo is infinite/, 26],
  ["meter of 2 bytes", before(0, 0xff, 0x58, 2, 4, 2), /2 bytes, not 4/, 23],
  ["meter 0/4", before(0, 0xff, 0x58, 4, 0, 2, 24, 8), /\(0 over 2\^2\)/, 26],
  ["meter 4/2^9", before(0, 0xff, 0x58, 4, 4, 9, 24, 8), /2\^9/, 26],
  ["no key", before(0, 0xff, 0x59, 0), /0 bytes, not 2/, 23],
  ["8 sharps", before(0, 0xff, 0x59, 2, 8, 0), /8 fifths/, 26],
  ["mode 2", before(0, 0xff, 0x59, 2, 0xff, 2), /-1 fifths, mode 2/, 26],
  [
    "no note-off",
    before(0, 0x91, 61, 80),
    /no note-off/,
    14,
    [NOTE_ROW.with(4, 1), [61, 80, 0, 4, 0]],
  ],
];

function assertRefused(
  [, bytes, message, byteOffset]: Row,
  strict: boolean,
): MidiError {
  try {
    readMidi(Uint8Array.from(bytes), { file: "dir/bad.mid", strict });
  } catch (error) {
    assert.ok(error instanceof MidiError);
    assert.equal(error.file, "dir/bad.mid");
    assert.match(error.message, message);
    assert.equal(error.byteOffset, byteOffset);
    // The numbers stay out of the reason, so that files can be counted by it.
    assert.doesNotMatch(error.reason, /[()]/);
    const [start] = error.message.split(/ \(|, at byte/);
    assert.equal(start, `Cannot read dir/bad.mid: ${error.reason}`);
    return error;
  }
  assert.fail("nothing is thrown");
}

for (const row of REFUSED) {
  Deno.test(`readMidi() names the byte at fault: ${row[0]}`, () => {
    assertRefused(row, false);
  });
}

for (const row of REPAIRED) {
  Deno.test(`readMidi() repairs, or refuses where strict: ${row[0]}`, () => {
    const [, bytes, , , notes = [NOTE_ROW]] = row;
    const { reason } = assertRefused(row, true);
    const { sequence, repairs } = readMidi(Uint8Array.from(bytes));
    assert.deepEqual(repairs, [{ reason, count: 1 }]);
    assert.deepEqual(rowsOf(sequence).sort(), notes.toSorted());
    parseMidiEvents(Uint8Array.from(bytes));
  });
}

Deno.test("readMidi() reads the data of a RIFF file without a repair", () => {
  const file = [...HEADER, ...TRACK, 0].slice(0, -1);
  const length = (value: number) => uint(value, 4).reverse();
  const riff = [
    ...[...ascii("RIFF"), ...length(4 + 8 + 3 + 1 + 8 + file.length)],
    ...[...ascii("RMID"), ...ascii("DISP"), ...length(3), 1, 2, 3, 0],
    ...[...ascii("data"), ...length(file.length), ...file],
    ...[...ascii("LIST"), ...length(4), ...TRACK],
  ];
  const { sequence, repairs, dropped } = readMidi(Uint8Array.from(riff));
  assert.deepEqual(rowsOf(sequence), [NOTE_ROW]);
  assert.deepEqual([repairs, dropped], [[], []]);
});

Deno.test("readMidi() ends a note whose note-off has a velocity above 127", () => {
  const track = [0, 0x90, 60, 80, 4, 0x80, 60, 200, 0, 60, 200, ...end(4)];
  assert.deepEqual(rowsOf(parseMidi(smf(0, 96, track))), [NOTE_ROW]);
});

Deno.test("readMidi() keeps the running status over system messages", () => {
  const track = [0, 0x90, 60, 80, 2, 0xf8, 2, 60, 0, ...end()];
  assert.deepEqual(rowsOf(parseMidi(smf(0, 96, track))), [NOTE_ROW]);
});

Deno.test("readMidi() counts what it drops, which is no repair", () => {
  const track = [
    ...[0, 0xe0, 0, 64, 0, 0xe0, 1, 64, 0, 0xd0, 1, 0, 0xa0, 60, 1],
    ...[0, 0xf0, 2, 0x43, 0xf7, 0, 0xff, 1, 1, 65, 0, 0xb5, 7, 1],
    ...NOTE,
    ...end(),
  ];
  const { repairs, dropped } = readMidi(
    Uint8Array.from([...smf(0, 96, track), ...chunk("XFIH", [1]), 0]),
    { strict: true },
  );
  assert.deepEqual(repairs, []);
  assert.deepEqual(
    dropped.map(({ reason, count }) => `${count} ${reason}`),
    [
      "2 pitch bends",
      "2 aftertouch",
      "1 system exclusive messages that say nothing of drums",
      "1 texts and other meta events",
      "1 chunks of unknown types",
      "1 bytes after the last track",
      "1 controllers of channels without notes",
    ],
  );
});

Deno.test("readMidi() throws nothing but MidiError on damaged files, and what it reads can be written", () => {
  const file = writeMidi({ ...RICH, notes: RICH.notes.slice(100) });
  let read = 0;
  for (let i = 0; i < file.length; i++) {
    for (const bytes of [file.slice(0, i), file.with(i, file[i]! ^ 0xff)]) {
      try {
        writeMidi(readMidi(bytes).sequence);
        read++;
      } catch (error) {
        assert.ok(error instanceof MidiError, `byte ${i}: ${error}`);
        assert.ok(error.byteOffset >= 0 && error.byteOffset <= bytes.length);
      }
    }
  }
  assert.ok(read > 1.9 * file.length, `${read} of ${2 * file.length}`);
});
