import assert from "node:assert/strict";
import { compose } from "./compose.ts";
import type { CompositionOptions } from "./prepare.ts";
import { composeStream, type StreamTold } from "./compose_stream.ts";
import { delivered } from "./delivered.ts";
import { Generator, readVariation } from "../generation/generation.ts";
import {
  music,
  seedFrom,
  untrained,
  untrainedRemi,
} from "../generation/testing.ts";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { parsePrompt } from "../prompt/prompt.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { profilesOf } from "../tokens/remi/testing.ts";

/** Keys, bass, pad, flute and drums, for a model that knows them. */
const band: NoteSequence = {
  ...music,
  parts: [0, 32, 89, 73].map((program) => ({
    name: "",
    program,
    isDrum: false,
  })).concat({ name: "", program: 0, isDrum: true }),
  notes: music.notes.map((note, i) => ({
    ...note,
    part: i % 5,
    pitch: i % 5 === 1 ? 28 + i % 24 : i % 5 === 4 ? 42 : 48 + (i * 7) % 36,
  })),
  tempos: [{ ticks: 0, qpm: 80 }],
};
const model = () => untrainedRemi(band);

Deno.test("compose() holds an untrained model to tempo, length, instruments and key signature", async () => {
  using generator = await Generator.open(model());
  const { sequence, delivered, prompt } = await compose(
    generator,
    "qwerty piano and bass in D minor, 93.5 bpm, 12 bars, loud",
    { randomSeed: 1 },
  );
  assert.deepEqual(sequence.tempos, [{ ticks: 0, qpm: 93.5 }]);
  assert.equal(sequence.totalTicks, 12 * 4 * sequence.ticksPerQuarter);
  assert.deepEqual(sequence.parts.map(({ name }) => name), ["Piano", "Bass"]);
  assert.deepEqual(sequence.keySignatures, [
    { ticks: 0, fifths: -1, mode: "minor" },
  ]);
  assert.deepEqual(prompt.ignored, ["qwerty"]);
  const lines = new Map(delivered.map((line) => [line.what, line]));
  for (const what of ["tempo", "length", "instruments", "loudness"]) {
    assert.ok(lines.get(what)!.met, what);
  }
  assert.equal(lines.get("meter")!.asked, "");
});

/** A model with the profile of {@linkcode music}. */
function modelWithProfile() {
  const checkpoint = model();
  const ids = checkpoint.vocabulary.encode(new RemiTokenizer().encode(music));
  const profiles = profilesOf([ids], checkpoint.vocabulary);
  return { ...checkpoint, corpus: { ...checkpoint.corpus, profiles } };
}

Deno.test("compose() copies a training piece's profile where nothing is asked, and closes", async () => {
  using generator = await Generator.open(modelWithProfile());
  const { sequence, delivered, piece } = await compose(generator, "", {
    // Of which the model does not end on the tonic by itself.
    randomSeed: 2,
  });
  assert.deepEqual(sequence.tempos, [{ ticks: 0, qpm: 72 }]);
  assert.deepEqual(sequence.parts.map(({ program }) => program), [4]);
  assert.equal(sequence.totalTicks, 8 * 4 * sequence.ticksPerQuarter);
  assert.match(piece.tokens[0]!, /^Key_(?!any)/);
  assert.ok(delivered.every(({ asked }) => asked === ""));
  const last = Math.max(...sequence.notes.map(({ endTicks }) => endTicks));
  assert.equal(last, sequence.totalTicks, "the last notes ring to the end");
});

Deno.test("compose() makes of unknown words what it makes of none, at any length in bars", async () => {
  using generator = await Generator.open(modelWithProfile());
  const make = async (prompt: string, bars?: number) =>
    (await compose(generator, prompt, { randomSeed: 3, bars })).sequence;
  assert.deepEqual(await make("xyzzy"), await make(""));
  assert.deepEqual(await make("16 bars"), await make("", 16));
  const { parts } = await make("piano");
  assert.deepEqual(parts.map(({ program }) => program), [0]);
});

