import assert from "node:assert/strict";
import { configure } from "../base/base.ts";
import { EpochData } from "./epoch_data.ts";
import { countingData } from "./testing.ts";

const CONFIG = configure({
  sequenceLength: 4,
  stride: 4,
  batchSize: 3,
  augment: false,
});
/** So small that every epoch comes in parts. */
const LIMITS = { mostTokens: 60, partTokens: 50 };

/** The inputs of the first batches of an epoch, row by row. */
function rowsOf(
  data: EpochData,
  epoch: number,
  batches = Infinity,
): string[] {
  const rows: string[] = [];
  for (const { inputs, pieces, starts, steps } of data.epoch(epoch).batches()) {
    if (batches-- <= 0) break;
    for (const [row, piece] of pieces.entries()) {
      if (piece === undefined) continue;
      rows.push(
        `${starts[row]}: ${inputs.slice(row * steps, (row + 1) * steps)}`,
      );
    }
  }
  return rows;
}

for (const carry of [false, true]) {
  const config = { ...CONFIG, carry };
  Deno.test(`EpochData.epoch() in parts has every window once, in an order of its own (carry ${carry})`, () => {
    const data = countingData(12, 30);
    const whole = new EpochData(config, data);
    const parts = new EpochData(config, data, LIMITS);
    const first = rowsOf(parts, 1);
    assert.deepEqual(first.toSorted(), rowsOf(whole, 1).toSorted());
    assert.notDeepEqual(first, rowsOf(parts, 2));
    assert.deepEqual(first.toSorted(), rowsOf(parts, 2).toSorted());
  });
  Deno.test(`EpochData.epoch() in parts is the same again, however far it was gone through (carry ${carry})`, () => {
    const data = countingData(12, 30);
    const augmented = { ...config, beginnings: 0.5, augment: true };
    const parts = new EpochData(augmented, data, LIMITS);
    const first = rowsOf(parts, 1);
    const begun = rowsOf(parts, 1, 5);
    assert.deepEqual(begun, first.slice(0, begun.length));
    assert.deepEqual(rowsOf(new EpochData(augmented, data, LIMITS), 1), first);
  });
}

Deno.test("EpochData.epoch() in parts ends when it has enough tokens", () => {
  const config = { ...CONFIG, epochTokens: 120 };
  const parts = new EpochData(config, countingData(12, 30), LIMITS);
  const pieces = new Set<Int32Array>();
  let steps = 0;
  for (const batch of parts.epoch(1).batches()) {
    steps++;
    for (const piece of batch.pieces) if (piece) pieces.add(piece);
  }
  assert.equal(pieces.size, 4);
  assert.equal(steps, parts.epoch(1).steps);
});
