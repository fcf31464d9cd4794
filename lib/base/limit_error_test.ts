import assert from "node:assert/strict";
import { LimitError } from "./limit_error.ts";

Deno.test("LimitError: says what cannot be done, why, and the numbers", () => {
  const error = new LimitError("read chords", "too many bars", "2, at most 1");
  assert(error instanceof RangeError);
  assert.equal(error.reason, "too many bars");
  assert.equal(
    error.message,
    "Cannot read chords: too many bars (2, at most 1).",
  );
});
