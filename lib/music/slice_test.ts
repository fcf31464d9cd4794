import assert from "node:assert/strict";
import { sliceSequence } from "./slice.ts";
import { pedal, piece, rowsOf } from "./testing.ts";

Deno.test("sliceSequence() takes notes that begin inside, cut at the end", () => {
  const sequence = piece([
    [60, 0, 960, 0],
    [62, 480, 960, 0],
    [64, 900, 2000, 0],
    [65, 960, 1440, 0],
  ]);
  const slice = sliceSequence(sequence, 480, 960);
  assert.deepEqual(rowsOf(slice), [[62, 0, 480, 0], [64, 420, 480, 0]]);
  assert.equal(slice.totalTicks, 480);
});

Deno.test("sliceSequence() begins with the tempo, meter, key and controls in force", () => {
  const slice = sliceSequence(
    piece([], {
      totalTicks: 5000,
      tempos: [
        { ticks: 0, qpm: 60 },
        { ticks: 400, qpm: 70 },
        { ticks: 600, qpm: 80 },
        { ticks: 2000, qpm: 90 },
      ],
      timeSignatures: [{ ticks: 480, numerator: 3, denominator: 4 }],
      keySignatures: [{ ticks: 0, fifths: 2, mode: "major" }],
      controls: [
        ...pedal([[0, 127, 0], [100, 0, 0], [200, 127, 1], [700, 90, 0]]),
        { ticks: 800, part: 0, controller: 7, value: 99 },
      ],
    }),
    480,
    1440,
  );
  assert.deepEqual(slice.tempos, [
    { ticks: 0, qpm: 70 },
    { ticks: 120, qpm: 80 },
  ]);
  assert.deepEqual(slice.timeSignatures, [
    { ticks: 0, numerator: 3, denominator: 4 },
  ]);
  assert.deepEqual(slice.keySignatures, [
    { ticks: 0, fifths: 2, mode: "major" },
  ]);
  assert.deepEqual(slice.controls, [
    ...pedal([[0, 0, 0], [0, 127, 1], [220, 90, 0]]),
    { ticks: 320, part: 0, controller: 7, value: 99 },
  ]);
});

Deno.test("sliceSequence() keeps the last value of a controller on a channel", () => {
  const part = { name: "", program: 0, isDrum: false, channel: 0 };
  const slice = sliceSequence(
    piece([[60, 480, 960, 0]], {
      parts: [part, { ...part, program: 5 }],
      controls: pedal([[0, 127, 0], [100, 0, 1]]),
    }),
    480,
    960,
  );
  assert.deepEqual(slice.controls, pedal([[0, 0, 1]]));
});

Deno.test("sliceSequence() ends with the sequence", () => {
  const sequence = piece([[60, 0, 480, 0]]);
  assert.equal(sliceSequence(sequence, 100, 9999).totalTicks, 380);
  assert.equal(sliceSequence(sequence, 600, 9999).totalTicks, 0);
});

Deno.test("sliceSequence() refuses times that are no passage", () => {
  for (const [start, end] of [[-1, 2], [3, 2], [0, 1.5], [NaN, 2]] as const) {
    assert.throws(() => sliceSequence(piece([]), start, end), RangeError);
  }
});
