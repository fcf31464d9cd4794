import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

Deno.test("parsePrompt() tells of every word that may ask for something", () => {
  const rows: [string, string[]][] = [
    ["calm piano, second layer at 0:30", ["layer", "at 0:30"]],
    ["Piano. Someone presses a button at 0:15.", [
      "presses",
      "button",
      "at 0:15",
    ]],
    ["Cue. Piano. 1:00 knights gather. 1:10 strings enter", [
      "1:00",
      "knights",
    ]],
    ["lead comes in after the intro, calm piano", ["comes in", "intro"]],
    ["bossa, guitar, ends clean so I can talk over", ["talk"]],
  ];
  for (const [prompt, missing] of rows) {
    const { ignored } = parsePrompt(prompt);
    for (const word of missing) {
      assert(ignored.some((one) => one.includes(word)), `${prompt}: ${word}`);
    }
  }
});

Deno.test("parsePrompt() tells nothing twice, and of no grammar", () => {
  for (
    const prompt of [
      "piano, stops at 0:17, 0:31 and 0:50, 60 seconds in all",
      "starts calm, then loud, and ends with a bang",
      "Rondo, A B A C A, eight bars each",
      "Piano. At 0:35 a cello joins. At 1:05 it turns to major.",
      "[intro: solo piano 4 bars] [verse: bass 8 bars]",
    ]
  ) assert.deepEqual(parsePrompt(prompt).ignored, [], prompt);
});

Deno.test("parsePrompt() tells a thought of which nothing else is told, but no thanks", () => {
  const ignoredOf = (prompt: string) => parsePrompt(prompt).ignored;
  assert.deepEqual(ignoredOf("calm piano, everything at once, you pick"), [
    "everything at once",
    "you pick",
  ]);
  assert.deepEqual(ignoredOf("Hello! I need music, calm piano. Thanks!"), []);
});
