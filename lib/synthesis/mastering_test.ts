import assert from "node:assert/strict";
import { integratedLoudness } from "./testing.ts";
import { gainsOf, limiterGains } from "./mastering.ts";
import { Peaks } from "./peaks.ts";
import { changed, soundOf, wholeOf } from "./sound.ts";

/** The gains of a limiter with a ceiling of 1 for nine frames with one peak. */
function gainsAround(frame: number, magnitude: number, isLoop: boolean) {
  const peaks = new Peaks(0.1);
  peaks.add(frame, magnitude);
  const limiter = { peaks, ceiling: 1, reach: 1, isLoop, frames: 9 };
  return limiterGains(limiter, 0, 9);
}

Deno.test("limiterGains() does nothing below the ceiling", () => {
  assert.equal(gainsAround(1, 1, false), undefined);
});

Deno.test("limiterGains() falls before a peak, holds it down and rises after", () => {
  const gains = gainsAround(4, 2, false)!;
  const sixth = (n: number) => Math.fround(1 - n / 6);
  assert.deepEqual(
    Array.from(gains, (gain) => Math.round(6 * gain) / 6),
    [0, 0, 1, 2, 3, 2, 1, 0, 0].map(sixth).map((v) => Math.round(6 * v) / 6),
  );
});

Deno.test("limiterGains() of a loop considers peaks across its end", () => {
  const open = gainsAround(0, 2, false)!;
  const loop = gainsAround(0, 2, true)!;
  assert.equal(open[8], 1);
  assert(Math.abs(loop[8]! - 2 / 3) < 1e-6);
  assert(Math.abs(loop[0]! - 0.5) < 1e-6);
});

Deno.test("gainsOf() reaches the loudness although it limits peaks", async () => {
  // A soft tone with a hard knock every tenth of a second.
  const left = Float32Array.from(
    { length: 3 * 44100 },
    (_, i) => 0.02 * Math.sin(0.1 * i) + (i % 4410 < 8 ? 0.5 : 0),
  );
  const options = { loudnessLufs: -15, peakDb: -1, isLoop: false };
  const sound = soundOf({ left, right: left, sampleRate: 44100 });
  const change = await gainsOf(sound, options);
  const mastered = await wholeOf(changed(sound, change));
  assert(Math.abs(integratedLoudness(mastered) + 15) < 0.3);
  assert(mastered.left.every((value) => Math.abs(value) <= 0.8913));
});
