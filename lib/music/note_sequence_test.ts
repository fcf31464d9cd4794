import assert from "node:assert/strict";
import {
  applySustain,
  barStarts,
  emptySequence,
  type NoteSequence,
  secondsToTicks,
  sliceSequence,
  sortNotes,
  ticksPerBar,
  ticksToSeconds,
  transposeSequence,
} from "./note_sequence.ts";

/** Rows of pitch, start, end, part. Part 1 is drums; 480 ticks a quarter. */
function piece(
  rows: number[][],
  more: Partial<NoteSequence> = {},
): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [false, true].map((isDrum) => ({ name: "", program: 0, isDrum })),
    notes: rows.map(([pitch, startTicks, endTicks, part]) => ({
      pitch,
      velocity: 80,
      startTicks,
      endTicks,
      part,
    })),
    totalTicks: Math.max(0, ...rows.map((row) => row[2])),
    ...more,
  };
}

const rowsOf = ({ notes }: NoteSequence) =>
  notes.map((note) => [note.pitch, note.startTicks, note.endTicks, note.part]);

/** Sustain pedal changes from rows of ticks, value, part. */
const pedal = (rows: number[][]) =>
  rows.map(([ticks, value, part = 0]) => ({
    ticks,
    value,
    part,
    controller: 64,
  }));

Deno.test("emptySequence() refuses a division that is no positive integer", () => {
  for (const ticksPerQuarter of [0, -1, 1.5, NaN]) {
    assert.throws(() => emptySequence(ticksPerQuarter), RangeError);
  }
});

Deno.test("sortNotes() sorts by start, part, pitch and end, and copies", () => {
  const { notes } = piece([
    [60, 480, 500, 0],
    [62, 0, 480, 0],
    [60, 0, 480, 1],
    [60, 0, 480, 0],
    [60, 0, 240, 0],
  ]);
  const before = structuredClone(notes);
  assert.deepEqual(rowsOf({ ...piece([]), notes: sortNotes(notes) }), [
    [60, 0, 240, 0],
    [60, 0, 480, 0],
    [62, 0, 480, 0],
    [60, 0, 480, 1],
    [60, 480, 500, 0],
  ]);
  assert.deepEqual(notes, before);
});

const TEMPI = {
  ...emptySequence(480),
  tempos: [{ ticks: 480, qpm: 60 }, { ticks: 1440, qpm: 240 }],
};

Deno.test("ticksToSeconds() follows the tempo changes, 120 qpm before the first", () => {
  const seconds = [0, 240, 480, 960, 1440, 1920].map((ticks) =>
    ticksToSeconds(TEMPI, ticks)
  );
  assert.deepEqual(seconds, [0, 0.25, 0.5, 1.5, 2.5, 2.75]);
});

Deno.test("secondsToTicks() undoes ticksToSeconds()", () => {
  for (let ticks = 0; ticks < 3000; ticks += 7) {
    assert.equal(secondsToTicks(TEMPI, ticksToSeconds(TEMPI, ticks)), ticks);
  }
});

Deno.test("ticksToSeconds() and secondsToTicks() refuse times that are none", () => {
  for (const time of [-1, NaN, Infinity]) {
    assert.throws(() => ticksToSeconds(TEMPI, time), RangeError);
    assert.throws(() => secondsToTicks(TEMPI, time), RangeError);
  }
});

Deno.test("ticksPerBar() counts a bar's quarters", () => {
  const meters = [[4, 4, 1920], [3, 4, 1440], [6, 8, 1440], [5, 16, 600]];
  for (const [numerator, denominator, ticks] of meters) {
    assert.equal(ticksPerBar({ numerator, denominator }, 480), ticks);
  }
});

Deno.test("barStarts() follows the meters and starts a bar at each", () => {
  const sequence = {
    ...emptySequence(4),
    timeSignatures: [
      { ticks: 16, numerator: 3, denominator: 4 },
      { ticks: 34, numerator: 6, denominator: 8 }, // six ticks into a bar
    ],
    totalTicks: 60,
  };
  assert.deepEqual(barStarts(sequence), [0, 16, 28, 34, 46, 58]);
});

Deno.test("barStarts() begins no bar at the very end, and none in silence", () => {
  assert.deepEqual(barStarts({ ...emptySequence(4), totalTicks: 16 }), [0]);
  assert.deepEqual(barStarts(emptySequence(4)), []);
});

Deno.test("barStarts() rounds bars that are not whole in ticks", () => {
  const timeSignatures = [{ ticks: 0, numerator: 3, denominator: 8 }];
  const sequence = { ...emptySequence(1), timeSignatures, totalTicks: 6 };
  assert.deepEqual(barStarts(sequence), [0, 2, 3, 5]);
});

Deno.test("sliceSequence() takes notes that begin inside, cut at the end", () => {
  const sequence = piece([
    [60, 0, 960, 0],
    [62, 480, 960, 0],
    [64, 900, 2000, 0],
    [65, 960, 1440, 0],
  ]);
  const slice = sliceSequence(sequence, 480, 960);
  assert.deepEqual(rowsOf(slice), [[62, 0, 480, 0], [64, 420, 480, 0]]);
  assert.equal(slice.totalTicks, 480);
});

