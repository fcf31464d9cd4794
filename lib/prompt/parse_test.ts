import assert from "node:assert/strict";
import {
  ATTRIBUTES,
  attributeTokens,
  scalePitchClasses,
} from "../music/music.ts";
import { parsePrompt } from "./parse.ts";
import { PromptError } from "./request.ts";
import { toGeneration } from "./plan.ts";
import { INSTRUMENTS } from "./instruments.ts";
import { characterOf, meanAffect, MOODS } from "./moods.ts";
import { Random } from "../base/base.ts";
import { closedVocabulary, usableTokens } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import fixture from "./prompts.json" with { type: "json" };

interface Written {
  readonly prompt: string;
  /** Fields asked; all others are free. */
  readonly request?: Record<string, unknown>;
  readonly ignored?: readonly string[];
  /** Part of the sentence that answers it. */
  readonly error?: string;
}
const GOOD: readonly Written[] = fixture.good,
  BAD: readonly Written[] = fixture.bad;

const NOTHING = {
  playing: [],
  silent: [],
  moods: [],
  styles: [],
  loop: false,
};

/** What a small model knows. */
const VOCABULARY = Vocabulary.fromTokens(closedVocabulary([
  ..."0 4 11 24 32 33 48 73 88 89".split(" ").map((n) => `Program_${n}`),
  ..."3/4 4/4 6/8".split(" ").map((meter) => `TimeSignature_${meter}`),
  ..."Bar End Kit_0 Tempo_60 Tempo_100 Pitch_28 Pitch_97".split(" "),
]));
const plan = (prompt: string) =>
  toGeneration(parsePrompt(prompt).request, VOCABULARY);

Deno.test("parsePrompt() reads each of 120 prompts as it was meant", () => {
  assert.equal(GOOD.length, 120);
  for (const { prompt, request, ignored = [] } of GOOD) {
    const parsed = parsePrompt(prompt);
    assert.deepEqual(parsed.request, { ...NOTHING, ...request }, prompt);
    assert.deepEqual(parsed.ignored, ignored, prompt);
  }
});

Deno.test("parsePrompt() answers each of 60 bad or odd prompts", () => {
  assert.equal(BAD.length, 60);
  for (const { prompt, request, ignored, error } of BAD) {
    if (error === undefined) {
      const parsed = parsePrompt(prompt);
      assert.deepEqual(parsed.request, { ...NOTHING, ...request }, prompt);
      assert.deepEqual(parsed.ignored, ignored, prompt);
      continue;
    }
    assert.throws(() => parsePrompt(prompt), (thrown) => {
      assert(thrown instanceof PromptError, `${prompt}: ${thrown}`);
      assert.match(thrown.message, /^Cannot follow the prompt: .+\.$/);
      assert(thrown.message.includes(error), `${prompt}: ${thrown.message}`);
      return true;
    }, prompt);
  }
});

Deno.test("parsePrompt() says in order what it understood and what not", () => {
  const { understood, ignored } = parsePrompt(
    "A foggy, dreamy Piano in D; 70 BPM, not too loud, no drums",
  );
  assert.deepEqual(understood, [
    { phrase: "dreamy", meaning: "mood: dreamy (major, soft loudness)" },
    { phrase: "Piano", meaning: "with piano" },
    { phrase: "in D", meaning: "key: D major" },
    { phrase: "70 BPM", meaning: "70 quarter notes per minute" },
    { phrase: "no drums", meaning: "without drums" },
  ]);
  assert.deepEqual(ignored, ["foggy", "not too loud"]);
});

Deno.test("parsePrompt() echoes every word but small ones, whatever is written", () => {
  const words = GOOD.concat(BAD).flatMap(({ prompt }) => prompt.split(/\s+/));
  const random = new Random(5);
  let answered = 0;
  for (let i = 0; i < 2000; i++) {
    const prompt = Array.from(
      { length: 1 + random.int(8) },
      () => random.pick(words),
    ).join(random.pick([" ", " ", ", "]));
    try {
      const parsed = parsePrompt(prompt);
      assert.deepEqual(parsePrompt(prompt), parsed);
      const echoed = [
        ...parsed.understood.map(({ phrase }) => phrase),
        ...parsed.ignored,
      ].join(" ").toLowerCase();
      for (const word of ["piano", "qwerty", "rain", "strings", "loopable"]) {
        if (!prompt.toLowerCase().split(/[^\p{L}]+/u).includes(word)) continue;
        assert(echoed.includes(word), `${prompt} → ${echoed}`);
      }
      answered++;
    } catch (thrown) {
      assert(thrown instanceof PromptError, `${prompt}: ${thrown}`);
    }
  }
  assert(answered > 500, `${answered}`);
});

Deno.test("parsePrompt() puts words before moods and moods before styles", () => {
  const { request } = parsePrompt("loud, happy ambient");
  assert.deepEqual(request, {
    ...NOTHING,
    key: { mode: "major" },
    tempo: "lively",
    density: "sparse",
    register: "high",
    loudness: "loud",
    moods: ["happy"],
    styles: ["ambient"],
  });
});

