import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
const drums = (prompt: string) => requestOf(prompt).drums;
const CYMBALS = [42, 44, 46, 49, 51, 52, 53, 55, 57, 59];

Deno.test("drumWishOf() has the beat that is said, and drums that play it", () => {
  for (
    const [prompt, beat] of [
      ["piano, four on the floor", "four-on-the-floor"],
      ["house beat", "four-on-the-floor"],
      ["piano with a backbeat", "backbeat"],
      ["rock beat", "backbeat"],
      ["half time feel", "half-time"],
      ["half-time drums, piano", "half-time"],
    ] as const
  ) {
    const request = requestOf(prompt);
    assert.equal(request.drums?.beat, beat, prompt);
    assert(request.playing.includes("drums"), prompt);
  }
  assert.equal(requestOf("four on the floor").meter, "4/4");
  assert.equal(requestOf("four on the floor in 3/4").meter, "3/4");
  assert.deepEqual(requestOf("house beat").styles, ["house"]);
});

Deno.test("drumWishOf() adds sounds to the kit, which play alone where nothing names it", () => {
  assert.deepEqual(drums("drums, claps and a cowbell, piano"), {
    sounds: [39, 56],
  });
  assert.deepEqual(drums("rock with tambourine and shaker"), {
    sounds: [54, 70],
  });
  for (const prompt of ["only toms and kick", "piano, toms and kick"]) {
    const { sounds, without = [] } = drums(prompt)!;
    assert.deepEqual(sounds, [45, 48, 36]);
    assert(without.includes(38) && without.includes(42));
    assert(!without.includes(36) && !without.includes(45));
  }
  const { without = [] } = drums("kick only")!;
  assert(without.includes(38) && !without.includes(36));
});

Deno.test("drumWishOf() leaves sounds out without silencing the drums", () => {
  const request = requestOf("rock, no cymbals and no snare");
  assert.deepEqual(request.drums, { without: [...CYMBALS, 38, 40] });
  assert(request.playing.includes("drums"));
  assert.deepEqual(request.silent, []);
  assert(requestOf("sad music, no hi-hat").playing.includes("drums"));
  assert.deepEqual(requestOf("harp, no cymbals").playing, ["harp"]);
  assert.deepEqual(requestOf("no drums, no cymbals").silent, ["drums"]);
});

Deno.test("drumWishOf() is told as other wishes are", () => {
  const { understood } = parsePrompt("rock, claps, no snare, half time");
  assert.deepEqual(understood.slice(1), [
    { phrase: "claps", meaning: "with drums: claps" },
    { phrase: "no snare", meaning: "without snare" },
    { phrase: "half time", meaning: "with drums: snares on three" },
  ]);
});

Deno.test("tellDrumsOfParts() tells that the kit stays the same through the piece", () => {
  const { problems } = parsePrompt(
    "rock, verse 8 bars without hi-hat, chorus 8 bars",
  );
  assert.equal(problems.length, 1);
  assert.equal(problems[0]!.phrase, "without hi-hat");
});
