import { fromFileUrl, join } from "@std/path";
import assert from "node:assert/strict";
import {
  ATTRIBUTE_NAMES,
  type Note,
  type NoteSequence,
  type Part,
} from "../../music/music.ts";
import { parseMidi } from "../../midi/midi.ts";
import { Random } from "../../base/base.ts";
import { RemiTokenizer } from "./tokenizer.ts";

const tokenizer = new RemiTokenizer();
const part = (program: number, isDrum = false): Part => ({
  name: "",
  program,
  isDrum,
});

/** Rows of pitch, velocity, start, end and part, in steps. */
type Row = [number, number, number, number, number?];

function piece(rows: Row[], rest: Partial<NoteSequence> = {}): NoteSequence {
  const notes = rows.map((
    [pitch, velocity, startTicks, endTicks, part = 0],
  ) => (
    { pitch, velocity, startTicks, endTicks, part }
  ));
  return {
    ticksPerQuarter: 12,
    parts: [part(0)],
    notes,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: Math.max(0, ...notes.map((note) => note.endTicks)),
    ...rest,
  };
}

const rowsOf = (notes: readonly Note[]) =>
  notes.map((
    n,
  ): Row => [n.pitch, n.velocity, n.startTicks, n.endTicks, n.part]);

/** The tokens after the attributes. */
const music = (sequence: NoteSequence) =>
  tokenizer.encode(sequence).slice(ATTRIBUTE_NAMES.length).join(" ");

const quantizedRows = (rows: Row[], rest: Partial<NoteSequence> = {}) =>
  rowsOf(tokenizer.quantize(piece(rows, rest)).notes);

Deno.test("RemiTokenizer.encode() writes a piece as bars, positions and notes", () => {
  const song = piece(
    [
      [64, 84, 0, 12],
      [60, 84, 0, 12],
      [36, 60, 0, 48, 1],
      [67, 92, 18, 24],
      [36, 100, 18, 19, 2],
      [42, 44, 18, 19, 2],
      [65, 84, 48, 84],
    ],
    {
      parts: [part(4), part(33), part(0, true)],
      tempos: [{ ticks: 0, qpm: 72 }, { ticks: 60, qpm: 66 }],
      timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }, {
        ticks: 48,
        numerator: 3,
        denominator: 4,
      }],
    },
  );
  assert.equal(
    music(song),
    [
      "Bar TimeSignature_4/4 Tempo_72",
      "Position_0 Program_4 Pitch_60 Velocity_84 Duration_12 Pitch_64 Velocity_84 Duration_12",
      "Program_33 Pitch_36 Velocity_60 Duration_48",
      "Position_18 Program_4 Pitch_67 Velocity_92 Duration_6",
      "Kit_0 Drum_36 Velocity_100 Drum_42 Velocity_44",
      "Bar TimeSignature_3/4",
      "Position_0 Program_4 Pitch_65 Velocity_84 Duration_36",
      "Position_12 Tempo_66",
      "End",
    ].join(" "),
  );
  assert.deepEqual(tokenizer.decode(tokenizer.encode(song)), {
    ...song,
    notes: [song.notes[1], song.notes[0], ...song.notes.slice(2)],
    keySignatures: [{ ticks: 0, fifths: 0, mode: "major" }],
    totalTicks: 84,
  });
});

Deno.test("RemiTokenizer.encode() heads a piece with what it is, or with what it is given", () => {
  const song = piece([[57, 30, 0, 48], [60, 30, 0, 48], [64, 30, 0, 48]]);
  assert.equal(
    tokenizer.encode(song).slice(0, 9).join(" "),
    "Key_A Mode_minor TempoClass_fast Meter_4/4 Density_sparse Register_middle Loudness_soft LengthBars_4 HasPiano_1",
  );
  const head = tokenizer.encode(song, { Key: "F#" })
    .slice(0, ATTRIBUTE_NAMES.length);
  assert.equal(head[0], "Key_F#");
  assert.ok(head.slice(1).every((token) => token.endsWith("_any")));
});

Deno.test("RemiTokenizer keeps rests, a pickup and a long silence", () => {
  assert.equal(
    music(piece([[60, 84, 36, 48], [60, 84, 144, 156]])),
    "Bar TimeSignature_4/4 Tempo_120 Position_36 Program_0 Pitch_60 Velocity_84 Duration_12 Bar Bar Bar Position_0 Program_0 Pitch_60 Velocity_84 Duration_12 End",
  );
  const late = piece([[60, 84, 48_000, 48_012]]);
  assert.equal(tokenizer.encode(late).filter((t) => t === "Bar").length, 1001);
  assert.deepEqual(
    tokenizer.decode(tokenizer.encode(late)),
    tokenizer.quantize(late),
  );
});

