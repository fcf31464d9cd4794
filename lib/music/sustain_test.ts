import assert from "node:assert/strict";
import { sortNotes } from "./sort_notes.ts";
import { applySustain } from "./sustain.ts";
import { pedal, piece, rowsOf } from "./testing.ts";

Deno.test("applySustain() lengthens notes let go while the pedal is down", () => {
  const sequence = piece([
    [60, 0, 100, 0], // let go before the pedal
    [62, 0, 300, 0], // caught
    [64, 300, 400, 0], // caught
    [65, 300, 700, 0], // outlasts the pedal
    [60, 800, 900, 0], // never let go
    [36, 300, 310, 1], // a drum
    [67, 0, 200, 0], // let go as the pedal goes down
    [69, 0, 600, 0], // let go as it lifts
  ], {
    controls: [
      ...pedal([[200, 127], [200, 64, 1], [500, 64], [600, 63], [850, 100]]),
      { ticks: 900, part: 0, controller: 7, value: 1 },
    ],
    totalTicks: 2000,
  });
  const heard = applySustain({ ...sequence, notes: sortNotes(sequence.notes) });
  assert.deepEqual(rowsOf(heard), [
    [60, 0, 100, 0],
    [62, 0, 600, 0],
    [67, 0, 200, 0],
    [69, 0, 600, 0],
    [64, 300, 600, 0],
    [65, 300, 700, 0],
    [36, 300, 310, 1],
    [60, 800, 2000, 0],
  ]);
  assert.deepEqual(heard.controls.map((c) => c.controller), [7]);
});

Deno.test("applySustain() ends a note where its pitch is struck again", () => {
  const sequence = piece([
    [60, 0, 100, 0],
    [60, 240, 300, 0],
    [60, 280, 350, 0], // struck before the one before was let go
  ], { controls: pedal([[0, 127], [960, 0]]), totalTicks: 960 });
  assert.deepEqual(rowsOf(applySustain(sequence)), [
    [60, 0, 240, 0],
    [60, 240, 300, 0],
    [60, 280, 960, 0],
  ]);
});

Deno.test("applySustain() ends notes where the pedal is changed", () => {
  const sequence = piece([[60, 0, 480, 0], [62, 0, 470, 0]], {
    controls: pedal([[0, 127], [480, 0], [480, 127]]),
    totalTicks: 960,
  });
  assert.deepEqual(rowsOf(applySustain(sequence)), [
    [60, 0, 480, 0],
    [62, 0, 480, 0],
  ]);
});

Deno.test("applySustain() returns a sequence without pedal as it is", () => {
  const sequence = piece([[60, 0, 480, 0]]);
  assert.equal(applySustain(sequence), sequence);
});

Deno.test("applySustain() holds the notes of all parts on the channel of the pedal", () => {
  const part = { name: "", program: 0, isDrum: false };
  const sequence = piece([
    [48, 0, 100, 0],
    [60, 0, 100, 1],
    [72, 0, 100, 2], // on another channel
    [48, 200, 300, 1], // ends the one that rings on in the other part
  ], {
    parts: [
      { ...part, channel: 0 },
      { ...part, program: 5, channel: 0 },
      { ...part, channel: 1 },
    ],
    controls: pedal([[50, 127, 1], [900, 0, 0]]),
    totalTicks: 960,
  });
  assert.deepEqual(rowsOf(applySustain(sequence)), [
    [48, 0, 200, 0],
    [60, 0, 900, 1],
    [72, 0, 100, 2],
    [48, 200, 900, 1],
  ]);
});
