import assert from "node:assert/strict";
import {
  ATTRIBUTE_NAMES,
  attributeTokens,
  type NoteSequence,
} from "../../music/music.ts";
import { Random } from "../../base/base.ts";
import type { RemiConstraints } from "./constraints.ts";
import { RemiGrammar } from "./grammar.ts";
import { RemiTokenizer } from "./tokenizer.ts";
import { durationTable } from "./durations.ts";
import { closedVocabulary, parseToken } from "./tokens.ts";
import { Sampler } from "../../generation/generation.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";

const ATTRIBUTES = attributeTokens({});
const range = (from: number, to: number, step = 1) =>
  Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, i) => from + i * step,
  );

/** Everything that a mixed corpus might have. */
const VOCABULARY = Vocabulary.fromTokens(closedVocabulary([
  ..."Bar End Tempo_60 Tempo_90 Kit_0 Kit_40 Drum_36 Drum_42".split(" "),
  ..."4/4 3/4 7/8 1/16".split(" ").map((meter) => `TimeSignature_${meter}`),
  ...range(0, 47).map((step) => `Position_${step}`),
  ...[0, 33, 89].map((program) => `Program_${program}`),
  "Pitch_36",
  "Pitch_84",
  ...range(4, 124, 8).map((velocity) => `Velocity_${velocity}`),
  ...durationTable(12).map((steps) => `Duration_${steps}`),
]));

/** The attributes, then these tokens. */
const afterAttributes = (
  tokens: string,
) => [...ATTRIBUTES, ...tokens.split(" ")];

function grammarAfter(tokens: string, constraints?: RemiConstraints) {
  const grammar = new RemiGrammar(VOCABULARY, {}, constraints);
  for (const token of afterAttributes(tokens)) {
    grammar.push(VOCABULARY.id(token));
  }
  return grammar;
}

/** What may follow: types, with their values where those are few. */
function allowed(grammar: RemiGrammar): string {
  const mask = grammar.mask(new Uint8Array(VOCABULARY.size));
  const byType = new Map<string, string[]>();
  mask.forEach((open, id) => {
    if (open === 0) return;
    const { type, value } = parseToken(VOCABULARY.token(id));
    byType.set(type, [...byType.get(type) ?? [], value]);
  });
  return [...byType].map(([type, values]) => {
    const numbers = values.map(Number).sort((a, b) => a - b);
    return values.length < 5
      ? `${type} ${values.join(" ")}`.trim()
      : `${type} ${numbers[0]}-${numbers.at(-1)}`;
  }).join(", ");
}

Deno.test("RemiGrammar.restart() forgets the piece, and takes another length", () => {
  const music =
    "Bar TimeSignature_4/4 Tempo_60 Position_0 Program_0 Pitch_60 " +
    "Velocity_68 Duration_12";
  const grammar = grammarAfter(music);
  grammar.restart(1);
  assert.deepEqual([grammar.bar, grammar.barEnd, grammar.step], [0, 0, 0]);
  for (const token of afterAttributes(music)) {
    grammar.push(VOCABULARY.id(token));
  }
  assert.equal(allowed(grammar), allowed(grammarAfter(music, { bars: 1 })));
  assert.notEqual(allowed(grammar), allowed(grammarAfter(music)));
  assert.throws(() => grammar.restart(0.5), /positive integer.* 0.5/);
});

Deno.test("RemiGrammar begins with the attributes in their order", () => {
  const grammar = new RemiGrammar(VOCABULARY);
  for (const name of ATTRIBUTE_NAMES) {
    const mask = grammar.mask(new Uint8Array(VOCABULARY.size));
    mask.forEach((open, id) =>
      assert.equal(open === 1, VOCABULARY.token(id).startsWith(`${name}_`))
    );
    grammar.push(VOCABULARY.id(`${name}_any`));
  }
  assert.equal(allowed(grammar), "Bar");
});