Deno.test("compose() takes over from a training piece's profile what is not asked", async () => {
  using generator = await Generator.open(modelWithProfile());
  const { sequence, piece } = await compose(generator, "in A major, soft", {
    randomSeed: 1,
  });
  assert.equal(piece.tokens[0], "Key_A");
  assert.deepEqual(sequence.tempos, [{ ticks: 0, qpm: 72 }]);
  assert.deepEqual(sequence.parts.map(({ program }) => program), [4]);
  assert.equal(sequence.totalTicks, 8 * 4 * sequence.ticksPerQuarter);
  const own = generator.checkpoint.corpus.profiles![0]!.attributes;
  assert.ok(piece.tokens.includes(`Density_${own.Density}`));
  assert.ok(piece.tokens.includes("Loudness_soft"));
});

Deno.test("composeStream() copies a training piece's profile where nothing is asked", async () => {
  using generator = await Generator.open(modelWithProfile());
  for await (const section of composeStream(generator, "", { randomSeed: 1 })) {
    assert.deepEqual(section.parts.map(({ program }) => program), [4]);
    assert.equal(section.tempos[0]?.qpm, 72);
    break;
  }
});

Deno.test("compose() makes the same piece of the same seed, and another of another", async () => {
  using generator = await Generator.open(model());
  const notes = async (randomSeed: number) =>
    (await compose(generator, "8 bars", { randomSeed })).sequence.notes;
  const first = await notes(1);
  assert.deepEqual(await notes(1), first);
  assert.notDeepEqual(await notes(2), first);
});

Deno.test("compose() plays in a meter that the model does not know, for as many bars as asked", async () => {
  using generator = await Generator.open(model());
  for (const [meter, bars] of [["7/8", 6], ["2/4", 7], ["5/4", 5]] as const) {
    const { sequence, delivered, notes } = await compose(
      generator,
      `piano, ${meter}, ${bars} bars`,
      { randomSeed: 1 },
    );
    const of = new Map(delivered.map((row) => [row.what, row]));
    assert.ok(of.get("meter")!.met && of.get("length")!.met, meter);
    const [signature] = sequence.timeSignatures;
    assert.equal(`${signature!.numerator}/${signature!.denominator}`, meter);
    assert.match(notes[0]!, new RegExp(`never heard ${meter}`));
  }
});

Deno.test("compose() takes a new seed where none is given, and tells it", async () => {
  using generator = await Generator.open(model());
  const one = await compose(generator, "4 bars");
  const other = await compose(generator, "4 bars");
  assert.notEqual(one.randomSeed, other.randomSeed);
  const { randomSeed } = one;
  const again = await compose(generator, "4 bars", { randomSeed });
  assert.deepEqual(again.sequence, one.sequence);
  assert.equal((await compose(generator, "4 bars, seed 7")).randomSeed, 7);
});

Deno.test("compose() ends after exactly the seconds asked", async () => {
  using generator = await Generator.open(model());
  const { sequence, delivered } = await compose(
    generator,
    "piano, exactly 20 seconds, 72 bpm",
    { randomSeed: 1 },
  );
  assert.equal(sequence.totalTicks, 24 * sequence.ticksPerQuarter);
  const last = Math.max(...sequence.notes.map(({ endTicks }) => endTicks));
  assert.equal(last, sequence.totalTicks);
  assert.ok(delivered.find(({ what }) => what === "length")!.met);
});

Deno.test("compose() goes on from a file in its key, tempo and instruments", async () => {
  const checkpoint = model();
  using generator = await Generator.open(checkpoint);
  const own: NoteSequence = {
    ...music,
    parts: [{ name: "", program: 5, isDrum: false }],
    tempos: [{ ticks: 0, qpm: 71.5 }],
  };
  const bytes = writeMidi(own);
  const seed = (bars?: number) => seedFrom(checkpoint, bytes, "own.mid", bars);
  const { sequence, replaced } = await compose(generator, "", {
    randomSeed: 1,
    seed,
  });
  assert.ok(Math.abs(sequence.tempos[0]!.qpm - 71.5) < 1e-3);
  assert.deepEqual(sequence.parts.map(({ program }) => program), [5]);
  assert.equal(replaced.get("Program_5"), "Program_4");
  // The file's eight bars, and as many again at least.
  assert.equal(sequence.totalTicks, 24 * 4 * sequence.ticksPerQuarter);
  const begun = sequence.notes.slice(0, 16).map(({ pitch }) => pitch);
  assert.deepEqual(begun, own.notes.slice(0, 16).map(({ pitch }) => pitch));
  await assert.rejects(
    compose(generator, "3/4", { randomSeed: 1, seed }),
    /this model knows no 3\/4 time/,
  );
});

