import assert from "node:assert/strict";
import {
  ATTRIBUTE_NAMES,
  MAX_BARS,
  type NoteSequence,
} from "../../music/music.ts";
import { LimitError, Random } from "../../base/base.ts";
import { part, piece, type QuantizedRow, rowsOf } from "./testing.ts";
import { RemiTokenizer } from "./tokenizer.ts";

const tokenizer = new RemiTokenizer();
/** The tokens after the attributes. */
const music = (sequence: NoteSequence) =>
  tokenizer.encode(sequence).slice(ATTRIBUTE_NAMES.length).join(" ");

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

Deno.test("RemiTokenizer.encode() begins with the attributes of the piece, or with those given", () => {
  const song = piece([[57, 30, 0, 48], [60, 30, 0, 48], [64, 30, 0, 48]]);
  assert.equal(
    tokenizer.encode(song).slice(0, 9).join(" "),
    "Key_A Mode_minor TempoClass_fast Meter_4/4 Density_sparse Register_middle Loudness_soft LengthBars_4 HasPiano_1",
  );
  const attributes = tokenizer.encode(song, { Key: "F#" })
    .slice(0, ATTRIBUTE_NAMES.length);
  assert.equal(attributes[0], "Key_F#");
  assert.ok(attributes.slice(1).every((token) => token.endsWith("_any")));
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

Deno.test("RemiTokenizer keeps notes of one pitch that overlap", () => {
  const rows: QuantizedRow[] = [[60, 84, 0, 24, 0], [60, 84, 12, 18, 0]];
  assert.deepEqual(
    rowsOf(tokenizer.decode(tokenizer.encode(piece(rows))).notes),
    rows,
  );
});

/** A random piece: tempi, meters, unisons, silences, drones. */
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
    const tokenizer = tokenizers[round % 3]!;
    const wild = wildPiece(random);
    const quantized = tokenizer.quantize(wild);
    const tokens = tokenizer.encode(wild);
    assert.deepEqual(tokenizer.decode(tokens), quantized);
    assert.deepEqual(tokenizer.quantize(quantized), quantized);
    assert.deepEqual(tokenizer.encode(quantized), tokens);
  }
});

Deno.test("RemiTokenizer.decode() takes tokens that stop after a whole note, and no others", () => {
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

Deno.test("RemiTokenizer.encode() gives no tokens for a piece without notes", () => {
  assert.deepEqual(tokenizer.encode(piece([], { totalTicks: 96 })), []);
});

Deno.test("RemiTokenizer.encode() begins a bar at a meter change inside a bar", () => {
  const timeSignatures = [{ ticks: 30, numerator: 3, denominator: 4 }];
  assert.equal(
    music(piece([[60, 84, 0, 12], [62, 84, 33, 48]], { timeSignatures })),
    [
      "Bar TimeSignature_5/8 Tempo_120",
      "Position_0 Program_0 Pitch_60 Velocity_84 Duration_12",
      "Bar TimeSignature_3/4",
      "Position_3 Program_0 Pitch_62 Velocity_84 Duration_15 End",
    ].join(" "),
  );
});

Deno.test("RemiTokenizer takes every meter, and hundreds of changes", () => {
  const random = new Random(7);
  const tokenizers = [
    tokenizer,
    new RemiTokenizer({ stepsPerQuarter: 5 }),
    new RemiTokenizer({ stepsPerQuarter: 96 }),
    new RemiTokenizer({ stepsPerQuarter: 1 }),
  ];
  for (let round = 0; round < 80; round++) {
    const tokenizer = tokenizers[round % 4]!;
    const wild = wildPiece(random);
    let ticks = 0;
    const timeSignatures = Array.from({ length: 300 }, () => {
      ticks += random.int(wild.ticksPerQuarter * random.pick([1, 2, 9]));
      const denominator = 2 ** random.int(8);
      const most = random.pick([5, 31, 255]);
      return { ticks, numerator: 1 + random.int(most), denominator };
    });
    const odd = { ...wild, timeSignatures };
    const quantized = tokenizer.quantize(odd);
    const tokens = tokenizer.encode(odd);
    assert.deepEqual(tokenizer.decode(tokens), quantized);
    assert.deepEqual(tokenizer.quantize(quantized), quantized);
    assert.deepEqual(tokenizer.encode(quantized), tokens);
  }
});

Deno.test("RemiTokenizer takes the shortest, lowest, highest, loudest, and drums alone", () => {
  const pieces = [
    piece([[60, 84, 0, 1]]),
    piece([[0, 1, 0, 12], [127, 127, 5, 5]]),
    piece([[60, 84, 7, 7]], { totalTicks: 7 }),
    piece([[36, 1, 0, 400], [127, 127, 13, 14]], { parts: [part(0, true)] }),
    piece([[60, 84, 0, 1]], { parts: [part(127)] }),
    piece([[60, 84, 0, 127]], {
      timeSignatures: [{ ticks: 0, numerator: 255, denominator: 128 }],
    }),
    piece([[60, 84, 0, 9]], {
      timeSignatures: [{ ticks: 0, numerator: 1, denominator: 64 }],
    }),
  ];
  for (const one of pieces) {
    const tokens = tokenizer.encode(one);
    assert.deepEqual(tokenizer.decode(tokens), tokenizer.quantize(one));
    assert.equal(tokens.at(-1), "End");
  }
});

Deno.test("RemiTokenizer.repairs() counts bars and tempi that tokens cannot say", () => {
  const odd = piece([[60, 84, 0, 40]], {
    timeSignatures: [{ ticks: 0, numerator: 13, denominator: 32 }],
    tempos: [3, 9.8, 120, 400, 900].map((qpm, i) => ({ ticks: i, qpm })),
  });
  assert.deepEqual(tokenizer.repairs(odd), [
    {
      reason: "bars that are not a whole number of steps long were rounded",
      count: 2,
    },
    { reason: "tempi below 10 or above 400 qpm were set to these", count: 2 },
  ]);
  assert.deepEqual(tokenizer.repairs(piece([[60, 84, 0, 40]])), []);
});

Deno.test("RemiTokenizer refuses pieces beyond measure, and says why", () => {
  const reasonOf = (sequence: NoteSequence) => {
    try {
      tokenizer.encode(sequence);
    } catch (error) {
      if (error instanceof LimitError) return error.reason;
    }
    return undefined;
  };
  const hour = 48 * MAX_BARS;
  assert.equal(reasonOf(piece([[60, 84, 0, hour]])), undefined);
  assert.equal(
    reasonOf(piece([[60, 84, hour, hour + 1]])),
    "the piece has too many bars",
  );
  const drones = Array.from(
    { length: 40 },
    (_, i): QuantizedRow => [i, 84, 0, hour],
  );
  assert.equal(reasonOf(piece(drones)), "the piece has too many long notes");
});

Deno.test("RemiTokenizer refuses options out of range", () => {
  assert.throws(() => new RemiTokenizer({ velocityBins: 12 }), RangeError);
  assert.throws(() => new RemiTokenizer({ stepsPerQuarter: 0 }), RangeError);
});
