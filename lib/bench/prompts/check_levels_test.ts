import assert from "node:assert/strict";
import { outcome, type SmallPiece, times } from "./testing.ts";

/** Notes of a velocity and a pitch, a step in quarters apart: half a second each. */
const even = (velocity: number, pitch = 60, step = 1): SmallPiece => ({
  parts: [[0, times(32, step, () => [0, step, pitch, velocity])]],
});

Deno.test("loudness has classes that overlap, and the far one contradicts", () => {
  const soft = { is: "loudness", value: "soft" } as const;
  const loud = { is: "loudness", value: "loud" } as const;
  assert.equal(outcome(even(60), soft), "met");
  assert.equal(outcome(even(60), { ...loud, value: "medium" }), "met");
  assert.equal(outcome(even(60), loud), "contradicted");
  assert.equal(outcome(even(75), soft), "missed");
  assert.equal(outcome(even(90), soft), "contradicted");
  assert.equal(outcome(even(99), { is: "loudness", not: "loud" }), "met");
  assert.equal(
    outcome(even(54), { is: "loudness", not: "soft" }),
    "contradicted",
  );
});

Deno.test("loudness is with the volume, but the default volume is full", () => {
  const soft = { is: "loudness", value: "soft" } as const;
  const at = (value: number) => ({ ...even(90), controls: [[0, 7, value]] });
  assert.equal(outcome(at(60) as unknown as SmallPiece, soft), "met");
  assert.equal(outcome(at(100) as unknown as SmallPiece, soft), "contradicted");
});

Deno.test("density counts onsets of all parts once", () => {
  const chord: SmallPiece = {
    parts: [
      [0, times(16, 1, () => [0, 1, 60])],
      [40, times(16, 1, () => [0.01, 1, 72])],
    ],
  };
  assert.equal(outcome(chord, { is: "density", value: "sparse" }), "met");
  const quick = even(80, 60, 0.25);
  assert.equal(outcome(quick, { is: "density", value: "dense" }), "met");
  assert.equal(
    outcome(quick, { is: "density", value: "sparse" }),
    "contradicted",
  );
  assert.equal(outcome(quick, { is: "density", not: "dense" }), "contradicted");
  assert.equal(outcome(quick, { is: "density", not: "sparse" }), "met");
});

Deno.test("rate is onsets a second within an interval", () => {
  assert.equal(
    outcome(even(80), { is: "rate", notesPerSecond: [1.9, 2.1] }),
    "met",
  );
  assert.equal(
    outcome(even(80), { is: "rate", notesPerSecond: [1, 1.5] }),
    "missed",
  );
  assert.equal(
    outcome(even(80), { is: "rate", notesPerSecond: [0.05, 0.6] }),
    "contradicted",
  );
});

Deno.test("register is the mean pitch of a family, or of all but drums", () => {
  assert.equal(outcome(even(80, 50), { is: "register", value: "low" }), "met");
  assert.equal(
    outcome(even(80, 50), { is: "register", value: "high" }),
    "contradicted",
  );
  assert.equal(
    outcome(even(80, 80), { is: "register", not: "high" }),
    "contradicted",
  );
  const two: SmallPiece = {
    parts: [[0, [[0, 4, 40]]], [40, [[0, 4, 80]]]],
  };
  const high = { is: "register", value: "high" } as const;
  assert.equal(outcome(two, high), "missed");
  assert.equal(outcome(two, { ...high, family: "strings" }), "met");
});

Deno.test("range includes both of its ends", () => {
  const scale: SmallPiece = {
    parts: [[0, times(8, 1, (i) => [0, 1, 60 + i])]],
  };
  assert.equal(outcome(scale, { is: "range", low: "C4", high: "G4" }), "met");
  assert.equal(
    outcome(scale, { is: "range", low: "C4", high: "Gb4" }),
    "missed",
  );
});

Deno.test("notes are long by seconds with the pedal, short also by the step", () => {
  const long = { is: "notes", length: "long" } as const;
  const short = { is: "notes", length: "short" } as const;
  assert.equal(outcome(even(80, 60, 4), long), "met");
  assert.equal(outcome(even(80, 60, 4), short), "contradicted");
  assert.equal(outcome(even(80), long), "missed");
  assert.equal(outcome(even(80), short), "missed");
  const held: SmallPiece = {
    ...even(80),
    controls: [[0, 64, 127], [32, 64, 0]],
  };
  assert.equal(outcome(held, long), "met");
  const detached: SmallPiece = {
    parts: [[0, times(16, 4, () => [0, 1.5, 60])]],
  };
  assert.equal(outcome(detached, short), "met");
});

Deno.test("shortest is the least step of a part", () => {
  assert.equal(outcome(even(80), { is: "shortest", note: "quarter" }), "met");
  assert.equal(
    outcome(even(80, 60, 0.5), { is: "shortest", note: "quarter" }),
    "missed",
  );
});
