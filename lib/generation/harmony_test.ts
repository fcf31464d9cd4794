import assert from "node:assert/strict";
import { attributeTokens, type Chord } from "../music/music.ts";
import { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { Harmony, harmonyOf } from "./harmony.ts";

const HEAD = attributeTokens({ Key: "C", Mode: "major" });
const vocabulary = Vocabulary.fromTokens([
  ...HEAD,
  ..."Bar TimeSignature_4/4 Tempo_72 Program_0 Program_32 Velocity_68 End"
    .split(" "),
  ...[0, 6, 12, 24, 36].map((step) => `Position_${step}`),
  ...Array.from({ length: 25 }, (_, i) => `Pitch_${48 + i}`),
  ...[6, 12, 24, 48].map((steps) => `Duration_${steps}`),
]);
const alphabet = RemiAlphabet.of(vocabulary);
const C: Chord = { symbol: "C", root: 0, intervals: [0, 4, 7] };
const G: Chord = { symbol: "G", root: 7, intervals: [0, 4, 7] };
const BAR = "Bar TimeSignature_4/4 Tempo_72";
const note = (pitch: number, steps = 12) =>
  `Pitch_${pitch} Velocity_68 Duration_${steps}`;

/** What may follow some tokens over C and G, and what is favoured. */
function after(
  music: string,
  chords: readonly Chord[] = [C, G],
  barsEach = 1,
  plainChords = false,
) {
  const head = [...vocabulary.encode(HEAD)];
  const spec = {
    chords: { chords, barsEach },
    constraints: { programs: [0, 32] },
    targets: { plainChords },
  };
  const harmony = new Harmony(harmonyOf(spec, head, alphabet, 12)!);
  const grammar = new RemiGrammar(vocabulary);
  const mask = new Uint8Array(vocabulary.size);
  const bias = new Float32Array(vocabulary.size);
  for (const id of [...head, ...vocabulary.encode(music.split(" "))]) {
    harmony.restrict(grammar.mask(mask), grammar, 0);
    grammar.push(id);
    harmony.push(id, grammar.step);
  }
  harmony.restrict(grammar.mask(mask), grammar, 0);
  harmony.bias(bias, grammar, 0);
  const allowed = (type: "Pitch" | "Duration") =>
    alphabet.ids[type].filter((id) => mask[id] === 1)
      .map((id) => alphabet.numbers[id]!).sort((a, b) => a - b);
  return {
    harmony,
    grammar,
    classes: new Set(allowed("Pitch").map((pitch) => pitch % 12)),
    durations: allowed("Duration"),
    of: (token: string) => bias[vocabulary.id(token)]!,
  };
}

Deno.test("Harmony begins each chord with its root in the bass", () => {
  const { classes } = after(`${BAR} Position_0 Program_32`);
  assert.deepEqual(classes, new Set([0]));
  const bar = `Position_0 Program_32 ${note(48)}`;
  const next = after(`${BAR} ${bar} Bar Position_0 Program_32`);
  assert.deepEqual(next.classes, new Set([7]));
  const slash: Chord = { ...C, symbol: "C/E", bass: 4 };
  const over = after(`${BAR} Position_0 Program_32`, [slash]);
  assert.deepEqual(over.classes, new Set([4]));
});

Deno.test("Harmony allows the chord, its seventh and ninth on a beat, and the scale off it", () => {
  const start = `${BAR} Position_0 Program_0 ${note(52)}`;
  const on = after(`${start} Position_12`);
  assert.deepEqual(on.classes, new Set([0, 2, 4, 7, 11]));
  const plain = after(`${start} Position_12`, [C, G], 1, true);
  assert.deepEqual(plain.classes, new Set([0, 4, 7]));
  const off = after(`${start} Position_6`);
  assert.deepEqual(off.classes, new Set([0, 2, 4, 5, 7, 9, 11]));
});

Deno.test("Harmony leaves out the scale's own degree where a chord raises it", () => {
  const E: Chord = { symbol: "E", root: 4, intervals: [0, 4, 7] };
  const { classes } = after(
    `${BAR} Position_0 Program_0 ${note(52)} Position_6`,
    [E],
  );
  assert.ok(classes.has(8) && !classes.has(7) && !classes.has(9));
});

Deno.test("Harmony ends a note before a chord that it does not belong to", () => {
  const bar = `${BAR} Position_24 Program_0`;
  const c = after(`${bar} Pitch_60 Velocity_68`);
  assert.deepEqual(c.durations, [6, 12, 24]);
  const g = after(`${bar} Pitch_55 Velocity_68`);
  assert.deepEqual(g.durations, [6, 12, 24, 48]);
});

Deno.test("Harmony lets a note that only passes be short", () => {
  const { durations } = after(
    `${BAR} Position_0 Program_0 ${note(52)} Position_6 Pitch_65 Velocity_68`,
  );
  assert.deepEqual(durations, [6]);
});

Deno.test("Harmony asks for the third once a chord is late without it", () => {
  const start = `${BAR} Position_0 Program_0 ${note(48)} ${note(55)}`;
  const first = after(start);
  assert.ok(first.of("Pitch_64") > first.of("Pitch_67"));
  assert.ok(first.of("Pitch_67") > first.of("Pitch_62"));
  assert.deepEqual(after(`${start} Position_12`).classes, new Set([4]));
});

Deno.test("Harmony changes chords within a bar, and holds one for several", () => {
  const start = `${BAR} Position_0 Program_32 ${note(48)}`;
  const half = after(`${start} Position_24`, [C, G], 0.5);
  assert.deepEqual(half.classes, new Set([7]));
  const long = after(`${start} Bar Position_0 Program_32`, [C, G], 2);
  assert.deepEqual(long.classes, new Set([0]));
});

Deno.test("Harmony drops a rule that would leave nothing to play", () => {
  const { harmony, grammar } = after(`${BAR} Position_0 Program_0`);
  const mask = new Uint8Array(vocabulary.size);
  mask[vocabulary.id("Pitch_61")] = mask[vocabulary.id("Pitch_63")] = 1;
  const before = mask.slice();
  harmony.restrict(mask, grammar, 0);
  assert.deepEqual(mask, before);
});

Deno.test("harmonyOf() knows beats and does without chords", () => {
  const head = [...vocabulary.encode(HEAD)];
  const chords = { chords: [C], barsEach: 1 };
  const beats = (meter: string) =>
    harmonyOf({ chords, constraints: { meter } }, head, alphabet, 12)
      ?.beatSteps;
  assert.deepEqual(["4/4", "3/4", "6/8", "7/8"].map(beats), [12, 12, 18, 6]);
  assert.equal(harmonyOf({}, head, alphabet, 12), undefined);
});
