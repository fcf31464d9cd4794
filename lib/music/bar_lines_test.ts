import assert from "node:assert/strict";
import { BarLines, barStarts, MAX_BARS } from "./bar_lines.ts";
import { LimitError } from "../base/base.ts";
import { meterName } from "./meter.ts";
import { emptySequence } from "./note_sequence.ts";

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

Deno.test("barStarts() refuses more bars than any piece has, BarLines count them", () => {
  const long = { ...emptySequence(1), totalTicks: 2 ** 28 };
  assert.equal(BarLines.of(long).count, 2 ** 26);
  assert.throws(
    () => barStarts(long),
    (error) =>
      error instanceof LimitError &&
      error.reason === "the piece has too many bars",
  );
  const longest = { ...long, totalTicks: 4 * MAX_BARS };
  assert.equal(barStarts(longest).length, MAX_BARS);
});

Deno.test("BarLines agree with a list of bars at every tick", () => {
  const meters = [[0, 5, 16], [7, 3, 8], [7, 2, 4], [23, 1, 64], [31, 13, 32]];
  for (const ticksPerQuarter of [1, 2, 3, 5, 12]) {
    const sequence = {
      ...emptySequence(ticksPerQuarter),
      timeSignatures: meters.map((
        [ticks = 0, numerator = 0, denominator = 0],
      ) => (
        { ticks, numerator, denominator }
      )),
      totalTicks: 90,
    };
    const lines = BarLines.of(sequence);
    const starts = barStarts(sequence);
    assert.equal(starts.length, lines.count);
    for (let ticks = 0; ticks < 90; ticks++) {
      const bar = starts.findLastIndex((start) => start <= ticks);
      assert.equal(lines.barAt(ticks), bar, `tick ${ticks}`);
    }
    for (const ticks of [0, 7, 23, 31]) assert(starts.includes(ticks));
  }
});

Deno.test("BarLines go on past the end of a piece, in the last meter", () => {
  const lines = BarLines.of({
    ...emptySequence(4),
    timeSignatures: [{ ticks: 16, numerator: 3, denominator: 4 }],
    totalTicks: 20,
  });
  assert.equal(lines.count, 2);
  assert.equal(lines.startOf(3), 40);
  assert.equal(lines.barAt(40), 3);
  assert.deepEqual([0, 1, 9].map((bar) => meterName(lines.meterOf(bar))), [
    "4/4",
    "3/4",
    "3/4",
  ]);
});
