import assert from "node:assert/strict";
import { Generator, readSeed } from "../generation/generation.ts";
import { music, untrainedRemi } from "../generation/testing.ts";
import { writeMidi } from "../midi/midi.ts";
import type { Note, NoteSequence, Part } from "../music/music.ts";
import { compose } from "./compose.ts";
import { checkContinuation } from "./testing.ts";

const part = (program: number, isDrum = false): Part => ({
  name: "",
  program,
  isDrum,
});

/** A waltz of an untrained model: a violin, a cello, a bass and drums. */
const waltz: NoteSequence = {
  ...music,
  ticksPerQuarter: 96,
  parts: [part(40), part(42), part(35), part(0, true)],
  notes: Array.from({ length: 48 }, (_, i): Note[] => {
    const at = { startTicks: 96 * i + 5, endTicks: 96 * i + 90, velocity: 77 };
    return [
      { ...at, pitch: [79, 83, 86][i % 3]!, part: 0 },
      { ...at, pitch: [43, 47, 50][i % 3]!, part: 1 },
      { ...at, pitch: [31, 38, 55][i % 3]!, part: 2 },
      { ...at, pitch: i % 3 === 0 ? 35 : 46, part: 3 },
    ];
  }).flat(),
  tempos: [{ ticks: 0, qpm: 140.5 }],
  timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
  keySignatures: [{ ticks: 0, fifths: 1, mode: "major" }],
  controls: [
    { ticks: 0, part: 0, controller: 7, value: 90 },
    { ticks: 4000, part: 0, controller: 64, value: 127 },
  ],
  totalTicks: 96 * 48,
};

/** A model that knows strings, a bass and no drums, in 4/4 and 3/4. */
function stringModel() {
  return untrainedRemi(
    {
      ...music,
      parts: [part(48), part(33)],
      notes: music.notes.map((note, i) => ({ ...note, part: i % 2 })),
    },
    {
      ...music,
      timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    },
  );
}

Deno.test("compose() goes on from instruments, pitches and a tempo that the model never heard", async () => {
  const checkpoint = stringModel();
  using generator = await Generator.open(checkpoint);
  const bytes = writeMidi(waltz);
  const made = await checkContinuation(generator, { name: "waltz", bytes });
  const { sequence, notes } = made!;
  assert.equal(sequence.ticksPerQuarter, 480, "a multiple of 96");
  assert.deepEqual(
    sequence.parts.map(({ program }) => program),
    [40, 42, 35, 0],
  );
  const join = 480 * 48;
  const fresh = sequence.notes.filter(({ startTicks }) => startTicks >= join);
  const means = [0, 1].map((part) => {
    const pitches = fresh.filter((note) => note.part === part)
      .map(({ pitch }) => pitch);
    return pitches.reduce((a, b) => a + b, 0) / pitches.length;
  });
  assert.ok(means[0]! > means[1]!, "the violin plays above the cello");
  assert.equal(sequence.timeSignatures.length, 1);
  assert.equal(sequence.tempos.length, 1);
  assert.ok(notes.some((note) =>
    note ===
      "The model never heard violin (program 40) and cello (program 42); it hears strings (program 48) there, and violin and cello play."
  ));
  assert.ok(notes.some((note) => note.includes("repeat under the new bars")));
  const lifted = sequence.controls.filter(({ controller, ticks }) =>
    controller === 64 && ticks === join
  );
  assert.deepEqual(lifted.map(({ value }) => value), [0]);
});

Deno.test("compose() repeats the last bars of drums where the model has none", async () => {
  const checkpoint = stringModel();
  using generator = await Generator.open(checkpoint);
  const drums: NoteSequence = {
    ...waltz,
    notes: waltz.notes.filter(({ part }) => part === 3),
  };
  const bytes = writeMidi(drums);
  const made = await checkContinuation(generator, { name: "drums", bytes });
  const { sequence } = made!;
  const isDrum = ({ part }: Note) => sequence.parts[part]!.isDrum;
  const join = 480 * 48;
  const fresh = sequence.notes.filter(({ startTicks }) => startTicks >= join);
  assert.ok(fresh.some((note) => !isDrum(note)), "pitched notes over them");
  const again = fresh.filter(isDrum).slice(0, 24);
  const last = sequence.notes.filter(isDrum)
    .filter(({ startTicks }) => startTicks >= join - 480 * 12)
    .slice(0, 24);
  assert.deepEqual(
    again.map(({ pitch, startTicks }) => [pitch, startTicks - 480 * 12]).slice(
      0,
      12,
    ),
    last.map(({ pitch, startTicks }) => [pitch, startTicks]).slice(0, 12),
  );
});

Deno.test("compose() counts bars in the music's own meter, and goes on in it", async () => {
  const checkpoint = stringModel();
  using generator = await Generator.open(checkpoint);
  const inMeter = (numerator: number, denominator: number): NoteSequence => ({
    ...music,
    timeSignatures: [{ ticks: 0, numerator, denominator }],
  });
  const lengthOf = async (
    piece: NoteSequence,
    options: { bars?: number; prompt?: string } = {},
  ) => {
    const seed = readSeed(checkpoint, writeMidi(piece));
    const { sequence } = await compose(generator, options.prompt ?? "", {
      randomSeed: 1,
      seed,
      bars: options.bars,
    });
    return [
      sequence.totalTicks / sequence.ticksPerQuarter,
      sequence.timeSignatures.map((one) =>
        `${one.numerator}/${one.denominator}`
      ).join(" "),
    ];
  };
  assert.deepEqual(await lengthOf(inMeter(2, 4), { bars: 39 }), [78, "2/4"]);
  assert.deepEqual(await lengthOf(inMeter(12, 8), { bars: 20 }), [
    // 32 quarters are five and a third bars of 12/8, so the passage has six.
    20 * 6,
    "12/8",
  ]);
  // Seven bars of 5/4, and then 13 of 4/4, for the model knows nothing nearer.
  assert.deepEqual(await lengthOf(inMeter(5, 4), { bars: 20 }), [
    7 * 5 + 13 * 4,
    "5/4 4/4",
  ]);
  assert.deepEqual(
    await lengthOf(inMeter(4, 4), { bars: 16, prompt: "in 3/4, 90 bpm" }),
    [8 * 4 + 8 * 3, "4/4 3/4"],
  );
});

Deno.test("compose() goes on without end by leading back to the beginning", async () => {
  const checkpoint = stringModel();
  using generator = await Generator.open(checkpoint);
  const seed = readSeed(checkpoint, writeMidi(music));
  const made = await compose(generator, "endless", { randomSeed: 1, seed });
  const { sequence, isLoop, notes } = made;
  assert.ok(isLoop);
  assert.equal(sequence.totalTicks, 480 * 4 * (8 + 16));
  assert.ok(notes.some((note) => note.startsWith("No file is endless")));
  const long = await compose(generator, "exactly 40 seconds", {
    randomSeed: 1,
    seed,
  });
  const { tempos: [tempo], totalTicks } = long.sequence;
  const seconds = totalTicks / 480 * 60 / tempo!.qpm;
  assert.ok(Math.abs(seconds - 40) < 0.01, `${seconds}`);
});
