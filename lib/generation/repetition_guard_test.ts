import assert from "node:assert/strict";
import { RepetitionGuard } from "./repetition_guard.ts";

Deno.test("RepetitionGuard ends a note that repeats", () => {
  const guard = new RepetitionGuard({ maxHearings: 3 });
  const after = [7, 7, 7, 2].map((id) => {
    guard.push(id);
    return refused(guard);
  });
  assert.deepEqual(after, [[], [], [7], []]);
});

Deno.test("RepetitionGuard ends a passage on its last token", () => {
  const guard = new RepetitionGuard({ maxHearings: 2 });
  const after = [1, 2, 3, 1, 2, 3, 1, 2].map((id) => {
    guard.push(id);
    return refused(guard);
  });
  assert.deepEqual(after, [[], [], [], [], [], [], [], [3]]);
});

Deno.test("RepetitionGuard passes over tokens that do not count", () => {
  const counted = Uint8Array.of(0, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  const guard = new RepetitionGuard({ maxHearings: 2, counted });
  for (const id of [5, 0, 5, 0, 0]) guard.push(id);
  assert.deepEqual(refused(guard), [5]);
});

Deno.test("RepetitionGuard watches no passage longer than maxPeriod", () => {
  for (const [maxPeriod, expected] of [[2, [2]], [3, [2, 3]]] as const) {
    const guard = new RepetitionGuard({ maxHearings: 1, maxPeriod });
    for (const id of [1, 2, 3, 1, 2]) guard.push(id);
    assert.deepEqual(refused(guard), expected);
  }
});

Deno.test("RepetitionGuard leaves a token that is the only one allowed", () => {
  const guard = new RepetitionGuard({ maxHearings: 1 });
  guard.push(4);
  const mask = Uint8Array.of(0, 0, 0, 0, 1);
  guard.restrict(mask);
  assert.deepEqual([...mask], [0, 0, 0, 0, 1]);
});

/** The ids, of 0–9, that the guard refuses next. */
function refused(guard: RepetitionGuard): number[] {
  const mask = new Uint8Array(10).fill(1);
  guard.restrict(mask);
  return [...mask.keys()].filter((id) => mask[id] === 0);
}
