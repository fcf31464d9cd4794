import assert from "node:assert/strict";
import { Generator } from "../generation/generation.ts";
import { music, untrained, untrainedRemi } from "../generation/testing.ts";
import { findKey, mean, type Note, type NoteSequence } from "../music/music.ts";
import { redo, type Redone, type RedoWish } from "./redo.ts";

/** Eight bars of keys with a pedal, bass, pad and drums, as if played by hand. */
const band: NoteSequence = {
  ...music,
  parts: [0, 33, 89].map((program) => ({
    name: "",
    program,
    isDrum: false,
  })).concat({ name: "", program: 0, isDrum: true }),
  notes: music.notes.map((note, i) => ({
    ...note,
    startTicks: note.startTicks + i % 7,
    part: i % 4,
    pitch: [60, 40, 67, 42][i % 4]! + (i % 4 === 3 ? 0 : i % 5),
  })),
  controls: Array.from({ length: 16 }, (_, i) => ({
    ticks: 960 * i + 200,
    part: 0,
    controller: 64,
    value: i % 2 === 0 ? 127 : 0,
  })),
};

const BAR = 1920;
const isIn = ({ part, startTicks }: Note, { from, to, parts }: Redone) =>
  parts.has(part) && startTicks >= from && startTicks < to;

/** Makes a stretch of the band anew and asserts that all the rest is the same. */
async function redoBand(wish: RedoWish, piece = band) {
  using generator = await Generator.open(untrainedRemi(band));
  const made = await redo(generator, piece, wish, { randomSeed: 3 });
  const { notes, controls, ...others } = made.sequence;
  const { notes: _, controls: __, ...before } = piece;
  assert.deepEqual(others, before);
  const rest = (all: readonly Note[]) =>
    all.filter((note) => !isIn(note, made));
  assert.deepEqual(rest(notes), rest(piece.notes));
  const outside = ({ ticks }: { readonly ticks: number }) =>
    ticks < made.from || ticks >= made.to;
  assert.deepEqual(controls.filter(outside), piece.controls.filter(outside));
  const fresh = notes.filter((note) => isIn(note, made));
  for (const { startTicks, endTicks } of fresh) {
    assert.ok(startTicks < endTicks && endTicks <= made.to);
  }
  return { ...made, fresh };
}

Deno.test("redo() makes some bars of one part anew among the others", async () => {
  const { fresh, from, to, parts } = await redoBand({
    bars: [3, 4],
    parts: [0],
  });
  assert.deepEqual([from, to, [...parts]], [2 * BAR, 4 * BAR, [0]]);
  assert.ok(fresh.length > 0);
  assert.notDeepEqual(
    fresh.map(({ pitch }) => pitch),
    band.notes.filter((note) => note.part === 0 && note.startTicks >= from)
      .slice(0, fresh.length).map(({ pitch }) => pitch),
  );
});

Deno.test("redo() makes all parts anew, from the first bar to the last too", async () => {
  const { fresh, to } = await redoBand({});
  assert.equal(to, band.totalTicks);
  assert.deepEqual(
    new Set(fresh.map(({ part }) => part)),
    new Set([0, 1, 2, 3]),
  );
});

Deno.test("redo() gives the same notes for the same seed", async () => {
  const wish: RedoWish = { bars: [2, 2], parts: [1, 2] };
  assert.deepEqual((await redoBand(wish)).fresh, (await redoBand(wish)).fresh);
});

Deno.test("redo() keeps to a range, a scale, a loudness and a density", async () => {
  const { fresh, delivered } = await redoBand({
    bars: [1, 4],
    parts: [0],
    wishes: {
      range: [62, 74],
      key: { tonic: 7, mode: "major" },
      loudness: "soft",
      density: "dense",
    },
  });
  for (const { pitch } of fresh) {
    assert.ok(pitch >= 62 && pitch <= 74, `${pitch}`);
    assert.ok([7, 9, 11, 0, 2, 4, 6].includes(pitch % 12), `${pitch}`);
  }
  assert.ok(mean(fresh.map(({ velocity }) => velocity)) < 56);
  assert.deepEqual(
    delivered.map(({ what, asked, met }) => [what, asked, met]),
    [
      ["density", "dense", true],
      ["range", "D4 to D5", true],
      ["key", "G major", true],
      ["loudness", "soft", true],
    ],
  );
});

