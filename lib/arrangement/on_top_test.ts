import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { leadersOf, leadOnTop, shareOnTop } from "./on_top.ts";

const CLARINET = 71, PIANO = 0, BASS = 32;
type Row = [part: number, pitch: number, startTicks: number, endTicks: number];
const piece = (rows: readonly Row[]): NoteSequence => ({
  ...emptySequence(12),
  parts: [CLARINET, PIANO, BASS].map((program) => ({
    name: "",
    program,
    isDrum: false,
  })),
  notes: rows.map(([part, pitch, startTicks, endTicks]) => ({
    part,
    pitch,
    startTicks,
    endTicks,
    velocity: 80,
  })),
  totalTicks: 96,
});
const rowsOf = ({ notes }: NoteSequence): Row[] =>
  notes.map(({ part, pitch, startTicks, endTicks }) => [
    part,
    pitch,
    startTicks,
    endTicks,
  ]);

Deno.test("leadOnTop() moves the leader up by octaves, as far as it can play", () => {
  const led = leadOnTop(
    piece([[0, 60, 0, 24], [1, 67, 0, 48], [2, 40, 0, 48]]),
    {
      program: CLARINET,
    },
  );
  assert.deepEqual(
    rowsOf(led).map(([part, pitch]) => [part, pitch]).sort(),
    [[0, 72], [1, 67], [2, 40]],
  );
});

Deno.test("leadOnTop() moves others down where the leader cannot go up", () => {
  const led = leadOnTop(
    piece([[0, 84, 0, 24], [1, 86, 0, 24], [1, 74, 0, 24], [1, 90, 48, 96]]),
    { program: CLARINET },
  );
  // Notes that have become equal are one.
  assert.deepEqual(
    new Set(rowsOf(led).map(([part, pitch]) => `${part} ${pitch}`)),
    new Set(["0 84", "1 74", "1 62", "1 78"]),
  );
});

Deno.test("leadOnTop() leaves other stretches and a bass as they are", () => {
  const before = piece([[0, 60, 0, 24], [2, 70, 0, 24], [1, 80, 48, 96]]);
  const led = leadOnTop(before, { program: CLARINET, span: [0, 48] });
  assert(rowsOf(led).some(([part, pitch]) => part === 1 && pitch === 80));
  assert(rowsOf(led).some(([part, pitch]) => part === 2 && pitch === 70));
  const none = leadOnTop(before, { program: CLARINET, span: [24, 48] });
  assert.equal(none, before);
});

Deno.test("shareOnTop() is the share of the time that nothing is above", () => {
  const { notes } = piece([[0, 60, 0, 40], [1, 67, 0, 10], [1, 72, 5, 20]]);
  assert.equal(shareOnTop(notes.slice(0, 1), notes.slice(1)), 0.5);
  assert.deepEqual(
    leadersOf([{ program: 71, isOnTop: true }, { program: 0 }]),
    [
      { program: 71 },
    ],
  );
});