Deno.test("RemiTokenizer.quantize() moves velocities to the middle of their bin", () => {
  const velocities = [1, 7, 8, 64, 71, 72, 127];
  assert.deepEqual(
    quantizedRows(velocities.map((v, i) => [60, v, i, i + 1])).map((r) => r[1]),
    [4, 4, 12, 68, 68, 76, 124],
  );
  const coarse = new RemiTokenizer({ velocityBins: 1 });
  assert.equal(coarse.quantize(piece([[60, 1, 0, 9]])).notes[0].velocity, 64);
});

Deno.test("RemiTokenizer.quantize() keeps durations up to two quarters and rounds longer ones", () => {
  const rounded = (steps: number) =>
    quantizedRows([[60, 84, 0, steps], [72, 84, 0, 2000]])[0][3];
  for (let steps = 1; steps <= 24; steps++) assert.equal(rounded(steps), steps);
  assert.deepEqual([25, 47, 51, 52, 95].map(rounded), [26, 48, 54, 54, 96]);
  assert.deepEqual([101, 102, 203, 204].map(rounded), [96, 108, 192, 216]);
});

Deno.test("RemiTokenizer adds durations up where one is not enough", () => {
  const drone = piece([[36, 84, 0, 384 * 2 + 48], [43, 84, 0, 384]]);
  assert.match(
    music(drone),
    /Pitch_36 Velocity_84 Duration_384 Duration_384 Duration_48 Pitch_43 Velocity_84 Duration_384 Bar/,
  );
  assert.deepEqual(
    rowsOf(tokenizer.decode(tokenizer.encode(drone)).notes).map((r) => r[3]),
    [816, 384],
  );
});

Deno.test("RemiTokenizer.quantize() rounds no duration into the next note of its pitch", () => {
  // 95 would become 96; the second note is far from its next.
  assert.deepEqual(
    quantizedRows([[60, 84, 0, 95], [60, 84, 95, 190], [60, 84, 300, 312]])
      .map((row) => row[3]),
    [90, 191, 312],
  );
});

Deno.test("RemiTokenizer keeps notes of one pitch that overlap", () => {
  const rows: Row[] = [[60, 84, 0, 24, 0], [60, 84, 12, 18, 0]];
  assert.deepEqual(
    rowsOf(tokenizer.decode(tokenizer.encode(piece(rows))).notes),
    rows,
  );
});

Deno.test("RemiTokenizer.quantize() makes one part of each instrument, programs first", () => {
  const { parts, notes } = tokenizer.quantize(
    piece(
      [[40, 84, 0, 9, 0], [60, 84, 0, 9, 1], [64, 84, 3, 9, 3], [
        60,
        84,
        3,
        9,
        4,
      ]],
      {
        parts: [part(0, true), part(4), part(9), part(4), part(0)],
      },
    ),
  );
  assert.deepEqual(parts, [part(0), part(4), part(0, true)]);
  assert.deepEqual(notes.map((n) => [n.pitch, n.part]), [
    [60, 1],
    [40, 2],
    [60, 0],
    [64, 1],
  ]);
});

Deno.test("RemiTokenizer.quantize() lets a drum hit last one step", () => {
  assert.deepEqual(
    quantizedRows([[36, 84, 0, 40]], { parts: [part(0, true)] }),
    [[36, 84, 0, 1, 0]],
  );
});

Deno.test("RemiTokenizer.quantize() makes tempi whole and names them once", () => {
  const tempos = [[0, 71.6], [12, 72.4], [24, 90], [47, 3], [48, 500]] as const;
  assert.deepEqual(
    tokenizer.quantize(piece([[60, 84, 0, 48]], {
      tempos: tempos.map(([ticks, qpm]) => ({ ticks, qpm })),
    })).tempos,
    [{ ticks: 0, qpm: 72 }, { ticks: 24, qpm: 90 }, { ticks: 47, qpm: 10 }],
  );
  assert.deepEqual(
    tokenizer.quantize(
      piece([[60, 84, 0, 48]], { tempos: [{ ticks: 12, qpm: 90 }] }),
    ).tempos,
    [{ ticks: 0, qpm: 120 }, { ticks: 12, qpm: 90 }],
  );
});

