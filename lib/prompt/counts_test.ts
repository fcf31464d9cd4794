import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;

Deno.test("countAt() counts beats to the bar", () => {
  const meter = (prompt: string) => requestOf(prompt).meter;
  assert.equal(meter("in 6, Irish fiddle"), "6/8");
  assert.equal(meter("a dance in five, clarinet"), "5/4");
  // What is counted says more than a dance does.
  assert.equal(meter("waltz counted in four"), "4/4");
  assert.equal(meter("piano in 3 parts"), undefined);
});

Deno.test("countAt() counts who plays, and lines of single notes", () => {
  assert.equal(requestOf("sad, at most two instruments").playing.length, 2);
  assert.equal(requestOf("folk, 3 players").playing.length, 1);
  const { playing, partWishes = [] } = requestOf("calm, three voices");
  assert.equal(playing.length, 3);
  assert(partWishes.every(({ isMonophonic }) => isMonophonic));
  const { problems } = parsePrompt("three-part invention for harpsichord");
  assert.match(problems[0]!.reason, /^how many lines one instrument plays/);
});
