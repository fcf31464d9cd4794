import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
const playing = (prompt: string) => requestOf(prompt).playing;
const silent = (prompt: string) => requestOf(prompt).silent;
const sections = (prompt: string) => requestOf(prompt).sections ?? [];

Deno.test("parsePrompt() brings the ensemble of a genre, which named instruments join", () => {
  const lofi = requestOf("Lofi hip hop beats to study to, 1 hour");
  assert.deepEqual(lofi.playing, ["electric piano", "bass", "drums"]);
  assert.deepEqual(lofi.length, { seconds: 3600 });
  assert.deepEqual(playing("jazz trio, walking bass"), [
    "acoustic bass",
    "piano",
    "drums",
  ]);
  assert.deepEqual(playing("techno with heavy guitars"), [
    "guitar",
    "synth",
    "synth bass",
    "drums",
  ]);
  assert.deepEqual(playing("lo-fi with guitar, no drums"), [
    "guitar",
    "electric piano",
    "bass",
  ]);
});

Deno.test("parsePrompt() lets nobody join instruments that play alone", () => {
  assert.deepEqual(playing("lofi piano"), ["piano"]);
  assert.deepEqual(playing("jazz for solo saxophone"), ["saxophone"]);
  assert.deepEqual(playing("funk, only drums and bass"), ["drums", "bass"]);
  assert.deepEqual(playing("jazz standard, harp and nothing else"), ["harp"]);
  assert.deepEqual(playing("just a drum groove 100 bpm"), ["drums"]);
  assert.deepEqual(playing("bebop, alto sax trio (sax bass drums)"), [
    "saxophone",
    "bass",
    "drums",
  ]);
});

Deno.test("parsePrompt() gives a scene its ensemble where no instruments are named", () => {
  assert.deepEqual(playing("chase scene"), [
    "strings",
    "synth bass",
    "brass",
    "drums",
  ]);
  assert.deepEqual(playing("chase scene with flute"), ["flute"]);
  assert.deepEqual(playing("background music, steady beat"), [
    "drums",
    "keys",
    "bass",
  ]);
});

Deno.test("parsePrompt() leaves out the family of what is not wanted, but for what is named", () => {
  assert.deepEqual(silent("no piano please"), ["piano", "electric piano"]);
  assert.deepEqual(silent("Rhodes, no piano"), ["piano"]);
  assert.deepEqual(silent("nada de piano ni guitarra"), [
    "piano",
    "electric piano",
    "guitar",
  ]);
  assert.deepEqual(playing("beat for studying but without drums"), []);
});

Deno.test("parsePrompt() takes degrees and denials as limits", () => {
  assert.equal(requestOf("not too fast").tempo, "moderate");
  assert.equal(requestOf("à la Satie mais pas trop lent").tempo, "moderate");
  assert.equal(requestOf("angry, but not loud").loudness, "medium");
  assert.notEqual(requestOf("anything but 4/4").meter, "4/4");
  assert.deepEqual(requestOf("not sad").key, { mode: "major" });
  assert.deepEqual(parsePrompt("not cheesy").ignored, ["not cheesy"]);
});

Deno.test("parsePrompt() takes one of several alternatives, by the seed, and tells which", () => {
  const taken = (seed: number) => {
    const { request, chosen } = parsePrompt("in D or maybe F", seed);
    assert.equal(chosen.length, 1);
    return request.key!.tonic;
  };
  const tonics = new Set(Array.from({ length: 20 }, (_, i) => taken(i)));
  assert.deepEqual([...tonics].sort(), [2, 5]);
  assert.equal(playing("piano or maybe harp").length, 1);
  const { length } = requestOf("6 or 7 minutes");
  assert.deepEqual(length, { seconds: 390 });
});

