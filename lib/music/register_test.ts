import assert from "node:assert/strict";
import { BASS_RANGE, pitchRangeOf } from "./register.ts";

Deno.test("pitchRangeOf() keeps a bass below all else, higher in a higher register", () => {
  assert.deepEqual(pitchRangeOf(33, "middle"), BASS_RANGE);
  for (const register of ["low", "middle", "high"] as const) {
    const bass = pitchRangeOf(33, register), other = pitchRangeOf(0, register);
    assert.ok(bass[0] < other[0] && bass[1] < other[1]);
  }
  assert.ok(pitchRangeOf(0, "low")[0] < pitchRangeOf(0, "high")[0]);
});
