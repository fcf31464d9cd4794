import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
/** When sections with a key begin, as a share or in seconds, and their keys. */
const keys = (prompt: string) =>
  (requestOf(prompt).sections ?? []).flatMap(({ from, spec: { key } }) =>
    key ? [[...Object.values(from), key.tonic, key.mode]] : []
  );

Deno.test("parsePrompt() reads changes of key by distance, wherever they stand", () => {
  const pop = "pop song in C, key change up a whole step for the last chorus";
  assert.deepEqual(requestOf(pop).key, { tonic: 0, mode: "major" });
  assert.deepEqual(keys(pop), [[0.75, 2, "major"]]);
  assert.deepEqual(parsePrompt(pop).ignored, []);
  assert.deepEqual(keys("ballad in D, modulates up a half step at the end"), [
    [0.75, 3, "major"],
  ]);
  assert.deepEqual(keys("waltz in F that ends a semitone higher"), [
    [0.75, 6, "major"],
  ]);
  assert.deepEqual(keys("strings in E minor, at 1:00 key change, 2 minutes"), [
    [60, 6, "minor"],
  ]);
  assert.deepEqual(keys("Ballade in C-Dur, am Ende einen Halbton höher"), [
    [0.75, 1, "major"],
  ]);
  assert.deepEqual(
    keys("piano in C, moves up a whole step to D major at 1:00"),
    [
      [60, 2, "major"],
    ],
  );
  const none = parsePrompt("flute in G, no key change");
  assert.deepEqual(none.request.sections, undefined);
  assert.deepEqual(none.ignored, []);
});

Deno.test("parsePrompt() reads changes to a kindred key, which last", () => {
  assert.deepEqual(
    keys("starts in A major, modulates to the relative minor in the middle"),
    [[0, 9, "major"], [0.5, 6, "minor"]],
  );
  assert.deepEqual(
    keys("piano in C major, modulates to the dominant halfway through"),
    [[0.5, 7, "major"]],
  );
  assert.deepEqual(
    keys("D minor, at the end it shifts to the parallel major"),
    [
      [0.75, 2, "major"],
    ],
  );
});

Deno.test("parsePrompt() chooses a key to begin with where only a change is asked", () => {
  const { request, chosen } = parsePrompt("piano, modulates up a tone");
  const { tonic } = request.key!;
  assert.match(chosen[0]!.what, /key to begin with/);
  assert.equal(request.sections!.at(-1)!.spec.key!.tonic, (tonic! + 2) % 12);
});

Deno.test("parsePrompt() reads the keys that a piece starts and ends in", () => {
  assert.deepEqual(requestOf("start in C, piano").key, {
    tonic: 0,
    mode: "major",
  });
  const change = "begins in C and ends in A minor, strings";
  assert.deepEqual(requestOf(change).key, { tonic: 0, mode: "major" });
  assert.deepEqual(keys(change), [[0, 0, "major"], [0.75, 9, "minor"]]);
  assert.deepEqual(keys("the key changes from G to A at 1:00, 2 minutes"), [
    [0, 7, "major"],
    [60, 9, "major"],
  ]);
  assert.equal(requestOf("piano, start in A slow tempo").key, undefined);
});

Deno.test("parsePrompt() reads how the last chord closes", () => {
  const closes = (prompt: string) => {
    const { request: { close, sections }, ignored } = parsePrompt(prompt);
    assert.deepEqual(ignored, [], prompt);
    assert.equal(sections, undefined, prompt);
    return close;
  };
  for (
    const prompt of [
      "hopeful piano that ends like a question",
      "solo cello, ends unresolved",
      "harp with an open ending",
      "string quartet in G, ends on the dominant",
      "flute, never resolves",
      "Klavier, endet offen",
    ]
  ) assert.equal(closes(prompt), "open", prompt);
  assert.equal(closes("organ in D minor with a Picardy third"), "major tonic");
  assert.equal(closes("minor key, ends on a major chord"), "major tonic");
  assert.equal(closes("guitar in E, ends on the tonic chord"), "tonic");
  assert.equal(closes("guitar in E"), undefined);
});

Deno.test("parsePrompt() reads what goes from one thing to another", () => {
  const [soft] = requestOf("piano, from very soft to very loud, 1 minute")
    .sections!;
  assert.deepEqual(soft!.curve, { velocity: [46, 112] });
  const [dense] = requestOf("from dense to sparse").sections!;
  assert.deepEqual(dense!.curve, { density: [3.6, 1] });
  const moods = requestOf("piano, from sad to happy").sections!
    .map(({ spec }) => spec.moods);
  assert.deepEqual(moods, [["sad"], ["happy"]]);
});

Deno.test("parsePrompt() moves the chords of a section that comes again higher", () => {
  const { sections = [], chords } = requestOf(
    "verse G Em C D, chorus C D G Em, verse again, then the chorus a whole step up",
  );
  assert.equal(chords, undefined);
  assert.deepEqual(
    sections.map(({ spec, letter }) => [
      letter,
      spec.key?.tonic,
      spec.chords?.chords.map(({ symbol }) => symbol).join(" "),
    ]),
    [
      ["verse", 7, "G Em C D"],
      ["chorus", 7, "C D G Em"],
      ["verse", 7, "G Em C D"],
      ["chorus", 9, "D E A F#m"],
    ],
  );
  assert.deepEqual(
    keys(
      "violin in D major, lift the key a whole step for the last 20 seconds, 1:40",
    ),
    [[80, 4, "major"]],
  );
});

Deno.test("parsePrompt() takes a modulation whose keys are named for no other one", () => {
  const prompt =
    "Modulation exercise: 4 bars C major, 4 bars A minor, 4 bars back in C, piano";
  assert.deepEqual(requestOf(prompt).length, { bars: 12 });
  assert.deepEqual(keys(prompt), [
    [0, 0, "major"],
    [5, 9, "minor"],
    [9, 0, "major"],
  ]);
});
