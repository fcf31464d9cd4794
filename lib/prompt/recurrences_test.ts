import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;

Deno.test("recurrenceAt() has an instrument strike every so often", () => {
  const bell = requestOf("calm piano, a bell every 30 seconds, two minutes");
  assert.deepEqual(bell.playing, ["piano"]);
  assert.deepEqual(bell.events, [{
    at: { seconds: 30 },
    what: "hit",
    by: "bells",
    every: { seconds: 30 },
  }]);
  const [gong] = requestOf("pads, one gong every other minute").events!;
  assert.deepEqual(gong!.every, { seconds: 120 });
  const [snare] = requestOf("march, snare hit every eight bars").events!;
  assert.deepEqual([snare!.at, snare!.by], [{ bar: 9 }, 38]);
  const [tick] = requestOf("pads, one tick per second, one minute").events!;
  assert.deepEqual([tick!.by, tick!.every], [76, { seconds: 1 }]);
  // A tick is on the beats.
  assert.equal(requestOf("pads, one tick per second").qpm, 60);
  assert.deepEqual(
    requestOf("pads, now and then a bell").events?.[0]?.every,
    { bars: 6 },
  );
});

Deno.test("recurrenceAt() tells how often something is to be that cannot", () => {
  const { ignored } = parsePrompt("piano, trombone every 8 bars");
  assert.deepEqual(ignored, ["every 8 bars"]);
  assert.equal(requestOf("bells, notes 6 seconds apart").length, undefined);
  // What is in every bar is no single thing.
  assert.equal(
    requestOf("piano, 3/4, soft chord on beat one of every bar").events,
    undefined,
  );
});

Deno.test("withRecurrences() sets single notes and chords apart", () => {
  const [pad] = requestOf(
    "flute over a pad with one chord every two bars, 4/4",
  ).partWishes!;
  assert.deepEqual(pad, { apartQuarters: 8, program: 89 });
  const { qpm, partWishes } = requestOf("piano, one note every 5 seconds");
  assert.deepEqual(partWishes, [{ apartQuarters: 7 }]);
  assert.equal(qpm, 84);
});

Deno.test("withRecurrences() says how often the drums fill", () => {
  const every = (prompt: string) => requestOf(prompt).drums?.fillEvery;
  assert.equal(every("rock, drum fill every 4 bars"), 4);
  assert.equal(every("funk, a fill at the end of each phrase"), 4);
  assert.equal(every("funk with drum fills"), 8);
  assert.equal(every("rock without drum fills"), undefined);
  const { request, problems } = parsePrompt("piano with fills, no drums");
  assert.equal(request.drums, undefined);
  assert.equal(problems[0]?.phrase, "fills");
});