Deno.test("compose() adds drums where the model has learnt none, and reports it", async () => {
  using generator = await Generator.open(untrainedRemi());
  const { sequence, notes, delivered } = await compose(
    generator,
    "electric piano and drums, 6 bars",
    { randomSeed: 1 },
  );
  assert.deepEqual(sequence.parts.map(({ name }) => name), [
    "Electric piano",
    "Drums",
  ]);
  assert.match(notes[0]!, /never heard drums; soft ones are added by rule/);
  assert.ok(delivered.find(({ what }) => what === "instruments")!.met);
  await assert.rejects(
    compose(generator, "drums", { randomSeed: 1 }),
    /has no drums/,
  );
});

Deno.test("compose() reports what of a seed it cannot keep", async () => {
  const checkpoint = model();
  using generator = await Generator.open(checkpoint);
  const seedOf = (piece: NoteSequence) => (bars?: number) =>
    seedFrom(checkpoint, writeMidi(piece), "", bars);
  const seed = seedOf({
    ...music,
    tempos: [{ ticks: 0, qpm: 72 }, { ticks: 960, qpm: 90 }],
  });
  const told = async (prompt: string) =>
    (await compose(generator, prompt, { randomSeed: 1, seed })).notes;
  const unknown =
    "The model knows no 90 bpm; it hears 80 bpm, and goes on at 90 bpm.";
  assert.deepEqual(await told("16 bars"), [
    unknown,
    "The piece to start from changes its tempo; the new bars keep 90 bpm.",
  ]);
  assert.deepEqual(await told("8 bars"), [
    unknown,
    "The piece goes on from the last 4 of 8 bars; more bars would have room for more of them.",
  ]);
  const { notes: endless } = await compose(generator, "endless", {
    randomSeed: 1,
  });
  assert.match(endless[0]!, /has 64 bars, and its end leads back/);
});

Deno.test("compose() varies the share of notes that is asked", async () => {
  const checkpoint = model();
  using generator = await Generator.open(checkpoint);
  const of = readVariation(checkpoint, writeMidi(music));
  const share = async (distance: number) => {
    const { sequence } = await compose(generator, "", {
      randomSeed: 1,
      variation: { of, distance },
    });
    const at = new Set(
      sequence.notes.map(({ pitch, startTicks }) =>
        `${pitch} ${Math.round(startTicks / 40)}`
      ),
    );
    return music.notes.filter(({ pitch, startTicks }) =>
      !at.has(`${pitch} ${Math.round(startTicks / 40)}`)
    ).length / music.notes.length;
  };
  assert.equal(await share(0), 0);
  const half = await share(0.5);
  assert.ok(half > 0.3 && half < 0.7, `${half}`);
  assert.equal(await share(1), 1);
});

Deno.test("composeStream() goes on in one tempo and key, without fades", async () => {
  using generator = await Generator.open(model());
  let sections = 0;
  for await (
    const section of composeStream(generator, "endless piano in G", {
      randomSeed: 1,
    })
  ) {
    assert.equal(section.keySignatures[0]!.fifths, 1);
    assert.ok(
      section.controls.every(({ controller, value }) =>
        controller !== 11 || value === 127
      ),
    );
    if (++sections === 3) break;
  }
  assert.equal(sections, 3);
});

