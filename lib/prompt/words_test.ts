import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;

Deno.test("parsePrompt() knows rarer adjectives of moods, in their places", () => {
  const modeOf = (prompt: string) => requestOf(prompt).key?.mode;
  for (const word of ["gleeful", "jaunty", "valiant", "idyllic", "endearing"]) {
    assert.equal(modeOf(`${word} piano`), "major", word);
  }
  for (
    const word of ["doleful", "woebegone", "baleful", "enraged", "macabre"]
  ) {
    assert.equal(modeOf(`${word} piano`), "minor", word);
  }
  assert.equal(requestOf("languid piano").tempo, "slow");
  assert.equal(requestOf("rollicking piano").tempo, "lively");
});

Deno.test("parsePrompt() leaves out what someone hates, or plays themselves", () => {
  assert.deepEqual(requestOf("i hate saxophones. jazz").silent, ["saxophone"]);
  assert.deepEqual(requestOf("jazz, no horns, I'm the horn").silent, [
    "brass",
    "french horn",
  ]);
  assert(
    !requestOf("rock, so I can practise lead guitar").playing
      .includes("electric guitar"),
  );
});

Deno.test("parsePrompt() plays as many as are asked, where nobody is named", () => {
  assert.equal(
    requestOf("sad, one or two instruments at most").playing.length,
    2,
  );
  assert.equal(requestOf("rock, two instruments").playing.length, 2);
});

Deno.test("parsePrompt() tells words of places from words of music", () => {
  const styles = (prompt: string) => requestOf(prompt).styles;
  assert.deepEqual(styles("walks back to the house"), []);
  assert.deepEqual(styles("a house track"), ["house"]);
  assert.deepEqual(styles("deep house, 124"), ["house"]);
  assert.deepEqual(requestOf("harpsichord, left hand only").playing, [
    "harpsichord",
  ]);
  assert.deepEqual(requestOf("piano accompaniment for my choir").playing, [
    "piano",
  ]);
});

Deno.test("parsePrompt() plays on where drum fills are not wanted", () => {
  const { request, problems } = parsePrompt("piano, drums. No drum fills.");
  assert.deepEqual(request.playing, ["piano", "drums"]);
  assert.deepEqual(problems, []);
});

Deno.test("parsePrompt() says how long each chord lasts and how often all are played", () => {
  const { chords, length } = requestOf(
    "Dm9 G13 Cmaj9 A7alt, 2 bars each, play it 4 times",
  );
  assert.equal(chords?.barsEach, 2);
  assert.equal(chords?.chords.length, 4);
  assert.deepEqual(length, { bars: 32 });
  assert.equal(requestOf("E9 vamp, funk").chords?.chords.length, 1);
  assert.deepEqual(requestOf("only the notes C, E and G").partWishes, [
    { pitchClasses: [0, 4, 7] },
  ]);
});

Deno.test("parsePrompt() takes a number before a comparison, and other units of tempo", () => {
  assert.equal(requestOf("a bit quicker, maybe 84").qpm, 84);
  assert.equal(requestOf("116 dotted quarters a minute").qpm, 174);
  assert.equal(requestOf("something like 84 on the metronome").qpm, 84);
  assert.equal(requestOf("a click at 88 and a drone").qpm, 88);
  assert.equal(requestOf("crotchet = 96").qpm, 96);
  assert.deepEqual(requestOf("harp, minute and a half").length, {
    seconds: 90,
  });
});

Deno.test("parsePrompt() takes not just for no negation", () => {
  assert.deepEqual(requestOf("not just drums but piano").silent, []);
  assert.deepEqual(requestOf("funny, if not just sad").moods, [
    "playful",
    "sad",
  ]);
});

Deno.test("parsePrompt() takes a tempo that was for one to start from", () => {
  assert.equal(requestOf("same but slower (it was 96 bpm)").qpm, 80);
});

Deno.test("parsePrompt() takes the tempo of a kind of music before that of a scene", () => {
  const { qpm = 0 } = requestOf("elevator, bossa nova");
  assert(qpm >= 116 && qpm <= 140, `${qpm}`);
});