Deno.test("sliceSequence() begins with the tempo, meter, key and controls in force", () => {
  const slice = sliceSequence(
    piece([], {
      totalTicks: 5000,
      tempos: [
        { ticks: 0, qpm: 60 },
        { ticks: 400, qpm: 70 },
        { ticks: 600, qpm: 80 },
        { ticks: 2000, qpm: 90 },
      ],
      timeSignatures: [{ ticks: 480, numerator: 3, denominator: 4 }],
      keySignatures: [{ ticks: 0, fifths: 2, mode: "major" }],
      controls: [
        ...pedal([[0, 127, 0], [100, 0, 0], [200, 127, 1], [700, 90, 0]]),
        { ticks: 800, part: 0, controller: 7, value: 99 },
      ],
    }),
    480,
    1440,
  );
  assert.deepEqual(slice.tempos, [
    { ticks: 0, qpm: 70 },
    { ticks: 120, qpm: 80 },
  ]);
  assert.deepEqual(slice.timeSignatures, [
    { ticks: 0, numerator: 3, denominator: 4 },
  ]);
  assert.deepEqual(slice.keySignatures, [
    { ticks: 0, fifths: 2, mode: "major" },
  ]);
  assert.deepEqual(slice.controls, [
    ...pedal([[0, 0, 0], [0, 127, 1], [220, 90, 0]]),
    { ticks: 320, part: 0, controller: 7, value: 99 },
  ]);
});

Deno.test("sliceSequence() ends with the sequence", () => {
  const sequence = piece([[60, 0, 480, 0]]);
  assert.equal(sliceSequence(sequence, 100, 9999).totalTicks, 380);
  assert.equal(sliceSequence(sequence, 600, 9999).totalTicks, 0);
});

Deno.test("sliceSequence() refuses times that are no passage", () => {
  for (const [start, end] of [[-1, 2], [3, 2], [0, 1.5], [NaN, 2]]) {
    assert.throws(() => sliceSequence(piece([]), start, end), RangeError);
  }
});

Deno.test("transposeSequence() moves pitches and keys, and leaves drums", () => {
  const sequence = piece([[60, 0, 480, 0], [36, 0, 480, 1]], {
    keySignatures: [-7, -5, 0, 3, 6, 7].map((fifths) => ({
      ticks: 0,
      fifths,
      mode: "minor",
    })),
  });
  const up = transposeSequence(sequence, 1);
  assert.deepEqual(rowsOf(up), [[61, 0, 480, 0], [36, 0, 480, 1]]);
  assert.deepEqual(
    up.keySignatures.map((key) => key.fifths),
    [0, 2, -5, -2, 1, 2],
  );
  const octave = transposeSequence(sequence, -12);
  assert.deepEqual(
    octave.keySignatures.map((key) => key.fifths),
    [5, -5, 0, 3, 6, -5],
  );
});

Deno.test("transposeSequence() refuses to leave the pitches of MIDI", () => {
  const sequence = piece([[120, 0, 480, 0]]);
  assert.equal(transposeSequence(sequence, 7).notes[0].pitch, 127);
  assert.throws(
    () => transposeSequence(sequence, 8),
    /pitch 120 .* current value is 128/,
  );
  assert.throws(() => transposeSequence(sequence, 0.5), RangeError);
});

Deno.test("applySustain() lengthens notes let go while the pedal is down", () => {
  const sequence = piece([
    [60, 0, 100, 0], // let go before the pedal
    [62, 0, 300, 0], // caught
    [64, 300, 400, 0], // caught
    [65, 300, 700, 0], // outlasts the pedal
    [60, 800, 900, 0], // never let go
    [36, 300, 310, 1], // a drum
    [67, 0, 200, 0], // let go as the pedal goes down
    [69, 0, 600, 0], // let go as it lifts
  ], {
    controls: [
      ...pedal([[200, 127], [200, 64, 1], [500, 64], [600, 63], [850, 100]]),
      { ticks: 900, part: 0, controller: 7, value: 1 },
    ],
    totalTicks: 2000,
  });
  const heard = applySustain({ ...sequence, notes: sortNotes(sequence.notes) });
  assert.deepEqual(rowsOf(heard), [
    [60, 0, 100, 0],
    [62, 0, 600, 0],
    [67, 0, 200, 0],
    [69, 0, 600, 0],
    [64, 300, 600, 0],
    [65, 300, 700, 0],
    [36, 300, 310, 1],
    [60, 800, 2000, 0],
  ]);
  assert.deepEqual(heard.controls.map((c) => c.controller), [7]);
});

Deno.test("applySustain() ends a note where its pitch is struck again", () => {
  const sequence = piece([
    [60, 0, 100, 0],
    [60, 240, 300, 0],
    [60, 280, 350, 0], // struck before the one before was let go
  ], { controls: pedal([[0, 127], [960, 0]]), totalTicks: 960 });
  assert.deepEqual(rowsOf(applySustain(sequence)), [
    [60, 0, 240, 0],
    [60, 240, 300, 0],
    [60, 280, 960, 0],
  ]);
});

Deno.test("applySustain() ends notes where the pedal is changed", () => {
  const sequence = piece([[60, 0, 480, 0], [62, 0, 470, 0]], {
    controls: pedal([[0, 127], [480, 0], [480, 127]]),
    totalTicks: 960,
  });
  assert.deepEqual(rowsOf(applySustain(sequence)), [
    [60, 0, 480, 0],
    [62, 0, 480, 0],
  ]);
});

Deno.test("applySustain() returns a sequence without pedal as it is", () => {
  const sequence = piece([[60, 0, 480, 0]]);
  assert.equal(applySustain(sequence), sequence);
});
