import assert from "node:assert/strict";
import { parseMeter } from "../music/music.ts";
import { heardMeter } from "./heard_meter.ts";

const KNOWN = ["4/4", "3/4", "6/8"];

Deno.test("heardMeter() prefers a bar that is a multiple or a divisor", () => {
  const heard = (meter: string) => {
    const { name, bars, fits } = heardMeter(parseMeter(meter), KNOWN);
    return `${name} ${bars} ${fits}`;
  };
  assert.equal(heard("3/4"), "3/4 1 true");
  assert.equal(heard("6/8"), "6/8 1 true");
  assert.equal(heard("2/4"), "4/4 2 true");
  assert.equal(heard("2/2"), "4/4 1 true");
  assert.equal(heard("12/8"), "6/8 0.5 true");
  assert.equal(heard("3/8"), "6/8 2 true");
  assert.equal(heard("6/4"), "3/4 0.5 true");
  assert.equal(heard("1/64"), "3/4 48 true");
  assert.equal(heard("5/4"), "4/4 0.8 false");
  assert.match(heard("7/8"), /^4\/4 .* false$/);
});

Deno.test("heardMeter() refuses a model without meters", () => {
  assert.throws(() => heardMeter(parseMeter("4/4"), []), /knows no meter/);
});
