import assert from "node:assert/strict";
import {
  binTempo,
  binVelocity,
  remiResolution,
  stepsPerBar,
} from "./resolution.ts";

Deno.test("binVelocity() and binTempo() are at home in their bins", () => {
  for (const bins of [1, 2, 4, 8, 16, 32]) {
    for (let velocity = 0; velocity < 128; velocity++) {
      const binned = binVelocity(velocity, bins);
      assert.ok(Math.abs(binned - velocity) <= 64 / bins);
      assert.equal(binVelocity(binned, bins), binned);
    }
  }
  assert.deepEqual([3, 10.4, 89.5, 500].map(binTempo), [10, 10, 90, 400]);
});

Deno.test("stepsPerBar() counts steps and refuses fractions of one", () => {
  assert.equal(stepsPerBar(4, 4, 12), 48);
  assert.equal(stepsPerBar(7, 8, 12), 42);
  assert.equal(stepsPerBar(2, 1, 12), 96);
  assert.throws(() => stepsPerBar(7, 32, 12), {
    name: "RangeError",
    message:
      "Cannot lay out bars of 7/32: they must be a whole number of steps, current value is 10.5. Use more steps per quarter.",
  });
});

Deno.test("remiResolution() fills in defaults and refuses what is out of range", () => {
  assert.deepEqual(remiResolution(), { stepsPerQuarter: 12, velocityBins: 16 });
  assert.throws(() => remiResolution({ stepsPerQuarter: 97 }), RangeError);
  assert.throws(() => remiResolution({ velocityBins: 64 }), RangeError);
});
