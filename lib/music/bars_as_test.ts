import assert from "node:assert/strict";
import { barsAs, barsInTurns, inBarsAs } from "./bars_as.ts";
import { emptySequence, type NoteSequence } from "./note_sequence.ts";

Deno.test("barsAs() takes whole bars where they fit, and else leaves out least", () => {
  const of = (meter: string) => {
    const { madeOf, from, to } = barsAs(meter, ["3/4", "4/4", "6/8"]);
    return `${from} of ${madeOf} are ${to}`;
  };
  assert.equal(of("12/8"), "2 of 6/8 are 1");
  assert.equal(of("2/4"), "1 of 4/4 are 2");
  assert.equal(of("3/8"), "1 of 6/8 are 2");
  assert.equal(of("2/2"), "1 of 4/4 are 1");
  assert.equal(of("6/4"), "2 of 3/4 are 1");
  assert.equal(of("5/4"), "2 of 3/4 are 1");
  assert.equal(of("7/8"), "1 of 4/4 are 1");
  assert.equal(of("9/8"), "2 of 6/8 are 1");
  assert.throws(() => barsAs("5/4", []), /no other meter is known/);
});

Deno.test("inBarsAs() cuts the end out of each group of bars, with its notes", () => {
  const piece: NoteSequence = {
    ...emptySequence(12),
    parts: [{ name: "", program: 0, isDrum: false }],
    // Two groups of two bars of 3/4, a note on each beat but a long one at the end.
    notes: Array.from({ length: 12 }, (_, i) => ({
      pitch: 60 + i,
      velocity: 70,
      startTicks: 12 * i,
      endTicks: i === 4 ? 72 : 12 * i + 12,
      part: 0,
    })),
    timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    totalTicks: 144,
  };
  const made = inBarsAs(piece, barsAs("5/4", ["3/4"]));
  assert.deepEqual(made.notes.map(({ pitch }) => pitch - 60), [
    0,
    1,
    2,
    3,
    4,
    6,
    7,
    8,
    9,
    10,
  ]);
  assert.deepEqual(made.notes[4], { ...piece.notes[4]!, endTicks: 60 });
  assert.equal(made.notes[5]!.startTicks, 60);
  assert.equal(made.totalTicks, 120);
  assert.deepEqual(made.timeSignatures, [
    { ticks: 0, numerator: 5, denominator: 4 },
  ]);
  const halves = inBarsAs(piece, barsAs("6/4", ["3/4"]));
  assert.deepEqual(halves.notes, piece.notes);
});

Deno.test("barsInTurns() keeps the beginnings of bars that are as long as the longer", () => {
  const turns = barsInTurns("3/4", "4/4", ["3/4", "4/4"]);
  assert.deepEqual(turns, {
    meter: "3/4",
    second: "4/4",
    madeOf: "4/4",
    from: 1,
    to: 1,
  });
  const piece: NoteSequence = {
    ...emptySequence(12),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes: Array.from({ length: 8 }, (_, i) => ({
      pitch: 60 + i,
      velocity: 70,
      startTicks: 12 * i,
      endTicks: 12 * i + 12,
      part: 0,
    })),
    totalTicks: 96,
  };
  const made = inBarsAs(piece, turns);
  assert.equal(made.totalTicks, 84);
  assert.deepEqual(made.notes.map(({ pitch }) => pitch - 60), [
    0,
    1,
    2,
    4,
    5,
    6,
    7,
  ]);
  assert.deepEqual(
    made.timeSignatures.map(({ ticks, numerator }) => [ticks, numerator]),
    [[0, 3], [36, 4]],
  );
});