Deno.test("RemiTokenizer.quantize() lets a meter wait for the next bar line", () => {
  const meters = [[10, 3, 4], [60, 6, 8], [84, 3, 4]] as const;
  const { timeSignatures, totalTicks } = tokenizer.quantize(
    piece([[60, 84, 0, 130]], {
      timeSignatures: meters.map(([ticks, numerator, denominator]) => (
        { ticks, numerator, denominator }
      )),
    }),
  );
  assert.deepEqual(timeSignatures, [
    { ticks: 0, numerator: 4, denominator: 4 },
    { ticks: 48, numerator: 3, denominator: 4 },
  ]);
  assert.equal(totalTicks, 48 + 36 + 36 + 36);
});

Deno.test("RemiTokenizer.quantize() ends on a bar line, before a late release", () => {
  const end = (rows: Row[], totalTicks: number) => {
    const { notes, totalTicks: end } = tokenizer.quantize(
      piece(rows, { totalTicks }),
    );
    return [end, ...notes.map((note) => note.endTicks)];
  };
  assert.deepEqual(end([[60, 84, 24, 50]], 50), [48, 48]);
  assert.deepEqual(end([[60, 84, 24, 51]], 51), [96, 52]);
  assert.deepEqual(end([[60, 84, 48, 49]], 49), [96, 49]);
  assert.deepEqual(end([[60, 84, 0, 12]], 192), [192, 12]);
  // A bar no longer than the sixth of a quarter is still a bar.
  const fine = new RemiTokenizer({ stepsPerQuarter: 24 });
  const short = fine.quantize(piece([[60, 84, 0, 3]], {
    ticksPerQuarter: 24,
    timeSignatures: [{ ticks: 0, numerator: 1, denominator: 32 }],
    totalTicks: 9,
  }));
  assert.equal(short.totalTicks, 9);
});

Deno.test("RemiTokenizer.quantize() turns the pedal into longer notes", () => {
  const pedal = [[0, 127], [36, 0]].map(([ticks, value]) => (
    { ticks, part: 0, controller: 64, value }
  ));
  const { notes, controls } = tokenizer.quantize(
    piece([[60, 84, 0, 6], [64, 84, 12, 18]], { controls: pedal }),
  );
  assert.deepEqual(notes.map((note) => note.endTicks), [36, 36]);
  assert.deepEqual(controls, []);
});

/** Anything that a file may hold: tempi, meters, unisons, silences, drones. */
function wildPiece(random: Random): NoteSequence {
  const ticksPerQuarter = random.pick([96, 120, 384, 480, 960]);
  const bar = 4 * ticksPerQuarter;
  const length = (1 + random.int(12)) * bar;
  const parts = Array.from(
    { length: 1 + random.int(4) },
    () => part(random.pick([0, 4, 33, 89]), random.next() < 0.2),
  );
  const notes = Array.from({ length: 1 + random.int(120) }, () => {
    const startTicks = random.int(length);
    const span = random.pick([bar / 16, bar / 4, bar, 10 * bar]);
    return {
      pitch: 36 + random.int(random.pick([2, 48])),
      velocity: 1 + random.int(127),
      startTicks,
      endTicks: startTicks + random.int(span),
      part: random.int(parts.length),
    };
  }).sort((a, b) =>
    a.startTicks - b.startTicks || a.part - b.part || a.pitch - b.pitch
  );
  const ticks = (count: number) =>
    Array.from({ length: random.int(count) }, () => random.int(length))
      .sort((a, b) => a - b);
  return {
    ticksPerQuarter,
    parts,
    notes,
    tempos: ticks(5).map((ticks) => ({ ticks, qpm: 40 + 120 * random.next() })),
    timeSignatures: ticks(4).map((ticks) => {
      const [numerator, denominator] = random.pick(
        [[4, 4], [3, 4], [6, 8], [7, 8], [5, 4], [2, 2], [3, 16]],
      );
      return { ticks, numerator, denominator };
    }),
    keySignatures: [],
    controls: [],
    totalTicks: Math.max(...notes.map((note) => note.endTicks)) +
      random.pick([0, random.int(3 * bar)]),
  };
}

