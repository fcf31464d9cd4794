import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

Deno.test("parsePrompt() leaves out an instrument that words after it deny", () => {
  for (
    const prompt of [
      "lofi, drums are not needed",
      "jazz, drums not allowed",
      "rock, drums: none",
      "lofi, drums off",
      "harp and flute, percussion is forbidden",
      "harp, bass and drums are not wanted",
    ]
  ) {
    const { silent, playing } = parsePrompt(prompt).request;
    assert(silent.includes("drums"), prompt);
    assert(!playing.includes("drums"), prompt);
  }
  const { request } = parsePrompt("flute, drums, off we go");
  assert(request.playing.includes("drums"));
});

Deno.test("parsePrompt() has those who wait come in later", () => {
  for (
    const prompt of [
      "piano, bass waits until bar 5, 16 bars",
      "piano, the bass does not play until bar 5, 16 bars",
      "piano, no bass before bar 5, 16 bars",
    ]
  ) {
    const [first, second] = parsePrompt(prompt).request.sections!;
    assert.deepEqual(first!.spec.playing, ["piano"], prompt);
    assert.deepEqual(second!.from, { bar: 5 }, prompt);
  }
});

Deno.test("parsePrompt() has only those play that a label lists", () => {
  const { request } = parsePrompt("Style: jazz. Instruments: vibes and bass");
  assert.deepEqual(request.playing, ["vibraphone", "bass"]);
});