// deno-fmt-ignore
const FOLLOWS: [string, string][] = [
  ["Bar", "TimeSignature 1/16 3/4 4/4 7/8"],
  ["Bar TimeSignature_3/4", "Tempo 60-90"],
  ["Bar TimeSignature_3/4 Tempo_70", "Bar, Position 0-35"],
  ["Bar TimeSignature_3/4 Tempo_70 Bar", "Bar, Position 0-35, Tempo 60-90, TimeSignature 1/16 4/4 7/8"],
  ["Bar TimeSignature_3/4 Tempo_70 Bar Tempo_71", "Bar, Position 0-35"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4", "Kit 0 40, Program 0 33 89, Tempo 60-90"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_0", "Kit 0 40, Program 0 33 89"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Tempo_71", "Bar, Kit 0 40, Position 5-35, Program 0 33 89"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33", "Pitch 36-84"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33 Pitch_60", "Velocity 4-124"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33 Pitch_60 Velocity_68", "Duration 1-384"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33 Pitch_60 Velocity_68 Duration_12", "Bar, End, Kit 0 40, Pitch 61-84, Position 5-35, Program 89"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33 Pitch_60 Velocity_68 Duration_34", "Bar, Kit 0 40, Pitch 61-84, Position 5-35, Program 89"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33 Pitch_60 Velocity_68 Duration_384", "Bar, Duration 1-384, Kit 0 40, Pitch 61-84, Position 5-35, Program 89"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33 Pitch_60 Velocity_68 Duration_12 Position_35", "Kit 0 40, Pitch 36-84, Program 0 89, Tempo 60-90"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Program_33 Pitch_60 Velocity_68 Duration_12 Bar Position_0", "Kit 0 40, Program 0 33 89"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_4 Kit_0 Drum_36", "Velocity 4-124"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_35 Kit_0 Drum_36 Velocity_68", "Bar, Drum 42, End, Kit 40"],
  ["Bar TimeSignature_3/4 Tempo_70 Position_35 Kit_0 Drum_36 Velocity_68 End", ""],
];
for (const [tokens, expected] of FOLLOWS) {
  const last = tokens.split(" ").slice(-4).join(" ");
  Deno.test(`RemiGrammar lets the right tokens follow … ${last}`, () => {
    assert.equal(allowed(grammarAfter(tokens)), expected);
  });
}

Deno.test("RemiGrammar.push() refuses and names what it expected", () => {
  const grammar = grammarAfter("Bar TimeSignature_4/4 Tempo_70 Position_8");
  assert.throws(() => grammar.push(VOCABULARY.id("Position_4")), {
    name: "RangeError",
    message: `Cannot take token ${
      ATTRIBUTES.length + 4
    }, Position_4, after Position: expected one of Tempo, Program, Kit, in rising order.`,
  });
});

Deno.test("RemiGrammar refuses a vocabulary of other tokens", () => {
  for (
    const token of [
      "4.7.11",
      "E-5",
      "Pitch_x",
      "Key_H",
      "Bar_1",
      "Rest_4",
      "Duration_25",
      "Velocity_61",
      "Pitch_128",
      "Tempo_9",
    ]
  ) {
    assert.throws(
      () => new RemiGrammar(Vocabulary.fromTokens([token])),
      { name: "RangeError", message: /Cannot read token/ },
    );
  }
});

/**
 * A piece sampled from random logits under the mask. The logits are wide, so
 * that unlikely tokens come too, and favour the end of the piece.
 */
function samplePiece(
  seed: number,
  constraints: RemiConstraints = {},
): string[] {
  const random = new Random(seed);
  const sampler = new Sampler(VOCABULARY.size);
  const grammar = new RemiGrammar(VOCABULARY, {}, constraints);
  const mask = new Uint8Array(VOCABULARY.size);
  const logits = new Float32Array(VOCABULARY.size);
  const favours = [["Bar", 3], ["End", 2], ["Duration_384", 2]] as const;
  const ids: number[] = [];
  while (!grammar.ended) {
    for (let id = 0; id < logits.length; id++) logits[id] = 3 * random.next();
    for (const [token, more] of favours) logits[VOCABULARY.id(token)]! += more;
    const id = sampler.sample(logits, random, { mask: grammar.mask(mask) });
    grammar.push(id);
    ids.push(id);
  }
  return VOCABULARY.decode(ids);
}

const tokenizer = new RemiTokenizer();
/** Without the attributes, which do not fit the random music. */
const music = (tokens: string[]) => tokens.slice(ATTRIBUTES.length);

Deno.test("RemiGrammar masks make every sampled piece decode, and encode to the same tokens", () => {
  let notes = 0;
  for (let seed = 0; seed < 150; seed++) {
    const tokens = samplePiece(seed);
    const piece = tokenizer.decode(tokens);
    assert.deepEqual(music(tokenizer.encode(piece)), music(tokens));
    notes += piece.notes.length;
  }
  assert.ok(notes > 1000, `too few notes to mean anything: ${notes}`);
});

/** Samples pieces under constraints and checks each, decoded. */
function checkSamples(
  constraints: RemiConstraints,
  check: (piece: NoteSequence) => void,
): void {
  for (let seed = 0; seed < 25; seed++) {
    const tokens = samplePiece(seed, constraints);
    const piece = tokenizer.decode(tokens);
    assert.deepEqual(music(tokenizer.encode(piece)), music(tokens));
    check(piece);
  }
}

Deno.test("RemiGrammar holds a piece to its length", () => {
  for (const bars of [1, 2, 5]) {
    checkSamples({ bars, meter: "3/4" }, (piece) => {
      assert.equal(piece.totalTicks, bars * 36);
      assert.ok(piece.notes.every((note) => note.endTicks <= bars * 36));
    });
  }
});

Deno.test("RemiGrammar holds a piece to its tempo, meter and instruments", () => {
  checkSamples(
    { qpm: 72, meter: "7/8", programs: [33, 89], kits: [] },
    (piece) => {
      assert.deepEqual(piece.tempos, [{ ticks: 0, qpm: 72 }]);
      assert.deepEqual(piece.timeSignatures, [
        { ticks: 0, numerator: 7, denominator: 8 },
      ]);
      for (const { program, isDrum } of piece.parts) {
        assert.ok(!isDrum && [33, 89].includes(program));
      }
    },
  );
});

Deno.test("RemiGrammar holds pitches to a scale and each program to its range", () => {
  const pitchClasses = [0, 2, 4, 7, 9];
  const ranges = { 33: [36, 47], 0: [60, 79] } as const;
  checkSamples({ pitchClasses, ranges, bars: 3 }, ({ notes, parts }) => {
    for (const { pitch, part } of notes) {
      const { program, isDrum } = parts[part]!;
      if (isDrum) continue;
      assert.ok(pitchClasses.includes(pitch % 12));
      if (program === 33) assert.ok(pitch >= 36 && pitch <= 47);
      if (program === 0) assert.ok(pitch >= 60 && pitch <= 79);
    }
  });
});

Deno.test("RemiGrammar takes given pitches beyond a program's range, and offers none", () => {
  const grammar = new RemiGrammar(VOCABULARY, {}, { ranges: { 33: [36, 47] } });
  const head = attributeTokens({});
  const bar = "Bar TimeSignature_4/4 Tempo_70 Position_0 Program_33".split(" ");
  for (const token of [...head, ...bar]) grammar.push(VOCABULARY.id(token));
  const mask = grammar.mask(new Uint8Array(VOCABULARY.size));
  const beyond = VOCABULARY.id("Pitch_84");
  assert.equal(mask[beyond], 0);
  assert.equal(mask[VOCABULARY.id("Pitch_36")], 1);
  assert.ok(grammar.allows(beyond));
  grammar.push(beyond);
});

Deno.test("RemiGrammar.mask() is quick", () => {
  const grammar = grammarAfter("Bar TimeSignature_4/4 Tempo_70 Position_8");
  const mask = new Uint8Array(VOCABULARY.size);
  for (let i = 0; i < 3000; i++) grammar.mask(mask);
  const start = performance.now();
  for (let i = 0; i < 1000; i++) grammar.mask(mask);
  // 4 µs on one idle core; loose, for a busy machine.
  assert.ok(performance.now() - start < 100);
});
