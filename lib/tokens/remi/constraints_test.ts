import assert from "node:assert/strict";
import { type RemiConstraints, usableTokens } from "./constraints.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";

const VOCABULARY = Vocabulary.fromTokens(
  "Bar Kit_0 Pitch_60 Pitch_61 Pitch_72 Program_0 Program_33 Tempo_60 Tempo_70 TimeSignature_3/4 TimeSignature_4/4 Velocity_68"
    .split(" "),
);

/** The tokens that the constraints leave out. */
const unusable = (constraints: RemiConstraints) => {
  const usable = usableTokens(VOCABULARY, constraints);
  return VOCABULARY.toJSON().filter((_, id) => usable[id] === 0).join(" ");
};

Deno.test("usableTokens() leaves out exactly what the constraints exclude", () => {
  assert.equal(unusable({}), "");
  assert.equal(unusable({ bars: 8 }), "");
  assert.equal(unusable({ qpm: 70 }), "Tempo_60");
  assert.equal(unusable({ meter: "3/4" }), "TimeSignature_4/4");
  assert.equal(unusable({ programs: [33] }), "Program_0");
  assert.equal(unusable({ kits: [] }), "Kit_0");
  assert.equal(unusable({ programs: [] }), "Program_0 Program_33");
  assert.equal(unusable({ pitchClasses: [0, 4] }), "Pitch_61");
  // A range depends on which program plays, so it is the grammar's to apply.
  assert.equal(unusable({ ranges: { 33: [60, 61] } }), "");
});

Deno.test("usableTokens() refuses constraints that cannot be met", () => {
  const refuses = (constraints: RemiConstraints, message: RegExp) =>
    assert.throws(() => usableTokens(VOCABULARY, constraints), {
      name: "RangeError",
      message,
    });
  refuses({ bars: 0 }, /bars must be a positive integer, current value is 0/);
  refuses({ bars: 2.5 }, /bars must be .* current value is 2.5/);
  refuses({ qpm: 200 }, /the vocabulary has no Tempo_200/);
  refuses({ meter: "5/4" }, /the vocabulary has no TimeSignature_5\/4/);
  refuses({ programs: [0, 5] }, /the vocabulary has no Program_5/);
  refuses({ programs: [], kits: [] }, /no program and no kit is left/);
  refuses(
    { pitchClasses: [2] },
    /program 0 has no pitch to play from 0 to 127/,
  );
  refuses(
    { ranges: { 33: [20, 30] } },
    /program 33 has no pitch to play from 20 to 30/,
  );
});
