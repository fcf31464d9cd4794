import assert from "node:assert/strict";
import { FILLERS } from "./lexicon.ts";
import { parsePrompt } from "./parse.ts";
import { wrongIn } from "./testing.ts";

const promptsOf = (name: string): string[] =>
  JSON.parse(Deno.readTextFileSync(new URL(name, import.meta.url)))
    .map((one: { prompt: string }) => one.prompt);

Deno.test("parsePrompt() tells of every word of every prompt here, and once", () => {
  const prompts = [
    ...promptsOf("../bench/prompts/data/prompts.json"),
    ...promptsOf("../bench/prompts/data/timelines.json"),
  ];
  assert(prompts.length > 600);
  const missing = prompts.flatMap((prompt) => {
    const words = wrongIn(prompt, parsePrompt(prompt));
    return words.length > 0 ? [`${words.join(" ")}: ${prompt}`] : [];
  });
  assert.deepEqual(missing, []);
});

Deno.test("FILLERS are few, and none says how music is", () => {
  assert(FILLERS.size < 900, `${FILLERS.size}`);
  for (const word of ["full", "sudden", "deep", "quiet", "drums", "never"]) {
    assert(!FILLERS.has(word), word);
  }
});
