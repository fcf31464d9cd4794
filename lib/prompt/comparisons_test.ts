import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;

Deno.test("withComparisons() wants what there is to be more of, and not the other", () => {
  const lullaby = requestOf("more like a lullaby than a waltz, music box");
  assert.deepEqual(lullaby.styles, ["lullaby"]);
  assert.notEqual(lullaby.meter, "3/4");
  assert.deepEqual(
    requestOf("more like a music box than a piano").playing,
    ["music box"],
  );
  assert.deepEqual(requestOf("less sad than wistful, harp").moods, [
    "nostalgic",
  ]);
  // Of instruments, both play.
  assert.deepEqual(requestOf("more strings than brass").playing, [
    "strings",
    "brass",
  ]);
});

Deno.test("withComparisons() compares once, where nothing changes in time", () => {
  const busy = requestOf("less busy than usual, piano");
  assert.equal(busy.density, "sparse");
  assert.equal(busy.sections, undefined);
  const both = requestOf("quieter than usual, and slower. piano");
  assert.deepEqual([both.loudness, both.tempo], ["soft", "slow"]);
  assert.equal(both.sections, undefined);
  assert.equal(requestOf("slower than a walk, strings").tempo, "slow");
  assert.equal(requestOf("faster than andante, flute").tempo, "lively");
  assert.equal(requestOf("louder than soft, piano").loudness, "medium");
  assert.equal(requestOf("less loud, piano").loudness, "medium");
});

Deno.test("closingAt() leaves an end open that is not to come home", () => {
  assert.equal(
    requestOf("please don't land on the home chord, clarinet").close,
    "open",
  );
});

Deno.test("quantityAt() goes a little from a tempo in numbers", () => {
  assert.equal(requestOf("a bit faster than 90, pop").qpm, 94);
  assert.equal(requestOf("slower than 100 bpm").qpm, 93);
  assert.equal(requestOf("much faster than 80").qpm, 100);
});

Deno.test("withComparisons() finds the middle between two classes", () => {
  assert.equal(requestOf("between slow and fast, piano").tempo, "lively");
  assert.equal(
    requestOf("somewhere between soft and loud").loudness,
    "medium",
  );
  assert.equal(requestOf("between 80 and 90 bpm").qpm, 85);
});

Deno.test("withComparisons() has those enter who are not to play until a time", () => {
  for (
    const prompt of [
      "strings, drums not until 0:30, 1 minute",
      "strings, the drums don't come in until 0:30, 1 minute",
    ]
  ) {
    const { sections = [] } = requestOf(prompt);
    assert.deepEqual(sections.map(({ spec }) => spec.playing), [
      ["strings"],
      undefined,
    ], prompt);
    assert.deepEqual(sections[1]!.from, { seconds: 30 });
  }
});

Deno.test("parsePrompt() goes so many bpm, or so many times, from a tempo", () => {
  assert.equal(requestOf("andante piano, 20 bpm faster").qpm, 104);
  assert.equal(requestOf("half the tempo (it is 120 bpm), harp").qpm, 60);
  const { qpm, sections = [] } = requestOf(
    "piano 90 bpm, at 0:30 10 bpm faster",
  );
  assert.deepEqual([qpm, sections[1]?.spec.qpm], [90, 100]);
});