Deno.test("RemiTokenizer.decode() gives back the quantised piece, whatever the piece", () => {
  const random = new Random(2);
  const tokenizers = [
    tokenizer,
    new RemiTokenizer({ stepsPerQuarter: 24, velocityBins: 32 }),
    new RemiTokenizer({ stepsPerQuarter: 4, velocityBins: 8 }),
  ];
  for (let round = 0; round < 240; round++) {
    const tokenizer = tokenizers[round % 3];
    const wild = wildPiece(random);
    const quantized = tokenizer.quantize(wild);
    const tokens = tokenizer.encode(wild);
    assert.deepEqual(tokenizer.decode(tokens), quantized);
    assert.deepEqual(tokenizer.quantize(quantized), quantized);
    assert.deepEqual(tokenizer.encode(quantized), tokens);
  }
});

Deno.test("RemiTokenizer.decode() takes tokens that stop where a note is whole, and no others", () => {
  const tokens = tokenizer.encode(piece([[60, 84, 0, 96], [64, 84, 12, 24]]));
  const bar = tokens.indexOf("Bar");
  const until = (last: string) => tokens.slice(0, tokens.indexOf(last) + 1);
  assert.equal(tokenizer.decode(until("Duration_96")).totalTicks, 96);
  assert.equal(tokenizer.decode(until("Duration_12")).notes.length, 2);
  assert.throws(() => tokenizer.decode(until("Pitch_64")), {
    name: "RangeError",
    message: /they stop after Pitch_64/,
  });
  assert.throws(() => tokenizer.decode([]), /they stop after nothing/);
  assert.throws(
    () => tokenizer.decode(tokens.slice(0, bar)),
    /they stop after/,
  );
  assert.throws(
    () => tokenizer.decode(tokens.slice(bar)),
    /expected one of Key/,
  );
});

Deno.test("RemiTokenizer.encode() has nothing to say of a piece without notes", () => {
  assert.deepEqual(tokenizer.encode(piece([], { totalTicks: 96 })), []);
});

Deno.test("RemiTokenizer refuses what it cannot lay out, and says why", () => {
  const timeSignatures = [{ ticks: 0, numerator: 5, denominator: 32 }];
  assert.throws(
    () => tokenizer.encode(piece([[60, 84, 0, 12]], { timeSignatures })),
    { name: "RangeError", message: /bars of 5\/32: .* current value is 7.5/ },
  );
  assert.throws(() => new RemiTokenizer({ velocityBins: 12 }), RangeError);
  assert.throws(() => new RemiTokenizer({ stepsPerQuarter: 0 }), RangeError);
});

/** MIDI files of a folder next to this module, none if there is no folder. */
function midiFiles(folder: string): string[] {
  const path = fromFileUrl(new URL(folder, import.meta.url));
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => join(path, name))
      .filter((file) => file.endsWith(".mid")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * Start, instrument and pitch of every note; the original's moved to the grid
 * here, independently of `quantize()`.
 */
function onsets(piece: NoteSequence, stepsPerQuarter: number): string[] {
  const places = piece.notes.map(({ startTicks, pitch, part }) => {
    const { program, isDrum } = piece.parts[part];
    const quarters = startTicks / piece.ticksPerQuarter;
    const step = Math.round(quarters * stepsPerQuarter);
    return `${step} ${isDrum ? "kit" : "program"} ${program} ${pitch}`;
  });
  return [...new Set(places)].sort();
}

for (
  const folder of [
    "../../../data/starter",
    "../../../../shared/data/lofi-samples",
  ]
) {
  const files = midiFiles(folder);
  Deno.test({
    name: `RemiTokenizer keeps the notes, tempi and meters of ${folder}` +
      (files.length === 0 ? ": skipped, the folder is not here" : ""),
    ignore: files.length === 0,
    fn() {
      for (const file of files) {
        const original = parseMidi(Deno.readFileSync(file), file);
        if (original.notes.length === 0) continue;
        const tokens = tokenizer.encode(original);
        const decoded = tokenizer.decode(tokens);
        assert.deepEqual(decoded, tokenizer.quantize(original), file);
        assert.deepEqual(onsets(decoded, 12), onsets(original, 12), file);
        assert.deepEqual(
          decoded.tempos.map((tempo) => tempo.qpm),
          original.tempos.map((tempo) => Math.round(tempo.qpm)),
          file,
        );
        assert.deepEqual(
          decoded.timeSignatures,
          original.timeSignatures,
          file,
        );
      }
    },
  });
}
