import assert from "node:assert/strict";
import { FILLERS } from "./lexicon.ts";
import { parseWithSpans } from "./parse.ts";
import { contentOf } from "./passed_over.ts";

const promptsOf = (name: string): string[] =>
  JSON.parse(Deno.readTextFileSync(new URL(name, import.meta.url)))
    .map((one: { prompt: string }) => one.prompt);

/** The content words of a prompt that lie in nothing told. */
function untold(prompt: string): string[] {
  const { spans, parsed } = parseWithSpans(prompt);
  const problems = parsed.problems.map(({ phrase }) => phrase).join(" ");
  const words = prompt.normalize("NFC")
    .matchAll(/[\p{L}\p{N}][\p{L}\p{N}'’#♯♭]*/gu);
  return [...words].flatMap(({ 0: word, index }) => {
    const end = index + word.length;
    const isTold = spans.some(([from, to]) => from < end && to > index) ||
      problems.includes(word);
    return isTold || contentOf(word).length === 0 ? [] : [word];
  });
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
