import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { putEvents } from "./events.ts";

/** Quarters of keys and eighths of drums at 60 bpm, each note a second long at most. */
const PIECE: NoteSequence = {
  ...emptySequence(480),
  parts: [
    { name: "Keys", program: 0, isDrum: false },
    { name: "Drums", program: 0, isDrum: true },
  ],
  notes: Array.from({ length: 32 }, (_, i) => [
    ...i % 2 === 0
      ? [{
        pitch: 60 + i % 5,
        velocity: 70,
        startTicks: 240 * i,
        endTicks: 240 * i + 480,
        part: 0,
      }]
      : [],
    {
      pitch: 42,
      velocity: 60,
      startTicks: 240 * i,
      endTicks: 240 * i + 60,
      part: 1,
    },
  ]).flat(),
  tempos: [{ ticks: 0, qpm: 60 }],
  timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
  controls: [
    { ticks: 0, part: 0, controller: 11, value: 127 },
    { ticks: 0, part: 0, controller: 64, value: 127 },
  ],
  totalTicks: 32 * 240,
};

Deno.test("putEvents() strikes a hit at its time, louder than all else and after a silence", () => {
  const at = 5.13 * 480;
  const { notes, controls } = putEvents(PIECE, [
    { what: "hit", seconds: 5.13, forSeconds: 0 },
  ]);
  const struck = notes.filter(({ velocity }) => velocity > 100);
  assert.ok(struck.every(({ startTicks }) => Math.abs(startTicks - at) <= 1));
  assert.deepEqual([...new Set(struck.map(({ part }) => part))], [0, 1]);
  const before = notes.filter(({ startTicks }) => startTicks < at - 1);
  assert.ok(before.every(({ endTicks }) => endTicks <= at - 239));
  const pedals = controls.filter(({ controller, ticks }) =>
    controller === 64 && ticks > 0
  );
  assert.deepEqual(pedals.map(({ value }) => value), [0, 127]);
});

Deno.test("putEvents() lets no note sound in a silence, and the music go on after it", () => {
  const { notes } = putEvents(PIECE, [
    { what: "silence", seconds: 4.3, forSeconds: 2 },
  ]);
  const from = 4.3 * 480, to = 6.3 * 480;
  assert.ok(
    notes.every(({ startTicks, endTicks }) =>
      endTicks <= from || startTicks >= to
    ),
  );
  assert.ok(notes.some(({ startTicks }) => startTicks >= to));
});

Deno.test("putEvents() fades by velocity and expression, to nothing at the end", () => {
  const { notes, controls } = putEvents(PIECE, [
    { what: "fadeIn", seconds: 0, forSeconds: 4 },
    { what: "fadeOut", seconds: 12, forSeconds: 4 },
  ]);
  const expression = controls.filter(({ controller, part }) =>
    controller === 11 && part === 0
  );
  const values = expression.map(({ value }) => value);
  const top = values.indexOf(127);
  assert.equal(values[0], 0);
  assert.deepEqual(
    values.slice(0, top),
    values.slice(0, top).sort((a, b) => a - b),
  );
  assert.deepEqual(values.slice(top), values.slice(top).sort((a, b) => b - a));
  assert.equal(values.at(-1), 0);
  assert.ok(notes.at(-1)!.velocity < 45 && notes[0]!.velocity < 40);
});

Deno.test("putEvents() lets the music come back after a fade where a section begins", () => {
  const { controls } = putEvents(
    { ...PIECE, markers: [{ ticks: 4800, text: "B" }] },
    [{ what: "fadeOut", seconds: 4, forSeconds: 4 }],
  );
  assert.deepEqual(controls.at(-1), {
    ticks: 4800,
    part: 1,
    controller: 11,
    value: 127,
  });
});

Deno.test("putEvents() has one instrument strike above the others, who play on", () => {
  const { parts, notes } = putEvents(PIECE, [{
    what: "hit",
    seconds: 5,
    forSeconds: 0,
    stroke: { program: 14, pitch: 62, name: "Bells" },
  }]);
  assert.deepEqual(parts[2], { name: "Bells", program: 14, isDrum: false });
  const own = notes.filter(({ part }) => part === 2);
  assert.deepEqual(own.map(({ pitch, startTicks }) => [pitch, startTicks]), [
    [62, 2400],
  ]);
  const others = notes.filter(({ part }) => part !== 2);
  assert.equal(others.length, PIECE.notes.length);
  assert(others.every(({ velocity }) => velocity < own[0]!.velocity));
  const drum = putEvents(PIECE, [{
    what: "hit",
    seconds: 5.25,
    forSeconds: 0,
    stroke: { pitch: 49, name: "Drums" },
  }]);
  assert.equal(drum.parts.length, 2);
  assert(drum.notes.some(({ pitch, part }) => pitch === 49 && part === 1));
});
