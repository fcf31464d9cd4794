import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";
import { characterOf, meanAffect, MOODS } from "./moods.ts";
import { Random } from "../base/base.ts";
import { wrongIn } from "./testing.ts";
import fixture from "./prompts.json" with { type: "json" };

interface Written {
  readonly prompt: string;
  /** Fields asked; all others are free. */
  readonly request?: Record<string, unknown>;
  readonly ignored?: readonly string[];
  /** Part of the sentence that says what cannot be done. */
  readonly problem?: string;
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

Deno.test("parsePrompt() reads each of 120 prompts as it was meant", () => {
  assert.equal(GOOD.length, 120);
  for (const { prompt, request, ignored = [] } of GOOD) {
    const parsed = parsePrompt(prompt);
    assert.deepEqual(parsed.request, { ...NOTHING, ...request }, prompt);
    assert.deepEqual(parsed.ignored, ignored, prompt);
  }
});

Deno.test("parsePrompt() makes something of each of 60 bad or odd prompts", () => {
  assert.equal(BAD.length, 60);
  for (const { prompt, request, ignored = [], problem } of BAD) {
    const parsed = parsePrompt(prompt);
    assert.deepEqual(parsed.request, { ...NOTHING, ...request }, prompt);
    assert.deepEqual(parsed.ignored, ignored, prompt);
    const reasons = parsed.problems.map(({ reason }) => reason).join("; ");
    assert(reasons.includes(problem ?? ""), `${prompt}: ${reasons}`);
    assert.equal(
      reasons === "",
      problem === undefined,
      `${prompt}: ${reasons}`,
    );
  }
});

Deno.test("parsePrompt() says in order what it understood and what not", () => {
  const { understood, ignored } = parsePrompt(
    "A xyzzy, dreamy Piano in D; 70 BPM, not too loud, no drums",
  );
  assert.deepEqual(understood, [
    { phrase: "dreamy", meaning: "mood: dreamy (major, soft loudness)" },
    { phrase: "Piano", meaning: "with piano" },
    { phrase: "in D", meaning: "key: D major" },
    { phrase: "70 BPM", meaning: "70 quarter notes per minute" },
    { phrase: "not too loud", meaning: "loudness below loud" },
    { phrase: "no drums", meaning: "without drums" },
  ]);
  assert.deepEqual(ignored, ["A xyzzy"]);
});

Deno.test("parsePrompt() answers every word once, whatever is written", () => {
  const words = GOOD.concat(BAD).flatMap(({ prompt }) => prompt.split(/\s+/));
  const random = new Random(5);
  for (let i = 0; i < 2000; i++) {
    const prompt = Array.from(
      { length: 1 + random.int(8) },
      () => random.pick(words),
    ).join(random.pick([" ", " ", ", "]));
    const parsed = parsePrompt(prompt);
    assert.deepEqual(parsePrompt(prompt), parsed);
    assert.deepEqual(wrongIn(prompt, parsed), [], prompt);
  }
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
    silent: ["drums"],
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

Deno.test("parsePrompt() reads the beginning of a prompt of great length", () => {
  const { request, problems } = parsePrompt(`piano${" la".repeat(1000)} flute`);
  assert.deepEqual(request.playing, ["piano"]);
  assert.match(problems[0]!.reason, /at most 2000 characters/);
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
  const { valence, arousal } = meanAffect([
    { name: "melancholic", share: 1 },
    { name: "hopeful", share: 1 },
  ]);
  assert(Math.abs(valence + 0.025) < 1e-9 && Math.abs(arousal + 0.225) < 1e-9);
  for (const [mood, place] of MOODS) {
    assert(Math.abs(place.valence) <= 1 && Math.abs(place.arousal) <= 1, mood);
  }
});
