import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
/** When each section begins, and who plays in it, where that is said. */
const castsOf = (prompt: string) =>
  (requestOf(prompt).sections ?? []).map(({ from, spec }) =>
    [Object.values(from)[0], spec.playing?.join(" ")] as const
  );

Deno.test("inTurn() takes a stretch in parentheses for the head of what follows", () => {
  assert.deepEqual(
    castsOf("Spring (0:00-0:20) flute and harp, autumn (0:20-0:40) only cello"),
    [[0, "flute harp"], [20, "cello"]],
  );
});

Deno.test("inTurn() has one stop and another begin at the same time", () => {
  assert.deepEqual(
    castsOf(
      "strings, timpani, at 45 seconds the timpani drop out and horns come in, 90 s",
    ),
    [[0, "strings timpani"], [45, "strings brass"]],
  );
  const { understood } = parsePrompt(
    "harp, drums, at 0:30 the drums stop, 1:00",
  );
  assert(understood.some(({ meaning }) => meaning.includes("drums stops")));
});

Deno.test("openingOf() gives the first section the length that it names", () => {
  const { length, sections = [] } = requestOf(
    "16 bars of brass, 4/4, in F. Then 4 bars very soft, only a flute",
  );
  assert.deepEqual(length, { bars: 20 });
  assert.deepEqual(sections.map(({ spec }) => spec.playing), [
    ["brass"],
    ["flute"],
  ]);
  // A length that says nothing else is that of the whole.
  assert.deepEqual(
    requestOf("2 minutes, calm piano, then 30 seconds of drums").length,
    { seconds: 120 },
  );
});

Deno.test("runningTimeAt() reads bare numbers that follow each other from 0 on", () => {
  assert.deepEqual(
    castsOf("0-30 only pads, 30-60 drums join, 60-90 bass joins"),
    [[0, "pad"], [30, "pad drums"], [60, undefined]],
  );
  const { events, qpm } = requestOf("0-20 pads, 20-40 drums, 40 hit");
  assert.deepEqual(events, [{ at: { seconds: 40 }, what: "hit" }]);
  assert.equal(qpm, undefined);
  // Two numbers by themselves are no times.
  assert.equal(requestOf("piano, ages 30-60").sections, undefined);
});

Deno.test("parsePrompt() has an intro return at the end, whatever is between", () => {
  const { length, sections = [] } = requestOf(
    "The intro (4 bars, vibraphone alone) comes back at the end. In between 16 bars with bass and sax",
  );
  assert.deepEqual(length, { bars: 24 });
  assert.deepEqual(sections.map(({ letter }) => letter), [
    "intro",
    undefined,
    "intro",
  ]);
});

Deno.test("parsePrompt() counts a step of tempo from the section before", () => {
  const { sections = [] } = requestOf(
    "Start at 100 bpm, marimba, at 1:00 it is 20 bpm faster, 2 minutes",
  );
  assert.deepEqual(sections.map(({ spec }) => spec.qpm), [100, 120]);
});

Deno.test("parsePrompt() fades out what is gone by a time, and has it last so long", () => {
  const { length, events } = requestOf("cello, and it is gone by 1:10");
  assert.deepEqual(length, { seconds: 70, exact: false });
  assert.equal(events?.[0]?.what, "fadeOut");
  const grown = requestOf("organ, grows for two minutes, ends on a held chord");
  assert.deepEqual(grown.length, { seconds: 120 });
});
