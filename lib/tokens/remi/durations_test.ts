import assert from "node:assert/strict";
import { binDuration, durationTable, splitDuration } from "./durations.ts";

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

Deno.test("splitDuration() adds up, the longest first", () => {
  assert.deepEqual(splitDuration(7, TABLE), [7]);
  assert.deepEqual(splitDuration(384, TABLE), [384]);
  assert.deepEqual(splitDuration(768, TABLE), [384, 384]);
  assert.deepEqual(splitDuration(769, TABLE), [384, 384, 1]);
});
