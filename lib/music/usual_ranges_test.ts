import assert from "node:assert/strict";
import { bandMeasures, corpusBands, outsideBands } from "./usual_ranges.ts";
import { piece, STROKES, TUNE } from "../evaluation/testing.ts";

/** Notes at once for four quarters: as many voices, so many semitones apart. */
const chord = (voices: number, apart: number) =>
  piece([Array.from({ length: voices }, (_, i) => [40 + apart * i, 0, 16])]);

Deno.test("bandMeasures() leaves drums out", () => {
  const measures = bandMeasures(piece([TUNE], { drums: STROKES }));
  assert.equal(measures.noteDensity, 14 / (47 / 4));
  assert.equal(measures.pitchRange, 15);
  assert.throws(
    () => bandMeasures(piece([], { drums: STROKES })),
    /no pitched note/,
  );
});

Deno.test("corpusBands() interpolates the quantiles as NumPy does", () => {
  const pieces = [4, 1, 3, 2].map((voices) => chord(voices, 3));
  const bands = corpusBands(pieces);
  // numpy.quantile([1, 2, 3, 4], [0.05, 0.95]).
  assert.ok(Math.abs(bands.polyphony.low - 1.15) < 1e-12);
  assert.ok(Math.abs(bands.polyphony.high - 3.85) < 1e-12);
  assert.deepEqual(corpusBands(pieces, 0, 1).pitchRange, { low: 0, high: 9 });
  assert.throws(() => corpusBands([]), /it holds no piece/);
});

Deno.test("outsideBands() names the measures that leave the band", () => {
  const bands = corpusBands([chord(2, 5), chord(3, 5), chord(4, 5)], 0, 1);
  assert.deepEqual(outsideBands(chord(3, 4), bands), []);
  assert.deepEqual(outsideBands(chord(4, 5), bands), []);
  assert.deepEqual(outsideBands(chord(3, 9), bands), ["pitchRange"]);
  assert.deepEqual(outsideBands(chord(1, 0), bands), [
    "noteDensity",
    "pitchRange",
    "polyphony",
  ]);
});
