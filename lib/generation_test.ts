import assert from "node:assert/strict";
import type { Checkpoint } from "./checkpoint.ts";
import { networkOf } from "./checkpoint.ts";
import { DEFAULT_CHORD_STYLE } from "./chord_style.ts";
import { ChordTokenizer } from "./chord_tokenizer.ts";
import { type Config, configure } from "./config.ts";
import {
  finishPiece,
  Generator,
  seedFrom,
  seedFromPiece,
} from "./generation.ts";
import { writeMidi } from "./midi.ts";
import { initialWeights } from "./model.ts";
import { emptySequence, type NoteSequence } from "./note_sequence.ts";
import { RemiTokenizer } from "./remi_tokenizer.ts";
import { closedVocabulary } from "./remi_tokens.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Eight bars of an arpeggio. */
const music: NoteSequence = {
  ...emptySequence(480),
  parts: [{ name: "Keys", program: 4, isDrum: false }],
  notes: Array.from({ length: 64 }, (_, i) => ({
    pitch: [60, 63, 67, 70][i % 4],
    velocity: 60 + 4 * (i % 4),
    startTicks: 240 * i,
    endTicks: 240 * i + 230,
    part: 0,
  })),
  tempos: [{ ticks: 0, qpm: 72 }],
  totalTicks: 64 * 240,
};

/** An untrained model of an alphabet. */
function checkpoint(
  tokenizer: "chord" | "remi",
  tokens: readonly string[],
  knobs: Partial<Config> = {},
): Checkpoint {
  const config = configure({ lstmUnits: 8, denseUnits: 4, ...knobs });
  const vocabulary = Vocabulary.fromTokens(tokens);
  const corpus = {
    tokenizer,
    hash: "test",
    ...tokenizer === "chord" && { style: DEFAULT_CHORD_STYLE },
  };
  const weights = initialWeights(networkOf({ config, vocabulary }), 1, "wide");
  const history = { epoch: 1, step: 1, history: [], workers: 1 };
  return { config, corpus, vocabulary, weights, ...history };
}

const remi = () =>
  checkpoint("remi", closedVocabulary(new RemiTokenizer().encode(music)));
const chord = (knobs?: Partial<Config>) =>
  checkpoint(
    "chord",
    ["C4", "E-4", "G4", "B-4", "0.3.7", "5.8.0", "2.5.8"],
    knobs,
  );

Deno.test("Generator.generate() ends a REMI piece at the bars asked for, the same for the same seed", async () => {
  using generator = await Generator.open(remi());
  const first = await generator.generate({ bars: 5, randomSeed: 4 });
  const again = await generator.generate({ bars: 5, randomSeed: 4 });
  const other = await generator.generate({ bars: 5, randomSeed: 5 });
  assert.equal(first.tokens.filter((token) => token === "Bar").length, 5);
  assert.equal(first.tokens.at(-1), "End");
  assert.deepEqual(again.tokens, first.tokens);
  assert.notDeepEqual(other.tokens, first.tokens);
});

Deno.test("Generator.generate() cut off by maxTokens leaves whole notes", async () => {
  using generator = await Generator.open(remi());
  await assert.rejects(generator.generate({ maxTokens: 1 }), /too few/);
  for (let maxTokens = 4; maxTokens < 40; maxTokens += 3) {
    const { sequence } = await generator.generate({ maxTokens });
    assert.ok(sequence.notes.every((note) => note.endTicks > note.startTicks));
  }
});

Deno.test("Generator.generate() goes on from a seed, without ever one note for long", async () => {
  const model = remi();
  using generator = await Generator.open(model);
  const seed = seedFrom(model, writeMidi(music), "music.mid", 8);
  assert.equal(seed.replaced.size, 0);
  const piece = await generator.generate({ seed: seed.tokens, bars: 8 });
  assert.deepEqual(piece.tokens.slice(0, seed.tokens.length), seed.tokens);
  assert.equal(piece.seedLength, seed.tokens.length);
  assert.equal(piece.tokens.filter((token) => token === "Bar").length, 8);
});

