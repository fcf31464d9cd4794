import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
/** Who plays in each section; undefined where all do. */
const casts = (prompt: string) =>
  (requestOf(prompt).sections ?? []).map(({ spec }) => spec.playing);
const loudnesses = (prompt: string) =>
  (requestOf(prompt).sections ?? []).map(({ spec }) => spec.loudness);

Deno.test("parsePrompt() has everyone play where everything or the full band does", () => {
  const prompt = "clean guitar alone → everything → clean guitar alone";
  assert.deepEqual(requestOf(prompt).playing, [
    "electric guitar",
    "bass",
    "drums",
  ]);
  assert.deepEqual(casts(prompt), [
    ["electric guitar"],
    undefined,
    ["electric guitar"],
  ]);
  assert.deepEqual(loudnesses(prompt), [undefined, "loud", undefined]);
  assert.deepEqual(
    casts("only drums, then bass, then all together"),
    [["drums"], undefined, undefined],
  );
  assert.equal(requestOf("full band rock, in E").density, "dense");
});

Deno.test("parsePrompt() has those who return be silent before", () => {
  const prompt =
    "strings first, a trumpet solo in the middle before the strings return";
  assert.deepEqual(casts(prompt), [["strings"], ["trumpet"], undefined]);
  assert.deepEqual(parsePrompt(prompt).ignored, []);
  const [before, after] = casts(
    "everything drops out except the drums at 1:00, funk",
  );
  assert.deepEqual([before, after], [undefined, ["drums"]]);
});

Deno.test("parsePrompt() thins out a breakdown and brings all back in a drop", () => {
  const [, breakdown, drop] = requestOf(
    "EDM, breakdown at 2:00, drop at 2:30, 3 minutes",
  ).sections!;
  assert.deepEqual(breakdown!.spec, {
    density: "sparse",
    loudness: "soft",
    playing: ["synth", "synth bass"],
  });
  assert.deepEqual(drop!.spec, { density: "dense", loudness: "loud" });
  assert.equal(requestOf("house with a breakdown").sections!.length, 3);
  assert.equal(requestOf("techno, no breakdowns").sections, undefined);
});

Deno.test("parsePrompt() takes the final of a thing for no end", () => {
  for (
    const prompt of ["synth, final countdown", "final boss, brass", "final lap"]
  ) assert.equal(requestOf(prompt).sections, undefined, prompt);
  assert.equal(loudnesses("piano, final chorus loud").at(-1), "loud");
});

Deno.test("parsePrompt() follows sudden changes, and turns of loud and soft", () => {
  assert.deepEqual(
    loudnesses("quiet, suddenly very loud at 0:30, quiet again, 1 minute"),
    [undefined, "loud", "soft"],
  );
  assert.deepEqual(loudnesses("piano, sudden loud/soft contrasts"), [
    "loud",
    "soft",
    "loud",
    "soft",
    "loud",
    "soft",
  ]);
  const { loudness, events } = requestOf("calm strings, sudden loud bangs");
  assert.equal(loudness, "soft");
  assert.deepEqual(events!.map(({ what }) => what), ["hit", "hit", "hit"]);
});

Deno.test("parsePrompt() lets loudness grow up to a climax or a massive end", () => {
  const velocities = (prompt: string) =>
    requestOf(prompt).sections!.map(({ curve }) => curve?.velocity);
  assert.deepEqual(velocities("starts almost silent, grows to a massive end"), [
    [46, 112],
  ]);
  assert.deepEqual(velocities("crescendo to massive, brass"), [[46, 112]]);
  assert.deepEqual(velocities("a huge climax at 1:30, strings, 2 minutes"), [
    [46, 112],
    undefined,
  ]);
  assert.deepEqual(loudnesses("church organ with a big finish"), [
    undefined,
    "loud",
  ]);
});

Deno.test("parsePrompt() has an instrument strike alone where one is named for a hit", () => {
  const events = (prompt: string) => requestOf(prompt).events;
  assert.deepEqual(events("soft strings with a gong at 0:20"), [
    { at: { seconds: 20 }, what: "hit", by: "bells" },
  ]);
  const { playing, events: hits } = requestOf("strings, timpani hit at 0:12");
  assert.deepEqual(playing, ["strings"]);
  assert.deepEqual(hits, [{ at: { seconds: 12 }, what: "hit", by: "timpani" }]);
  assert.deepEqual(events("piano, a cymbal crash at 0:10"), [
    { at: { seconds: 10 }, what: "hit", by: 49 },
  ]);
  assert.equal(events("piano, bells from 0:20"), undefined);
});

