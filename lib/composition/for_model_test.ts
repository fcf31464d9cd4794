import assert from "node:assert/strict";
import {
  ATTRIBUTES,
  attributeTokens,
  scalePitchClasses,
} from "../music/music.ts";
import { parsePrompt } from "../prompt/prompt.ts";
import prompts from "../prompt/prompts.json" with { type: "json" };
import {
  closedVocabulary,
  type Profile,
  usableTokens,
} from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { toGeneration, usualVoices, withTargets } from "./for_model.ts";

/** What a small model knows. */
const VOCABULARY = Vocabulary.fromTokens(closedVocabulary([
  ..."0 4 11 24 32 33 48 73 88 89".split(" ").map((n) => `Program_${n}`),
  ..."3/4 4/4 6/8".split(" ").map((meter) => `TimeSignature_${meter}`),
  ..."Bar End Kit_0 Tempo_60 Tempo_100 Pitch_28 Pitch_97".split(" "),
]));
const plan = (prompt: string) =>
  toGeneration(parsePrompt(prompt).request, VOCABULARY);

Deno.test("toGeneration() makes constraints that a vocabulary can meet of each of 120 prompts", () => {
  for (const { prompt } of prompts.good) {
    const { attributes, constraints, bars } = plan(prompt);
    assert.equal(
      attributeTokens(attributes).length,
      Object.keys(ATTRIBUTES).length,
    );
    usableTokens(VOCABULARY, {
      ...constraints,
      ...bars !== undefined && { bars },
    });
  }
});

Deno.test("toGeneration() fills in all that was asked", () => {
  const prompt =
    "slow piano in D minor, 70 bpm, two minutes, sparse, high register, loud, no drums, seed 3, safe";
  assert.deepEqual(
    plan(prompt),
    {
      ...parsePrompt(prompt).request,
      attributes: {
        Key: "D",
        Mode: "minor",
        TempoClass: "slow",
        Meter: "4/4",
        Density: "sparse",
        Register: "high",
        Loudness: "loud",
        LengthBars: "48",
        HasPiano: "1",
        HasMallets: "0",
        HasOrgan: "0",
        HasGuitar: "0",
        HasBass: "0",
        HasStrings: "0",
        HasWinds: "0",
        HasLead: "0",
        HasPad: "0",
        HasDrums: "0",
      },
      constraints: {
        qpm: 70,
        meter: "4/4",
        programs: [0],
        kits: [],
      },
      bars: 35,
      temperature: 0.85,
      randomSeed: 3,
      qpm: 70,
      soundingPrograms: new Map(),
      partNames: new Map([[0, "piano"]]),
      notes: [],
    },
  );
});

Deno.test("toGeneration() leaves free what was not asked", () => {
  const free = {
    attributes: {},
    constraints: {},
    soundingPrograms: new Map(),
    notes: [],
  };
  assert.deepEqual(plan(""), { ...parsePrompt("").request, ...free });
  assert.deepEqual(plan("E minor").constraints, {}, "attributes tell it");
  assert.deepEqual(plan("E dorian").constraints, {
    pitchClasses: scalePitchClasses(4, "dorian"),
  });
  const { attributes, constraints } = plan("no drums");
  // The model has no organ and no lead anyway.
  assert.deepEqual(attributes, {
    HasOrgan: "0",
    HasLead: "0",
    HasDrums: "0",
  });
  assert.deepEqual(constraints.kits, []);
});

Deno.test("toGeneration() counts seconds out in bars of the tempo and meter", () => {
  const barsOf = (prompt: string) => plan(prompt).bars;
  assert.equal(barsOf("60 bpm, 3/4, one minute"), 20);
  assert.equal(barsOf("80 bpm, 6/8, one minute"), 27);
  assert.equal(barsOf("one minute"), 18, "72 qpm and 4/4 if nothing is said");
  assert.equal(barsOf("1 second, slow"), 1);
  assert.equal(barsOf("loop"), 8);
  assert.equal(barsOf("a 5-bar loop"), 5);
  assert.equal(barsOf("endless"), undefined);
});

Deno.test("toGeneration() fits a free tempo to an exact length", () => {
  const { qpm = 0, bars = 0, constraints, exactSeconds } = plan(
    "exactly 61 seconds, slow",
  );
  assert(Math.abs(bars * 4 * 60 / qpm - 61) < 1e-9);
  assert.equal(constraints.qpm, Math.round(qpm));
  assert.equal(exactSeconds, undefined);
  const given = plan("exactly 61 seconds, 70 bpm");
  assert.deepEqual(
    [given.qpm, given.bars, given.exactSeconds],
    [70, 18, 61],
  );
  const [note] = plan("a loop of exactly 61 seconds, 70 bpm").notes;
  assert.match(note!, /18 bars at 70 bpm are 61\.7 seconds, not 61\./);
});

