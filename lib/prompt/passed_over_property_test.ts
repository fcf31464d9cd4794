import assert from "node:assert/strict";
import { FILLERS } from "./lexicon.ts";
import { parseWithSpans } from "./parse.ts";
import { untoldIn } from "./testing.ts";

const promptsOf = (name: string): string[] =>
  JSON.parse(Deno.readTextFileSync(new URL(name, import.meta.url)))
    .map((one: { prompt: string }) => one.prompt);

/** The content words of a prompt that lie in nothing told. */
function untold(prompt: string): string[] {
  return untoldIn(
    prompt,
    parseWithSpans(prompt),
    /[\p{L}\p{N}][\p{L}\p{N}'’#♯♭]*/gu,
  );
}

Deno.test("parsePrompt() tells of every word of every prompt here that is no filler", () => {
  const prompts = [
    ...promptsOf("../bench/prompts/data/prompts.json"),
    ...promptsOf("../bench/prompts/data/timelines.json"),
  ];
  assert(prompts.length > 600);
  const missing = prompts.flatMap((prompt) => {
    // Blanks are made uniform, which would move the places.
    const uniform = prompt.replace(/\s+/g, " ").trim();
    const words = untold(uniform);
    return words.length > 0 ? [`${words.join(" ")}: ${uniform}`] : [];
  });
  assert.deepEqual(missing, []);
});

Deno.test("FILLERS are few, and none says how music is", () => {
  assert(FILLERS.size < 900, `${FILLERS.size}`);
  for (const word of ["full", "sudden", "deep", "quiet", "drums", "never"]) {
    assert(!FILLERS.has(word), word);
  }
});
