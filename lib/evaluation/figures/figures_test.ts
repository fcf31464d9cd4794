import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../../music/music.ts";
import { piece, type SpanRow, STROKES, TUNE, WALTZ } from "../testing.ts";
import {
  FIGURE_NAMES,
  type FigureName,
  FIGURES,
  musicalFigures,
} from "./figures.ts";

/** Asserts figures of a piece, to six digits. */
function has(
  sequence: NoteSequence,
  expected: Partial<Record<FigureName, number>>,
): void {
  const figures = musicalFigures(sequence);
  for (const [name, value] of Object.entries(expected)) {
    const found = figures[name as FigureName];
    assert(Math.abs(found - value) < 1e-6, `${name} is ${found}, not ${value}`);
  }
}

/** Every note on one program. */
function withProgram(sequence: NoteSequence, program: number): NoteSequence {
  const parts = sequence.parts.map((part) => ({ ...part, program }));
  return { ...sequence, parts };
}

Deno.test("musicalFigures() has a finite number for every name, of any piece", () => {
  const pieces = [
    emptySequence(480),
    piece([]),
    piece([], { drums: STROKES }),
    piece([[[60, 0, 1]]]),
    piece([TUNE, WALTZ], { drums: STROKES }),
  ];
  for (const sequence of pieces) {
    const figures = musicalFigures(sequence);
    assert.deepEqual(Object.keys(figures).sort(), Object.keys(FIGURES).sort());
    for (const name of FIGURE_NAMES) {
      assert(Number.isFinite(figures[name]), `${name} is ${figures[name]}`);
    }
  }
});

Deno.test("musicalFigures() finds chords, scales and rubs", () => {
  const triads: SpanRow[] = [48, 53].flatMap((root, bar) =>
    [0, 4, 7].map((tone): SpanRow => [root + tone, 16 * bar, 16 * bar + 16])
  );
  has(piece([triads]), {
    chordFit: 1,
    chordFitWorstTenth: 1,
    pitchClassesPerBar: 3,
    scaleFit: 1,
    chordChanges: 1,
    chordsReturning: 0,
    bassOnRoot: 1,
    semitoneRubs: 0,
    consonantWithLowest: 1,
    notesPerOnset: 3,
    handSpan: 7,
  });
  // A cluster in the second bar: the best chord has two of its three notes.
  const cluster: SpanRow[] = [[60, 16, 32], [61, 16, 32], [62, 16, 32]];
  has(piece([[...triads.slice(0, 3), ...cluster]]), {
    chordFit: (1 + 2 / 3) / 2,
    chordFitWorstTenth: 2 / 3,
    semitoneRubs: 2 / 6,
    consonantWithLowest: 2 / 4,
  });
  // The third in the bass is not on the root.
  has(piece([[[52, 0, 16], [55, 0, 16], [60, 0, 16]]]), { bassOnRoot: 0 });
});

Deno.test("musicalFigures() follows the top note of each part's onsets", () => {
  // Moves of 2, 0, −2, 12 and −1; the low C takes no part in the line.
  const line: SpanRow[] = [60, 62, 62, 60, 72, 71].map((
    pitch,
    i,
  ) => [pitch, 4 * i, 4 * i + 4]);
  has(piece([[[36, 0, 4], ...line]]), {
    stepwise: 4 / 5,
    withinOctave: 4 / 5,
    repeatedNotes: 1 / 5,
    meanInterval: 17 / 5,
    turnsBack: 1,
    leapsRecovered: 1,
    range: 36,
  });
  const turn = [60, 62, 64, 62, 60, 62, 64, 62, 60].map((
    pitch,
    i,
  ): SpanRow => [pitch, i, i + 1]);
  // Five passages of four moves, the last like the first.
  has(piece([turn]), { melodyReturns: 1 / 5 });
});

Deno.test("musicalFigures() hears a bass that overlaps itself", () => {
  const bass: SpanRow[] = [[36, 0, 8], [38, 4, 8], [40, 8, 12], [41, 12, 16]];
  has(withProgram(piece([bass]), 33), { bassOverlap: 1 / 2 });
  has(withProgram(piece([bass]), 0), { bassOverlap: 0 });
});

Deno.test("musicalFigures() counts what sounds at a time", () => {
  const rows: SpanRow[] = [[60, 0, 4], [64, 2, 4], [60, 6, 8]];
  has(piece([rows]), {
    polyphony: (2 * 1 + 2 * 2 + 2 * 1) / 6,
    silence: 2 / 8,
    density: 3 / 4,
    noteLength: (4 + 2 + 2) / 3 / 4,
    legato: 0,
    velocitySpread: 0,
  });
});

Deno.test("musicalFigures() sees where the parts enter and who plays with whom", () => {
  const low: SpanRow[] = [0, 1, 2, 3].map((
    bar,
  ) => [48, 16 * bar, 16 * bar + 8]);
  const high: SpanRow[] = [2, 3].map((bar) => [48, 16 * bar, 16 * bar + 8]);
  const both = piece([low, high]);
  const sequence = {
    ...both,
    parts: both.parts.map((part, program) => ({ ...part, program })),
  };
  has(sequence, {
    partsPerBar: (0.5 + 0.5 + 1 + 1) / 4,
    entries: (0 + 2 / 4) / 2,
    doubled: 4 / 6,
    densityGrowth: (2 - 1) / 1.5,
    registerDrift: 0,
  });
});

Deno.test("musicalFigures() knows rhythms and bars again", () => {
  const bar = (at: number, pitch: number): SpanRow[] => [
    [pitch, at, at + 4],
    [pitch + 4, at + 6, at + 12],
  ];
  has(piece([[...bar(0, 60), ...bar(16, 60), ...bar(32, 62)]]), {
    rhythmReturns: 2 / 3,
    sameOneBarOn: 1 / 2,
    sameTwoBarsOn: 0,
    onQuarter: 1 / 2,
    onEighth: 1,
    syncopation: 1 / 2,
    noteLengthEntropy: 1,
    placeEntropy: 1,
  });
});

Deno.test("musicalFigures() depend on the music, not on the file", () => {
  const sequence = piece([TUNE, WALTZ]);
  const finer = 120;
  const otherFile: NoteSequence = {
    ...sequence,
    ticksPerQuarter: 4 * finer,
    parts: [
      { name: "left", program: 0, isDrum: false, track: 3 },
      { name: "right", program: 0, isDrum: false, channel: 2 },
    ],
    notes: sequence.notes.map((note, i) => ({
      ...note,
      // A few ticks, as a hand is early or late.
      startTicks: Math.max(0, note.startTicks * finer + i % 5 - 2),
      endTicks: note.endTicks * finer + i % 3 - 1,
    })),
    timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
    controls: [{ ticks: 0, part: 0, controller: 64, value: 127 }],
    totalTicks: 100_000,
  };
  assert.deepEqual(musicalFigures(otherFile), musicalFigures(sequence));
});

Deno.test("musicalFigures() of drums has rhythm, and nothing of pitch", () => {
  has(piece([], { drums: STROKES }), {
    chordFit: 0,
    stepwise: 0,
    range: 0,
    polyphony: 0,
    onQuarter: 5 / 6,
    density: 6 / 8,
  });
});
