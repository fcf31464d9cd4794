import assert from "node:assert/strict";
import { attributesOf, type NoteSequence } from "../../music/music.ts";
import { profilesOf } from "./testing.ts";
import { RemiTokenizer } from "./tokenizer.ts";
import { closedVocabulary } from "./tokens.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";

const WALTZ: NoteSequence = {
  ticksPerQuarter: 12,
  parts: [
    { name: "", program: 4, isDrum: false },
    { name: "", program: 33, isDrum: false },
    { name: "", program: 0, isDrum: true },
  ],
  notes: [
    { pitch: 72, velocity: 60, startTicks: 0, endTicks: 12, part: 0 },
    { pitch: 40, velocity: 60, startTicks: 36, endTicks: 72, part: 1 },
    { pitch: 38, velocity: 60, startTicks: 72, endTicks: 75, part: 2 },
  ],
  tempos: [{ ticks: 0, qpm: 66 }, { ticks: 36, qpm: 80 }],
  timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
  keySignatures: [],
  controls: [],
  totalTicks: 108,
};

Deno.test("profileSteps() gives attributes, first tempo, length, instruments and their ranges", () => {
  const tokens = new RemiTokenizer().encode(WALTZ);
  const vocabulary = Vocabulary.fromTokens(closedVocabulary(tokens));
  const [profile] = profilesOf([vocabulary.encode(tokens)], vocabulary);
  assert.deepEqual(profile?.constraints, {
    bars: 3,
    qpm: 66,
    meter: "3/4",
    programs: [4, 33],
    kits: [0],
    ranges: { 4: [72, 72], 33: [40, 40] },
  });
  assert.deepEqual(profile?.attributes, attributesOf(WALTZ));
  assert.equal(profile?.density, 2 / 9);
  assert.deepEqual(profile?.monophonic, [4, 33]);
});

Deno.test("profileSteps() tells which programs play one note at a time", () => {
  const [low, ...others] = WALTZ.notes;
  const notes = [low!, { ...low!, pitch: 76 }, ...others];
  const tokens = new RemiTokenizer().encode({ ...WALTZ, notes });
  const vocabulary = Vocabulary.fromTokens(closedVocabulary(tokens));
  const [profile] = profilesOf([vocabulary.encode(tokens)], vocabulary);
  assert.deepEqual(profile?.monophonic, [33]);
});

Deno.test("profileSteps() leaves out the densest and the sparsest, unless no others are left", () => {
  // From 1 to 21 notes in a bar.
  const pieces = Array.from({ length: 21 }, (_, i) => ({
    ...WALTZ,
    notes: Array.from({ length: i + 1 }, (_, k) => ({
      ...WALTZ.notes[0]!,
      pitch: 60 + i % 2,
      startTicks: k,
      endTicks: k + 1,
    })),
    totalTicks: 36,
  }));
  const all = pieces.map((piece) => new RemiTokenizer().encode(piece));
  const vocabulary = Vocabulary.fromTokens(closedVocabulary(all.flat()));
  const densities = (tokens: string[][]) =>
    profilesOf(tokens.map((one) => vocabulary.encode(one)), vocabulary)
      .map(({ density }) => 3 * density);
  assert.deepEqual(
    densities(all),
    Array.from({ length: 19 }, (_, i) => i + 2),
  );
  assert.deepEqual(densities(all.slice(0, 2)), [1, 2]);
});

Deno.test("profileSteps() gives those of 200 random pieces where there are more", () => {
  const tokens = new RemiTokenizer().encode(WALTZ);
  const others = Array.from({ length: 40 }, (_, i) => `Pitch_${60 + i}`);
  const vocabulary = Vocabulary.fromTokens(
    closedVocabulary([...tokens, ...others]),
  );
  const pieces = Array.from({ length: 400 }, (_, i) => {
    const pitch = `Pitch_${60 + Math.floor(i / 10)}`;
    return vocabulary.encode(
      tokens.map((one) => one === "Pitch_72" ? pitch : one),
    );
  });
  const profiles = profilesOf(pieces, vocabulary);
  assert.equal(profiles.length, 200);
  assert.deepEqual(profilesOf(pieces, vocabulary), profiles);
  const chosen = profiles.map(({ constraints }) => constraints.ranges[4]![0]);
  assert.deepEqual(chosen, chosen.toSorted((a, b) => a - b));
  assert.ok(new Set(chosen).size > 30);
});

Deno.test("profileSteps() gives a piece of only drums no density", () => {
  const drums = { ...WALTZ, notes: WALTZ.notes.slice(2) };
  const tokens = new RemiTokenizer().encode(drums);
  const vocabulary = Vocabulary.fromTokens(closedVocabulary(tokens));
  const [profile] = profilesOf([vocabulary.encode(tokens)], vocabulary);
  assert.equal(profile?.density, 0);
  assert.deepEqual(profile?.constraints.kits, [0]);
});
