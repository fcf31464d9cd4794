import assert from "node:assert/strict";
import { Generator } from "../generation/generation.ts";
import { music, untrainedRemi } from "../generation/testing.ts";
import {
  meanVelocity,
  type NoteSequence,
  type PieceSpec,
  sliceSequence,
  ticksToSeconds,
} from "../music/music.ts";
import { compose } from "./compose.ts";

/** Keys, bass, strings and drums at two tempi and in two meters. */
const band: NoteSequence = {
  ...music,
  parts: [0, 33, 48].map((program) => ({ name: "", program, isDrum: false }))
    .concat({ name: "", program: 0, isDrum: true }),
  notes: music.notes.map((note, i) => ({
    ...note,
    part: i % 4,
    pitch: i % 4 === 3 ? 36 : 40 + (i * 7) % 40,
  })),
};
const model = () =>
  untrainedRemi(
    band,
    { ...band, tempos: [{ ticks: 0, qpm: 100 }] },
    {
      ...band,
      timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    },
  );

/** Programs, and −1 for drums, that play from one bar line to another. */
function playersIn(piece: NoteSequence, from: number, to: number): number[] {
  const { notes, parts } = sliceSequence(piece, from, to);
  const players = notes.map(({ part }) =>
    parts[part]!.isDrum ? -1 : parts[part]!.program
  );
  return [...new Set(players)].sort((a, b) => a - b);
}

const SONG: PieceSpec = {
  length: { seconds: 60 },
  sections: [
    {
      from: { share: 0 },
      spec: {
        playing: ["piano"],
        qpm: 60,
        key: { tonic: 9, mode: "minor" },
        loudness: "soft",
      },
      name: "intro",
    },
    {
      from: { seconds: 24 },
      spec: {
        playing: ["piano", "bass", "drums"],
        qpm: 120,
        key: { tonic: 0, mode: "major" },
        loudness: "loud",
      },
    },
    {
      from: { seconds: 40 },
      spec: { playing: ["violin"], qpm: 90, meter: "3/4" },
      curve: { velocity: [90, 40], qpm: [90, 60] },
    },
  ],
};

Deno.test("compose() gives each section its time, tempo, meter, key, players and loudness", async () => {
  using generator = await Generator.open(model());
  const options = { wishes: SONG, randomSeed: 3 };
  const { sequence, sections, notes, delivered, piece } = await compose(
    generator,
    "",
    options,
  );
  const bar = 1920, first = 6 * bar, second = first + 8 * bar;
  assert.deepEqual(
    sections.map(({ name, startTicks, bars }) => [name, startTicks, bars]),
    [["intro", 0, 6], ["Section 2", first, 8], ["Section 3", second, 8]],
  );
  assert.deepEqual(sections.map(({ startSeconds }) => startSeconds), [
    0,
    24,
    40,
  ]);
  assert.deepEqual(
    sequence.tempos.slice(0, 2),
    [{ ticks: 0, qpm: 60 }, { ticks: first, qpm: 120 }],
  );
  const line = sequence.tempos.slice(2).map(({ qpm }) => qpm);
  assert.ok(line.length > 16, "a tempo for each beat that moves");
  assert.ok(line[0]! > 89.9 && line.at(-1)! < 60.1);
  assert.deepEqual(
    sequence.timeSignatures.map(({ ticks, numerator }) => [ticks, numerator]),
    [[0, 4], [second, 3]],
  );
  assert.deepEqual(
    sequence.keySignatures.slice(0, 2).map(({ ticks, mode }) => [ticks, mode]),
    [[0, "minor"], [first, "major"]],
  );
  assert.deepEqual(
    sequence.markers?.map(({ text }) => text),
    ["intro", "Section 2", "Section 3"],
  );
  assert.deepEqual(playersIn(sequence, 0, first), [0]);
  assert.deepEqual(playersIn(sequence, first, second), [-1, 0, 33]);
  assert.deepEqual(playersIn(sequence, second, sequence.totalTicks), [40]);
  assert.ok(notes.some((note) => note.includes("never heard violin")));
  const means = [[0, first], [first, second]].map(([from, to]) =>
    meanVelocity(sliceSequence(sequence, from!, to!))
  );
  assert.ok(means[0]! < 54 && means[1]! > 82);
  const rows = new Map(delivered.map((row) => [row.what, row]));
  for (
    const what of [
      "length",
      "tempo, bars 1–6",
      "instruments, bars 7–14",
      "loudness, bars 1–6",
      "loudness, bars 15–22",
      "tempo, bars 15–22",
    ]
  ) assert.ok(rows.get(what)?.met, what);
  assert.equal(rows.get("tempo")?.asked, "", "no section has the whole's");
  assert.ok(piece.tokens.length > 0);
  const again = await compose(generator, "", options);
  assert.deepEqual(again.sequence, sequence);
});