Deno.test("parsePrompt() tells articles from keys", () => {
  const keyOf = (prompt: string) => parsePrompt(prompt).request.key;
  assert.deepEqual(keyOf("in a minor key"), { mode: "minor" });
  assert.deepEqual(keyOf("in a minor"), { tonic: 9, mode: "minor" });
  assert.deepEqual(keyOf("in A slow tempo"), undefined);
  assert.deepEqual(keyOf("a slow piece in A"), { tonic: 9, mode: "major" });
  assert.deepEqual(keyOf("Am I sad?"), {
    mode: "minor",
  });
  assert.deepEqual(keyOf("Amin"), { tonic: 9, mode: "minor" });
  assert.deepEqual(keyOf("B# minor"), { tonic: 0, mode: "minor" });
  assert.deepEqual(keyOf("Cb major"), { tonic: 11, mode: "major" });
});

Deno.test("parsePrompt() prefers the longer phrase", () => {
  const lengthOf = (prompt: string) => parsePrompt(prompt).request.length;
  assert.deepEqual(lengthOf("never ending pads"), { endless: true });
  assert.deepEqual(lengthOf("endless loop"), undefined);
  assert.deepEqual(lengthOf("a hundred and twenty seconds"), { seconds: 120 });
  assert.deepEqual(lengthOf("80s synth"), undefined);
  assert.equal(parsePrompt("short loop").request.loop, true);
  assert.equal(parsePrompt("I AM HERE").request.key, undefined);
});

Deno.test("parsePrompt() refuses a prompt of great length", () => {
  assert.throws(() => parsePrompt("la ".repeat(1000)), {
    name: "PromptError",
    message: /at most 2000 characters, current value is 3000/,
  });
});

Deno.test("characterOf() follows the table at its thresholds", () => {
  const at = (valence: number, arousal: number) =>
    characterOf({ valence, arousal });
  assert.deepEqual(at(0, 0), {});
  assert.deepEqual(at(0.25, 0), { mode: "major" });
  assert.deepEqual(at(-0.15, 0), { mode: "minor" });
  assert.deepEqual(at(0, -0.35), { tempo: "slow", loudness: "soft" });
  assert.deepEqual(at(0, 0.25), { tempo: "lively" });
  assert.deepEqual(at(0, 0.55), { tempo: "fast" });
  assert.deepEqual(at(-0.55, 0.6), {
    mode: "minor",
    tempo: "fast",
    density: "dense",
    register: "low",
    loudness: "loud",
  });
  assert.deepEqual(at(0.65, -0.6), {
    mode: "major",
    tempo: "slow",
    density: "sparse",
    register: "high",
    loudness: "soft",
  });
});

Deno.test("meanAffect() lets moods balance each other", () => {
  const { valence, arousal } = meanAffect(["melancholic", "hopeful"]);
  assert(Math.abs(valence + 0.025) < 1e-9 && Math.abs(arousal + 0.225) < 1e-9);
  for (const [mood, place] of MOODS) {
    assert(Math.abs(place.valence) <= 1 && Math.abs(place.arousal) <= 1, mood);
  }
});

Deno.test("toGeneration() makes of each of 120 prompts what a model can be held to", () => {
  for (const { prompt } of GOOD) {
    const { attributes, constraints, bars } = plan(prompt);
    assert.equal(
      attributeTokens(attributes).length,
      Object.keys(ATTRIBUTES).length,
    );
    usableTokens(VOCABULARY, { ...constraints, bars });
  }
});

Deno.test("toGeneration() steers all that was asked", () => {
  assert.deepEqual(
    plan(
      "slow piano in D minor, 70 bpm, two minutes, sparse, high register, loud, no drums, seed 3, safe",
    ),
    {
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
        pitchClasses: [2, 4, 5, 7, 9, 10, 0, 1],
        ranges: { 0: [59, 98] },
      },
      bars: 35,
      temperature: 0.85,
      randomSeed: 3,
      qpm: 70,
      programs: new Map(),
      notes: [],
    },
  );
});

Deno.test("toGeneration() leaves free what was not asked", () => {
  const free = {
    attributes: {},
    constraints: {},
    programs: new Map(),
    notes: [],
  };
  assert.deepEqual(plan(""), free);
  assert.deepEqual(plan("E minor").constraints, {
    pitchClasses: [...scalePitchClasses(4, "minor"), 3],
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
  assert.match(note, /18 bars at 70 bpm are 61\.7 seconds, not 61\./);
});

Deno.test("toGeneration() has what the model does not know put right afterwards", () => {
  const { attributes, constraints, qpm, programs, notes } = plan(
    "trumpet, harpsichord and piano, 130 bpm",
  );
  assert.deepEqual(constraints, { qpm: 100, programs: [0, 4, 73], kits: [] });
  assert.equal(attributes.TempoClass, "lively", "what the model will play");
  assert.equal(qpm, 130);
  assert.deepEqual([...programs], [[73, 56], [4, 6]]);
  assert.match(notes[0], /never heard trumpet; it plays program 73/);
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
  refused("5/4", /knows no 5\/4 time, only 3\/4, 4\/4, 6\/8\./);
  refused(
    "no piano, no electric piano, no vibraphone, no guitar, no bass, no strings, no flute, no pads, no drums",
    /nothing is left to play it/,
  );
  const small = Vocabulary.fromTokens(["Program_0", "TimeSignature_4/4"]);
  refused("piano and flute", /too few instruments to play flute/, small);
  refused("drums", /has no drums/, small);
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

Deno.test("INSTRUMENTS are General MIDI programs", () => {
  for (const [name, { programs, role }] of Object.entries(INSTRUMENTS)) {
    assert.equal(programs.length === 0, role === "drums", name);
    assert.equal(new Set(programs).size, programs.length, name);
    for (const program of programs) {
      assert(Number.isInteger(program) && program >= 0 && program < 128, name);
    }
  }
});