Deno.test("parsePrompt() makes sections of what comes one after the other", () => {
  assert.deepEqual(sections("slow then fast"), [
    { from: { share: 0 }, spec: { tempo: "slow" }, name: "slow" },
    { from: { share: 0.5 }, spec: { tempo: "fast" }, name: "fast" },
  ]);
  const song = requestOf(
    "intro 8 bars w/o drums, verse 16 bars, chorus 16 bars louder with drums, pop rock",
  );
  assert.deepEqual(song.length, { bars: 40 });
  assert.deepEqual(
    song.sections!.map(({ from, name, spec }) => [from, name, spec.loudness]),
    [
      [{ share: 0 }, "intro", undefined],
      [{ bar: 9 }, "verse", undefined],
      [{ bar: 25 }, "chorus", "loud"],
    ],
  );
  const [intro, verse, chorus] = song.sections!;
  assert.deepEqual(intro!.spec.playing, ["electric guitar", "electric bass"]);
  assert.equal(verse!.spec.playing, undefined, "only the intro lacks drums");
  assert.equal(chorus!.spec.playing, undefined, "all play");
});

Deno.test("parsePrompt() places what a time is given for", () => {
  const [first, second] = sections("piano, drums enter at 0:30, 1 minute");
  assert.deepEqual(first!.spec.playing, ["piano"]);
  assert.deepEqual(second!.from, { seconds: 30 });
  const [, end] = sections("piano, ends softly");
  assert.deepEqual(end!.spec, { loudness: "soft" });
  assert.equal(requestOf("piano, ends softly").loudness, undefined);
  const parts = sections(
    "0:00-0:15 solo flute. 0:15-0:40 add harp. 0:40-1:00 with brass, loud",
  );
  assert.deepEqual(parts.map(({ spec }) => spec.playing), [
    ["flute"],
    ["flute", "harp"],
    undefined,
  ]);
  const { problems } = parsePrompt("drums enter at 0:30, 20 seconds long");
  assert.match(problems[0]!.reason, /after the end of the piece/);
});

Deno.test("parsePrompt() makes lines of what grows and slows down", () => {
  const [built] = sections("strings, building up");
  assert.deepEqual(built!.curve, { velocity: [46, 112], density: [1, 3.6] });
  const [faster] = sections("starts at 100 bpm and accelerates to 140");
  assert.deepEqual(faster!.curve, { qpm: [100, 140] });
  const [, end] = sections("piano, 100 bpm, ritardando at the end");
  assert.deepEqual(end!.curve, { qpm: [100, 71] });
});

Deno.test("parsePrompt() makes events of hits, silences and fades", () => {
  assert.deepEqual(requestOf("hit at 0:12, silence at 0:20").events, [
    { at: { seconds: 12 }, what: "hit" },
    { at: { seconds: 20 }, what: "silence" },
  ]);
  const { events, length } = requestOf(
    "cheerful, stops suddenly at 0:17, 0:31 and 0:50 for 4 sec each, 1 minute total",
  );
  assert.deepEqual(events?.map(({ what, seconds }) => [what, seconds]), [
    ["silence", 4],
    ["silence", 4],
    ["silence", 4],
  ]);
  assert.deepEqual(length, { seconds: 60 });
  assert.deepEqual(requestOf("piano, fade out").events, [
    { at: { share: 0.88 }, what: "fadeOut" },
  ]);
});

Deno.test("parsePrompt() plays chord symbols and numerals, in a key that fits them", () => {
  const chordsOf = (prompt: string) =>
    requestOf(prompt).chords?.chords.map(({ symbol }) => symbol).join(" ");
  const keyOf = (prompt: string) => requestOf(prompt).key;
  assert.equal(chordsOf("Am F C G, pop piano"), "Am F C G");
  assert.deepEqual(keyOf("Am F C G"), { tonic: 9, mode: "minor" });
  assert.deepEqual(keyOf("Dm7 G7 Cmaj7 Am7"), { tonic: 0, mode: "major" });
  assert.equal(chordsOf("F#m7"), "F#m7");
  assert.equal(chordsOf("ii-V-I in Bb"), "Cm F Bb");
  assert.equal(chordsOf("andalusian cadence in A minor"), "Am G F E");
  assert.equal(chordsOf("I want a piano in A minor"), undefined);
  assert.equal(chordsOf("Am, 75 bpm"), undefined);
});

