import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;

Deno.test("withPhrasings() has only those play of whom nothing but them is said", () => {
  const { sections = [] } = requestOf(
    "guitar, bass, drums, 1:45. Nothing on the last ten seconds but the guitar",
  );
  assert.deepEqual(sections.at(-1)?.spec.playing, ["guitar"]);
});

Deno.test("withPhrasings() takes no voices for how an instrument sounds", () => {
  assert.deepEqual(requestOf("theremin humming over strings").playing, [
    "synth lead",
    "strings",
  ]);
  assert.deepEqual(requestOf("humming and strings").playing, [
    "choir",
    "strings",
  ]);
  const { problems } = parsePrompt("piano, la la la");
  assert.equal(problems[0]?.phrase, "la la la");
});

Deno.test("parsePrompt() knows a bass drum from a bass and drums", () => {
  const { playing, drums } = requestOf("bossa nova, no bass drum");
  assert(playing.includes("acoustic bass") && playing.includes("drums"));
  assert.deepEqual(drums?.without, [35, 36]);
  assert.deepEqual(requestOf("sax bass drums").playing, [
    "saxophone",
    "bass",
    "drums",
  ]);
  const { drums: snare } = requestOf("one drum only (snare), 3/4");
  assert(snare?.without?.includes(36) && !snare.without.includes(38));
});

Deno.test("parsePrompt() reads a metal breakdown and an introduction as they are meant", () => {
  assert.equal(requestOf("metal breakdown, 8 bars").sections, undefined);
  const { length } = requestOf("piano, 4 bar introduction, 36 bars in all");
  assert.deepEqual(length, { bars: 36 });
});

Deno.test("parsePrompt() hears of a choir's warm-up, of people and of soft moments", () => {
  assert.deepEqual(requestOf("choir warm-up, piano only").playing, ["piano"]);
  assert.equal(requestOf("no strings, everyone uses them").density, undefined);
  assert.equal(requestOf("organ, subito piano").loudness, "soft");
  assert.deepEqual(requestOf("brass choir").playing, ["brass"]);
});

Deno.test("parsePrompt() tells that a duet of three contradicts itself", () => {
  const { problems, request } = parsePrompt(
    "a duet for flute, oboe and bassoon",
  );
  assert.equal(problems[0]?.phrase, "duet");
  assert.equal(request.playing.length, 3);
});

Deno.test("parsePrompt() has the soloist lead where others are named", () => {
  const { partWishes } = requestOf("solo piano with string accompaniment");
  assert.deepEqual(partWishes, [{ isOnTop: true, program: 0 }]);
});

Deno.test("parsePrompt() adds lengths that are added, and takes whole minutes", () => {
  assert.deepEqual(requestOf("flute, 8 bars + 8 bars").length, { bars: 16 });
  assert.deepEqual(requestOf("flute, two whole minutes").length, {
    seconds: 120,
  });
  assert.deepEqual(requestOf("harp, at 0:10 a hit, whole thing 1:40").length, {
    seconds: 100,
  });
});

Deno.test("parsePrompt() joins a verb with what ends its sentence", () => {
  for (
    const prompt of [
      "Klavier, Geige setzt bei 0:30 ein, eine Minute",
      "Klavier, Geige kommt bei 0:30 dazu, eine Minute",
    ]
  ) {
    const { sections = [] } = requestOf(prompt);
    assert.deepEqual(sections.map(({ from, spec }) => [from, spec.playing]), [
      [{ share: 0 }, ["piano"]],
      [{ seconds: 30 }, undefined],
    ], prompt);
  }
});

Deno.test("parsePrompt() has a last chord be soft, and plays no piano for it", () => {
  const { playing, sections = [] } = requestOf("choir, last chord piano");
  assert.deepEqual(playing, ["choir"]);
  assert.equal(sections.at(-1)?.spec.loudness, "soft");
  assert.deepEqual(requestOf("violin and piano").playing, ["violin", "piano"]);
});
