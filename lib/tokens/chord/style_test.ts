import assert from "node:assert/strict";
import {
  DEFAULT_CHORD_STYLE,
  type EventStyle,
  sampleRhythm,
  sampleVelocity,
  tokensPerBar,
} from "./style.ts";
import { measureStyle } from "./testing.ts";
import { emptySequence, type NoteSequence } from "../../music/music.ts";
import { Random } from "../../base/base.ts";

/** Start, end and pitch, 480 ticks to the quarter. */
function piece(
  rows: readonly (readonly [number, number, number, number?])[],
  more: Partial<NoteSequence> = {},
): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [{ name: "", program: 4, isDrum: false }],
    notes: rows.map(([startTicks, endTicks, pitch, velocity = 70]) => (
      { startTicks, endTicks, pitch, velocity, part: 0 }
    )),
    totalTicks: 1920,
    ...more,
  };
}

Deno.test("styleSteps() counts the rhythms of chords and notes", () => {
  const style = measureStyle([piece([
    [0, 960, 60],
    [0, 960, 64, 75],
    [960, 1440, 67, 50],
    [1440, 1680, 69, 50],
  ], { timeSignatures: [{ ticks: 0, numerator: 6, denominator: 8 }] })]);
  assert.deepEqual(style, {
    qpm: 120,
    program: 4,
    numerator: 6,
    denominator: 8,
    chords: {
      rhythms: [{ position: 0, interval: 24, duration: 24, weight: 1 }],
      velocities: [[75, 1]],
    },
    notes: {
      rhythms: [
        { position: 24, interval: 12, duration: 12, weight: 1 },
        // The last one lasts until the barline.
        { position: 0, interval: 36, duration: 6, weight: 1 },
      ],
      velocities: [[50, 2]],
    },
  });
});

Deno.test("styleSteps() takes the median tempo and the commonest meter", () => {
  const inTempo = (qpm: number, numerator: number) =>
    piece([[0, 480, 60]], {
      tempos: [{ ticks: 0, qpm }],
      timeSignatures: [{ ticks: 0, numerator, denominator: 4 }],
    });
  const { qpm, numerator } = measureStyle([
    inTempo(60, 3),
    inTempo(90, 4),
    inTempo(75, 3),
  ]);
  assert.deepEqual([qpm, numerator], [75, 3]);
});

Deno.test("styleSteps() does not count long silences", () => {
  const { notes } = measureStyle([
    piece([[0, 480, 60], [9600, 10080, 62], [10080, 10560, 64]]),
  ]);
  assert.deepEqual(notes.rhythms.map((rhythm) => rhythm.interval), [12, 36]);
});

Deno.test("styleSteps() of no pieces gives the default style", () => {
  assert.deepEqual(measureStyle([]), DEFAULT_CHORD_STYLE);
});

Deno.test("styleSteps() counts of a piece of too many bars its tempo and meter", () => {
  const endless = piece([[0, 2 ** 40, 60]], {
    tempos: [{ ticks: 0, qpm: 66 }],
    timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
  });
  const { qpm, numerator, notes } = measureStyle([endless]);
  assert.deepEqual([qpm, numerator], [66, 3]);
  assert.deepEqual(notes, DEFAULT_CHORD_STYLE.notes);
});

const EVENTS: EventStyle = {
  rhythms: [
    { position: 0, interval: 0, duration: 48, weight: 3 },
    { position: 0, interval: 24, duration: 24, weight: 1 },
    { position: 0, interval: 12, duration: 12, weight: 1 },
  ],
  velocities: [[60, 1], [70, 3]],
};

Deno.test("sampleRhythm() samples by weight among the rhythms of the position", () => {
  const random = new Random(1);
  const counts = new Map<number, number>();
  for (let i = 0; i < 1000; i++) {
    const { interval } = sampleRhythm(EVENTS, 0, true, random);
    counts.set(interval, (counts.get(interval) ?? 0) + 1);
  }
  assert.ok(Math.abs(counts.get(0)! - 600) < 50);
  assert.ok(Math.abs(counts.get(12)! - 200) < 50);
  assert.ok(Math.abs(counts.get(24)! - 200) < 50);
});

Deno.test("sampleRhythm() moves on where events may not coincide", () => {
  const random = new Random(1);
  for (let i = 0; i < 100; i++) {
    assert.ok(sampleRhythm(EVENTS, 0, false, random).interval > 0);
  }
});

Deno.test("sampleRhythm() goes to the next beat from a position without rhythms", () => {
  assert.deepEqual(sampleRhythm(EVENTS, 20, true, new Random(1)), {
    position: 20,
    interval: 4,
    duration: 4,
    weight: 1,
  });
});

Deno.test("sampleVelocity() samples by weight", () => {
  const random = new Random(1);
  const loud =
    Array.from({ length: 1000 }, () => sampleVelocity(EVENTS, random))
      .filter((velocity) => velocity === 70).length;
  assert.ok(Math.abs(loud - 750) < 50);
});

Deno.test("tokensPerBar() counts events by their mean distance", () => {
  const half = { position: 0, interval: 24, duration: 24, weight: 1 };
  const style = {
    ...DEFAULT_CHORD_STYLE,
    chords: { rhythms: [half], velocities: [[64, 1]] as const },
    notes: {
      rhythms: [{ ...half, interval: 0 }],
      velocities: [[64, 1]] as const,
    },
  };
  assert.equal(tokensPerBar(style), 4);
});
