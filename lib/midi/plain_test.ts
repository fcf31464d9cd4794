import assert from "node:assert/strict";
import { join } from "@std/path";
import { Random, STARTER_FOLDER } from "../base/base.ts";
import { assemble } from "./assemble.ts";
import { type MidiChunks, readTracks } from "./chunks.ts";
import { MidiError } from "./cursor.ts";
import { readPlain } from "./plain.ts";
import { Tally } from "./tally.ts";
import { end, name, smf } from "./testing.ts";

/** All that a reader makes of a file, or why it is refused. */
function reading(
  bytes: Uint8Array,
  read: (bytes: Uint8Array, tally: Tally) => MidiChunks,
) {
  const tally = new Tally("", false);
  try {
    const sequence = { ...assemble(read(bytes, tally), tally) };
    return { sequence, repairs: tally.repairs(), dropped: tally.dropped() };
  } catch (error) {
    if (error instanceof MidiError) return { message: error.message };
    throw error;
  }
}

/** Whether a file is plain; if so, both readers must read the same. */
function isPlainAndSame(bytes: Uint8Array, what: string): boolean {
  if (!readPlain(bytes, new Tally("", false))) return false;
  const plain = reading(bytes, (bytes, tally) => readPlain(bytes, tally)!);
  const other = reading(bytes, (bytes, tally) => readTracks(bytes, "", tally));
  assert.deepEqual(plain, other, what);
  return true;
}

const note = (channel: number, pitch: number, length: number) => [
  ...[0, 0x90 | channel, pitch, 80],
  ...[length, 0x80 | channel, pitch, 0],
];

Deno.test("readPlain() reads as readTracks() does: names, programs, banks, pedals, markers", () => {
  const file = smf(
    1,
    96,
    [
      ...[0, 0xc3, 7, 0, 0xff, 0x51, 3, 7, 0xa1, 0x20],
      ...[0, 0xff, 0x58, 4, 6, 3, 24, 8],
      ...[0, 0xff, 0x59, 2, 0xfd, 1, 9, 0xff, 0x06, 2, 65, 66],
      ...[0, 0xff, 0x01, 1, 65, 0, 0xf0, 5, 0x7e, 0x7f, 9, 1, 0xf7],
      ...[0, 0xf0, 2, 1, 0xf7, 0, 0xf7, 1, 1, ...end(5)],
    ],
    [
      ...name("Zwölf"),
      ...[0, 0xb0, 0, 1, 0, 32, 2, 0, 0xc0, 5, ...note(0, 60, 9)],
      ...[0, 0xb0, 64, 127, 0, 0xb5, 7, 9, 0, 0xe0, 1, 2, 0, 0xd0, 1],
      // Two of one pitch, the first of which ends first; then a further program.
      ...[0, 0x90, 61, 9, 5, 61, 8, 5, 61, 0, 5, 61, 0, 5, 0xc0, 9],
      ...note(0, 60, 9),
      ...end(),
    ],
    [...note(3, 40, 0), ...note(9, 36, 5), 0, 0xb9, 4, 90, ...end()],
  );
  assert.ok(isPlainAndSame(file, "a file of many kinds of events"));
});

Deno.test("readPlain() leaves to readTracks() whatever needs a repair or a rule", () => {
  const odd: Record<string, number[]> = {
    "no note-off": [0, 0x90, 60, 80, ...end()],
    "no end of track": note(0, 60, 9),
    "bytes after the end": [...end(), 0, 0],
    "no status": [0, 60, 80, ...end()],
    "a data byte above 127": [0, 0x90, 60, 200, ...end()],
    "a real-time message": [0, 0xf8, ...end()],
    "no tempo": [0, 0xff, 0x51, 3, 0, 0, 0, ...end()],
    "a port": [0, 0xff, 0x21, 1, 1, ...note(0, 60, 9), ...end()],
    "an MPE zone": [0, 0xb0, 100, 6, 0, 0xb0, 6, 5, ...end()],
    "a drum channel by XG": [
      ...[0, 0xf0, 8, 0x43, 0x10, 0x4c, 0, 0, 0x7e, 0, 0xf7],
      ...end(),
    ],
    "a program after a note": [
      ...[0, 0x90, 60, 80, 9, 0xc0, 5, 9, 0x80, 60, 0],
      ...end(),
    ],
  };
  for (const [what, track] of Object.entries(odd)) {
    assert.ok(!isPlainAndSame(smf(0, 96, track), what), what);
  }
  assert.ok(!isPlainAndSame(smf(2, 96, end(), end()), "type 2"));
  assert.ok(!isPlainAndSame(smf(1, 0xe728, end()), "SMPTE"));
});

Deno.test("readPlain() reads starter files, and mutants of them, as readTracks() does", () => {
  const random = new Random(5);
  const pick = (below: number) => Math.floor(random.next() * below);
  let plain = 0, mutants = 0;
  for (const { name } of Deno.readDirSync(STARTER_FOLDER)) {
    if (!name.endsWith(".mid")) continue;
    const bytes = Deno.readFileSync(join(STARTER_FOLDER, name));
    assert.ok(isPlainAndSame(bytes, name), name);
    for (let i = 0; i < 6; i++) {
      const mutant = bytes.slice();
      for (let changes = 0; changes <= pick(3); changes++) {
        // Heads and lengths are more worth a change than notes.
        const at = pick(i % 2 === 0 ? mutant.length : 200);
        mutant[at] = i % 3 === 0 ? pick(128) : pick(256);
      }
      mutants++;
      if (isPlainAndSame(mutant, `mutant ${i} of ${name}`)) plain++;
    }
  }
  assert.ok(plain > mutants / 10 && plain < mutants, `${plain} of ${mutants}`);
});
