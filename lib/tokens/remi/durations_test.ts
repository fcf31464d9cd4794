import assert from "node:assert/strict";
import { NoteColumns } from "../../music/music.ts";
import { binDuration, durationTable } from "./durations.ts";
import { binNotes } from "./note_writer.ts";
import { remiResolution } from "./resolution.ts";

const TABLE = durationTable(12);

Deno.test("durationTable() is exact on short lengths and coarse on long ones", () => {
  assert.equal(TABLE.length, 60);
  assert.deepEqual(
    TABLE.slice(0, 24),
    Array.from({ length: 24 }, (_, i) => i + 1),
  );
  // deno-fmt-ignore
  assert.deepEqual(TABLE.slice(24), [
    26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48,
    54, 60, 66, 72, 78, 84, 90, 96,
    108, 120, 132, 144, 156, 168, 180, 192,
    216, 240, 264, 288, 312, 336, 360, 384,
  ]);
  assert.deepEqual(durationTable(1), [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    ...[18, 20, 22, 24, 26, 28, 30, 32],
  ]);
});

Deno.test("binDuration() goes to the nearest length, of two to the longer", () => {
  const cases: [number, number][] = [[1, 1], [25, 26], [50, 48], [51, 54], [
    383,
    384,
  ], [385, 385]];
  for (const [steps, expected] of cases) {
    assert.equal(binDuration(steps, TABLE), expected);
  }
  assert.equal(binDuration(384 * 3 + 50, TABLE), 384 * 3 + 48);
});

Deno.test("binDuration() stays within its limit", () => {
  for (let steps = 1; steps < 1000; steps++) {
    for (const limit of [steps, steps + 1]) {
      const binned = binDuration(steps, TABLE, limit);
      assert.ok(binned >= 1 && binned <= limit, `${steps} became ${binned}`);
      assert.equal(binDuration(binned, TABLE), binned);
    }
  }
});

Deno.test("binNotes() gives each note the length that binDuration() does", () => {
  const notes = new NoteColumns();
  const part = { name: "", program: 0, isDrum: false };
  const cases: [steps: number, next: number][] = [];
  for (let steps = 1; steps < 1300; steps += 1 + steps % 7) {
    for (const next of [steps, steps + 3, 5000]) cases.push([steps, next]);
  }
  for (const [i, [steps, next]] of cases.entries()) {
    const start = 10_000 * i;
    notes.add(60, 80, start, start + steps, 0);
    notes.add(60, 80, start + next, start + 9000, 0);
  }
  const end = 10_000 * cases.length;
  const { endTicks, startTicks } = binNotes(notes, [part], end, {
    stepsPerQuarter: 12,
    velocityBins: 16,
  });
  for (const [i, [steps, next]] of cases.entries()) {
    const binned = endTicks[2 * i]! - startTicks[2 * i]!;
    assert.equal(binned, binDuration(steps, TABLE, next), `${steps} ${next}`);
  }
});

Deno.test("binNotes() refuses pitches and velocities that MIDI has not", () => {
  const part = { name: "", program: 0, isDrum: false };
  for (const [pitch, velocity] of [[128, 80], [-1, 80], [60, 128]] as const) {
    const notes = new NoteColumns();
    notes.add(pitch, velocity, 0, 12, 0);
    assert.throws(
      () => binNotes(notes, [part], 48, remiResolution()),
      RangeError,
    );
  }
});