Deno.test("parsePrompt() hears how an instrument is played in its name", () => {
  const [wish] = requestOf("fingerpicked guitar").partWishes ?? [];
  assert.equal(wish?.isBroken, true);
  assert.deepEqual(requestOf("soft vibes and pads").playing, [
    "vibraphone",
    "pad",
  ]);
  assert.deepEqual(
    requestOf("two-part invention in D for harpsichord").playing,
    [
      "harpsichord",
    ],
  );
  assert.deepEqual(requestOf("taiko and bass").playing, ["taiko", "bass"]);
});

Deno.test("parsePrompt() tells one's own part and voices of a texture from what plays", () => {
  assert.deepEqual(
    requestOf("marimba, so it mixes with my bass line").playing,
    ["marimba"],
  );
  const [problem] = parsePrompt("a fugue in four voices").problems;
  assert.equal(problem?.phrase, "in four voices");
  assert.match(problem.reason, /how many lines one instrument plays/);
  assert.deepEqual(requestOf("guitar and cajón, no drum kit").playing, [
    "guitar",
    "drums",
  ]);
  const [wish] = requestOf("flute only plays off the beat").partWishes ?? [];
  assert.equal(wish?.positions, "offbeats");
});

Deno.test("parsePrompt() plays the whole tone scale, and tells of scales it does not know", () => {
  assert.deepEqual(requestOf("celesta, whole tone scale").partWishes, [
    { pitchClasses: [0, 2, 4, 6, 8, 10] },
  ]);
  assert.match(parsePrompt("ney, makam").problems[0]!.reason, /not known/);
});

Deno.test("parsePrompt() reads lengths with a half, and tempi before half time", () => {
  const { length } = requestOf("harp, not longer than a minute and a half");
  assert.deepEqual(length, { seconds: 81 });
  assert.equal(requestOf("trap, 140 half time").qpm, 140);
});

Deno.test("parsePrompt() knows modes, beats and tempi as people spell them", () => {
  assert.deepEqual(requestOf("guitar, E frigian").key, {
    tonic: 4,
    mode: "phrygian",
  });
  assert.equal(requestOf("4 to the floor").drums?.beat, "four-on-the-floor");
  assert.equal(requestOf("Walzer, um die 90 Schläge").qpm, 90);
  assert.deepEqual(requestOf("hype reel, drum and bass").styles, [
    "drum and bass",
  ]);
});

Deno.test("parsePrompt() keeps a genre's band beside a solo, and where one drum alone is asked", () => {
  assert.deepEqual(
    requestOf("lo-fi with jazzy rhodes chords and saxophone solo").playing,
    ["electric piano", "saxophone", "bass", "drums"],
  );
  const { playing, meter } = requestOf("lofi, only snare on 2 and 4");
  assert.deepEqual(playing, ["drums", "electric piano", "bass"]);
  assert.equal(meter, "4/4");
  assert.deepEqual(requestOf("jazzy piano").playing, ["piano"]);
  assert.deepEqual(requestOf("jazz, sax solo").playing, ["saxophone"]);
  assert.deepEqual(requestOf("lofi, only drums").playing, ["drums"]);
});

Deno.test('parsePrompt() takes "two minutes in D minor" for a length, and "in, drums" for a time', () => {
  for (
    const text of [
      "harp, two minutes in D minor",
      "around two minutes in a warm major key, harp",
      "2 minutes in 3/4, harp",
      "two minutes in the style of Bach",
    ]
  ) {
    const { length, sections } = requestOf(text);
    assert.deepEqual(length, { seconds: 120 }, text);
    assert.equal(sections, undefined);
  }
  for (
    const text of [
      "harp, two minutes in, drums enter, 4 minutes",
      "harp, two minutes in a flute joins, 4 minutes",
      "harp, two minutes in a key change, 4 minutes",
    ]
  ) {
    const { length, sections = [] } = requestOf(text);
    assert.deepEqual(length, { seconds: 240 }, text);
    assert.deepEqual(sections[1]?.from, { seconds: 120 }, text);
  }
});

Deno.test("parsePrompt() knows the letters of a rondo and instead misspelt", () => {
  const { chords, sections = [] } = requestOf(
    "rondo, A B A C A, eight bars each, A on trumpet",
  );
  assert.equal(chords, undefined);
  assert.deepEqual(sections.map(({ name }) => name), [..."ABACA"]);
  assert.ok(requestOf("kalimba insted of piano").silent.includes("piano"));
});
