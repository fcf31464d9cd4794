import assert from "node:assert/strict";
import { polyphonyOf } from "./measures.ts";
import { piece } from "./testing.ts";

Deno.test("polyphonyOf() counts a pitch in unison once, or each of its notes", () => {
  // Two pitches for two thirds of the time, one of them doubled.
  const sequence = piece([
    [60, 0, 960, 0],
    [60, 480, 1440, 0],
    [64, 480, 1440, 0],
    [36, 0, 2880, 1], // a drum
  ]);
  assert.deepEqual(polyphonyOf(sequence, { threshold: 1 }), {
    polyphony: (480 + 2 * 960) / 1440,
    polyphonyRate: 960 / 2880,
  });
  assert.deepEqual(polyphonyOf(sequence, { countsUnisons: true }), {
    polyphony: (480 + 3 * 480 + 2 * 480) / 1440,
    polyphonyRate: 480 / 2880,
  });
});

Deno.test("polyphonyOf() gives no number where nothing sounds", () => {
  const { polyphony, polyphonyRate } = polyphonyOf(piece([]));
  assert.ok(Number.isNaN(polyphony) && Number.isNaN(polyphonyRate));
});