Deno.test("seedFrom() replaces what the model does not know by the nearest, and says so", () => {
  const model = remi();
  const strange: NoteSequence = {
    ...music,
    parts: [{ name: "", program: 6, isDrum: false }],
    notes: music.notes.map((note) => ({ ...note, pitch: note.pitch + 36 })),
    tempos: [{ ticks: 0, qpm: 190 }],
  };
  const { tokens, replaced } = seedFrom(model, writeMidi(strange), "a.mid");
  assert.equal(replaced.get("Program_6"), "Program_4");
  assert.equal(replaced.get("Tempo_190"), "Tempo_72");
  assert.equal(replaced.get("Pitch_96"), "Pitch_60");
  assert.ok(tokens.every((token) => model.vocabulary.has(token)));
});

Deno.test("seedFrom() refuses a piece too short to go on, and one without notes", async () => {
  const model = remi();
  assert.throws(
    () => seedFrom(model, writeMidi(music), "a.mid", 1),
    /at least 2 bars/,
  );
  const empty = seedFrom(chord(), writeMidi(emptySequence(480)));
  using generator = await Generator.open(chord());
  await assert.rejects(
    generator.generate({ seed: empty.tokens }),
    /it has no tokens/,
  );
});

for (const objective of ["every", "last"] as const) {
  Deno.test(`Generator.generate() plays chords between pitches 21 and 108: objective ${objective}`, async () => {
    using generator = await Generator.open(chord({ objective, stride: 1 }));
    const { sequence, tokens } = await generator.generate({ maxTokens: 60 });
    assert.equal(tokens.length, 61);
    assert.ok(sequence.notes.length >= 60);
    assert.ok(sequence.notes.every(({ pitch }) => pitch >= 21 && pitch <= 108));
    for (let i = 5; i < tokens.length; i++) {
      assert.ok(
        new Set(tokens.slice(i - 5, i + 1)).size > 1,
        "one token for ever",
      );
    }
  });
}

Deno.test("Generator.generate() refuses lengths that make no sense", async () => {
  using generator = await Generator.open(chord());
  await assert.rejects(
    generator.generate({ bars: 0 }),
    /bars must be a positive integer, current value is 0/,
  );
  await assert.rejects(
    generator.generate({ maxTokens: 1.5 }),
    /maxTokens must be/,
  );
});

Deno.test("Generator.lossOf() is the mean loss that a uniform model would have, for one", async () => {
  const model = chord();
  const flat = new Map(
    [...model.weights].map((
      [name, values],
    ) => [name, new Float32Array(values.length)]),
  );
  using generator = await Generator.open({ ...model, weights: flat });
  const loss = generator.lossOf(Int32Array.of(0, 1, 2, 3), 2);
  assert.ok(Math.abs(loss - 2 * Math.log(7)) < 1e-6);
});

Deno.test("finishPiece() sets tempo, instruments and length to the moment", () => {
  const finished = finishPiece(music, {
    qpm: 60,
    programs: new Map([[4, 11]]),
    exactSeconds: 10.25,
  });
  assert.deepEqual(finished.tempos, [{ ticks: 0, qpm: 60 }]);
  assert.equal(finished.parts[0].program, 11);
  assert.equal(finished.totalTicks, 10.25 * 480);
  assert.equal(
    Math.max(...finished.notes.map(({ endTicks }) => endTicks)),
    10.25 * 480,
  );
});

Deno.test("seedFrom() reads chords as the original does", () => {
  const expected = new ChordTokenizer().encodeFile!(writeMidi(music)).slice(
    0,
    64,
  );
  const { tokens } = seedFrom(checkpoint("chord", expected), writeMidi(music));
  assert.deepEqual(tokens, expected);
});

Deno.test("seedFromPiece() takes the first four bars, its length left open", async () => {
  const model = remi();
  const ids = model.vocabulary.encode(new RemiTokenizer().encode(music));
  const { tokens } = seedFromPiece(model, ids);
  assert.equal(tokens.filter((token) => token === "Bar").length, 4);
  assert.ok(tokens.includes("LengthBars_any"));
  using generator = await Generator.open(model);
  const piece = await generator.generate({ seed: tokens, bars: 6 });
  assert.equal(piece.tokens.filter((token) => token === "Bar").length, 6);
});
