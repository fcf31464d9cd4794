import assert from "node:assert/strict";
import type { Config } from "../base/base.ts";
import { writeMidi } from "../midi/midi.ts";
import {
  type NoteSequence,
  singleVoices,
  transposeSequence,
} from "../music/music.ts";
import {
  closedVocabulary,
  type Profile,
  RemiTokenizer,
} from "../tokens/remi/remi.ts";
import { profilesOf } from "../tokens/remi/testing.ts";
import { Generator } from "./generator.ts";
import { encodeFor } from "./seed.ts";
import {
  music,
  seedFrom,
  untrained,
  untrainedChord,
  untrainedRemi,
} from "./testing.ts";

Deno.test("Generator.generate() ends a REMI piece at the bars asked for, the same for the same seed", async () => {
  using generator = await Generator.open(untrainedRemi());
  const first = await generator.generate({ bars: 5, randomSeed: 4 });
  const again = await generator.generate({ bars: 5, randomSeed: 4 });
  const other = await generator.generate({ bars: 5, randomSeed: 5 });
  assert.equal(first.tokens.filter((token) => token === "Bar").length, 5);
  assert.equal(first.tokens.at(-1), "End");
  assert.deepEqual(again.tokens, first.tokens);
  assert.notDeepEqual(other.tokens, first.tokens);
});

Deno.test("Generator.generate() copies a training piece's profile where nothing is asked, and only there", async () => {
  const model = untrainedRemi();
  const ids = model.vocabulary.encode(new RemiTokenizer().encode(music));
  const profiles = profilesOf([ids], model.vocabulary);
  const corpus = { ...model.corpus, profiles };
  using generator = await Generator.open({ ...model, corpus });
  const { sequence, tokens } = await generator.generate();
  assert.equal(tokens[0], `Key_${profiles[0]!.attributes.Key}`);
  assert.equal(tokens.filter((token) => token === "Bar").length, 8);
  assert.ok(sequence.notes.every(({ pitch }) => pitch >= 60 && pitch <= 70));
  const asked = await generator.generate({ attributes: { Key: "D" }, bars: 2 });
  assert.equal(asked.tokens[0], "Key_D");
  assert.ok(asked.tokens.includes("Mode_any"));
});

Deno.test("Generator.generate() plays no pitch that is another one to a network that reads in C", async () => {
  const pitches = Array.from({ length: 24 }, (_, i) => `Pitch_${48 + i}`);
  using generator = await Generator.open(untrained(
    "remi",
    closedVocabulary([...new RemiTokenizer().encode(music), ...pitches]),
  ));
  const pitchesIn = async (Key: "C" | "D") => {
    const { sequence } = await generator.generate({
      attributes: { Key },
      bars: 24,
      minP: 0,
    });
    return new Set(sequence.notes.map(({ pitch }) => pitch));
  };
  const inC = await pitchesIn("C"), inD = await pitchesIn("D");
  assert.ok(inC.has(48) && inC.has(49) && inC.has(71));
  // In C they would be 46 and 47, so they are 58 and 59, as 60 and 61 are.
  assert.ok(!inD.has(48) && !inD.has(49));
  assert.ok(inD.has(50) && inD.has(71));
});

/** The sum of surprises but for the first `skip` ids. */
async function lossOf(generator: Generator, ids: Int32Array, skip: number) {
  const nats = await generator.surprises(ids);
  return nats.subarray(skip).reduce((a, b) => a + b, 0);
}

