import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const sections = (prompt: string) => parsePrompt(prompt).request.sections ?? [];

Deno.test("parsePrompt() leaves an instrument out of the section alone that is without it", () => {
  const { playing, sections = [], silent } =
    parsePrompt("lofi beat with drums, no drums in the intro").request;
  assert.deepEqual(silent, []);
  assert.deepEqual(playing, ["drums", "electric piano", "bass"]);
  assert.deepEqual(sections[0]!.spec.playing, ["electric piano", "bass"]);
  assert.equal(sections[1]!.spec.playing, undefined);
});

Deno.test("parsePrompt() leaves a whole family out of a section", () => {
  const [, bridge, rest] = sections("rock with no guitar in the bridge");
  assert.deepEqual(bridge!.spec.playing, ["electric bass", "drums"]);
  assert.equal(rest!.spec.playing, undefined);
  const [intro] = sections("house, without bass in the intro");
  assert.deepEqual(intro!.spec.playing, ["electric piano", "drums"]);
});

Deno.test("parsePrompt() has parts play otherwise in a section", () => {
  const [first, second] = sections(
    "piano staccato in the first half, legato in the second half",
  );
  assert.deepEqual(first!.spec.partWishes, [{
    mostQuarters: 0.25,
    program: 0,
  }]);
  assert.deepEqual(second!.spec.partWishes, [{ leastQuarters: 2, program: 0 }]);
  const [before, after] = sections("piano; after 30 seconds not above C5");
  assert.equal(before!.spec.partWishes, undefined);
  assert.deepEqual(after!.spec.partWishes, [{ range: [0, 72] }]);
  const [, late] = sections("walking bass and piano, at 0:30 piano staccato");
  assert.deepEqual(late!.spec.partWishes, [
    { positions: "beats", isMonophonic: true, program: 32 },
    { mostQuarters: 0.25, program: 0 },
  ]);
});

Deno.test("parsePrompt() takes low and high after an instrument as its register", () => {
  const registers = (prompt: string) =>
    sections(prompt).map(({ spec }) => spec.register);
  assert.deepEqual(
    registers("piano high in the first half, low in the second half"),
    ["high", "low"],
  );
  assert.deepEqual(registers("cello low until 0:30, then high"), [
    "low",
    "high",
  ]);
  const { partWishes } = parsePrompt("marimba low, flute").request;
  assert.deepEqual(partWishes, [{ range: [0, 59], program: 12 }]);
});

Deno.test("parsePrompt() has one part low in a section, beside others", () => {
  const [first] = sections("flute, low cello until 0:30");
  assert.equal(first!.spec.register, undefined);
  assert.deepEqual(first!.spec.partWishes, [{ range: [0, 59], program: 42 }]);
});
