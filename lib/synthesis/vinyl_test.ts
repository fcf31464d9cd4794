import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { vinylNoise } from "./vinyl.ts";

Deno.test("vinylNoise() has the length asked for and is periodic", () => {
  const { left, right } = vinylNoise(44100, 44100, new Random(1));
  assert.equal(left.length, 44100);
  assert.notDeepEqual(left, right);
  assert(Math.abs(left[0]! - left[44099]!) < 0.005);
});
