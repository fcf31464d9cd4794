import assert from "node:assert/strict";
import { ticksPerQuarterOf } from "./beat_length.ts";

/** Onsets of a few bars of eighths, sixteenths and a triplet, in quarter notes. */
const BAR = [0, 0.5, 1, 1.25, 1.5, 2, 2.5, 3, 3 + 1 / 3, 3 + 2 / 3];
const ONSETS = Array.from(
  { length: 8 },
  (_, bar) => BAR.map((at) => 4 * bar + at),
)
  .flat();

Deno.test("ticksPerQuarterOf() finds the usual lengths", () => {
  for (const ticks of [96, 120, 192, 240, 384, 480, 768, 960]) {
    const onsets = ONSETS.map((quarters) => Math.round(quarters * ticks));
    assert.equal(ticksPerQuarterOf(onsets, 110), ticks, `${ticks}`);
  }
});

Deno.test("ticksPerQuarterOf() takes notes that are a little early or late", () => {
  const onsets = ONSETS.map((quarters, i) =>
    Math.max(0, Math.round(quarters * 384) + i % 7 - 3)
  );
  assert.equal(ticksPerQuarterOf(onsets, 110), 384);
});

Deno.test("ticksPerQuarterOf() answers where there is little to go by", () => {
  assert.equal(ticksPerQuarterOf([], 120), 480);
  assert.equal(ticksPerQuarterOf([7], 120), 480);
});
