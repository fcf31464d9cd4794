import assert from "node:assert/strict";
import { spellingDistance } from "./spelling_distance.ts";

Deno.test("spellingDistance() counts letters changed, added, left out, exchanged", () => {
  assert.equal(spellingDistance("piano", "piano", 2), 0);
  assert.equal(spellingDistance("paino", "piano", 2), 1);
  assert.equal(spellingDistance("pino", "piano", 2), 1);
  assert.equal(spellingDistance("pianos", "piano", 2), 1);
  assert.equal(spellingDistance("flute", "lute", 2), 1);
  assert(spellingDistance("flute", "piano", 2) > 2);
});