Deno.test("parsePrompt() reads chords of a section of its own, and their key", () => {
  const { chords, sections = [] } = requestOf(
    "piano, Am F C G for 8 bars, then Dm7 G7 Cmaj7",
  );
  assert.equal(chords?.chords.length, 4);
  const [, second] = sections;
  const symbols = second?.spec.chords?.chords.map(({ symbol }) => symbol);
  assert.deepEqual(symbols, ["Dm7", "G7", "Cmaj7"]);
  assert.deepEqual(second?.spec.key, { tonic: 0, mode: "major" });
});

Deno.test("parsePrompt() knows General MIDI's names and numbers", () => {
  assert.deepEqual(playing("program 46"), ["harp"]);
  assert.deepEqual(playing("Pad 2 and FX 4"), [
    "warm pad",
    "atmosphere effect",
  ]);
  const { chosen } = parsePrompt("use instrument 46");
  assert.match(chosen[0]!.from.join(), /pizzicato strings, counted from 1/);
});

Deno.test("parsePrompt() reads German, French and Spanish", () => {
  const german = requestOf("Ruhiges Klavierstück in d-Moll, ohne Schlagzeug");
  assert.deepEqual(german.key, { tonic: 2, mode: "minor" });
  assert.deepEqual(german.playing, ["piano"]);
  assert.deepEqual(german.silent, ["drums"]);
  assert.deepEqual(german.moods, ["calm"]);
  assert.equal(requestOf("Walzer in B-Dur").key?.tonic, 10);
  const french = requestOf(
    "berceuse pour boîte à musique, mi bémol majeur, à l'accordéon",
  );
  assert.deepEqual(french.key, { tonic: 3, mode: "major" });
  assert.deepEqual(french.playing, ["music box", "accordion"]);
  const spanish = requestOf("guitarra tranquila, la menor, dos minutos");
  assert.deepEqual(spanish.key, { tonic: 9, mode: "minor" });
  assert.deepEqual(spanish.moods, ["calm"]);
  assert.deepEqual(spanish.length, { seconds: 120 });
});

Deno.test("parsePrompt() reads misspelt words, and leaves right ones alone", () => {
  const { request, understood, ignored } = parsePrompt(
    "mellancholy pianno for home",
  );
  assert.deepEqual(request.moods, ["melancholic"]);
  assert.deepEqual(request.playing, ["piano"]);
  assert.equal(
    understood[1]!.meaning,
    'with piano (read as "piano", a misspelling)',
  );
  assert.deepEqual(ignored, ["for home"]);
});

Deno.test("parsePrompt() takes composers of the past as styles, and tells of other names", () => {
  assert.deepEqual(requestOf("a chopin nocturne").styles, [
    "Chopin",
    "nocturne",
  ]);
  const { request, problems } = parsePrompt("like Daft Punk, 120 bpm");
  assert.equal(request.qpm, 120);
  assert.deepEqual(problems.map(({ phrase }) => phrase), ["like Daft Punk"]);
});

Deno.test("parsePrompt() tells all problems at once", () => {
  const { problems, request } = parsePrompt(
    "slow at 180 bpm, 0 bars, female vocals over piano",
  );
  assert.equal(problems.length, 3);
  assert.deepEqual(request.playing, ["piano"]);
  assert.equal(request.qpm, 180);
});

Deno.test("parsePrompt() says how parts play", () => {
  assert.deepEqual(requestOf("walking bass and piano").partWishes, [
    { program: 32, positions: "beats", isMonophonic: true },
  ]);
  assert.deepEqual(requestOf("sustained organ").partWishes, [
    { program: 16, leastQuarters: 2 },
  ]);
});

