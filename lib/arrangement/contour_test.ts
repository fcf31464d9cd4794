import assert from "node:assert/strict";
import { emptySequence, type Note } from "../music/music.ts";
import { drawContour } from "./contour.ts";

const key = { tonic: 0, mode: "major" } as const;

/** Pitches in the order of a line drawn through notes of so many ticks each. */
function drawn(pitches: readonly number[], direction: 1 | -1): number[] {
  const notes = pitches.map((pitch, i): Note => ({
    pitch,
    velocity: 80,
    startTicks: 120 * i,
    endTicks: 120 * (i + 1),
    part: 0,
  }));
  const piece = {
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes,
    totalTicks: 1920,
  };
  const span = { startTicks: 0, endTicks: 1920, key };
  return drawContour(piece, span, direction).notes.map(({ pitch }) => pitch);
}

Deno.test("drawContour() has notes rise or fall through the triad to the tonic", () => {
  assert.deepEqual(drawn([67, 60, 64, 62], 1), [60, 64, 67, 72]);
  assert.deepEqual(drawn([67, 60, 64, 62], -1), [72, 67, 64, 60]);
  assert.deepEqual(
    drawn([67, 60, 64, 62, 67, 60, 64], 1),
    [48, 52, 55, 60, 64, 67, 72],
  );
});

Deno.test("drawContour() cuts a single note into a line", () => {
  assert.deepEqual(drawn([66], 1), [60, 64, 67, 72]);
});
