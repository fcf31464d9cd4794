import assert from "node:assert/strict";
import { barRepetition } from "./repetition.ts";
import { piece, type SpanRow, STROKES } from "./testing.ts";

/** One bar of 4/4 for each list of pitches, in quarter notes. */
const bars = (...lists: number[][]): SpanRow[] =>
  lists.flatMap((pitches, bar) =>
    pitches.map((pitch, i): SpanRow => [
      pitch,
      16 * bar + 4 * i,
      16 * bar + 4 * i + 4,
    ])
  );

Deno.test("barRepetition() counts runs of equal bars and bars that equal an earlier one", () => {
  const [a, b] = [[60, 62, 64], [67, 65]];
  assert.deepEqual(barRepetition(piece([bars(a, b, b, b, a, [], a)])), {
    bars: 6,
    longestRun: 3,
    repeatedShare: 4 / 6,
  });
});

Deno.test("barRepetition() ends a run at a silent bar", () => {
  const a = [60, 62];
  assert.equal(barRepetition(piece([bars(a, a, [], a, a)])).longestRun, 2);
});

Deno.test("barRepetition() tells bars apart by part, length, pitch and drums", () => {
  const a: SpanRow[] = [[60, 0, 4], [60, 16, 18]];
  assert.equal(barRepetition(piece([a])).longestRun, 1);
  const parts = piece([[[60, 0, 4]], [[60, 16, 20]]]);
  assert.equal(barRepetition(parts).longestRun, 1);
  const drums = piece([bars([60], [60])], { drums: STROKES });
  assert.equal(barRepetition(drums).longestRun, 1);
});

Deno.test("barRepetition() ignores velocities and small shifts in time", () => {
  const played = piece([bars([60, 62], [60, 62])]);
  const notes = played.notes.map((note, i) => ({
    ...note,
    velocity: 60 + i,
    startTicks: 100 * note.startTicks + 13 * i,
    endTicks: 100 * note.endTicks - 9 * i,
  }));
  const fine = { ...played, ticksPerQuarter: 400, notes, totalTicks: 2400 };
  assert.equal(barRepetition(fine).longestRun, 2);
});

Deno.test("barRepetition() gives zeros for a piece without notes", () => {
  const none = { bars: 0, longestRun: 0, repeatedShare: 0 };
  assert.deepEqual(barRepetition(piece([[]])), none);
});
