import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

Deno.test("parsePrompt() reads tempi by bars, limits and what is around them", () => {
  const rows: [string, number][] = [
    ["waltz at 30 bars a minute", 90],
    ["4/4, 28 measures per minute", 112],
    ["half note = 60", 120],
    ["piano in the mid-80s bpm", 85],
    ["a leisurely 88 for piano", 88],
    ["piano, around the 90 mark", 90],
    ["piano, steady 110 throughout", 110],
    ["piano, not faster than 100", 93],
    ["piano, tempo should stay above 100", 107],
  ];
  for (const [prompt, qpm] of rows) {
    assert.equal(parsePrompt(prompt).request.qpm, qpm, prompt);
  }
});

Deno.test("parsePrompt() reads lengths of several numbers, and those in sentences", () => {
  const seconds: [string, number][] = [
    ["piano, about a minute twenty", 80],
    ["piano, two and a quarter minutes", 135],
    ["three quarters of a minute of harp", 45],
    ["anderhalve minuut piano", 90],
    ["piano, it must be over by 0:35", 35],
    ["piano that wraps up at 1:30", 90],
  ];
  for (const [prompt, value] of seconds) {
    const { length } = parsePrompt(prompt).request;
    assert.deepEqual(length, { seconds: value }, prompt);
  }
  const bars: [string, number][] = [
    ["four phrases of four bars for recorder", 16],
    ["piano, two eight-bar phrases", 16],
    ["a twelve-bar form played twice, piano", 24],
    ["two choruses of a 12 bar blues", 24],
  ];
  for (const [prompt, value] of bars) {
    const { length } = parsePrompt(prompt).request;
    assert.deepEqual(length, { bars: value }, prompt);
  }
});
