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
  const { players } = requestOf("three-part invention for harpsichord");
  assert.deepEqual(players, [{ program: 6, programs: [6, 6, 6] }]);
  const { problems } = parsePrompt(
    "three-part invention for harpsichord and flute",
  );
  assert.match(problems[0]!.reason, /^how many lines one instrument plays/);
  assert.deepEqual(
    requestOf("Bach style two-part invention, harpsichord").playing,
    ["harpsichord"],
  );
});

Deno.test("countAt() finds the key by its signs", () => {
  const tonic = (prompt: string) => requestOf(prompt).key?.tonic;
  assert.equal(tonic("something with 3 sharps, flute"), 9);
  assert.equal(tonic("flute, two flats"), 10);
});

Deno.test("quantityAt() takes bars of a part for no length of the piece", () => {
  assert.equal(requestOf("rock with a two-bar drum break").length, undefined);
  assert.deepEqual(requestOf("a 2 bar riff, guitar").length, { bars: 2 });
  assert.deepEqual(
    requestOf("strings, hit at 0:58, silence till the end at 1:05").length,
    { seconds: 65, exact: true },
  );
});
