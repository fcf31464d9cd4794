import assert from "node:assert/strict";
import {
  ATTRIBUTE_NAMES,
  ATTRIBUTES,
  type Attributes,
  attributesOf,
  attributeTokens,
  bandOf,
  DENSITY_BANDS,
} from "./attributes.ts";
import type { NoteSequence } from "./note_sequence.ts";

/** Rows of pitch, velocity, start, end (quarters) and part. */
function piece(
  rows: [number, number, number, number, number?][],
  rest: Partial<NoteSequence> = {},
): NoteSequence {
  return {
    ticksPerQuarter: 4,
    parts: [{ name: "", program: 89, isDrum: false }, {
      name: "",
      program: 0,
      isDrum: true,
    }],
    notes: rows.map(([pitch, velocity, start, end, part = 0]) => (
      { pitch, velocity, startTicks: 4 * start, endTicks: 4 * end, part }
    )),
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: Math.max(0, ...rows.map((row) => 4 * row[3])),
    ...rest,
  };
}

Deno.test("attributesOf() says what a piece is like", () => {
  const song = piece(
    [[62, 40, 0, 24], [65, 40, 0, 24], [69, 40, 0, 24], [36, 100, 0, 1, 1]],
    {
      tempos: [{ ticks: 0, qpm: 70 }, { ticks: 8, qpm: 200 }],
      timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    },
  );
  const attributes = attributesOf(song);
  const some: Attributes = {
    Key: "D",
    Mode: "minor",
    TempoClass: "slow",
    Meter: "3/4",
    Density: "sparse",
    Register: "middle",
    Loudness: "soft",
    LengthBars: "8",
    HasPiano: "0",
    HasPad: "1",
    HasDrums: "1",
  };
  for (const name of ATTRIBUTE_NAMES) {
    if (name in some) assert.equal(attributes[name], some[name], name);
  }
});

Deno.test("attributesOf() takes drums for no key, register or density", () => {
  const beat = attributesOf(piece([[36, 90, 0, 1, 1], [42, 90, 1, 2, 1]]));
  assert.equal(beat.Key, undefined);
  assert.equal(beat.Mode, undefined);
  assert.equal(beat.Register, undefined);
  assert.equal(beat.Density, "sparse");
  assert.equal(beat.Loudness, "loud");
  assert.deepEqual([beat.HasDrums, beat.HasPad], ["1", "0"]);
});

Deno.test("attributesOf() leaves out what a piece without notes has not", () => {
  const silence = attributesOf(piece([]));
  assert.equal(silence.Loudness, undefined);
  assert.equal(silence.Meter, "4/4");
  assert.equal(silence.TempoClass, "fast"); // 120, as MIDI has it
});

Deno.test("attributesOf() calls an unlisted meter other", () => {
  const timeSignatures = [{ ticks: 0, numerator: 11, denominator: 8 }];
  assert.equal(
    attributesOf(piece([[60, 60, 0, 1]], { timeSignatures })).Meter,
    "other",
  );
});

Deno.test("bandOf() holds a class from its first value on", () => {
  const names = [-1, 0, 1.49, 1.5, 2.99, 3, 99].map((value) =>
    bandOf(DENSITY_BANDS, value)
  );
  assert.equal(
    names.join(" "),
    "sparse sparse sparse medium medium dense dense",
  );
});

Deno.test("attributeTokens() writes all attributes in order, any where none is given", () => {
  const tokens = attributeTokens({ Mode: "minor", HasDrums: "0" });
  assert.deepEqual(
    tokens.map((token) => token.split("_")[0]),
    Object.keys(ATTRIBUTES),
  );
  assert.deepEqual(
    tokens.filter((token) => !token.endsWith("_any")),
    ["Mode_minor", "HasDrums_0"],
  );
});

Deno.test("attributeTokens() refuses values that are none", () => {
  assert.throws(
    () => attributeTokens({ Density: "busy" } as unknown as Attributes),
    {
      name: "RangeError",
      message:
        "Cannot write attribute Density: it must be one of sparse, medium, dense, current value is busy.",
    },
  );
});
