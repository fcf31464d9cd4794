import assert from "node:assert/strict";
import { outsideRanges, rangeMeasures, usualRangesOf } from "./usual_ranges.ts";
import { piece, STROKES, TUNE } from "../evaluation/testing.ts";

/** Notes at once for four quarters: as many voices, so many semitones apart. */
const chord = (voices: number, apart: number) =>
  piece([Array.from({ length: voices }, (_, i) => [40 + apart * i, 0, 16])]);

Deno.test("rangeMeasures() leaves drums out", () => {
  const measures = rangeMeasures(piece([TUNE], { drums: STROKES }));
  assert.equal(measures.noteDensity, 14 / (47 / 4));
  assert.equal(measures.pitchRange, 15);
  assert.throws(
    () => rangeMeasures(piece([], { drums: STROKES })),
    /no pitched note/,
  );
});

Deno.test("usualRangesOf() interpolates the quantiles as NumPy does", () => {
  const pieces = [4, 1, 3, 2].map((voices) => rangeMeasures(chord(voices, 3)));
  const ranges = usualRangesOf(pieces);
  // numpy.quantile([1, 2, 3, 4], [0.05, 0.95]).
  assert.ok(Math.abs(ranges.polyphony.low - 1.15) < 1e-12);
  assert.ok(Math.abs(ranges.polyphony.high - 3.85) < 1e-12);
  assert.deepEqual(usualRangesOf(pieces, 0, 1).pitchRange, { low: 0, high: 9 });
});

Deno.test("outsideRanges() names the measures that leave the range", () => {
  const ranges = usualRangesOf(
    [2, 3, 4].map((voices) => rangeMeasures(chord(voices, 5))),
    0,
    1,
  );
  assert.deepEqual(outsideRanges(chord(3, 4), ranges), []);
  assert.deepEqual(outsideRanges(chord(4, 5), ranges), []);
  assert.deepEqual(outsideRanges(chord(3, 9), ranges), ["pitchRange"]);
  assert.deepEqual(outsideRanges(chord(1, 0), ranges), [
    "noteDensity",
    "pitchRange",
    "polyphony",
  ]);
});
