import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { emptySequence, type NoteSequence, type Part } from "../music/music.ts";
import { parseMidi } from "./read.ts";
import { eventsOf, RICH } from "./testing.ts";
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
      { name: `${i}`, program, isDrum, channel: i, track: i + 1 }
    )),
    notes: programs.map((_, part) => (
      { pitch: 60, velocity: 80, startTicks: 0, endTicks: 96, part }
    )),
    totalTicks: 96,
  };
}

/** The events of the tracks after the first, without their names and ends. */
const playedIn = (sequence: NoteSequence) =>
  eventsOf(writeMidi(sequence)).slice(1).map((events) => events.slice(1, -1));
/** Port and MIDI channel of each track. */
const placesIn = (sequence: NoteSequence) =>
  playedIn(sequence).map((events) => {
    const port = events.find((event) => event[2] === 0x21)?.[4] ?? 0;
    return [port, events.at(-1)![1]! & 15];
  });

Deno.test("writeMidi() gives each of 15 parts a channel, drums the tenth", () => {
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];
  assert.deepEqual(
    placesIn(ensemble(new Array(15).fill(0))),
    all.map((channel) => [0, channel]),
  );
  assert.deepEqual(placesIn(ensemble([0], true)), [[0, 9]]);
});

Deno.test("writeMidi() goes on to further ports beyond 15 channels", () => {
  const sequence = ensemble(Array.from({ length: 32 }, (_, i) => i % 4));
  const places = placesIn(sequence);
  assert.deepEqual(places.slice(14, 17), [[0, 15], [1, 0], [1, 1]]);
  assert.deepEqual(places.slice(29), [[1, 15], [2, 0], [2, 1]]);
  assert.deepEqual(placesIn(ensemble([0, 8], true)), [[0, 9], [1, 9]]);
});

Deno.test("writeMidi() restates programs for players that know no ports", () => {
  const sequence = ensemble(Array.from({ length: 16 }, (_, i) => i));
  const again = sequence.notes.map((note) => (
    { ...note, startTicks: 96, endTicks: 192 }
  ));
  const tracks = playedIn({
    ...sequence,
    notes: [...sequence.notes, ...again],
    totalTicks: 192,
  });
  assert.deepEqual(tracks[0], [
    [0, 0xc0, 0],
    [0, 0x90, 60, 80],
    [96, 0x80, 60, 0],
    [96, 0xc0, 0],
    [96, 0x90, 60, 80],
    [192, 0x80, 60, 0],
  ]);
});

/** Parts of a track and channel. */
const shared = (...parts: Partial<Part>[]): Part[] =>
  parts.map((part) => (
    { name: "", program: 0, isDrum: false, track: 1, channel: 0, ...part }
  ));

Deno.test("writeMidi() changes bank and program in a track, before the note that needs them", () => {
  const note = { pitch: 60, velocity: 80 };
  const sequence = {
    ...emptySequence(96),
    parts: shared({ program: 4 }, { program: 5, bank: 130 }),
    notes: [
      { ...note, startTicks: 0, endTicks: 10, part: 0 },
      { ...note, startTicks: 10, endTicks: 10, part: 1 },
      { ...note, startTicks: 10, endTicks: 20, part: 1 },
      { ...note, startTicks: 20, endTicks: 30, part: 0 },
    ],
    controls: [
      { ticks: 10, part: 0, controller: 7, value: 1 },
      { ticks: 10, part: 0, controller: 127, value: 2 },
    ],
  };
  assert.deepEqual(playedIn(sequence), [[
    [0, 0xb0, 0, 0],
    [0, 0xb0, 32, 0],
    [0, 0xc0, 4],
    [0, 0x90, 60, 80],
    [10, 0x80, 60, 0],
    [10, 0xb0, 7, 1],
    [10, 0xb0, 127, 2],
    [10, 0xb0, 0, 1],
    [10, 0xb0, 32, 2],
    [10, 0xc0, 5],
    [10, 0x90, 60, 80],
    [10, 0x80, 60, 0],
    [10, 0x90, 60, 80],
    [20, 0x80, 60, 0],
    [20, 0xb0, 0, 0],
    [20, 0xb0, 32, 0],
    [20, 0xc0, 4],
    [20, 0x90, 60, 80],
    [30, 0x80, 60, 0],
  ]]);
});

Deno.test("writeMidi() has controllers before the notes of a tick, a pedal alone after them", () => {
  const control = { ticks: 0, part: 0, value: 9 };
  const statuses = (controllers: number[]) =>
    playedIn({
      ...ensemble([0]),
      controls: controllers.map((controller) => ({ ...control, controller })),
    })[0]!.map(([, status]) => status! >> 4);
  assert.deepEqual(statuses([64, 7]), [0xc, 0xb, 0xb, 9, 8]);
  assert.deepEqual(statuses([64]), [0xc, 9, 0xb, 8]);
});

Deno.test("writeMidi() begins with no bank select where all banks are 0", () => {
  assert.deepEqual(playedIn(ensemble([7])), [[
    [0, 0xc0, 7],
    [0, 0x90, 60, 80],
    [96, 0x80, 60, 0],
  ]]);
});

Deno.test("writeMidi() has the drums of a channel on the tenth, and its controllers on both", () => {
  const note = { pitch: 60, velocity: 80, startTicks: 0, endTicks: 0 };
  const tracks = playedIn({
    ...emptySequence(96),
    parts: shared({}, { isDrum: true }),
    notes: [{ ...note, part: 0 }, { ...note, part: 1 }],
    controls: [{ ticks: 0, part: 1, controller: 7, value: 9 }],
  });
  assert.deepEqual(
    tracks,
    [0, 9].map((channel) => [
      [0, 0xc0 | channel, 0],
      [0, 0xb0 | channel, 7, 9],
      [0, 0x90 | channel, 60, 80],
      [0, 0x80 | channel, 60, 0],
    ]),
  );
});

Deno.test("writeMidi() takes time and memory that grow with the number of events alone", () => {
  // @tonejs/midi copies all it has written at a delta time above 127 ticks.
  const count = 100_000;
  const notes = Array.from({ length: count }, (_, i) => (
    { pitch: 60, velocity: 80, startTicks: 200 * i, endTicks: 200 * i, part: 0 }
  ));
  const start = performance.now();
  writeMidi({ ...ensemble([0]), notes, totalTicks: 200 * count });
  assert.ok(performance.now() - start < 15_000);
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
    [{ parts: [{ ...one.parts[0]!, bank: -1 }] }, /bank .*value is -1/],
    [{ controls: [{ ...control, value: 128 }] }, /value.*value is 128/],
    [{ controls: [{ ...control, controller: -1 }] }, /controller.*value is -1/],
    [{ controls: [{ ...control, controller: 32 }] }, /bank.*value is 32. Give/],
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
