import assert from "node:assert/strict";
import { finishPiece } from "./finish.ts";
import { music } from "./testing.ts";

Deno.test("finishPiece() moves what another instrument plays into its range, and doubles parts", () => {
  // The arpeggio of 60 to 70 for a bassoon, and for a tuba that plays it too.
  const { parts, notes } = finishPiece(music, {
    soundingPrograms: new Map([[4, 70]]),
    doubledBy: new Map([[70, [58]]]),
  });
  assert.deepEqual(parts.map(({ program }) => program), [70, 58]);
  const pitches = [0, 1].map((part) =>
    notes.filter((note) => note.part === part).slice(0, 4)
      .map(({ pitch }) => pitch)
  );
  assert.deepEqual(pitches, [[60, 63, 67, 70], [48, 51, 55, 58]]);
});

Deno.test("finishPiece() sets the exact tempo, instruments and length", () => {
  const finished = finishPiece(music, {
    qpm: 60,
    soundingPrograms: new Map([[4, 11]]),
    exactSeconds: 10.25,
  });
  assert.deepEqual(finished.tempos, [{ ticks: 0, qpm: 60 }]);
  assert.equal(finished.parts[0]!.program, 11);
  assert.equal(finished.totalTicks, 10.25 * 480);
  assert.equal(
    Math.max(...finished.notes.map(({ endTicks }) => endTicks)),
    10.25 * 480,
  );
});
