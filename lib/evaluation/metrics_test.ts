import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { parseMidi } from "../midi/midi.ts";
import {
  emptyBeatRate,
  type MusicMetrics,
  musicMetrics,
  pitchInScaleRate,
} from "./metrics.ts";
import { near, piece, STROKES, TUNE, WALTZ } from "./testing.ts";

function assertMetrics(actual: MusicMetrics, expected: MusicMetrics): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const key of Object.keys(expected)) {
    const name = key as keyof MusicMetrics;
    assert.ok(near(actual[name], expected[name]), `${name} ${actual[name]}`);
  }
}

// Expected numbers: muspy 0.5.0 on the same notes.
Deno.test("musicMetrics() gives MusPy's figures for a tune with drums", () => {
  assertMetrics(musicMetrics(piece([TUNE], { drums: STROKES })), {
    pitchClassEntropy: 2.610577243331642,
    scaleConsistency: 0.9285714285714286,
    grooveConsistency: 0.8125,
    polyphony: 1.6857142857142857,
    polyphonyRate: 0.1702127659574468,
    emptyBeatRate: 0.16666666666666663,
  });
});

Deno.test("musicMetrics() gives MusPy's figures for overlapping notes in 3/4", () => {
  assertMetrics(musicMetrics(piece([WALTZ], { numerator: 3 })), {
    pitchClassEntropy: 2.663532754804255,
    scaleConsistency: 0.9090909090909091,
    grooveConsistency: 0.7777777777777778,
    polyphony: 2.0277777777777777,
    polyphonyRate: 0.2777777777777778,
    emptyBeatRate: 0,
  });
});

Deno.test("musicMetrics() gives NaN for a piece without notes, as MusPy does", () => {
  const metrics = musicMetrics(piece([[]]));
  for (const [name, value] of Object.entries(metrics)) {
    assert.ok(Number.isNaN(value), name);
  }
});

Deno.test("musicMetrics() counts a pitch that two parts play once", () => {
  const { polyphony } = musicMetrics(piece([[[60, 0, 8]], [[60, 2, 4]]]));
  assert.equal(polyphony, 1);
});

Deno.test("musicMetrics() compares only neighbouring bars of equal length", () => {
  const bars = piece([[[60, 0, 4], [60, 16, 20], [60, 28, 32], [62, 44, 51]]]);
  // Bars at 0 (4/4), 16, 28, 40 (3/4); the last two patterns differ by 2 of 12.
  const { grooveConsistency } = musicMetrics({
    ...bars,
    timeSignatures: [
      { ticks: 0, numerator: 4, denominator: 4 },
      { ticks: 16, numerator: 3, denominator: 4 },
    ],
  });
  assert.ok(near(grooveConsistency, 1 - 2 / 24));
});

Deno.test("pitchInScaleRate() counts the notes of a scale on any tonic", () => {
  const tune = piece([TUNE]);
  assert.ok(near(pitchInScaleRate(tune, 7, "major"), 13 / 14));
  assert.ok(near(pitchInScaleRate(tune, 9, "minor"), 12 / 14));
});

Deno.test("emptyBeatRate() counts drums and ignores the tempo", () => {
  const drums = piece([[[60, 0, 3]]], { drums: [[36, 13, 14]] });
  assert.equal(emptyBeatRate(drums), 0.5);
});

const LOFI =
  new URL("../../../shared/data/lofi-samples/", import.meta.url).pathname;

Deno.test({
  name: "musicMetrics() gives MusPy's figures for a real file" +
    (existsSync(LOFI) ? "" : " (skipped: ../shared/data is not there)"),
  ignore: !existsSync(LOFI),
  fn() {
    const name = "ii-V3.mid";
    const file = parseMidi(readFileSync(LOFI + name), name);
    const { ticksPerQuarter } = file;
    assertMetrics(musicMetrics(file, { stepsPerQuarter: ticksPerQuarter }), {
      pitchClassEntropy: 2.6689869584530603,
      scaleConsistency: 1,
      grooveConsistency: 0.9965277777777778,
      polyphony: 5.253034841557622,
      polyphonyRate: 0.8028389113165777,
      emptyBeatRate: 0,
    });
  },
});
