import assert from "node:assert/strict";
import { finishPiece } from "./finish.ts";
import { music } from "./testing.ts";

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
