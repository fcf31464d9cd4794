import assert from "node:assert/strict";
import { DensityGuide } from "./density_guide.ts";

const piano = { instrument: 0 }, kit = { instrument: 128 };
const guide = (range: [number, number], countsDrums = false) =>
  new DensityGuide(range, { stepsPerQuarter: 12, countsDrums });

Deno.test("DensityGuide lets no quarter pass without notes where many are asked", () => {
  const dense = guide([3, Infinity]);
  assert.equal(dense.mayPass([], 0), 1);
  assert.ok(dense.mayPass([], 24) < 0.01);
  assert.ok(dense.isShort([piano], 24));
  assert.equal(dense.mayPass(Array(8).fill(piano), 24), 1);
  assert.equal(dense.mayEnter(Array(99).fill(piano), 24), 1);
});

Deno.test("DensityGuide lets no chord in where few notes are asked", () => {
  const sparse = guide([0, 1]);
  assert.ok(sparse.mayEnter([], 0) > 0.05);
  assert.ok(sparse.mayEnter(Array(4).fill(piano), 12) < 0.01);
  assert.equal(sparse.mayEnter([piano], 48), 1);
  assert.equal(sparse.mayPass([], 960), 1);
});

Deno.test("DensityGuide counts drums only where they are all there is", () => {
  const drums = Array(8).fill(kit);
  assert.ok(guide([3, Infinity]).isShort(drums, 24));
  assert.ok(!guide([3, Infinity], true).isShort(drums, 24));
});
