import assert from "node:assert/strict";
import { nearestToken } from "./nearest_token.ts";

Deno.test("nearestToken() goes by pitch, and by pitch classes of chords", () => {
  assert.equal(nearestToken("C#5", ["C4", "0.4.7", "D5"]), "D5");
  assert.equal(nearestToken("0.3.7", ["5.9.0", "0.4.7", "E-4"]), "0.4.7");
  assert.equal(nearestToken("11.2.5", ["0.4.7", "10.2.5"]), "10.2.5");
  // A token of the other kind only if there is none of the same kind.
  assert.equal(nearestToken("D4", ["0.4.7", "2.5.9"]), "2.5.9");
  assert.throws(() => nearestToken("D4", []), RangeError);
});
