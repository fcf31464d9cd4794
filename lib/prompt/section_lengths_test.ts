import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
const starts = (prompt: string) =>
  (requestOf(prompt).sections ?? []).map(({ from }) => from);

Deno.test("eachOf() gives each of several sections the length that is said of all", () => {
  for (
    const prompt of [
      "A: slow strings, B: fast brass, 16 bars each",
      "verse and chorus, 16 bars each",
      "calm piano, then wild brass, each 16 bars long",
    ]
  ) {
    assert.deepEqual(requestOf(prompt).length, { bars: 32 }, prompt);
    assert.deepEqual(starts(prompt), [{ share: 0 }, { bar: 17 }], prompt);
  }
  assert.deepEqual(requestOf("form AABA, 8 bars each, jazz").length, {
    bars: 32,
  });
  assert.deepEqual(
    requestOf("calm then angry, 20 seconds each").length,
    { seconds: 40 },
  );
  // Of chords it is said of each chord.
  const { chords, length } = requestOf(
    "intro, then verse: Am F C G 2 bars each",
  );
  assert.deepEqual([chords?.barsEach, length], [2, undefined]);
});

Deno.test("keepSame() keeps tempo and key of the section before", () => {
  const qpms = (prompt: string) => {
    const { qpm, sections = [] } = requestOf(prompt);
    return sections.map(({ spec }) => spec.qpm ?? spec.tempo ?? qpm);
  };
  assert.deepEqual(
    qpms("A: flute, 100 bpm. B: low strings, sad, same tempo. 8 bars each"),
    [100, 100],
  );
  assert.deepEqual(
    qpms("fast piano, then sad strings, same tempo throughout"),
    ["fast", "fast"],
  );
  assert.deepEqual(
    qpms("fast piano, then sad strings"),
    ["fast", "slow"],
  );
});

Deno.test("repeatOf() plays the first section once more", () => {
  const { sections = [] } = requestOf(
    "slow piano 8 bars, then fast flute 8 bars, then back to the beginning",
  );
  assert.deepEqual(sections.map(({ letter }) => letter !== undefined), [
    true,
    false,
    true,
  ]);
  assert.equal(sections[0]!.letter, sections[2]!.letter);
  assert.deepEqual(
    [sections[2]!.spec.tempo, sections[2]!.spec.playing],
    [sections[0]!.spec.tempo, sections[0]!.spec.playing],
  );
  assert.deepEqual(
    parsePrompt("piano, back to the beginning").ignored,
    ["back to the beginning"],
  );
});

Deno.test("setTempoToChange() gives the tempo that a change of tempo begins with", () => {
  const { qpm, sections = [] } = requestOf("piano, gets faster at 0:30");
  assert(sections[1]!.spec.qpm! > qpm!);
  const bits = requestOf("gets faster bit by bit from the middle, 1 minute");
  assert.deepEqual(bits.sections?.[1]?.from, { share: 0.5 });
  assert.deepEqual(bits.sections[1].curve?.qpm, [84, 118]);
  const loud = requestOf("strings, from 0:50 on louder and louder, 90 seconds");
  const [from, to] = loud.sections![1]!.curve!.velocity!;
  assert(to > from);
});

Deno.test("joinTempi() draws one line from the first tempo to the last", () => {
  const { qpm, sections = [] } = requestOf(
    "celesta, starts at 100 bpm and ends around 50, one minute",
  );
  assert.equal(qpm, 100);
  const curves = sections.map(({ curve }) => curve?.qpm);
  assert.deepEqual([curves[0]![0], curves.at(-1)![1]], [100, 50]);
});

Deno.test("inForm() has parts be as they are described before they are listed", () => {
  const { sections = [], length } = requestOf(
    "The verse quiet with guitar only, the chorus loud with full band. Verse 8, chorus 8, verse 8, chorus 8",
  );
  assert.deepEqual(length, { bars: 32 });
  assert.deepEqual(sections.map(({ spec }) => spec.loudness), [
    "soft",
    "loud",
    "soft",
    "loud",
  ]);
});

Deno.test("splitAt() keeps an adjective with the part that it describes", () => {
  const [, middle] = requestOf(
    "march for brass with a softer middle part for clarinets",
  ).sections!;
  assert.equal(middle!.spec.loudness, "soft");
  // What follows a place at the end of a thought is of the whole.
  const waltz = requestOf("slower in the middle third, waltz, strings");
  assert.deepEqual([waltz.meter, waltz.playing], ["3/4", ["strings"]]);
});

Deno.test("isOtherThan() has what says otherwise belong to the last section", () => {
  const { sections = [] } = requestOf(
    "starts calm with a flute, then at 1:30 a storm, super fast, 3 min",
  );
  assert.deepEqual(sections.map(({ spec }) => spec.tempo), ["slow", "fast"]);
});