Deno.test("parsePrompt() ends a piece with the silence after a last hit", () => {
  const { length, events } = requestOf(
    "tiefe Streicher, bei 25 Sekunden Paukenschlag, dann Stille",
  );
  assert.deepEqual(length, { seconds: 29 });
  assert.deepEqual(events!.map(({ what, by }) => [what, by]), [
    ["hit", "timpani"],
    ["silence", undefined],
  ]);
  const scare = requestOf(
    "quiet for 10 s then one massive cluster, then nothing",
  );
  assert.deepEqual(scare.length, { seconds: 14 });
});

Deno.test("parsePrompt() reads lines that begin with their times", () => {
  const { sections = [], events } = requestOf(
    "cue, 90 s. 0:00 lone piano / 0:30 low strings join / 0:55 drums and brass slam in / 1:20 cut to silence / 1:25 one last piano note",
  );
  assert.deepEqual(
    sections.map(({ from, spec }) => [Object.values(from)[0], spec.playing]),
    [
      [0, ["piano"]],
      [30, ["piano", "strings"]],
      [55, undefined],
    ],
  );
  assert.deepEqual(events, [
    { at: { seconds: 55 }, what: "hit" },
    { at: { seconds: 80 }, what: "silence", seconds: 5 },
    { at: { seconds: 85 }, what: "hit", by: "piano" },
  ]);
});

Deno.test("parsePrompt() knows what is before and after the time just named", () => {
  const prompt =
    "The beat drops at 0:32. Before that only synth pads. After: full drums and bass, 124 bpm";
  assert.deepEqual(casts(prompt), [["pad"], undefined]);
  assert.equal(requestOf(prompt).qpm, 124);
  const drums =
    "drums enter after 20 seconds, before that only rhodes and bass";
  assert.deepEqual(casts(drums), [["electric piano", "bass"], undefined]);
  assert.equal(requestOf(drums).length, undefined);
  const { sections = [], events } = requestOf(
    "cello. From 0:45 strings join and it rises until 1:20: everything stops dead. After that a flute and nothing else until 1:45",
  );
  assert.deepEqual(
    sections.map(({ from }) => Object.values(from)[0]),
    [0, 45, 80, 81],
  );
  assert.deepEqual(sections.at(-1)!.spec.playing, ["flute"]);
  assert.deepEqual(events![0]!.at, { seconds: 80 });
});

Deno.test("parsePrompt() keeps the length of a piece apart from what happens in it", () => {
  const lengthOf = (prompt: string) => requestOf(prompt).length;
  assert.deepEqual(lengthOf("ukulele, 60 sec with clean ending"), {
    seconds: 60,
  });
  assert.deepEqual(
    lengthOf("bossa nova que dure dos minutos y medio y termine de golpe"),
    { seconds: 150 },
  );
  assert.deepEqual(lengthOf("harp, minute and a half"), { seconds: 90 });
  assert.deepEqual(
    lengthOf("three minutes, four bars of guitar alone at the beginning, pad"),
    { seconds: 180 },
  );
  assert.deepEqual(lengthOf("pads, repeat for 5 min"), { seconds: 300 });
  assert.deepEqual(lengthOf("Am F C G, 2 bars each, play it 4 times"), {
    bars: 32,
  });
});

Deno.test("parsePrompt() has those leave who are not listed in the next stretch", () => {
  assert.deepEqual(
    casts(
      "0:00-0:20 soft piano, 0:20-0:40 loud piano and drums, 0:40-1:00 soft piano",
    ),
    [["piano"], undefined, ["piano"]],
  );
  const stops =
    "the drums stop at 0:45 and never come back, piano goes on by itself to 1:15";
  assert.deepEqual(casts(stops), [["drums"], ["piano"]]);
  assert.deepEqual(requestOf(stops).length, { seconds: 75 });
});

