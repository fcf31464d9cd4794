import assert from "node:assert/strict";
import { integratedLoudness } from "./loudness.ts";
import { limiterGains, master } from "./mastering.ts";

Deno.test("limiterGains() does nothing below the ceiling", () => {
  const peaks = Float32Array.of(0.5, 1, 0.2);
  assert.equal(limiterGains(peaks, 1, 1, false), undefined);
});

Deno.test("limiterGains() falls before a peak, holds it down and rises after", () => {
  const peaks = new Float32Array(9);
  peaks[4] = 2;
  const gains = limiterGains(peaks, 1, 1, false)!;
  const sixth = (n: number) => Math.fround(1 - n / 6);
  assert.deepEqual(
    Array.from(gains, (gain) => Math.round(6 * gain) / 6),
    [0, 0, 1, 2, 3, 2, 1, 0, 0].map(sixth).map((v) => Math.round(6 * v) / 6),
  );
});

Deno.test("limiterGains() of a loop considers peaks across its end", () => {
  const peaks = new Float32Array(9);
  peaks[0] = 2;
  const open = limiterGains(peaks, 1, 1, false)!;
  const loop = limiterGains(peaks, 1, 1, true)!;
  assert.equal(open[8], 1);
  assert(Math.abs(loop[8]! - 2 / 3) < 1e-6);
  assert(Math.abs(loop[0]! - 0.5) < 1e-6);
});

Deno.test("master() reaches the loudness although it limits peaks", () => {
  // A soft tone with a hard knock every tenth of a second.
  const left = Float32Array.from(
    { length: 3 * 44100 },
    (_, i) => 0.02 * Math.sin(0.1 * i) + (i % 4410 < 8 ? 0.5 : 0),
  );
  const options = { loudnessLufs: -15, peakDb: -1, isLoop: false };
  const mastered = master({ left, right: left, sampleRate: 44100 }, options);
  assert(Math.abs(integratedLoudness(mastered) + 15) < 0.3);
  assert(mastered.left.every((value) => Math.abs(value) <= 0.8913));
});
