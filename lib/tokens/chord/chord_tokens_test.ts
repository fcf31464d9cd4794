import assert from "node:assert/strict";
import { transposeToken } from "./chord_tokens.ts";

Deno.test("transposeToken() keeps music21's order of pitch classes, and MIDI's range", () => {
  assert.equal(transposeToken("0.4.8", 5), "1.5.9");
  assert.equal(transposeToken("4.7.11", -4), "0.3.7");
  assert.equal(transposeToken("C-1", -1), undefined);
});