Deno.test("compose() puts hits at their time to the tick, silences, and a fade to the end", async () => {
  using generator = await Generator.open(model());
  const { sequence, delivered } = await compose(generator, "", {
    wishes: {
      length: { seconds: 40 },
      qpm: 100,
      playing: ["piano", "drums"],
      events: [
        { at: { seconds: 12.34 }, what: "hit" },
        { at: { seconds: 20 }, what: "silence", seconds: 3 },
        { at: { share: 1 }, what: "fadeOut", seconds: 6 },
      ],
    },
    randomSeed: 1,
  });
  const seconds = (ticks: number) => ticksToSeconds(sequence, ticks);
  const [loudest] = sequence.notes.toSorted((a, b) => b.velocity - a.velocity);
  assert.ok(Math.abs(seconds(loudest!.startTicks) - 12.34) < 0.01);
  assert.ok(
    sequence.notes.every(({ startTicks, endTicks }) =>
      seconds(endTicks) <= 20.01 || seconds(startTicks) >= 22.99
    ),
  );
  const faded = sequence.controls.findLast(({ controller }) =>
    controller === 11
  )!;
  assert.deepEqual([faded.ticks, faded.value], [sequence.totalTicks, 0]);
  const rows = delivered.filter(({ what }) =>
    ["hit", "silence", "fade out"].includes(what)
  );
  assert.ok(rows.length === 3 && rows.every(({ met }) => met));
  assert.equal(rows[0]!.asked, "at 0:12.3");
});

Deno.test("compose() keeps the tonic of a section that asks for a mode alone, and closes on its third", async () => {
  using generator = await Generator.open(model());
  const { sequence, sections, delivered } = await compose(generator, "", {
    wishes: {
      length: { bars: 12 },
      key: { tonic: 7, mode: "minor" },
      playing: ["piano", "bass"],
      sections: [
        { from: { share: 0 }, spec: {} },
        { from: { share: 0.75 }, spec: { key: { mode: "major" } } },
      ],
    },
    randomSeed: 1,
  });
  assert.deepEqual(sections.map(({ key }) => key), [
    { tonic: 7, mode: "minor" },
    { tonic: 7, mode: "major" },
  ]);
  assert.ok(delivered.some(({ asked }) => asked === "G major"));
  const last = sequence.notes.filter(({ endTicks }) =>
    endTicks > sequence.totalTicks - 240
  );
  assert.equal(Math.min(...last.map(({ pitch }) => pitch)) % 12, 7);
  assert.ok(last.length < 2 || last.some(({ pitch }) => pitch % 12 === 11));
});

Deno.test("compose() leads the density along a line, and tells what is after the end", async () => {
  using generator = await Generator.open(model());
  const { sections, notes } = await compose(generator, "", {
    wishes: {
      length: { bars: 16 },
      sections: [{
        from: { share: 0 },
        spec: {},
        curve: { density: [0.5, 4] },
      }],
      events: [{ at: { seconds: 500 }, what: "hit" }],
    },
    randomSeed: 1,
  });
  assert.deepEqual(sections, [], "one section is the whole");
  assert.match(notes.join(" "), /hit at 8:20 would be after the end/);
});
