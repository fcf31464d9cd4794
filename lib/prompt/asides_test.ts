import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;

Deno.test("withoutAsides() takes no wish but a mood from a title", () => {
  for (
    const prompt of [
      'A piece called "Loud Metal Drums", for solo flute',
      "“Loud Metal Drums”, for solo flute",
      "A tune titled Drums of War, flute only",
    ]
  ) {
    const { request, understood } = parsePrompt(prompt);
    assert.deepEqual(request.playing, ["flute"], prompt);
    assert.deepEqual(request.styles, [], prompt);
    assert.equal(request.loudness, undefined);
    assert(understood.some(({ meaning }) => /^a title/.test(meaning)), prompt);
  }
  const happy = requestOf('a waltz called "Happy Drums", for piano');
  assert.deepEqual([happy.playing, happy.moods], [["piano"], ["happy"]]);
  // Quotation marks alone make no title.
  assert.equal(requestOf('"slow" and "sad" piano').tempo, "slow");
  assert.deepEqual(requestOf('style: "Dark Ambient"').styles, ["drone"]);
});

Deno.test("withoutAsides() tells a piece made earlier from the one that is asked for", () => {
  const fast = requestOf("my last one was too fast, guitar this time");
  assert.equal(fast.tempo, "moderate");
  assert.equal(fast.sections, undefined);
  assert.equal(requestOf("it was way too loud, harp").loudness, "medium");
  const techno = parsePrompt(
    "not as fast as my last one, which was 140 bpm; techno",
  );
  assert(techno.request.qpm! < 140);
  assert.match(
    techno.problems[0]?.reason ?? techno.ignored.join(),
    /earlier|last one/,
  );
  const guy = requestOf("the last guy gave us trumpets everywhere, lute");
  assert.deepEqual(guy.playing, ["guitar"]);
  const sad = requestOf("the last version wasn't sad enough. piano");
  assert.deepEqual(sad.moods, ["sad"]);
});

Deno.test("withoutAsides() leaves out what someone plays themselves", () => {
  for (
    const prompt of [
      "I'll play the violin on top; piano and bass",
      "piano and bass, leave room for a violin",
      "piano and bass backing track for violin",
      "piano and bass, leave the violin out",
    ]
  ) {
    const { playing, silent } = requestOf(prompt);
    assert.deepEqual(playing, ["piano", "bass"], prompt);
    assert.deepEqual(silent, ["violin"], prompt);
  }
  assert.deepEqual(
    requestOf("something I can play on the piano").playing,
    ["piano"],
  );
});

Deno.test("withoutAsides() tells what is seen, thought of and compared as not understood", () => {
  const scene = parsePrompt(
    "the scene is loud and fast but I want quiet slow piano",
  );
  assert.deepEqual(scene.problems, []);
  assert.deepEqual(scene.ignored, ["the scene is loud and fast"]);
  assert.equal(scene.request.tempo, "slow");
  const ice = parsePrompt("as cold as ice, pads");
  assert.deepEqual([ice.request.styles, ice.ignored], [[], ["as ice"]]);
  const waltz = parsePrompt("I thought of a waltz but 4/4 is better, piano");
  assert.equal(waltz.request.meter, "4/4");
  assert.deepEqual(waltz.ignored.slice(0, 1), ["I thought of a waltz"]);
});

Deno.test("bareTempoAt() takes no number for a tempo that counts something else", () => {
  for (const prompt of ["piano for a man aged 72", "Camelot 99, harp"]) {
    assert.equal(requestOf(prompt).qpm, undefined, prompt);
  }
  assert.equal(requestOf("Techno 128").qpm, 128);
  assert.equal(requestOf("brass band, 112").qpm, 112);
});

Deno.test("scopeOf() asks for nothing where a negation is of what it cannot deny", () => {
  for (
    const [prompt, phrase] of [
      ["piano, don't start with drums", "don't start with drums"],
      ["piano, do not end abruptly", "do not end abruptly"],
      [
        "piano, it should not begin with drums",
        "it should not begin with drums",
      ],
    ] as const
  ) {
    const { request, ignored } = parsePrompt(prompt);
    assert.deepEqual(request.playing, ["piano"], prompt);
    assert.equal(request.cutsOff, undefined);
    assert.deepEqual(ignored, [phrase]);
  }
  assert.deepEqual(
    parsePrompt("it shouldn't sound like jazz, sax").request.styles,
    [],
  );
  assert.deepEqual(requestOf("neither drums nor bass, jazz").playing, [
    "piano",
  ]);
});

Deno.test("withoutAsides() leaves out what someone has already, and takes names for names", () => {
  const under = requestOf("I have a piano track in E flat. Strings under it");
  assert.deepEqual([under.playing, under.key?.tonic], [["strings"], 3]);
  const child = requestOf("a lullaby for a child named Jazz, music box");
  assert.deepEqual(child.playing, ["music box"]);
  assert.deepEqual(
    requestOf("I like drums but not in this one. Pads in F").playing,
    ["pad"],
  );
  const sax = "I play tenor sax in a wedding band, so no sax. Organ and bass";
  assert.deepEqual(requestOf(sax).playing, ["organ", "bass"]);
  assert.deepEqual(
    requestOf("like a music box but on a harp").playing,
    ["harp"],
  );
  const before = parsePrompt("pads. I had one with drums, so no drums now");
  assert.deepEqual(before.request.playing, ["pad"]);
  assert.match(before.problems[0]!.reason, /^earlier/);
});

Deno.test("isOtherwise() tells reels of film, adverbs and idioms from music", () => {
  assert.deepEqual(requestOf("cooking reel, ukulele").styles, []);
  assert.deepEqual(requestOf("reel in D for fiddle").styles, ["reel"]);
  const still = requestOf("she still makes pasta by hand, guitar");
  assert.deepEqual(still.moods, []);
  assert.deepEqual(requestOf("still, quiet pads").moods, ["calm"]);
  assert.deepEqual(requestOf("all hell breaks loose, drums").moods, [
    "intense",
  ]);
  assert.equal(requestOf("a woman at a bus stop, pads").events, undefined);
  assert.deepEqual(requestOf("guitar, tremolo technique").playing, ["guitar"]);
});

Deno.test("parsePrompt() tells adjectives that it does not know of sounds", () => {
  assert.deepEqual(parsePrompt("tight drums, light kick").ignored, [
    "tight",
    "light",
  ]);
  assert.deepEqual(parsePrompt("a piano piece, a minute long").ignored, []);
});
