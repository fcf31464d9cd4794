import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const sectionsOf = (prompt: string) => parsePrompt(prompt).request.sections!;

Deno.test("parsePrompt() moves the key every few bars, up to where it is to arrive", () => {
  const rows: [string, number[]][] = [
    ["piano, climbs a half step every four bars, C major, 16 bars", [1, 2, 3]],
    [
      "warm-up: up a semitone every two bars from C to F, piano",
      [1, 2, 3, 4, 5],
    ],
    [
      "start in C and every two bars move up a half step until you are in E",
      [1, 2, 3, 4],
    ],
  ];
  for (const [prompt, tonics] of rows) {
    const keys = sectionsOf(prompt).slice(1).map(({ spec }) => spec.key?.tonic);
    assert.deepEqual(keys, tonics, prompt);
  }
  assert.equal(sectionsOf("piano, key change every 8 bars").length, 5);
  const { length } = parsePrompt(rows[1]![0]).request;
  assert.deepEqual(length, { bars: 12 });
});

Deno.test("parsePrompt() brings in one player after the other", () => {
  const playing = sectionsOf(
    "starts with bass, adds drums, adds guitar, adds organ",
  ).map(({ spec }) => spec.playing?.length ?? 4);
  assert.deepEqual(playing, [1, 2, 3, 4]);
});
