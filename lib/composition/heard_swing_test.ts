import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { straightened, swingOf, swung } from "./heard_swing.ts";

/** Notes that begin at some phases of each of eight beats, a little late. */
function piece(phases: readonly number[]): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes: Array.from({ length: 16 }, (_, beat) =>
      phases.map((phase, i) => {
        const startTicks = 480 * beat + Math.round(480 * phase) +
          (beat + i) % 4;
        return {
          pitch: 60 + i,
          velocity: 80,
          startTicks,
          endTicks: startTicks + 60,
          part: 0,
        };
      })).flat(),
    totalTicks: 16 * 480,
  };
}

Deno.test("swingOf() finds where off-beats lie", () => {
  assert.equal(swingOf(piece([0, 0.5])), 0.5);
  assert.ok(Math.abs(swingOf(piece([0, 0.62])) - 0.62) < 0.01);
});

Deno.test("swingOf() takes triplets, late sixteenths and eighths of 6/8 for no swing", () => {
  assert.equal(swingOf(piece([0, 1 / 3, 2 / 3])), 0.5);
  assert.equal(swingOf(piece([0, 0.5, 0.6])), 0.5);
  const compound = {
    ...piece([0, 0.62]),
    timeSignatures: [{ ticks: 0, numerator: 6, denominator: 8 }],
  };
  assert.equal(swingOf(compound), 0.5);
});

Deno.test("straightened() takes out what swung() puts in", () => {
  const straight = straightened(piece([0, 0.62]), 0.62);
  for (const { startTicks } of straight.notes) {
    assert.ok(startTicks % 240 < 8, `${startTicks}`);
  }
  for (const ticks of [0, 100, 240, 300, 480, 900]) {
    const late = swung(ticks, 480, 0.6);
    const back = straightened({
      ...piece([]),
      notes: [{ ...piece([0]).notes[0]!, startTicks: late }],
    }, 0.6);
    assert.ok(Math.abs(back.notes[0]!.startTicks - ticks) <= 1);
  }
  assert.equal(swung(77, 480, 0.5), 77);
});