Deno.test("parsePrompt() follows stretches of time one after the other", () => {
  const song = requestOf(
    "first 30 seconds: piano. next 30 seconds: add strings. last 30 seconds: drums, loud",
  );
  assert.deepEqual(song.length, { seconds: 90 });
  assert.deepEqual(
    song.sections!.map(({ from, spec }) => [from, spec.playing]),
    [
      [{ share: 0 }, ["piano"]],
      [{ seconds: 30 }, ["piano", "strings"]],
      [{ seconds: 60 }, undefined],
    ],
  );
  const calm = requestOf(
    "calm until 0:30, tense from 0:30 to 0:50, then calm again; 1:20 total",
  );
  assert.deepEqual(calm.length, { seconds: 80 });
  assert.deepEqual(calm.sections!.map(({ spec }) => spec.moods), [
    ["calm"],
    ["tense"],
    ["calm"],
  ]);
  const { sections, length } = requestOf("accelerate from 70 to 130 bpm, 40 s");
  assert.deepEqual(sections![0]!.curve, { qpm: [70, 130] });
  assert.deepEqual(length, { seconds: 40 });
});

Deno.test("parsePrompt() takes a bare comparison as a wish for the whole piece", () => {
  const slower = requestOf("something like Billie Eilish but slower");
  assert.equal(slower.tempo, "slow");
  assert.equal(slower.sections, undefined);
  assert.equal(requestOf("ein Lied, etwas schneller").tempo, "lively");
  assert.equal(requestOf("piano, 100 bpm, a bit louder").loudness, "loud");
  assert.equal(sections("choir, each verse a bit higher").length, 2);
  const [first] = sections("piano, gets slower");
  assert(first!.curve?.qpm);
});

Deno.test("parsePrompt() tells a section and what is in it in one line", () => {
  const { understood } = parsePrompt("slow then fast");
  assert.deepEqual(understood, [
    { phrase: "slow", meaning: "from the beginning: tempo: slow" },
    { phrase: "then fast", meaning: "from the middle: tempo: fast" },
  ]);
});

Deno.test("parsePrompt() ends a negation where a wish follows", () => {
  const { playing, silent } = requestOf("no drums, maybe rhodes or harp");
  assert.equal(playing.length, 1);
  assert.deepEqual(silent, ["drums"]);
  assert.deepEqual(requestOf("cello, no big hollywood strings").playing, [
    "cello",
  ]);
  assert.deepEqual(requestOf("a trumpet, not a cornet").playing, ["trumpet"]);
});

Deno.test("parsePrompt() tells words of two meanings apart by their neighbours", () => {
  assert.deepEqual(playing("harp with good vibes"), ["harp"]);
  assert.deepEqual(playing("harp and vibes"), ["harp", "vibraphone"]);
  assert.deepEqual(playing("strings for drone footage"), ["strings"]);
  const slower = requestOf("piano, slower than 60 bpm");
  assert(slower.qpm! < 60 && slower.sections === undefined);
  assert.deepEqual(playing("flute, 4 beats in and 4 beats out"), ["flute"]);
  assert.deepEqual(requestOf("2:40 of piano, faster from 1:00").length, {
    seconds: 160,
  });
});

Deno.test("parsePrompt() has single parts play short, broken, low or high", () => {
  const duo = requestOf("low cello, high piano");
  assert.equal(duo.register, undefined);
  assert.deepEqual(duo.partWishes, [
    { program: 42, range: [0, 59] },
    { program: 0, range: [69, 127] },
  ]);
  assert.deepEqual(requestOf("harp arpeggios, flute").partWishes, [
    { program: 46, isMonophonic: true, isBroken: true, mostQuarters: 1 },
  ]);
  const all = requestOf("everything staccato: flute, piano").partWishes ?? [];
  assert.deepEqual(all.map(({ program }) => program), [73, 0]);
  assert.deepEqual(requestOf("staccato clarinet and piano").partWishes, [
    { program: 71, mostQuarters: 0.25 },
  ]);
  const both = requestOf("staccato, pizzicato, clarinet").partWishes ?? [];
  assert.deepEqual(both.map(({ program }) => program), [45, 71]);
  assert.equal(requestOf("high violin").register, "high");
  // One who enters later may be low, but two parts that move stay free.
  assert.deepEqual(requestOf("piano, at 0:30 low cello enters").partWishes, [
    { program: 42, range: [0, 59] },
  ]);
  const moves = requestOf("high strings and bells, slowly descending");
  assert.equal(moves.partWishes, undefined);
});