Deno.test("parsePrompt() gives a change the time that stands before it", () => {
  const { sections = [] } = requestOf(
    "piano in G minor. At 0:35 a cello joins. At 1:05 it turns to major",
  );
  assert.deepEqual(
    sections.map(({ from, spec }) => [Object.values(from)[0], spec.key?.mode]),
    [[0, undefined], [35, undefined], [65, "major"]],
  );
  const [intro, waltz] = requestOf("strings, starts slow intro then a waltz")
    .sections!;
  assert.equal(intro!.spec.tempo, "slow");
  assert.deepEqual(waltz!.from, { share: 0.2 });
});

Deno.test("parsePrompt() has an entry that slams be a hit, and cuts a piece off", () => {
  assert.deepEqual(requestOf("piano, at 0:55 drums slam in").events, [
    { at: { seconds: 55 }, what: "hit" },
  ]);
  assert.equal(requestOf("strings, que termine de golpe").cutsOff, true);
  assert.equal(requestOf("strings, ends softly").cutsOff, undefined);
});

Deno.test("parsePrompt() tells sections apart by ordinals, in a list, and by minutes", () => {
  const spans = (prompt: string) =>
    (requestOf(prompt).sections ?? []).map(({ from, spec }) => [
      Object.values(from)[0],
      spec.playing?.join(),
    ]);
  assert.deepEqual(
    requestOf(
      "two sections: first slow and sad in D minor, second fast in D major",
    ).sections!.map(({ spec }) => [spec.tempo, spec.key?.mode]),
    [["slow", "minor"], ["fast", "major"]],
  );
  assert.deepEqual(
    spans("3 parts of 20 seconds each: calm piano, tense strings, bold brass"),
    [[0, "piano"], [20, "strings"], [40, "brass"]],
  );
  assert.deepEqual(
    spans("minute 1: flute. minute 2: flute and harp. minute 3: harp alone"),
    [[0, "flute"], [60, undefined], [120, "harp"]],
  );
  assert.deepEqual(
    spans(
      "solo harp, then flute enters, until the last 10 seconds where only the harp remains, 1 minute",
    ),
    [[0, "harp"], [0.4166666666666667, undefined], [50, "harp"]],
  );
});

Deno.test("parsePrompt() lets tempi move in the last bars, and by their names", () => {
  const tempi = (prompt: string) =>
    requestOf(prompt).sections!.at(-1)!.curve?.qpm;
  assert.deepEqual(
    tempi("piano. tempo gradually increases from 60 to 120 bpm"),
    [
      60,
      120,
    ],
  );
  assert.deepEqual(tempi("polka at 100 bpm, accelerando in the last 8 bars"), [
    100,
    140,
  ]);
  const [intro, fast] = requestOf(
    "slow 60 bpm intro, 30 seconds, then jump to 140 bpm",
  ).sections!;
  assert.equal(intro!.spec.qpm, 60);
  assert.deepEqual([fast!.from, fast!.spec.qpm], [{ seconds: 30 }, 140]);
});

Deno.test("parsePrompt() keeps what has grown, and sends away whom another takes over from", () => {
  assert.deepEqual(
    loudnesses("starts very quietly and until 1:00 gets louder, 2 minutes"),
    ["soft", "loud"],
  );
  assert.deepEqual(
    casts(
      "piano at first, violin takes over at bar 9, both together from bar 17",
    ),
    [["piano"], ["violin"], undefined],
  );
  assert.deepEqual(
    requestOf("key of G, bridge in E minor, then back to G").sections!
      .map(({ spec }) => spec.key?.tonic),
    [undefined, 4, 7],
  );
});

Deno.test("parsePrompt() tells a length from the time that follows it", () => {
  const { length, sections } = requestOf(
    "cinematic, 2 min. 0:00 piano alone. 0:30 strings come in. 1:50 everything stops except the piano",
  );
  assert.deepEqual(length, { seconds: 120 });
  assert.deepEqual(
    sections!.map(({ from, spec }) => [from, spec.playing]),
    [
      [{ share: 0 }, ["piano"]],
      [{ seconds: 30 }, undefined],
      [{ seconds: 110 }, ["piano"]],
    ],
  );
  assert.deepEqual(requestOf("piano, 2 min 30").length, { seconds: 150 });
});

Deno.test("parsePrompt() has those who join after the first bars be silent in them", () => {
  const prompt =
    "opens with solo piano; strings and drums join after the first eight bars";
  assert.deepEqual(
    requestOf(prompt).sections!.map(({ from, spec }) => [from, spec.playing]),
    [[{ share: 0 }, ["piano"]], [{ bar: 9 }, undefined]],
  );
});
