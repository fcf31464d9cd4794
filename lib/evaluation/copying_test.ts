import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { CopyIndex } from "./copying.ts";
import { piece, type SpanRow, STROKES } from "./testing.ts";

/** Notes of one pitch each, one after the other, two steps apart. */
const line = (pitches: readonly number[], start = 0): SpanRow[] =>
  pitches.map((pitch, i) => [pitch, start + 2 * i, start + 2 * i + 2]);

// deno-fmt-ignore
const THEME = [60, 62, 65, 64, 62, 67, 69, 71, 66, 60, 59, 64, 68, 61];
const OTHER = [40, 50, 41, 49, 42, 48, 43, 47, 44, 46, 45];
const index = new CopyIndex([
  { file: "a/other.mid", sequence: piece([line(OTHER)]) },
  { file: "a/theme.mid", sequence: piece([line(THEME, 4)]) },
]);

Deno.test("CopyIndex.find() names a transposed passage, its length and both places", () => {
  const copy = THEME.slice(1, 13).map((pitch) => pitch - 7);
  const { notes, skyline } = index.find(piece([line([90, ...copy, 20], 8)]));
  const passage = {
    notes: 12,
    startQuarters: 2.5,
    file: "a/theme.mid",
    fileStartQuarters: 1.5,
  };
  assert.deepEqual(notes.longest, passage);
  assert.deepEqual(notes.passages, [passage]);
  assert.equal(notes.notes, 14);
  assert.equal(notes.copiedNotes, 12);
  assert.equal(notes.copiedShare, 12 / 14);
  assert.deepEqual(skyline, notes);
});

Deno.test("CopyIndex.find() counts no note of passages shorter than minNotes", () => {
  const { notes } = index.find(piece([line(THEME.slice(0, 11))]));
  assert.equal(notes.longest?.notes, 11);
  assert.equal(notes.copiedNotes, 0);
  assert.deepEqual(notes.passages, []);
});

Deno.test("CopyIndex.find() counts notes of overlapping passages once", () => {
  const options = { minNotes: 4 };
  const pieces = [[0, 1, 3, 7, 12, 5], [3, 7, 12, 5, 4, 2]];
  const small = new CopyIndex(
    pieces.map((pitches, i) => ({
      file: `${i}`,
      sequence: piece([line(pitches)]),
    })),
    options,
  );
  const { notes } = small.find(piece([line([0, 1, 3, 7, 12, 5, 4, 2])]));
  assert.deepEqual(notes.passages.map((p) => [p.file, p.notes]), [
    ["0", 6],
    ["1", 6],
  ]);
  assert.equal(notes.copiedNotes, 8);
});

Deno.test("CopyIndex.find() finds a melody over other chords in the skyline alone", () => {
  const chords = THEME.map((_, i): SpanRow => [30 + i % 5, 2 * i, 2 * i + 2]);
  const { notes, skyline } = index.find(piece([line(THEME), chords]));
  assert.equal(skyline.copiedShare, 1);
  assert.equal(notes.copiedNotes, 0);
});

Deno.test("CopyIndex.find() ignores doublings, drums and small shifts in time", () => {
  const theme = piece([line(THEME), line(THEME)], { drums: STROKES });
  assert.equal(index.find(theme).notes.copiedShare, 1);
  const played = {
    ...theme,
    ticksPerQuarter: 40,
    notes: theme.notes.map((note, i) => ({
      ...note,
      startTicks: 10 * note.startTicks + i % 4,
      endTicks: 10 * note.endTicks,
    })),
    totalTicks: 10 * theme.totalTicks,
  };
  assert.equal(index.find(played).notes.copiedShare, 1);
});

Deno.test("CopyIndex.find() does not join two training pieces to one passage", () => {
  const both = [...OTHER, ...line(THEME).map(([pitch]) => pitch)];
  const { longest } = index.find(piece([line(both)])).notes;
  assert.equal(longest?.notes, THEME.length);
});

Deno.test("CopyIndex.find() finds nothing in pieces of one note or none", () => {
  const { notes } = index.find(piece([[]]));
  assert.deepEqual(notes, {
    notes: 0,
    copiedNotes: 0,
    copiedShare: 0,
    longest: undefined,
    passages: [],
  });
  assert.equal(index.find(piece([[[60, 0, 4]]])).notes.longest, undefined);
});

Deno.test("CopyIndex refuses passages of one note", () => {
  assert.throws(() => new CopyIndex([], { minNotes: 1 }), RangeError);
});

Deno.test("CopyIndex.find() agrees with comparing every pair of places", () => {
  const random = new Random(5);
  const draw = (length: number) =>
    Array.from({ length }, () => 60 + random.int(4));
  const training = [draw(60), draw(80), draw(40)];
  const query = draw(100);
  // Longest run of equal intervals, by brute force.
  let expected = 0;
  for (const text of training) {
    for (let i = 1; i < query.length; i++) {
      for (let k = 1; k < text.length; k++) {
        let n = 0;
        while (
          i + n < query.length && k + n < text.length &&
          query[i + n]! - query[i + n - 1]! === text[k + n]! - text[k + n - 1]!
        ) n++;
        expected = Math.max(expected, n + 1);
      }
    }
  }
  const { longest } = new CopyIndex(
    training.map((pitches, i) => ({
      file: `${i}`,
      sequence: piece([line(pitches)]),
    })),
  ).find(piece([line(query)])).notes;
  assert.equal(longest?.notes, expected);
});
