import assert from "node:assert/strict";
import type { NoteSequence } from "../../music/music.ts";
import { quantizeForRemi } from "./quantize.ts";
import { remiResolution } from "./resolution.ts";
import { part, piece, type QuantizedRow, rowsOf } from "./testing.ts";

const quantized = (rows: QuantizedRow[], rest: Partial<NoteSequence> = {}) =>
  quantizeForRemi(piece(rows, rest), remiResolution()).sequence;
const quantizedRows = (
  rows: QuantizedRow[],
  rest: Partial<NoteSequence> = {},
) => rowsOf(quantized(rows, rest).notes);

Deno.test("quantizeForRemi() moves velocities to the middle of their bin", () => {
  const velocities = [1, 7, 8, 64, 71, 72, 127];
  assert.deepEqual(
    quantizedRows(velocities.map((v, i) => [60, v, i, i + 1])).map((r) => r[1]),
    [4, 4, 12, 68, 68, 76, 124],
  );
  const coarse = remiResolution({ velocityBins: 1 });
  const { notes } = quantizeForRemi(piece([[60, 1, 0, 9]]), coarse).sequence;
  assert.equal(notes[0]?.velocity, 64);
});

Deno.test("quantizeForRemi() keeps durations up to two quarters and rounds longer ones", () => {
  const rounded = (steps: number) =>
    quantizedRows([[60, 84, 0, steps], [72, 84, 0, 2000]])[0]?.[3];
  for (let steps = 1; steps <= 24; steps++) assert.equal(rounded(steps), steps);
  assert.deepEqual([25, 47, 51, 52, 95].map(rounded), [26, 48, 54, 54, 96]);
  assert.deepEqual([101, 102, 203, 204].map(rounded), [96, 108, 192, 216]);
});

Deno.test("quantizeForRemi() rounds no duration into the next note of its pitch", () => {
  // 95 would become 96; the second note is far from its next.
  assert.deepEqual(
    quantizedRows([[60, 84, 0, 95], [60, 84, 95, 190], [60, 84, 300, 312]])
      .map((row) => row[3]),
    [90, 191, 312],
  );
});

Deno.test("quantizeForRemi() makes one part of each instrument, programs first", () => {
  const { parts, notes } = quantized(
    [
      [40, 84, 0, 9, 0],
      [60, 84, 0, 9, 1],
      [64, 84, 3, 9, 3],
      [60, 84, 3, 9, 4],
    ],
    { parts: [part(0, true), part(4), part(9), part(4), part(0)] },
  );
  assert.deepEqual(parts, [part(0), part(4), part(0, true)]);
  assert.deepEqual(notes.map((n) => [n.pitch, n.part]), [
    [60, 1],
    [40, 2],
    [60, 0],
    [64, 1],
  ]);
});

Deno.test("quantizeForRemi() lets a drum hit last one step", () => {
  assert.deepEqual(
    quantizedRows([[36, 84, 0, 40]], { parts: [part(0, true)] }),
    [[36, 84, 0, 1, 0]],
  );
});

Deno.test("quantizeForRemi() makes tempi whole and names them once", () => {
  const tempos = [[0, 71.6], [12, 72.4], [24, 90], [47, 3], [48, 500]] as const;
  assert.deepEqual(
    quantized([[60, 84, 0, 48]], {
      tempos: tempos.map(([ticks, qpm]) => ({ ticks, qpm })),
    }).tempos,
    [{ ticks: 0, qpm: 72 }, { ticks: 24, qpm: 90 }, { ticks: 47, qpm: 10 }],
  );
  assert.deepEqual(
    quantized([[60, 84, 0, 48]], { tempos: [{ ticks: 12, qpm: 90 }] }).tempos,
    [{ ticks: 0, qpm: 120 }, { ticks: 12, qpm: 90 }],
  );
});

Deno.test("quantizeForRemi() begins a bar at a meter change, after one of its own length", () => {
  const meters = [[30, 3, 4], [102, 6, 8], [120, 6, 8], [131, 3, 4]] as const;
  const { timeSignatures, totalTicks } = quantized([[60, 84, 0, 210]], {
    timeSignatures: meters.map(([ticks, numerator, denominator]) => (
      { ticks, numerator, denominator }
    )),
  });
  assert.deepEqual(
    timeSignatures.map(({ ticks, numerator, denominator }) =>
      `${ticks} ${numerator}/${denominator}`
    ),
    // Two beats and a half, two bars of 3/4, two cut bars of 6/8; 131 goes to 132.
    ["0 5/8", "30 3/4", "102 3/8", "120 2/8", "132 3/4"],
  );
  assert.equal(totalTicks, 132 + 36 + 36 + 6 + 30);
});

Deno.test("quantizeForRemi() ends on a bar line, before a late release", () => {
  const end = (rows: QuantizedRow[], totalTicks: number) => {
    const { notes, totalTicks: end } = quantized(rows, { totalTicks });
    return [end, ...notes.map((note) => note.endTicks)];
  };
  assert.deepEqual(end([[60, 84, 24, 50]], 50), [48, 48]);
  assert.deepEqual(end([[60, 84, 24, 51]], 51), [96, 52]);
  assert.deepEqual(end([[60, 84, 48, 49]], 49), [96, 49]);
  assert.deepEqual(end([[60, 84, 0, 12]], 192), [192, 12]);
  // A bar no longer than the sixth of a quarter is still a bar.
  const short = piece([[60, 84, 0, 3]], {
    ticksPerQuarter: 24,
    timeSignatures: [{ ticks: 0, numerator: 1, denominator: 32 }],
    totalTicks: 9,
  });
  const fine = remiResolution({ stepsPerQuarter: 24 });
  assert.equal(quantizeForRemi(short, fine).sequence.totalTicks, 9);
});

Deno.test("quantizeForRemi() turns the pedal into longer notes", () => {
  const pedal = ([[0, 127], [36, 0]] as const).map(([ticks, value]) => (
    { ticks, part: 0, controller: 64, value }
  ));
  const { notes, controls } = quantized([[60, 84, 0, 6], [64, 84, 12, 18]], {
    controls: pedal,
  });
  assert.deepEqual(notes.map((note) => note.endTicks), [36, 36]);
  assert.deepEqual(controls, []);
});