Deno.test("Generator.surprises() of a piece are the same in every key where the model reads it in C", async () => {
  const encode = (semitones: number) =>
    new RemiTokenizer().encode(transposeSequence(music, semitones))
      .map((token) => token.startsWith("Register_") ? "Register_any" : token);
  const pitches = Array.from({ length: 40 }, (_, i) => `Pitch_${45 + i}`);
  const alphabet = closedVocabulary([...encode(0), ...pitches]);
  const spreadOf = async (pitchFrame: Config["pitchFrame"]) => {
    using generator = await Generator.open(
      untrained("remi", alphabet, { pitchFrame }),
    );
    const { vocabulary } = generator.checkpoint;
    const losses: number[] = [];
    for (const semitones of [0, 2, -3]) {
      const ids = vocabulary.encode(encode(semitones));
      losses.push(await lossOf(generator, ids, 1));
    }
    return Math.max(...losses) - Math.min(...losses);
  };
  const inC = await spreadOf("tonic"), asIs = await spreadOf("absolute");
  // Only the vocabulary's ends differ from key to key.
  assert.ok(inC < asIs / 3, `${inC} and ${asIs} nats`);
});

Deno.test("Generator.generate() cut off by maxTokens leaves whole notes", async () => {
  using generator = await Generator.open(untrainedRemi());
  await assert.rejects(generator.generate({ maxTokens: 1 }), /too few/);
  for (let maxTokens = 4; maxTokens < 40; maxTokens += 3) {
    const { sequence } = await generator.generate({ maxTokens });
    assert.ok(sequence.notes.every((note) => note.endTicks > note.startTicks));
  }
});

Deno.test("Generator.generate() goes on from a seed to the bars asked for", async () => {
  const model = untrainedRemi();
  using generator = await Generator.open(model);
  const seed = seedFrom(model, writeMidi(music), "music.mid", 8);
  assert.equal(seed.replaced.size, 0);
  const piece = await generator.generate({ seed: seed.tokens, bars: 8 });
  assert.deepEqual(piece.tokens.slice(0, seed.tokens.length), seed.tokens);
  assert.equal(piece.seedLength, seed.tokens.length);
  assert.equal(piece.tokens.filter((token) => token === "Bar").length, 8);
});

