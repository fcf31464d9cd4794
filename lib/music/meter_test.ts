import assert from "node:assert/strict";
import {
  firstMeter,
  firstStatedMeter,
  meterAt,
  meterName,
  parseMeter,
  ticksPerBar,
} from "./meter.ts";

Deno.test("parseMeter() undoes meterName(), and refuses what is no meter", () => {
  for (const name of ["4/4", "6/8", "12/16"]) {
    assert.equal(meterName(parseMeter(name)), name);
  }
  for (const name of ["", "4", "4/", "4/4/4", "x/4", "-3/4"]) {
    assert.throws(() => parseMeter(name), RangeError);
  }
});

Deno.test("firstMeter() is the meter of tick 0, firstStatedMeter() the first at any tick", () => {
  const late = {
    timeSignatures: [{ ticks: 16, numerator: 3, denominator: 4 }],
  };
  assert.equal(meterName(firstMeter(late)), "4/4");
  assert.equal(meterName(firstStatedMeter(late)), "3/4");
  assert.equal(meterName(firstStatedMeter({ timeSignatures: [] })), "4/4");
});

Deno.test("meterAt() changes with each time signature", () => {
  const timeSignatures = [
    { ticks: 16, numerator: 3, denominator: 4 },
    { ticks: 28, numerator: 6, denominator: 8 },
  ];
  assert.deepEqual(
    [0, 15, 16, 27, 28, 99].map((ticks) =>
      meterName(meterAt({ timeSignatures }, ticks))
    ),
    ["4/4", "4/4", "3/4", "3/4", "6/8", "6/8"],
  );
});

Deno.test("ticksPerBar() counts a bar's quarters", () => {
  const meters = [
    [4, 4, 1920],
    [3, 4, 1440],
    [6, 8, 1440],
    [5, 16, 600],
  ] as const;
  for (const [numerator, denominator, ticks] of meters) {
    assert.equal(ticksPerBar({ numerator, denominator }, 480), ticks);
  }
});
