import assert from "node:assert/strict";
import { ATTRIBUTES } from "../../music/music.ts";
import { closedVocabulary, parseToken } from "./tokens.ts";

Deno.test("parseToken() takes a token apart", () => {
  assert.deepEqual(parseToken("Bar"), { type: "Bar", value: "" });
  assert.deepEqual(parseToken("Key_F#"), { type: "Key", value: "F#" });
  assert.deepEqual(parseToken("Drum_36"), { type: "Drum", value: "36" });
  assert.throws(() => parseToken("TimeSignature_4"), {
    name: "RangeError",
    message: /Cannot read token "TimeSignature_4"/,
  });
});

Deno.test("closedVocabulary() adds attributes and fills gaps, no wider", () => {
  const corpus =
    "Bar Pitch_58 Pitch_60 Tempo_70 Tempo_71 Velocity_4 Velocity_20";
  const closed = closedVocabulary(corpus.split(" "));
  const events = closed.filter((token) =>
    !(parseToken(token).type in ATTRIBUTES)
  );
  assert.deepEqual(
    events.sort(),
    [...corpus.split(" "), "Pitch_59", "Velocity_12"].sort(),
  );
  assert.equal(new Set(closed).size, closed.length);
  assert.ok(closed.includes("HasDrums_any") && closed.includes("Key_Eb"));
});
