import assert from "node:assert/strict";
import { parseMeter } from "../../music/music.ts";
import {
  binTempo,
  binVelocity,
  isWritable,
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

Deno.test("stepsPerBar() goes to the nearest whole number of steps, at least one", () => {
  const meters = [
    ["4/4", 48],
    ["7/8", 42],
    ["2/1", 96],
    ["7/32", 11],
    ["13/32", 20],
    ["1/64", 1],
    ["255/128", 96],
    ["1/128", 1],
  ] as const;
  for (const [name, steps] of meters) {
    assert.equal(stepsPerBar(parseMeter(name), 12), steps, name);
  }
});

Deno.test("isWritable() takes the meters that MIDI files count", () => {
  for (const name of ["4/4", "31/16", "255/128", "1/1"]) {
    assert(isWritable(parseMeter(name)), name);
  }
  for (const name of ["0/4", "256/4", "4/3", "4/256", "4/0"]) {
    assert(!isWritable(parseMeter(name)), name);
  }
});

Deno.test("remiResolution() fills in defaults and refuses what is out of range", () => {
  assert.deepEqual(remiResolution(), { stepsPerQuarter: 12, velocityBins: 16 });
  assert.throws(() => remiResolution({ stepsPerQuarter: 97 }), RangeError);
  assert.throws(() => remiResolution({ velocityBins: 64 }), RangeError);
});