Deno.test("composeStream() follows another prompt from the next section on, and tells it", async () => {
  using generator = await Generator.open(model());
  const playing = { prompt: "piano, 72 bpm" };
  const told: StreamTold[] = [];
  const heard: (readonly [number, number])[] = [];
  for await (
    const section of composeStream(generator, playing, {
      onPrompt: (one) => told.push(one),
    })
  ) {
    heard.push([section.parts[0]!.program, section.tempos[0]!.qpm]);
    if (heard.length === 2) {
      playing.prompt =
        "no piano, no keys, no bass, no pads, no flute, no drums";
    }
    if (heard.length === 3) playing.prompt = "flute, 80 bpm";
    if (heard.length === 5) break;
  }
  assert.deepEqual(heard, [[0, 72], [0, 72], [0, 72], [73, 80], [73, 80]]);
  assert.equal(told.length, 3);
  assert.equal(told[1]!.prompt, undefined);
  assert.equal(told[0]!.randomSeed, told[2]!.randomSeed);
});

Deno.test("composeStream() plays on as the first section, and names what it leaves out", async () => {
  using generator = await Generator.open(model());
  const told: StreamTold[] = [];
  const prompt = "piano at 72 bpm, then flute at 80 bpm; a hit at 0:30";
  for await (
    const section of composeStream(generator, prompt, {
      randomSeed: 1,
      onPrompt: (one) => told.push(one),
    })
  ) {
    assert.equal(section.parts[0]!.program, 0);
    assert.equal(section.tempos[0]!.qpm, 72);
    break;
  }
  assert.equal(
    told[0]!.notes.at(-1),
    'A stream plays on as it begins; left out: "flute at 80 bpm", each hit. Another prompt changes it.',
  );
});

Deno.test("composeStream() takes a later prompt of steps as a change to what plays", async () => {
  using generator = await Generator.open(model());
  const told: StreamTold[] = [];
  const playing = { prompt: "piano in D, 80 bpm, soft" };
  const heard: string[] = [];
  for await (
    const { parts, tempos } of composeStream(generator, playing, {
      randomSeed: 1,
      onPrompt: (one) => told.push(one),
    })
  ) {
    const names = parts.map(({ program, isDrum }) =>
      isDrum ? "drums" : program
    );
    heard.push([tempos[0]!.qpm, ...names].join());
    if (heard.length === 1) playing.prompt = "faster, louder, with drums";
    if (heard.length === 2) playing.prompt = "slower, without drums";
    if (heard.length === 3) break;
  }
  assert.deepEqual(heard, ["80,0", "96,0,drums", "80,0"]);
  assert.deepEqual(told.map(({ notes }) => notes.at(-1)), [
    undefined,
    "What played goes on, changed: 96 bpm; loudness medium; with piano, drums.",
    "What played goes on, changed: 80 bpm; without drums.",
  ]);
});

Deno.test("compose() asks whether a number as seed is meant as randomSeed", async () => {
  using generator = await Generator.open(untrainedRemi());
  const options: unknown = { seed: 5 };
  await assert.rejects(
    compose(generator, "", options as CompositionOptions),
    /current value is 5\. Did you mean "randomSeed"\?$/,
  );
  const noText: unknown = 42;
  await assert.rejects(
    compose(generator, noText as string),
    /the prompt must be a text .* is 42\.$/,
  );
});

Deno.test("compose() refuses a model of chord tokens", async () => {
  using generator = await Generator.open(untrained("chord", ["C4", "0.4.7"]));
  await assert.rejects(compose(generator, "piano", { randomSeed: 1 }), {
    name: "RangeError",
    message: /chord tokens know no tempo/,
  });
});

Deno.test("delivered() reports what was missed", () => {
  const { request } = parsePrompt(
    "piano in C major, 90 bpm, 3/4, 4 bars, dense, high register, soft, no drums",
  );
  const lines = delivered(request, {
    ...emptySequence(480),
    parts: [{ name: "Bass", program: 33, isDrum: false }],
    notes: [{
      pitch: 33,
      velocity: 100,
      startTicks: 0,
      endTicks: 480,
      part: 0,
    }],
    totalTicks: 1920,
  });
  assert.deepEqual(lines.map(({ what, met }) => [what, met]), [
    ["key", false],
    ["tempo", false],
    ["meter", false],
    ["length", false],
    ["instruments", false],
    ["density", false],
    ["register", false],
    ["loudness", false],
  ]);
  assert.equal(lines[1]!.delivered, "120 bpm");
  assert.equal(lines[4]!.asked, "piano, no drums");
});
