import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { vinylNoise } from "./vinyl.ts";

Deno.test("vinylNoise() has the length asked for and is periodic", async () => {
  const noiseAt = await vinylNoise(44100, 44100, new Random(1));
  const { left, right } = noiseAt(0, 44100);
  assert.equal(left.length, 44100);
  assert.notDeepEqual(left, right);
  assert(Math.abs(left[0]! - left[44099]!) < 0.005);
});

Deno.test("vinylNoise() is the same however it is cut in pieces", async () => {
  const noiseAt = await vinylNoise(44100, 44100, new Random(1));
  const { left } = noiseAt(0, 44100);
  for (const cut of [1, 100, 30000]) {
    const halves = [noiseAt(0, cut), noiseAt(cut, 44100)];
    assert.deepEqual(halves.flatMap(({ left }) => [...left]), [...left]);
  }
});
