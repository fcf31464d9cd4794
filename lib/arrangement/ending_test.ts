import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import {
  closeEnding,
  closeOnThird,
  closeOnTriad,
  cutOff,
  leadOn,
  ringToEnd,
} from "./ending.ts";

type Row = [pitch: number, start: number, end: number, part?: number];

/** Bass, piano and drums on a grid of 12 steps, two bars. */
function piece(rows: readonly Row[]): NoteSequence {
  return {
    ...emptySequence(12),
    parts: [33, 0, 0].map((program, part) => ({
      name: "",
      program,
      isDrum: part === 2,
    })),
    notes: rows.map(([pitch, startTicks, endTicks, part = 0]) => ({
      pitch,
      velocity: 70,
      startTicks,
      endTicks,
      part,
    })),
    totalTicks: 96,
  };
}

const ENDINGS: [what: string, rows: Row[], closed: Row[]][] = [
  [
    "the lowest note becomes the nearest tonic, and last notes ring",
    [[40, 0, 48], [43, 48, 60], [60, 48, 54, 1], [64, 60, 72, 1]],
    [[40, 0, 48, 0], [45, 48, 96, 0], [60, 48, 54, 1], [64, 60, 96, 1]],
  ],
  [
    "a tonic above another part is replaced by the one below",
    [[40, 48, 60], [43, 48, 60, 1]],
    [[33, 48, 96, 0], [43, 48, 96, 1]],
  ],
  [
    "notes below the lowest possible tonic become that tonic, struck once",
    [[28, 48, 72], [31, 48, 60], [33, 60, 66], [28, 66, 70], [64, 48, 60, 1]],
    [[33, 48, 60, 0], [33, 60, 66, 0], [33, 66, 96, 0], [64, 48, 96, 1]],
  ],
  [
    "a note below every tonic is moved up to the lowest one",
    [[3, 48, 60], [4, 60, 72, 1]],
    [[33, 48, 96, 0], [33, 60, 96, 1]],
  ],
  [
    "a bass that plays on stays with the tonic",
    [[43, 48, 54], [47, 54, 60], [50, 60, 72], [64, 48, 60, 1]],
    [[45, 48, 96, 0], [64, 48, 96, 1]],
  ],
  [
    "a line alone goes on to its last note",
    [[43, 48, 54], [47, 54, 60], [50, 60, 72]],
    [[45, 48, 54, 0], [47, 54, 60, 0], [50, 60, 96, 0]],
  ],
  [
    "drums are left as they are",
    [[43, 48, 60], [36, 48, 54, 2]],
    [[45, 48, 96, 0], [36, 48, 54, 2]],
  ],
];

for (const [what, rows, closed] of ENDINGS) {
  Deno.test(`closeEnding() in A minor: ${what}`, () => {
    const { notes } = closeEnding(piece(rows), { tonic: 9, mode: "minor" });
    assert.deepEqual(
      notes.map((n) => [n.pitch, n.startTicks, n.endTicks, n.part]),
      closed,
    );
  });
}

Deno.test("closeEnding() does not change a piece that closes", () => {
  const closed = piece([[43, 48, 60], [33, 48, 54], [64, 60, 72, 1]]);
  assert.equal(closeEnding(closed, { tonic: 9, mode: "minor" }), closed);
});

Deno.test("closeEnding() does not change a piece whose last bar is silent", () => {
  const silent = piece([[45, 0, 12]]);
  assert.equal(closeEnding(silent, { tonic: 9, mode: "minor" }), silent);
});

Deno.test("closeOnThird() moves the nearest note but the lowest to a third that is missing", () => {
  const key = { tonic: 9, mode: "major" } as const;
  const pitches = (rows: Row[]) =>
    closeOnThird(piece(rows), key).notes.map(({ pitch }) => pitch);
  const bass: Row = [45, 48, 96];
  assert.deepEqual(
    pitches([bass, [60, 0, 48, 1], [60, 48, 96, 1], [64, 48, 96, 1]]),
    [45, 60, 61, 64],
  );
  assert.deepEqual(pitches([bass, [61, 48, 96, 1], [64, 48, 96, 1]]), [
    45,
    61,
    64,
  ]);
  assert.deepEqual(pitches([bass]), [45], "one note is no chord");
});

Deno.test("closeOnTriad() puts the last chord on a root, with a major third and no other notes", () => {
  const classes = (root: number, rows: Row[]) =>
    closeOnTriad(piece(rows), root).notes
      .filter(({ endTicks }) => endTicks === 96)
      .map(({ pitch }) => pitch % 12);
  const minor: Row[] = [
    [45, 48, 96],
    [60, 48, 96, 1],
    [64, 48, 96, 1],
    [69, 48, 96, 1],
  ];
  assert.deepEqual(classes(9, minor), [9, 1, 4, 9]);
  // On the dominant, E: the third is G sharp.
  assert.deepEqual(classes(4, minor).sort((a, b) => a - b), [4, 4, 8, 11]);
  assert.deepEqual(closeOnTriad(piece([]), 4), piece([]));
});

Deno.test("cutOff() strikes what sounds in the last beat once more, and shortly", () => {
  const { notes } = cutOff(
    piece([[40, 0, 48], [45, 48, 96], [60, 30, 80, 1], [64, 60, 96, 1]]),
  );
  assert.deepEqual(
    notes.map(({ pitch, startTicks, endTicks }) => [
      pitch,
      startTicks,
      endTicks,
    ]),
    [[40, 0, 48], [60, 30, 80], [45, 48, 84], [64, 60, 84], [45, 84, 96], [
      64,
      84,
      96,
    ]],
  );
});

Deno.test("leadOn() lets the last notes sound to the end, as loud as the rest", () => {
  const { notes } = leadOn(piece([[40, 0, 48], [45, 48, 60]]));
  assert.deepEqual(notes.map(({ endTicks }) => endTicks), [48, 96]);
  const soft = piece([[40, 0, 48], [45, 48, 90]]);
  const faded = soft.notes.map((note, i) => ({
    ...note,
    velocity: 90 - 60 * i,
  }));
  assert.deepEqual(
    leadOn({ ...soft, notes: faded }).notes.map(({ velocity }) => velocity),
    [90, 56],
  );
});

Deno.test("ringToEnd() leaves no rest at the end of a piece of a few bars", () => {
  const ends = (sequence: NoteSequence) =>
    ringToEnd(sequence).notes.map(({ endTicks }) => endTicks);
  const rows: Row[] = [[40, 0, 48], [60, 48, 60], [64, 48, 60, 1]];
  assert.deepEqual(ends(piece(rows)), [48, 96, 96]);
  // Of a longer one the rest is music.
  assert.deepEqual(ends({ ...piece(rows), totalTicks: 480 }), [48, 60, 60]);
  assert.deepEqual(ends(piece([[40, 0, 94]])), [94]);
});
