import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { parseMidi } from "./read.ts";
import { RICH } from "./testing.ts";
import { writeMidi } from "./write.ts";

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
  const note = one.notes[0]!;
  const control = { ticks: 0, part: 0, controller: 7, value: 0 };
  const wrong: [Partial<NoteSequence>, RegExp][] = [
    [{ ticksPerQuarter: 40_000 }, /ticksPerQuarter.*value is 40000/],
    [{ notes: [{ ...note, pitch: 128 }] }, /pitch.*0 to 127.*value is 128/],
    [{ notes: [{ ...note, velocity: 0 }] }, /velocity.*value is 0/],
    [{ notes: [{ ...note, velocity: 80.5 }] }, /velocity.*value is 80.5/],
    [{ notes: [{ ...note, startTicks: 0.5 }] }, /startTicks.*value is 0.5/],
    [{ notes: [{ ...note, startTicks: 97 }] }, /endTicks.*97.*value is 96/],
    [{ notes: [{ ...note, part: 1 }] }, /part .*value is 1/],
    [{ parts: [{ ...one.parts[0]!, program: 128 }] }, /program.*value is 128/],
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
