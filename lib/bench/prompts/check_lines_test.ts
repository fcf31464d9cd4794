import assert from "node:assert/strict";
import { outcome, type SmallNote, type SmallPiece, times } from "./testing.ts";

const line = (pitches: number[], step = 1, length = step): SmallPiece => ({
  parts: [[0, times(pitches.length, step, (i) => [0, length, pitches[i]!])]],
});
const SCALE = [60, 62, 64, 65, 67, 69, 71, 72, 74, 76];

Deno.test("monophonic allows a short overlap, in a family or in all", () => {
  const mono = { is: "monophonic" } as const;
  assert.equal(outcome(line(SCALE, 1, 1.1), mono), "met");
  assert.equal(outcome(line(SCALE, 1, 1.2), mono), "missed");
  const two: SmallPiece = {
    parts: [[0, [[0, 4, 60], [0, 4, 64]]], [73, [[0, 4, 72]]]],
  };
  assert.equal(outcome(two, { ...mono, family: "flute" }), "met");
  assert.equal(outcome(two, { ...mono, family: "organ" }), "missed");
});

Deno.test("arpeggio has single onsets that move by thirds or more", () => {
  const broken = times(4, 4, (): SmallNote => [0, 1, 48]).flatMap(([at]) =>
    [48, 52, 55, 60].map((pitch, i): SmallNote => [at + i, 1, pitch])
  );
  const harp = (notes: SmallNote[]): SmallPiece => ({ parts: [[46, notes]] });
  const asked = { is: "arpeggio", family: "harp" } as const;
  assert.equal(outcome(harp(broken), asked), "met");
  const scale = times(16, 1, (i): SmallNote => [0, 1, 60 + i % 8]);
  assert.equal(outcome(harp(scale), asked), "missed");
  const chords = broken.flatMap(([at, ...rest]): SmallNote[] => [
    [at, ...rest],
    [at, 1, 72],
  ]);
  assert.equal(outcome(harp(chords), asked), "missed");
});

Deno.test("leaps has no wider move than so many semitones", () => {
  const seven = line([60, 67, 60, 67]);
  assert.equal(outcome(seven, { is: "leaps", most: 7 }), "met");
  assert.equal(outcome(seven, { is: "leaps", most: 6 }), "missed");
});

Deno.test("steps has most moves of a size", () => {
  const chromatic = line(SCALE.map((_, i) => 60 + i));
  assert.equal(outcome(chromatic, { is: "steps", size: 1 }), "met");
  assert.equal(outcome(line(SCALE), { is: "steps", size: 1 }), "missed");
});

Deno.test("form likens sections of the same letter", () => {
  const a = [60, 64, 67, 72], b = [62, 65, 69, 74];
  const aabb = { is: "form", sections: ["A", "A", "B", "B"] } as const;
  assert.equal(outcome(line([...a, ...a, ...b, ...b]), aabb), "met");
  assert.equal(outcome(line([...a, ...b, ...a, ...b]), aabb), "missed");
});
