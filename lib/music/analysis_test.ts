import assert from "node:assert/strict";
import { chordsOf, describeCorpus, describePiece } from "./analysis.ts";
import { emptySequence, type NoteSequence } from "./note_sequence.ts";

/** Rows of pitch, velocity, start, end, part; part 1 is drums; 4 ticks a quarter. */
function piece(
  rows: [number, number, number, number, number][],
  more: Partial<NoteSequence> = {},
): NoteSequence {
  return {
    ...emptySequence(4),
    parts: [false, true].map((isDrum) => ({ name: "", program: 0, isDrum })),
    notes: rows.map(([pitch, velocity, startTicks, endTicks, part]) => ({
      pitch,
      velocity,
      startTicks,
      endTicks,
      part,
    })),
    totalTicks: Math.max(...rows.map((row) => row[3])),
    ...more,
  };
}

const SONG = piece([
  [57, 60, 0, 8, 0],
  [60, 60, 0, 8, 0],
  [64, 60, 0, 8, 0],
  [36, 100, 0, 1, 1],
  [60, 60, 8, 12, 0],
  [69, 70, 12, 24, 0],
], {
  timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
  tempos: [{ ticks: 0, qpm: 60 }, { ticks: 12, qpm: 90 }],
});

Deno.test("describePiece() measures a piece", () => {
  const { key, ...rest } = describePiece(SONG);
  assert.deepEqual([key?.tonic, key?.mode], [9, "minor"]);
  assert.deepEqual(rest, {
    timeSignature: { numerator: 3, denominator: 4 },
    qpm: 72, // 3 quarters at 60 and 3 at 90, in 5 seconds
    bars: 2,
    durationSeconds: 5,
    notes: 6,
    notesPerBar: 3,
    meanPitch: 62, // without the drum
    meanVelocity: 410 / 6,
    polyphony: 40 / 24,
  });
});

Deno.test("describePiece() takes the meter that holds longest", () => {
  const { timeSignature } = describePiece({
    ...emptySequence(4),
    timeSignatures: [
      { ticks: 16, numerator: 6, denominator: 8 },
      { ticks: 28, numerator: 2, denominator: 4 },
      { ticks: 36, numerator: 6, denominator: 8 },
    ],
    totalTicks: 48, // 16 ticks of 4/4, 8 of 2/4, 24 of 6/8
  });
  assert.deepEqual(timeSignature, { numerator: 6, denominator: 8 });
});

Deno.test("describePiece() keeps a single tempo exact", () => {
  const tempos = [{ ticks: 0, qpm: 60_000_000 / 731_707 }];
  const { qpm } = describePiece({
    ...emptySequence(480),
    tempos,
    totalTicks: 1000,
  });
  assert.equal(qpm, tempos[0]!.qpm);
});

Deno.test("describePiece() describes silence", () => {
  assert.deepEqual(describePiece(emptySequence(4)), {
    key: undefined,
    timeSignature: { numerator: 4, denominator: 4 },
    qpm: 120,
    bars: 0,
    durationSeconds: 0,
    notes: 0,
    notesPerBar: 0,
    meanPitch: undefined,
    meanVelocity: undefined,
    polyphony: 0,
  });
});

Deno.test("describePiece() counts no silence in the polyphony", () => {
  const { polyphony } = describePiece(
    piece([[60, 80, 0, 4, 0], [64, 80, 2, 4, 0], [67, 80, 40, 44, 0]]),
  );
  assert.equal(polyphony, 10 / 8);
});

Deno.test("chordsOf() takes notes of nearly one time together", () => {
  const sequence = {
    ...piece([
      [52, 80, 0, 480, 0],
      [57, 80, 20, 480, 0],
      [60, 80, 59, 480, 0],
      [62, 80, 60, 480, 0], // an eighth of a quarter later: not of this chord
      [60, 80, 480, 960, 0],
      [61, 80, 480, 960, 0],
      [62, 80, 480, 960, 0],
      [36, 80, 960, 970, 1],
      [40, 80, 960, 970, 1],
      [43, 80, 960, 970, 1],
    ]),
    ticksPerQuarter: 480,
  };
  assert.deepEqual(chordsOf(sequence), ["Am", "other"]);
});

Deno.test("describeCorpus() counts notes and pieces", () => {
  const other = piece([[60, 63, 0, 3, 0]], {
    timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
  });
  const { keys, ...corpus } = describeCorpus([SONG, other, emptySequence(4)]);
  assert.equal(keys.length, 2);
  assert.deepEqual(corpus, {
    pieces: 3,
    notes: 7,
    noteNames: [
      { label: "C", count: 3 },
      { label: "E", count: 1 },
      { label: "A", count: 2 },
    ],
    pitches: [
      { label: "A3", count: 1 },
      { label: "C4", count: 3 },
      { label: "E4", count: 1 },
      { label: "A4", count: 1 },
    ],
    durations: [
      { label: "0.75", count: 1 },
      { label: "1", count: 1 },
      { label: "2", count: 3 },
      { label: "3", count: 1 },
    ],
    chords: [{ label: "Am", count: 1 }],
    velocities: [
      { label: "56–63", count: 5 },
      { label: "64–71", count: 1 },
      { label: "96–103", count: 1 },
    ],
    timeSignatures: [{ label: "3/4", count: 2 }, { label: "4/4", count: 1 }],
    instruments: [{ label: "piano", count: 2 }, { label: "drums", count: 1 }],
    tempos: [{ label: "70–79", count: 1 }, { label: "120–129", count: 2 }],
  });
});
