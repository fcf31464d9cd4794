import assert from "node:assert/strict";
import { overlappingArea } from "./likeness.ts";
import { near, piece, STROKES, TUNE, WALTZ } from "./testing.ts";

const up = (semitones: number) =>
  piece([TUNE.map(([pitch, from, to]) => [pitch + semitones, from, to])]);
const PIECES = [piece([TUNE]), piece([WALTZ], { numerator: 3 }), up(2), up(5)];

Deno.test("overlappingArea() gives one row for each feature, with means", async () => {
  const { features, meanOverlap } = await overlappingArea(PIECES, PIECES);
  assert.equal(features.length, 9);
  assert.equal(
    (await overlappingArea(PIECES, PIECES, { bars: 2 })).features.length,
    12,
  );
  const range = features.find((row) => row.feature === "pitchRange")!;
  assert.deepEqual(range.referenceMean, [(15 + 27 + 15 + 15) / 4]);
  const mean = features.reduce((sum, row) => sum + row.reference.overlap, 0) /
    9;
  assert.ok(near(meanOverlap, mean));
});

Deno.test("overlappingArea() is higher for pieces of the reference set than for others", async () => {
  const own = await overlappingArea(PIECES.slice(0, 3), PIECES);
  const other = await overlappingArea(
    [0, 1, 2].map((i) => piece([[[20 + i, 0, 1], [100, 1 + i, 64]]])),
    PIECES,
  );
  assert.ok(own.meanOverlap > other.meanOverlap + 0.2);
  assert.ok(own.meanDivergence < other.meanDivergence);
});

Deno.test("overlappingArea() refuses sets too small and pieces of drums alone", async () => {
  await assert.rejects(
    () => overlappingArea(PIECES.slice(0, 1), PIECES),
    /at least two generated pieces are needed, current number is 1/,
  );
  const drums = piece([], { drums: STROKES });
  await assert.rejects(
    () => overlappingArea([drums, drums], PIECES),
    RangeError,
  );
});
