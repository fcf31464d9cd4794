import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

/** Sections: where they begin, their letters and their keys' tonics. */
const sections = (prompt: string) =>
  (parsePrompt(prompt).request.sections ?? []).map((
    { from, letter, name, spec },
  ) => [Object.values(from)[0], letter ?? name, spec.key?.tonic]);

Deno.test("parsePrompt() makes sections of a form by letters, and says what each is", () => {
  const prompt =
    "piece in ABA form, A in C major with strings, B in A minor with oboe";
  const { request, ignored } = parsePrompt(prompt);
  assert.deepEqual(ignored, []);
  assert.deepEqual(sections(prompt), [
    [0, "A", 0],
    [1 / 3, "B", 9],
    [2 / 3, "A", 0],
  ]);
  assert.deepEqual(request.sections!.map(({ spec }) => spec.playing), [
    ["strings"],
    ["oboe"],
    ["strings"],
  ]);
  const letters = (text: string) => sections(text).map(([, letter]) => letter);
  assert.deepEqual(letters("AABA, jazz piano"), ["A", "A", "B", "A"]);
  assert.deepEqual(letters("ABA, A in C with strings, B in G, 2 min"), [
    "A",
    "B",
    "A",
  ]);
  assert.deepEqual(letters("A-B-A, piano"), ["A", "B", "A"]);
  assert.deepEqual(
    letters("for my game: A = castle (major, flute), B = cave (minor, cello)"),
    ["A", "B"],
  );
  assert.deepEqual(
    letters("24 bars, the last eight bars should sound like the first eight"),
    ["A", "B", "A"],
  );
  assert.deepEqual(letters("harp, the opening theme returns at the end"), [
    "A",
    "B",
    "A",
  ]);
  assert.deepEqual(letters("rondo for clarinet"), ["A", "B", "A", "C", "A"]);
  assert.deepEqual(letters("jig in D, repeat AABB"), ["A", "A", "B", "B"]);
  assert.deepEqual(letters("ternary form, slow A section, fast B section"), [
    "A",
    "B",
    "A",
  ]);
});

Deno.test("parsePrompt() takes no word, name or chord for a form", () => {
  for (
    const prompt of ["like ABBA, disco", "A calm piano", "BAD vibes, funk"]
  ) {
    assert.deepEqual(sections(prompt), [], prompt);
  }
  assert.equal(parsePrompt("B minor, ABA form").request.key?.tonic, 11);
});

Deno.test("parsePrompt() gives a part of a song that comes again what it was", () => {
  const prompt =
    "verse: soft piano, chorus: loud with drums, verse, chorus, in D";
  const { key, sections = [] } = parsePrompt(prompt).request;
  assert.deepEqual(key, { tonic: 2, mode: "major" });
  assert.deepEqual(
    sections.map(({ spec, letter }) => [letter, spec.loudness, spec.playing]),
    [
      ["verse", "soft", ["piano"]],
      ["chorus", "loud", undefined],
      ["verse", "soft", ["piano"]],
      ["chorus", "loud", undefined],
    ],
  );
  const again = parsePrompt(
    "A: 8 bars calm piano in C; B: 8 bars with strings in F; A again",
  ).request;
  assert.deepEqual(again.length, { bars: 24 });
  assert.equal(again.sections!.length, 3);
});

Deno.test("parsePrompt() leaves what follows a bare list of sections to the whole", () => {
  const { key, length, sections = [] } = parsePrompt(
    "verse 8 bars, chorus 8 bars, bridge 4 bars, chorus 8 bars, pop in G",
  ).request;
  assert.deepEqual(key, { tonic: 7, mode: "major" });
  assert.deepEqual(length, { bars: 28 });
  assert(sections.every(({ spec }) => Object.keys(spec).length === 0));
});

Deno.test("parsePrompt() reads a form in words, where nothing is said of its parts", () => {
  const lettersOf = (prompt: string) =>
    parsePrompt(prompt).understood.find(({ meaning }) =>
      meaning.startsWith("sections: ")
    )?.meaning.slice(10);
  assert.equal(
    lettersOf("guitars, verse verse chorus verse chorus, 2 minutes"),
    "verse verse chorus verse chorus",
  );
  assert.equal(
    lettersOf("rock, verse-chorus-verse-chorus-bridge-chorus"),
    "verse chorus verse chorus bridge chorus",
  );
  assert.equal(
    lettersOf("indie, verse/chorus/verse, 1 minute"),
    "verse chorus verse",
  );
  assert.equal(lettersOf("pop, one verse and a loud chorus"), undefined);
});
