import assert from "node:assert/strict";
import { GivenHarmony } from "./given_harmony.ts";

Deno.test("GivenHarmony lets in on beats what the others hold, and hardly a rub", () => {
  const harmony = new GivenHarmony([
    { pitch: 60, start: 0, end: 24 },
    { pitch: 67, start: 0, end: 24 },
    { pitch: 40, start: 24, end: 48 },
  ], 12);
  assert.equal(harmony.admits(48, 12), 1);
  assert.ok(harmony.admits(49, 12) < harmony.admits(52, 12));
  assert.ok(harmony.admits(52, 12) < 1);
  assert.equal(harmony.admits(49, 6), 1, "off the beat");
  assert.equal(harmony.admits(49, 24), 1, "one note is no harmony");
});
