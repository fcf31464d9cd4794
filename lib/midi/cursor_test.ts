import assert from "node:assert/strict";
import { MidiError } from "./cursor.ts";
import { parseMidi } from "./read.ts";
import { ascii, chunk, RICH } from "./testing.ts";
import { writeMidi } from "./write.ts";

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
    for (const bytes of [file.slice(0, i), file.with(i, file[i]! ^ 0xff)]) {
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
