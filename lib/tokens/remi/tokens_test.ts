import assert from "node:assert/strict";
import { ATTRIBUTES } from "../../music/music.ts";
import {
  binDuration,
  binTempo,
  binVelocity,
  closedVocabulary,
  durationTable,
  parseToken,
  remiResolution,
  splitDuration,
  stepsPerBar,
} from "./tokens.ts";

const TABLE = durationTable(12);

Deno.test("durationTable() is exact on short lengths and coarse on long ones", () => {
  assert.equal(TABLE.length, 60);
  assert.deepEqual(
    TABLE.slice(0, 24),
    Array.from({ length: 24 }, (_, i) => i + 1),
  );
  // deno-fmt-ignore
  assert.deepEqual(TABLE.slice(24), [
    26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48,
    54, 60, 66, 72, 78, 84, 90, 96,
    108, 120, 132, 144, 156, 168, 180, 192,
    216, 240, 264, 288, 312, 336, 360, 384,
  ]);
  assert.deepEqual(durationTable(1), [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    ...[18, 20, 22, 24, 26, 28, 30, 32],
  ]);
});

Deno.test("binDuration() goes to the nearest length, of two to the longer", () => {
  const cases = [[1, 1], [25, 26], [50, 48], [51, 54], [383, 384], [385, 385]];
  for (const [steps, expected] of cases) {
    assert.equal(binDuration(steps, TABLE), expected);
  }
  assert.equal(binDuration(384 * 3 + 50, TABLE), 384 * 3 + 48);
});

Deno.test("binDuration() stays within its limit", () => {
  for (let steps = 1; steps < 1000; steps++) {
    for (const limit of [steps, steps + 1]) {
      const binned = binDuration(steps, TABLE, limit);
      assert.ok(binned >= 1 && binned <= limit, `${steps} became ${binned}`);
      assert.equal(binDuration(binned, TABLE), binned);
    }
  }
});

Deno.test("splitDuration() adds up, the longest first", () => {
  assert.deepEqual(splitDuration(7, TABLE), [7]);
  assert.deepEqual(splitDuration(384, TABLE), [384]);
  assert.deepEqual(splitDuration(768, TABLE), [384, 384]);
  assert.deepEqual(splitDuration(769, TABLE), [384, 384, 1]);
});

Deno.test("binVelocity() and binTempo() are at home in their bins", () => {
  for (const bins of [1, 2, 4, 8, 16, 32]) {
    for (let velocity = 0; velocity < 128; velocity++) {
      const binned = binVelocity(velocity, bins);
      assert.ok(Math.abs(binned - velocity) <= 64 / bins);
      assert.equal(binVelocity(binned, bins), binned);
    }
  }
  assert.deepEqual([3, 10.4, 89.5, 500].map(binTempo), [10, 10, 90, 400]);
});

Deno.test("stepsPerBar() counts steps and refuses fractions of one", () => {
  assert.equal(stepsPerBar(4, 4, 12), 48);
  assert.equal(stepsPerBar(7, 8, 12), 42);
  assert.equal(stepsPerBar(2, 1, 12), 96);
  assert.throws(() => stepsPerBar(7, 32, 12), {
    name: "RangeError",
    message:
      "Cannot lay out bars of 7/32: they must be a whole number of steps, current value is 10.5. Use more steps per quarter.",
  });
});

Deno.test("remiResolution() fills in defaults and refuses what is out of range", () => {
  assert.deepEqual(remiResolution(), { stepsPerQuarter: 12, velocityBins: 16 });
  assert.throws(() => remiResolution({ stepsPerQuarter: 97 }), RangeError);
  assert.throws(() => remiResolution({ velocityBins: 64 }), RangeError);
});

Deno.test("parseToken() takes a token apart", () => {
  assert.deepEqual(parseToken("Bar"), { type: "Bar", value: "" });
  assert.deepEqual(parseToken("Key_F#"), { type: "Key", value: "F#" });
  assert.deepEqual(parseToken("Drum_36"), { type: "Drum", value: "36" });
  assert.throws(() => parseToken("TimeSignature_4"), {
    name: "RangeError",
    message: /Cannot read token "TimeSignature_4"/,
  });
});

Deno.test("closedVocabulary() adds attributes and fills gaps, no wider", () => {
  const corpus =
    "Bar Pitch_58 Pitch_60 Tempo_70 Tempo_71 Velocity_4 Velocity_20";
  const closed = closedVocabulary(corpus.split(" "));
  const events = closed.filter((token) =>
    !(parseToken(token).type in ATTRIBUTES)
  );
  assert.deepEqual(
    events.sort(),
    [...corpus.split(" "), "Pitch_59", "Velocity_12"].sort(),
  );
  assert.equal(new Set(closed).size, closed.length);
  assert.ok(closed.includes("HasDrums_any") && closed.includes("Key_Eb"));
});