Deno.test("toGeneration() finds stand-ins for what the model does not know", () => {
  const { attributes, constraints, qpm, soundingPrograms, notes } = plan(
    "trumpet, harpsichord and piano, 130 bpm",
  );
  assert.deepEqual(constraints, { qpm: 100, programs: [0, 4, 73], kits: [] });
  assert.equal(attributes.TempoClass, "lively", "what the model will play");
  assert.equal(qpm, 130);
  assert.deepEqual([...soundingPrograms], [[73, 56], [4, 6]]);
  assert.match(notes[0]!, /never heard trumpet; it writes that part as flute/);
});

Deno.test("toGeneration() lets a named instrument fill a role", () => {
  const programs = (prompt: string) => plan(prompt).constraints.programs;
  assert.deepEqual(programs("piano melody over upright bass"), [0, 32]);
  assert.deepEqual(programs("bass"), [32, 33]);
  assert.deepEqual(programs("strings and pads"), [48, 88, 89]);
  assert.deepEqual(programs("keys without piano"), [4]);
  assert.deepEqual(programs("drums"), []);
  const { attributes } = plan("bass and melody");
  assert.equal(attributes.HasBass, "1");
  assert.equal(attributes.HasWinds, undefined, "one of several may carry it");
});

Deno.test("toGeneration() refuses what the model cannot play", () => {
  const refused = (prompt: string, message: RegExp, vocabulary = VOCABULARY) =>
    assert.throws(
      () => toGeneration(parsePrompt(prompt).request, vocabulary),
      { name: "PromptError", message },
    );
  refused(
    "no piano, no electric piano, no vibraphone, no guitar, no bass, no strings, no flute, no pads, no drums",
    /nothing is left to play it/,
  );
  const small = Vocabulary.fromTokens(["Program_0", "TimeSignature_4/4"]);
  refused("drums", /has no drums/, small);
});

Deno.test("toGeneration() makes bars of a meter that the model does not know of others", () => {
  const { constraints, bars, finishedBars, barsAs, notes } = plan(
    "5/4, 9 bars",
  );
  assert.equal(constraints.meter, "3/4");
  assert.equal(bars, 18);
  assert.equal(finishedBars, 9);
  assert.equal(barsAs?.from, 2);
  assert.match(notes[0]!, /2 bars of 3\/4 make 1, without the last quarter\./);
});

Deno.test("toGeneration() has instruments that no program is left for play along with others", () => {
  const { constraints, soundingPrograms, doubledBy, partNames, notes } =
    toGeneration(
      parsePrompt("piano, flute and tuba").request,
      Vocabulary.fromTokens([
        "Program_0",
        "Program_33",
        "TimeSignature_4/4",
      ]),
    );
  assert.deepEqual(constraints.programs, [0, 33]);
  assert.deepEqual([...soundingPrograms], [[33, 73]]);
  assert.deepEqual([...doubledBy ?? []], [[73, [58]]]);
  assert.deepEqual([...partNames ?? []], [
    [0, "piano"],
    [73, "flute"],
    [58, "tuba"],
  ]);
  assert.match(notes[1]!, /tuba .* plays along with flute/);
});

Deno.test("toGeneration() leaves out attributes that the model never saw", () => {
  const { request } = parsePrompt("piano, 60 bars");
  const { attributes, bars } = toGeneration(request, VOCABULARY, {
    isTrained: (token) => token !== "LengthBars_64",
  });
  assert.equal(bars, 60);
  assert.equal(attributes.LengthBars, undefined);
  assert.equal(attributes.HasPiano, "1");
});

Deno.test("usualVoices() are those of a piece that play one note at a time nearly everywhere", () => {
  const profile = (programs: number[], monophonic?: number[]): Profile => ({
    attributes: {},
    constraints: {
      ...{ bars: 8, qpm: 60, meter: "4/4", kits: [], ranges: {} },
      programs,
    },
    density: 1,
    ...monophonic && { monophonic },
  });
  const bassAndPiano = profile([0, 33], [0, 33]);
  const profiles = [
    bassAndPiano,
    ...Array.from({ length: 8 }, () => profile([0, 33], [33])),
    profile([33], []),
  ];
  assert.deepEqual(usualVoices(bassAndPiano, profiles), [33]);
  assert.deepEqual(usualVoices(profiles.at(-1)!, profiles), []);
  assert.deepEqual(usualVoices(profile([33]), profiles), []);
  const { targets } = withTargets(plan("electric bass"), [33]);
  assert.deepEqual(targets?.monophonic, [33]);
});
