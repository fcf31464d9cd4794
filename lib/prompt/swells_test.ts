import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const swells = (prompt: string) =>
  parsePrompt(prompt).request.sections?.map(({ curve }) => curve?.swell);

Deno.test("parsePrompt() reads what rises and falls in time", () => {
  const ten = { period: { seconds: 10 } };
  for (
    const [prompt, swell] of [
      ["pads that swell every ten seconds", ten],
      ["strings, louder and softer again about every 10 seconds", ten],
      ["every 10 seconds it swells, organ", ten],
      ["Streicher, lauter und leiser alle 10 Sekunden", ten],
      ["4 secs in, 6 secs out, pads", { ...ten, rise: 0.4 }],
      ["pads, rises for 4 seconds and falls for 6", { ...ten, rise: 0.4 }],
      ["harp, crescendo and diminuendo every 4 bars", { period: { bars: 4 } }],
      ["cello, grows and fades, three times", { period: { share: 1 / 3 } }],
      ["strings that ebb and flow", { period: { bars: 4 } }],
    ] as const
  ) assert.deepEqual(swells(prompt), [swell], prompt);
});

Deno.test("parsePrompt() takes what swells once for no swell in time", () => {
  for (
    const prompt of [
      "low brass swells",
      "strings swell at 0:40, 1 minute",
      "builds for 30 seconds and fades for 30 seconds",
    ]
  ) assert(!swells(prompt)?.some((one) => one), prompt);
});
