import assert from "node:assert/strict";
import { readMidi } from "./read.ts";
import { end, smf } from "./testing.ts";

/** What happens to middle C: ticks, and a velocity, 0 for a note-off. */
type Key = [number, number];

/** Velocity, start and end of the notes, and how many had no note-off. */
function read(
  keys: Key[],
  { endTicks, silence }: { endTicks: number; silence?: number },
): [number[][], number] {
  let now = 0;
  const delta = (ticks: number) => {
    const since = ticks - now;
    now = ticks;
    return since;
  };
  const events = [
    ...keys.map(([ticks, velocity]) => ({
      ticks,
      bytes: [0x90, 60, velocity],
    })),
    ...silence === undefined ? [] : [{ ticks: silence, bytes: [0xb0, 123, 0] }],
  ].sort((a, b) => a.ticks - b.ticks);
  const { sequence, repairs } = readMidi(smf(0, 96, [
    ...events.flatMap(({ ticks, bytes }) => [delta(ticks), ...bytes]),
    ...end(endTicks - now),
  ]));
  return [
    sequence.notes.map((n) => [n.velocity, n.startTicks, n.endTicks]),
    repairs[0]?.count ?? 0,
  ];
}

Deno.test("readMidi() ends overlapping notes oldest first where each has its note-off", () => {
  const keys: Key[] = [[0, 1], [2, 2], [3, 3], [4, 0], [5, 0], [9, 0]];
  assert.deepEqual(read(keys, { endTicks: 20 }), [
    [[1, 0, 4], [2, 2, 5], [3, 3, 9]],
    0,
  ]);
});

Deno.test("readMidi() ends a note without a note-off at the next of its pitch, and no other note later", () => {
  const lost: Key[] = [[0, 1], [4, 0], [10, 2], [20, 3], [24, 0]];
  assert.deepEqual(read([...lost, [30, 4], [34, 0]], { endTicks: 40 }), [
    [[1, 0, 4], [2, 10, 20], [3, 20, 24], [4, 30, 34]],
    1,
  ]);
  // Those that overlap are still paired oldest first.
  const overlap: Key[] = [[20, 3], [22, 4], [24, 0], [26, 0]];
  assert.deepEqual(read([[10, 2], ...overlap], { endTicks: 40 })[0], [
    [2, 10, 20],
    [3, 20, 24],
    [4, 22, 26],
  ]);
});

Deno.test("readMidi() ends the last note without a note-off with its track, or when all notes end", () => {
  const keys: Key[] = [[0, 1], [10, 2], [14, 0], [20, 3]];
  const first = [[1, 0, 10], [2, 10, 14]];
  assert.deepEqual(read(keys, { endTicks: 40 })[0], [...first, [3, 20, 40]]);
  assert.deepEqual(read(keys, { endTicks: 40, silence: 30 })[0], [
    ...first,
    [3, 20, 30],
  ]);
  // What a note-off ends goes on until then.
  assert.deepEqual(read(keys, { endTicks: 40, silence: 12 })[0], [
    ...first,
    [3, 20, 40],
  ]);
});

Deno.test("readMidi() ends a note pressed twice at one tick with its twin", () => {
  const keys: Key[] = [[0, 1], [0, 2], [4, 0], [10, 3], [12, 0]];
  assert.deepEqual(read(keys, { endTicks: 40 }), [
    [[1, 0, 4], [2, 0, 4], [3, 10, 12]],
    1,
  ]);
});

Deno.test("readMidi() passes over note-offs of keys that are up", () => {
  const keys: Key[] = [[0, 0], [1, 1], [2, 0], [3, 0], [4, 2], [6, 0]];
  assert.deepEqual(read(keys, { endTicks: 9 }), [[[1, 1, 2], [2, 4, 6]], 0]);
});

Deno.test("readMidi() pairs keys in time that grows with their number alone", () => {
  const count = 250_000;
  const presses = Array.from({ length: count }, () => [0, 60, 80]).flat();
  const releases = Array.from({ length: count - 1 }, () => [0, 60, 0]).flat();
  const track = [0, 0x90, 61, 80, ...presses, 1, 60, 0, ...releases, ...end()];
  const start = performance.now();
  const { sequence } = readMidi(smf(0, 96, track));
  assert.equal(sequence.notes.length, count + 1);
  assert.ok(performance.now() - start < 10_000);
});
