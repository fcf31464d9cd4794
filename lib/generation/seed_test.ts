import assert from "node:assert/strict";
import process from "node:process";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { ChordTokenizer } from "../tokens/chord/chord.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { Generator } from "./generator.ts";
import { encodeFor, seedFromPiece } from "./seed.ts";
import {
  music,
  seedFrom,
  untrained,
  untrainedChord,
  untrainedRemi,
} from "./testing.ts";

Deno.test("readSeed() replaces what the model does not know by the nearest, and reports it", () => {
  const model = untrainedRemi();
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

Deno.test("readSeed() refuses a piece too short to go on, and one without notes", async () => {
  const model = untrainedRemi();
  assert.throws(
    () => seedFrom(model, writeMidi(music), "a.mid", 1),
    /at least 2 bars/,
  );
  const empty = seedFrom(untrainedChord(), writeMidi(emptySequence(480)));
  using generator = await Generator.open(untrainedChord());
  await assert.rejects(
    generator.generate({ seed: empty.tokens }),
    /it has no tokens/,
  );
});

Deno.test("readSeed() reads chords as the original does", () => {
  const expected = new ChordTokenizer().encodeFile!(writeMidi(music)).slice(
    0,
    64,
  );
  const { tokens } = seedFrom(untrained("chord", expected), writeMidi(music));
  assert.deepEqual(tokens, expected);
});

Deno.test("seedFromPiece() takes the first four bars, its length left open", async () => {
  const model = untrainedRemi();
  const ids = model.vocabulary.encode(new RemiTokenizer().encode(music));
  const { tokens } = seedFromPiece(model, ids);
  assert.equal(tokens.filter((token) => token === "Bar").length, 4);
  assert.ok(tokens.includes("LengthBars_any"));
  using generator = await Generator.open(model);
  const piece = await generator.generate({ seed: tokens, bars: 6 });
  assert.equal(piece.tokens.filter((token) => token === "Bar").length, 6);
});

Deno.test("readSeed() takes the file's end where the whole is too long, and gives its spec", () => {
  const seed = seedFrom(untrainedRemi(), writeMidi(music), "", 8);
  const { tokens, spec, bars, heardBars } = seed;
  assert.equal(tokens.filter((token) => token === "Bar").length, 4);
  assert.deepEqual([bars, heardBars], [4, 4]);
  assert.equal(Math.round(spec!.qpm!), 72);
  assert.equal(spec?.meter, "4/4");
  assert.deepEqual(spec?.constraints, {
    programs: [4],
    kits: [],
    ranges: { 4: [60 - 5, 70 + 5] },
  });
});

/** Notes of a quarter each, and the meters and tempi of a piece. */
function quarters(
  pitches: readonly number[],
  others: Partial<NoteSequence> = {},
): NoteSequence {
  return {
    ...music,
    notes: pitches.map((pitch, i) => ({
      pitch,
      velocity: 68,
      startTicks: 480 * i,
      endTicks: 480 * (i + 1),
      part: 0,
    })),
    totalTicks: 480 * pitches.length,
    ...others,
  };
}

const meter = (name: string, ticks = 0) => {
  const [numerator = 4, denominator = 4] = name.split("/").map(Number);
  return { ticks, numerator, denominator };
};

Deno.test("readSeed() bars an unknown meter anew, counted back from the end", () => {
  const model = untrainedRemi();
  const inTwo = quarters([60, 62, 64, 65, 67, 69], {
    timeSignatures: [meter("2/4")],
  });
  const seed = seedFrom(model, writeMidi(inTwo));
  // Three bars of 2/4 are heard as one and a half of 4/4, with silence before.
  assert.deepEqual([seed.bars, seed.heardBars], [3, 2]);
  assert.deepEqual(
    seed.tokens.filter((token) => /^(Bar|Position)/.test(token)).join(" "),
    "Bar Position_24 Position_36 Bar Position_0 Position_12 Position_24 Position_36",
  );
  assert.deepEqual(seed.passage?.meter, {
    ...seed.passage?.meter,
    numerator: 2,
    denominator: 4,
  });
  assert.equal(seed.replaced.get("TimeSignature_2/4"), "TimeSignature_4/4");
  assert.ok(seed.notes.includes("The model knows no 2/4; it hears 4/4."));

  const inFive = quarters([60, 62, 64, 65, 67], {
    timeSignatures: [meter("5/4")],
  });
  const five = seedFrom(model, writeMidi(inFive));
  assert.deepEqual([five.bars, five.heardBars], [1, 2]);
  assert.equal(five.passage?.meter.numerator, 4);
  assert.ok(
    five.notes.includes(
      "The model knows no 5/4; it hears 4/4 and goes on in it.",
    ),
  );
});

Deno.test("readSeed() takes the meter of a piece's end, and the tempo that holds longest", () => {
  const changing = quarters([60, 62, 64, 65, 67, 69, 70, 60, 62], {
    timeSignatures: [meter("4/4"), meter("2/4", 1920)],
    tempos: [{ ticks: 0, qpm: 60 }, { ticks: 480, qpm: 75 }],
  });
  const { passage, spec, notes } = seedFrom(
    untrainedRemi(),
    writeMidi(changing),
  );
  assert.equal(passage?.meter.numerator, 2);
  assert.ok(Math.abs(spec!.qpm! - 75) < 1e-3);
  assert.equal(passage?.endTicks, 480 * 10, "the last bar is whole");
  assert.ok(
    notes.includes("The meter changes; the model hears 4/4 throughout."),
  );
});

Deno.test("readSeed() cuts what the model reads at a bar line, not what is written", () => {
  const model = untrainedRemi();
  const pitches = Array.from({ length: 4000 }, (_, i) => 60 + i % 11);
  const long = quarters(pitches);
  const { tokens, heardBars, bars, passage } = seedFrom(model, writeMidi(long));
  assert.ok(tokens.length < 2100 && tokens.length > 1900);
  assert.equal(tokens.filter((token) => token === "Bar").length, heardBars);
  assert.equal(bars, 1000);
  assert.equal(passage?.music.notes.length, 4000);
  const from = tokens.indexOf("Bar");
  assert.match(
    tokens.slice(from, from + 3).join(" "),
    /TimeSignature_.* Tempo/,
  );
});

Deno.test("readSeed() tells the register, the density and who plays one voice", () => {
  const model = untrainedRemi();
  const { targets = {} } = seedFrom(model, writeMidi(music)).spec!;
  assert.deepEqual(targets.register, [60, 70]);
  assert.deepEqual(targets.density, [2, 2.8]);
  assert.deepEqual(targets.monophonic, [4]);
  const chords = {
    ...music,
    notes: music.notes.flatMap((note) => [
      note,
      { ...note, pitch: note.pitch + 1 },
    ]),
  };
  const { spec } = seedFrom(untrainedRemi(chords), writeMidi(chords));
  assert.deepEqual(spec?.targets?.monophonic, []);
});

Deno.test("encodeFor() hears 64,000 notes in sixteen times the time of 4,000", () => {
  const model = untrainedRemi();
  /** Microseconds of the processor, whatever else it does. */
  const usedFor = (count: number) => {
    const notes = Array.from({ length: count }, (_, i) => 30 + i * 7 % 70);
    const music = quarters(notes), before = process.cpuUsage();
    const { passage } = encodeFor(model, music);
    const { user, system } = process.cpuUsage(before);
    assert.equal(passage?.heard.pitchOf.length, count);
    return user + system;
  };
  usedFor(4_000); // warm-up
  const few = Math.max(...[1, 2, 3].map(() => usedFor(4_000)));
  const many = Math.min(...[1, 2].map(() => usedFor(64_000)));
  // Where each note is looked up among all, it would be 256 times.
  assert.ok(many < 64 * few, `${many} µs, ${few} µs for 4,000`);
});