Deno.test("parsePrompt() reads lengths in hours, bars after their name, and no drum machine as one", () => {
  const lengthOf = (prompt: string) => requestOf(prompt).length;
  assert.deepEqual(lengthOf("Techno, eine Stunde"), { seconds: 3600 });
  assert.deepEqual(lengthOf("piano, bars: 16"), { bars: 16 });
  assert.deepEqual(lengthOf("cello, une minute trente"), { seconds: 90 });
  assert.equal(lengthOf("trap with 808s"), undefined);
  assert.equal(requestOf("flute, only notes C D E F G").chords, undefined);
});

Deno.test("parsePrompt() follows a mood's tempo against that of a use", () => {
  assert.equal(requestOf("cozy music for a game").qpm, undefined);
  assert.equal(requestOf("cozy music for a game").tempo, "slow");
});

Deno.test("parsePrompt() gives what follows a time of its own to that time", () => {
  const [, alarm] = sections("vibraphone; at 0:40 the alarm: brass, louder");
  assert.deepEqual(alarm!.from, { seconds: 40 });
  assert.equal(alarm!.spec.loudness, "loud");
  const heavier = requestOf(
    "chill at first, gets heavier with drums after 1:00",
  );
  assert.deepEqual(heavier.moods, []);
  assert.deepEqual(playing("piano sonata, allegro"), ["piano"]);
  assert.deepEqual(playing("Stück für Blockflötenquartett"), ["recorder"]);
});

Deno.test("parsePrompt() reads minutes and seconds, and lists of seconds", () => {
  const seconds = (prompt: string) => {
    const { length } = parsePrompt(prompt).request;
    return length && "seconds" in length ? length.seconds : undefined;
  };
  assert.equal(seconds("waltz, about 1 min 45"), 105);
  assert.equal(seconds("a cue of 1m03"), 63);
  assert.equal(seconds("20s sting, hopeful"), 20);
  assert.equal(seconds("20s jazz"), undefined);
  const { events, length } = parsePrompt(
    "strikes at 3, 7 and 13 secs, stop at 18",
  ).request;
  assert.deepEqual(length, { seconds: 18 });
  assert.deepEqual(
    events,
    [3, 7, 13].map((at) => ({ at: { seconds: at }, what: "hit" })),
  );
  assert.deepEqual(parsePrompt("one minute, boom at :45").request.events, [
    { at: { seconds: 45 }, what: "hit" },
  ]);
});

Deno.test("parsePrompt() reads a mode before its tonic, and tempi by comparison", () => {
  const { key, playing } = parsePrompt("harmonic minor on E, violin").request;
  assert.deepEqual(key, { tonic: 4, mode: "harmonicMinor" });
  assert.deepEqual(playing, ["violin"]);
  assert.equal(parsePrompt("10% faster than 90").request.qpm, 99);
  assert.equal(parsePrompt("5 percent slower than 80").request.qpm, 76);
  const walk = parsePrompt("like walking through snow, piano").request;
  assert.deepEqual(walk.playing, ["piano"]);
});

Deno.test("parsePrompt() lets a part that stops leave, and ends in the silence asked", () => {
  const { sections, events } = parsePrompt(
    "piano and drums, the drums stop at 0:45",
  ).request;
  assert.equal(events, undefined);
  assert.deepEqual(sections?.at(-1)?.spec.playing, ["piano"]);
  const silences = (prompt: string) => parsePrompt(prompt).request.events;
  const last = [{ at: { seconds: 96 }, what: "silence", seconds: 4 }];
  assert.deepEqual(
    silences("piano, 1:40 long, everything stops at 1:36"),
    last,
  );
  assert.deepEqual(
    silences("piano, 1:40 long, last four seconds silence"),
    last,
  );
});
