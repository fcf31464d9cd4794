import assert from "node:assert/strict";
import { shortenText, textWidth, wrapText } from "./text.ts";

const tenCharacters = textWidth("0123456789");

Deno.test("wrapText() breaks between words, and within a word that has no room", () => {
  assert.deepEqual(wrapText("soft pads", tenCharacters), ["soft pads"]);
  assert.deepEqual(wrapText("soft pads in D", tenCharacters), [
    "soft pads",
    "in D",
  ]);
  assert.deepEqual(wrapText("a recording-of-rain", tenCharacters), [
    "a",
    "recording-",
    "of-rain",
  ]);
  assert.deepEqual(wrapText("", tenCharacters), [""]);
});

Deno.test("shortenText() ends what has no room with an ellipsis", () => {
  assert.equal(shortenText("electric", tenCharacters), "electric");
  assert.equal(shortenText("electric piano", tenCharacters), "electric…");
});