Deno.test("redo() closes on the tonic where the piece did", async () => {
  const { tonic } = findKey(band);
  const closed: NoteSequence = {
    ...band,
    notes: band.notes.map((note) =>
      note.startTicks >= 7 * BAR && note.part === 1
        ? { ...note, pitch: 24 + tonic }
        : note
    ),
  };
  assert.equal(findKey(closed).tonic, tonic);
  const { fresh } = await redoBand({ bars: [7, 8] }, closed);
  const last = fresh.filter(({ part, startTicks }) =>
    part < 3 && startTicks >= 7 * BAR
  );
  assert.equal(Math.min(...last.map(({ pitch }) => pitch)) % 12, tonic);
});

Deno.test("redo() plays the chords that are asked, through stretches of eight bars", async () => {
  const chord = (symbol: string, root: number) => ({
    symbol,
    root,
    intervals: [0, 4, 7],
  });
  const long = { ...band, totalTicks: 12 * BAR };
  const { fresh } = await redoBand({
    parts: [0, 1, 2],
    wishes: {
      chords: {
        chords: [chord("C", 0), chord("F", 5), chord("G", 7)],
        barsEach: 1,
      },
    },
  }, long);
  const beats = fresh.filter(({ startTicks }) => startTicks % 480 < 16);
  const tones = [[0, 4, 7], [5, 9, 0], [7, 11, 2]];
  const share = mean(beats.map(({ pitch, startTicks }) => {
    const own = tones[Math.floor(startTicks / BAR) % tones.length]!;
    return own.includes(pitch % 12) ? 1 : 0;
  }));
  // An untrained model would have a quarter of them.
  assert.ok(share > 0.6, `${share}`);
});

Deno.test("redo() has a bass walk among parts that stay", async () => {
  const { fresh, delivered } = await redoBand({
    bars: [3, 6],
    parts: [1],
    wishes: {
      partWishes: [{ program: 32, positions: "beats", isMonophonic: true }],
    },
  });
  assert.ok(fresh.length >= 14, `${fresh.length}`);
  assert.deepEqual(delivered.map(({ what, met }) => [what, met]), [
    ["manner", true],
  ]);
});

Deno.test("redo() gives new drums the beat that is asked", async () => {
  const { fresh } = await redoBand({
    bars: [5, 6],
    parts: [3],
    wishes: { drums: { beat: "four-on-the-floor" } },
  });
  const kicks = fresh.filter(({ pitch }) => pitch === 36);
  assert.ok(kicks.length >= 8, `${kicks.length}`);
});

for (const step of [-1, 1] as const) {
  Deno.test(`redo() makes bars ${step < 0 ? "sparser, lower and softer" : "denser, higher and louder"} than they are`, async () => {
    const { delivered } = await redoBand({
      bars: [3, 6],
      parts: [0, 1],
      wishes: { than: { density: step, register: step, loudness: step } },
    });
    assert.equal(delivered.length, 3);
    assert.deepEqual(delivered.filter(({ met }) => !met), []);
  });
}

Deno.test("redo() hears a file of another resolution and meter, and stays on its grid", async () => {
  const file: NoteSequence = {
    ...band,
    ticksPerQuarter: 96,
    timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    notes: band.notes.map((note) => ({
      ...note,
      startTicks: 48 * Math.floor(note.startTicks / 240),
      endTicks: 48 * Math.floor(note.startTicks / 240) + 46,
    })),
    controls: [],
    totalTicks: 64 * 48,
  };
  const { fresh } = await redoBand({ bars: [4, 5], parts: [0, 1] }, file);
  assert.ok(fresh.length > 0);
  for (const { startTicks } of fresh) assert.equal(startTicks % 8, 0);
});

Deno.test("redo() refuses bars and parts that are not there, and what it cannot hear", async () => {
  using generator = await Generator.open(untrainedRemi());
  await assert.rejects(
    redo(generator, band, { bars: [5, 9] }),
    /Cannot redo bars 5 to 9: the piece has bars 1 to 8\./,
  );
  await assert.rejects(
    redo(generator, band, { parts: [4] }),
    /Cannot redo part 4: the piece has parts 0 to 3\./,
  );
  await assert.rejects(
    redo(generator, band, { parts: [3] }),
    /the model never heard drums/,
  );
  const { notes, parts } = await redo(generator, band, { bars: [1, 1] });
  assert.deepEqual([...parts], [0, 1, 2]);
  assert.deepEqual(notes, [
    "The model never heard drums; those of the piece stay as they are.",
  ]);
  using chords = await Generator.open(untrained("chord", ["C4", "0.4.7"]));
  await assert.rejects(redo(chords, band, {}), /know no bars or parts/);
});
