import assert from "node:assert/strict";
import type { Note, NoteSequence } from "./note_sequence.ts";
import { quantize } from "./quantize.ts";

/** A piece from rows of pitch, velocity, start, end and part. */
function piece(
  rows: [number, number, number, number, number?][],
  rest: Partial<NoteSequence> = {},
): NoteSequence {
  const notes = rows.map((
    [pitch, velocity, startTicks, endTicks, part = 0],
  ) => (
    { pitch, velocity, startTicks, endTicks, part }
  ));
  return {
    ticksPerQuarter: 480,
    parts: [0, 1].map((program) => ({ name: "", program, isDrum: false })),
    notes,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: Math.max(0, ...notes.map((note) => note.endTicks)),
    ...rest,
  };
}

const times = (notes: readonly Note[]) =>
  notes.map(({ startTicks, endTicks }) => [startTicks, endTicks]);

Deno.test("quantize() goes to the nearest step, half a step to the later one", () => {
  const { notes, ticksPerQuarter } = quantize(
    piece([[60, 80, 19, 59], [60, 80, 20, 60], [60, 80, 60, 99]]),
    12, // 40 ticks to a step
  );
  assert.equal(ticksPerQuarter, 12);
  assert.deepEqual(times(notes), [[0, 1], [1, 2], [2, 3]]);
});

Deno.test("quantize() keeps sixteenths and triplets exactly", () => {
  const starts = [0, 120, 160, 240, 320, 360, 480];
  const { notes } = quantize(
    piece(starts.map((start) => [60, 80, start, start + 120])),
  );
  assert.deepEqual(notes.map((n) => n.startTicks), [0, 3, 4, 6, 8, 9, 12]);
});

Deno.test("quantize() rounds releases on their own, so that notes which touch still touch", () => {
  const { notes } = quantize(
    piece([[60, 80, 15, 255], [62, 80, 255, 500]]),
    12,
  );
  assert.deepEqual(times(notes), [[0, 6], [6, 13]]);
});

Deno.test("quantize() makes no note shorter than a step", () => {
  const { notes, totalTicks } = quantize(piece([[60, 80, 19, 19]]), 12);
  assert.deepEqual(times(notes), [[0, 1]]);
  assert.equal(totalTicks, 1);
});

Deno.test("quantize() makes one note of unisons in a part, and only those", () => {
  const { notes } = quantize(
    piece([
      [60, 50, 0, 480],
      [60, 40, 0, 480, 1],
      [60, 90, 10, 200],
      [64, 50, 10, 480],
      [60, 50, 30, 480],
    ]),
    12,
  );
  assert.deepEqual(
    notes.map((n) => [n.pitch, n.velocity, n.startTicks, n.endTicks, n.part]),
    [
      [60, 90, 0, 12, 0],
      [64, 50, 0, 12, 0],
      [60, 40, 0, 12, 1],
      [60, 50, 1, 12, 0],
    ],
  );
});

Deno.test("quantize() sorts notes that rounding brought to one step", () => {
  const { notes } = quantize(
    piece([[67, 80, 395, 480], [60, 80, 405, 480]]),
    12,
  );
  assert.deepEqual(notes.map((n) => n.pitch), [60, 67]);
});

Deno.test("quantize() lets the last tempo, meter and key of a step hold", () => {
  const quantized = quantize(
    piece([[60, 80, 0, 1000]], {
      tempos: [{ ticks: 0, qpm: 60 }, { ticks: 10, qpm: 61 }, {
        ticks: 25,
        qpm: 62,
      }],
      timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }, {
        ticks: 3,
        numerator: 3,
        denominator: 4,
      }],
      keySignatures: [{ ticks: 470, fifths: 2, mode: "minor" }],
      controls: [{ ticks: 30, part: 0, controller: 64, value: 127 }],
    }),
    12,
  );
  assert.deepEqual(quantized.tempos, [{ ticks: 0, qpm: 61 }, {
    ticks: 1,
    qpm: 62,
  }]);
  assert.deepEqual(quantized.timeSignatures, [
    { ticks: 0, numerator: 3, denominator: 4 },
  ]);
  assert.equal(quantized.keySignatures[0]!.ticks, 12);
  assert.equal(quantized.controls[0]!.ticks, 1);
});

Deno.test("quantize() takes any ticksPerQuarter", () => {
  for (const ticksPerQuarter of [96, 120, 384, 480, 960, 1]) {
    const whole = piece([[60, 80, ticksPerQuarter, 3 * ticksPerQuarter]], {
      ticksPerQuarter,
    });
    assert.deepEqual(times(quantize(whole, 12).notes), [[12, 36]]);
  }
});

Deno.test("quantize() changes nothing the second time", () => {
  const once = quantize(piece([[60, 80, 15, 255], [62, 80, 271, 500]]), 12);
  assert.deepEqual(quantize(once, 12), once);
});

Deno.test("quantize() refuses a grid that is no whole number", () => {
  for (const steps of [0, -1, 2.5, NaN, 961]) {
    assert.throws(() => quantize(piece([]), steps), {
      name: "RangeError",
      message:
        `Cannot quantize: stepsPerQuarter must be a whole number from 1 to 960, current value is ${steps}.`,
    });
  }
});