for (const objective of ["every", "last"] as const) {
  Deno.test(`Generator.generate() plays chords between pitches 21 and 108: objective ${objective}`, async () => {
    using generator = await Generator.open(
      untrainedChord({ objective, stride: 1, input: "onehot" }),
    );
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

Deno.test("Generator.generate() makes about as many bars of chords as are asked, without a style too", async () => {
  const model = untrainedChord();
  const { style: _, ...corpus } = model.corpus;
  using generator = await Generator.open({ ...model, corpus });
  const { tokens } = await generator.generate({ bars: 4 });
  using other = await Generator.open(model);
  assert.equal(
    tokens.length,
    (await other.generate({ bars: 4 })).tokens.length,
  );
});

Deno.test("Generator.generate() of so many bars of chords goes on from the end of a long seed", async () => {
  using generator = await Generator.open(untrainedChord());
  const asked = await generator.generate({ bars: 4 });
  const seed = Array.from({ length: 50 }, (_, i) => i < 45 ? "C4" : "0.3.7");
  const { tokens, seedLength } = await generator.generate({ bars: 4, seed });
  assert.equal(tokens.length, asked.tokens.length);
  assert.equal(seedLength, Math.floor(tokens.length / 2));
  assert.deepEqual(tokens.slice(0, seedLength), seed.slice(-seedLength));
});

Deno.test("Generator.generate() says what a seed without chord tokens lacks", async () => {
  using generator = await Generator.open(untrainedChord());
  await assert.rejects(
    generator.generate({ seed: [] }),
    /has no tokens.*chord tokens say nothing of drums/,
  );
});

Deno.test("Generator.generate() refuses lengths that make no sense", async () => {
  using generator = await Generator.open(untrainedChord());
  await assert.rejects(
    generator.generate({ bars: 0 }),
    /bars must be a positive integer, current value is 0/,
  );
  await assert.rejects(
    generator.generate({ maxTokens: 1.5 }),
    /maxTokens must be/,
  );
});

Deno.test("Generator.surprises() of a model with zero weights are those of chance", async () => {
  const model = untrainedChord();
  const flat = new Map(
    [...model.weights].map((
      [name, values],
    ) => [name, new Float32Array(values.length)]),
  );
  using generator = await Generator.open({ ...model, weights: flat });
  const loss = await lossOf(generator, Int32Array.of(0, 1, 2, 3), 2);
  assert.ok(Math.abs(loss - 2 * Math.log(7)) < 1e-6);
});

/** Notes of each bar of a piece in 4/4, times from the bar line. */
function barsOf({ notes, ticksPerQuarter }: NoteSequence): string[] {
  const bar = 4 * ticksPerQuarter;
  const bars: string[][] = [];
  for (const { pitch, startTicks, endTicks } of notes) {
    (bars[Math.floor(startTicks / bar)] ??= []).push(
      `${pitch} ${startTicks % bar} ${endTicks - startTicks}`,
    );
  }
  return Array.from(bars, (bar) => (bar ?? []).join());
}

Deno.test("Generator.generate() makes a piece longer than it knows in stretches that no note crosses", async () => {
  using generator = await Generator.open(untrainedRemi());
  const made = await generator.generate({ bars: 72, randomSeed: 3 });
  const { sequence, tokens } = made;
  assert.equal(tokens.filter((token) => token === "Bar").length, 72);
  const bars = barsOf(sequence);
  assert.notDeepEqual(bars.slice(48, 72), bars.slice(0, 24), "it varies");
  const bar = 4 * sequence.ticksPerQuarter;
  for (const join of [24 * bar, 48 * bar]) {
    for (const { startTicks, endTicks } of sequence.notes) {
      assert.ok(startTicks >= join || endTicks <= join);
    }
  }
  const again = await generator.generate({ bars: 72, randomSeed: 3 });
  assert.deepEqual(again.tokens, tokens);
});

Deno.test("Generator.generate() takes over a training piece's profile where nothing is asked", async () => {
  const model = untrainedRemi();
  const ids = model.vocabulary.encode(new RemiTokenizer().encode(music));
  const profiles = profilesOf([ids], model.vocabulary);
  const corpus = { ...model.corpus, profiles };
  using generator = await Generator.open({ ...model, corpus });
  const { sequence, tokens } = await generator.generate();
  const [{ attributes, constraints }] = profiles as [Profile];
  assert.equal(
    tokens.filter((token) => token === "Bar").length,
    constraints.bars,
  );
  assert.ok(tokens.includes(`Key_${attributes.Key}`));
  assert.ok(tokens.includes(`Tempo_${constraints.qpm}`));
  for (const { program } of sequence.parts) {
    assert.ok(constraints.programs.includes(program));
  }
});

Deno.test("Generator.generate() plays one note at a time where the training piece does", async () => {
  const model = untrainedRemi();
  const line = { ...music, notes: [music.notes[0]!], parts: [music.parts[0]!] };
  const ids = model.vocabulary.encode(new RemiTokenizer().encode(line));
  const [profile] = profilesOf([ids], model.vocabulary) as [Profile];
  const { program } = music.parts[0]!;
  assert.deepEqual(profile.monophonic, [program]);
  const made = async (monophonic: readonly number[]) => {
    const corpus = { ...model.corpus, profiles: [{ ...profile, monophonic }] };
    using generator = await Generator.open({ ...model, corpus });
    return (await generator.generate()).sequence;
  };
  assert.deepEqual(singleVoices(await made([program])), [program]);
  assert.deepEqual(singleVoices(await made([])), []);
});

Deno.test("Generator.generate() makes a loop of exactly its bars, with no note across its end", async () => {
  using generator = await Generator.open(untrainedRemi());
  const { sequence } = await generator.generate({ bars: 4, ending: "loop" });
  assert.equal(sequence.totalTicks, 16 * sequence.ticksPerQuarter);
  for (const { endTicks } of sequence.notes) {
    assert.ok(endTicks <= sequence.totalTicks);
  }
});

Deno.test("Generator.generate() makes a loop of one bar", async () => {
  using generator = await Generator.open(untrainedRemi());
  const { sequence, tokens } = await generator.generate({
    bars: 1,
    ending: "loop",
  });
  assert.equal(tokens.filter((token) => token === "Bar").length, 1);
  assert.equal(tokens.at(-1), "End");
  assert.equal(sequence.totalTicks, 4 * sequence.ticksPerQuarter);
  assert.ok(sequence.notes.length > 0);
});

Deno.test("Generator.generate() with a cache goes on as the seed did after the same bars", async () => {
  // Bars A B C D A B, each four quarter notes of its own.
  const notes = [60, 62, 65, 67, 60, 62].flatMap((pitch, bar) =>
    [0, 3, 1, 4].map((up, beat) => ({
      pitch: pitch + up,
      velocity: 60,
      startTicks: 480 * (4 * bar + beat),
      endTicks: 480 * (4 * bar + beat) + 240,
      part: 0,
    }))
  );
  const song = { ...music, notes, totalTicks: 6 * 4 * 480 };
  const model = untrainedRemi(song);
  using generator = await Generator.open(model);
  const { tokens: seed } = encodeFor(model, song);
  const barsWith = async (cache?: number) => {
    const { sequence } = await generator.generate({ seed, bars: 8, cache });
    return barsOf(sequence);
  };
  const taken = await barsWith(0.01), free = await barsWith();
  assert.deepEqual(taken.slice(6), taken.slice(2, 4));
  assert.notDeepEqual(free.slice(6), free.slice(2, 4));
  assert.deepEqual(await barsWith(0), free);
});

Deno.test("Generator.generate() with a cache and drafts is the same for the same seed", async () => {
  using generator = await Generator.open(untrainedRemi());
  const options = { bars: 8, cache: 1, ending: "loop" } as const;
  const targets = { key: { tonic: 0, mode: "minor" } } as const;
  const first = await generator.generate({ ...options, targets });
  await generator.generate({ bars: 2 });
  const again = await generator.generate({ ...options, targets });
  assert.deepEqual(again.tokens, first.tokens);
});

Deno.test("Generator.surprises() gives one for each id, which depends on no later id", async () => {
  const model = untrainedRemi();
  using generator = await Generator.open(model);
  const ids = model.vocabulary.encode(new RemiTokenizer().encode(music));
  const all = await generator.surprises(ids);
  assert.equal(all.length, ids.length);
  assert.equal(all[0], 0);
  const other = ids.slice();
  other.fill(ids[30]!, 60);
  assert.deepEqual(
    (await generator.surprises(other)).subarray(0, 60),
    all.subarray(0, 60),
  );
});

Deno.test("Generator.surprises() of no ids is empty", async () => {
  using generator = await Generator.open(untrainedRemi());
  assert.equal((await generator.surprises([])).length, 0);
});

Deno.test("Generator.stream() goes on, section after section, each another", async () => {
  using generator = await Generator.open(untrainedRemi());
  const sections: NoteSequence[] = [];
  for await (const section of generator.stream({ randomSeed: 2 })) {
    assert.equal(section.totalTicks, 32 * section.ticksPerQuarter);
    if (sections.push(section) === 20) break;
  }
  const distinct = new Set(sections.map(({ notes }) => JSON.stringify(notes)));
  assert.equal(distinct.size, 20);
});

Deno.test("Generator.vary() samples the share of notes that is asked anew", async () => {
  const model = untrainedRemi();
  using generator = await Generator.open(model);
  const { tokens } = encodeFor(model, music);
  const original = new RemiTokenizer().decode(tokens);
  const changed: number[] = [];
  for (const distance of [0, 0.25, 0.5, 1]) {
    const { sequence } = await generator.vary(tokens, distance);
    assert.equal(sequence.totalTicks, original.totalTicks);
    const starts = sequence.notes.map(({ startTicks }) => startTicks);
    const before = original.notes.map(({ startTicks }) => startTicks);
    assert.deepEqual(starts, before, "the rhythm stays");
    changed.push(
      sequence.notes.filter(({ pitch }, i) =>
        pitch !== original.notes[i]!.pitch
      )
        .length / original.notes.length,
    );
  }
  const [none, quarter, half, all] = changed;
  assert.equal(none, 0);
  assert.ok(Math.abs(quarter! - 0.25) < 0.15, `${changed}`);
  assert.ok(Math.abs(half! - 0.5) < 0.2, `${changed}`);
  assert.equal(all, 1);
  await assert.rejects(generator.vary(tokens, 1.5), /from 0 to 1.*is 1\.5/);
});

Deno.test("Generator.vary() lets no part strike a pitch that it holds", async () => {
  // Each note sounds on while the next two of other pitches are struck.
  const held: NoteSequence = {
    ...music,
    notes: music.notes.map((note, i) => ({
      ...note,
      pitch: 60 + i % 4,
      endTicks: Math.min(note.startTicks + 720, music.totalTicks),
    })),
  };
  const tokens = new RemiTokenizer().encode(held);
  using generator = await Generator.open(untrainedRemi(held));
  for (const randomSeed of [1, 2, 3, 4]) {
    const { sequence } = await generator.vary(tokens, 0.3, { randomSeed });
    assert.ok(sequence.notes.length >= 60);
    const heldUntil = new Map<number, number>();
    for (const { pitch, startTicks, endTicks } of sequence.notes) {
      assert.ok((heldUntil.get(pitch) ?? 0) <= startTicks, `${startTicks}`);
      heldUntil.set(pitch, endTicks);
    }
  }
});

Deno.test("Generator.vary() keeps the restrikes of the piece itself", async () => {
  const restruck: NoteSequence = {
    ...music,
    notes: music.notes.map((note) => ({
      ...note,
      pitch: 60,
      endTicks: Math.min(note.startTicks + 720, music.totalTicks),
    })),
  };
  const tokens = new RemiTokenizer().encode(restruck);
  using generator = await Generator.open(untrainedRemi(restruck));
  const { sequence } = await generator.vary(tokens, 0.1);
  const changed = sequence.notes.filter(({ pitch }) => pitch !== 60).length;
  assert.ok(changed >= 1 && changed < 16, `${changed}`);
});

Deno.test("Generator.generate() restrikes no drone while it sounds", async () => {
  const drone: NoteSequence = {
    ...music,
    parts: [...music.parts, { name: "Bass", program: 33, isDrum: false }],
    notes: [...music.notes, {
      pitch: 36,
      velocity: 60,
      startTicks: 0,
      endTicks: music.totalTicks,
      part: 1,
    }],
  };
  using generator = await Generator.open(untrainedRemi(drone));
  const { sequence } = await generator.generate({
    bars: 16,
    constraints: { ranges: { 33: [36, 36] } },
  });
  const bass = sequence.parts.findIndex(({ program }) => program === 33);
  const drones = sequence.notes.filter(({ part }) => part === bass);
  assert.ok(drones.length > 2);
  for (const [i, { startTicks }] of drones.entries()) {
    assert.ok(i === 0 || drones[i - 1]!.endTicks <= startTicks, `${i}`);
  }
});

Deno.test("Generator.stream() goes on where the tempo changes", async () => {
  // With two tempi known, the tempo soon changes back.
  const slower: NoteSequence = { ...music, tempos: [{ ticks: 0, qpm: 71 }] };
  using generator = await Generator.open(untrainedRemi(slower));
  for (const randomSeed of [1, 2, 3, 4, 5, 6]) {
    let sections = 0, changes = 0;
    for await (const { tempos } of generator.stream({ randomSeed })) {
      changes += tempos.length - 1;
      if (++sections === 5) break;
    }
    assert.ok(changes > 0);
  }
});
