import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const wishes = (prompt: string) => {
  const { request, ignored, problems } = parsePrompt(prompt);
  assert.deepEqual(ignored, [], prompt);
  assert.deepEqual(problems, [], prompt);
  return request.partWishes;
};

Deno.test("parsePrompt() limits how high notes go", () => {
  for (
    const prompt of [
      "piano, not above C5",
      "the melody shouldn't go above C5",
      "strings, no notes higher than C5",
      "flute, never goes above C5",
      "highest note is C5, flute",
      "Klavier, nicht höher als C5",
      "piano, pas plus haut que C5",
      "piano, nada por encima de C5",
      "harp up to C5",
    ]
  ) assert.deepEqual(wishes(prompt), [{ range: [0, 72] }], prompt);
});

Deno.test("parsePrompt() limits how low notes go, and both at once", () => {
  for (
    const prompt of [
      "slow piano, nothing below E3",
      "bass no lower than E3",
      "lowest note E3, guitar",
      "Klavier, nichts tiefer als E3",
    ]
  ) assert.deepEqual(wishes(prompt), [{ range: [52, 127] }], prompt);
  for (
    const prompt of [
      "C4 to G5, solo flute",
      "flute in the range C4-G5",
      "flute between C4 and G5",
      "flute, nothing below C4, nothing above G5",
      "Flöte von C4 bis G5",
      "flute, midi notes 60-79",
    ]
  ) assert.deepEqual(wishes(prompt), [{ range: [60, 79] }], prompt);
  assert.deepEqual(wishes("piano, range middle C to G"), [{ range: [60, 67] }]);
  assert.deepEqual(wishes("cello below middle C"), [{ range: [0, 59] }]);
});

Deno.test("parsePrompt() keeps limits to the part that the same thought names", () => {
  const [flute, cello] = wishes("flute between C4 and G5, cello below C3")!;
  assert.deepEqual(flute, { range: [60, 79], program: 73 });
  assert.deepEqual(cello, { range: [0, 47], program: 42 });
  assert.deepEqual(wishes("violin and piano, nothing above C6"), [
    { range: [0, 84] },
  ]);
  assert.deepEqual(wishes("violin (not above C6) and piano"), [
    { range: [0, 84], program: 40 },
  ]);
});

Deno.test("parsePrompt() limits the range by octaves and intervals", () => {
  for (
    const prompt of [
      "marimba within one octave",
      "a one-octave melody on marimba",
      "marimba, range of an octave",
      "Marimba, innerhalb einer Oktave",
      "marimba with a narrow range",
    ]
  ) assert.deepEqual(wishes(prompt), [{ span: 12 }], prompt);
  assert.deepEqual(wishes("marimba, two octaves range"), [{ span: 24 }]);
  assert.deepEqual(wishes("marimba within a fifth"), [{ span: 7 }]);
});

Deno.test("parsePrompt() limits steps from note to note", () => {
  assert.deepEqual(wishes("clarinet, no leaps bigger than a fifth"), [
    { mostLeap: 7 },
  ]);
  assert.deepEqual(wishes("stepwise clarinet"), [{ mostLeap: 2 }]);
  assert.deepEqual(wishes("strings in slow half steps"), [{ mostLeap: 1 }]);
});

Deno.test("parsePrompt() limits how short notes are", () => {
  const eighths = [{ leastQuarters: 0.5, apartQuarters: 0.5 }];
  assert.deepEqual(wishes("piano, nothing faster than eighth notes"), eighths);
  assert.deepEqual(wishes("piano, no sixteenths"), eighths);
  assert.deepEqual(wishes("piano, only eighth notes"), eighths);
});

Deno.test("parsePrompt() takes chords and octaves up for no limits", () => {
  assert.equal(wishes("C6 - G7, piano"), undefined);
  assert.equal(
    parsePrompt("piano, an octave higher").request.partWishes,
    undefined,
  );
});

Deno.test("parsePrompt() plays the white or the black keys alone", () => {
  const white = parsePrompt("piano, only white keys").request;
  assert.deepEqual(white.key, { tonic: 0, mode: "major" });
  assert.equal(white.scaleOnly, true);
  const black = parsePrompt("piano on the black keys").request;
  assert.deepEqual(black.key, { tonic: 6, mode: "majorPentatonic" });
  assert.equal(parsePrompt("D minor, no accidentals").request.scaleOnly, true);
});

Deno.test("parsePrompt() has one part hold the tonic of a drone", () => {
  const { key, partWishes } = parsePrompt("D drone, flute over it").request;
  assert.deepEqual(key, { tonic: 2 });
  assert.deepEqual(partWishes, [
    { leastQuarters: 4, pitchClasses: [2], program: 89 },
  ]);
  assert.equal(parsePrompt("cello over a drone on Eb").request.key?.tonic, 3);
  assert.equal(parsePrompt("a drone, dark").request.key?.tonic, undefined);
});

Deno.test("parsePrompt() takes a meter in figures before one of a dance, and tells it", () => {
  for (const prompt of ["limping waltz in 5/4", "5/4, like a limping waltz"]) {
    const { request, problems } = parsePrompt(prompt);
    assert.equal(request.meter, "5/4");
    assert.equal(problems[0]?.instead, "the meter in figures is taken");
  }
});
