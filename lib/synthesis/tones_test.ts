import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { periodicNoise, pitchHz, renderTone } from "./tones.ts";

Deno.test("renderTone() is in tune", () => {
  const sine = {
    partials: [{ ratio: 1, level: 1, stays: 1, decaySeconds: 1 }],
    onsetSeconds: 0.1,
    loopSeconds: 0.5,
    fadeInSeconds: 0,
  };
  for (const pitch of [24, 60, 61, 100]) {
    const { samples, loopStart } = renderTone(
      sine,
      pitch,
      44100,
      new Random(1),
    );
    const loopFrames = samples.length - loopStart!;
    const turns = Math.round(loopFrames * pitchHz(pitch) / 44100);
    const cents = 1200 * Math.log2(turns * 44100 / loopFrames / pitchHz(pitch));
    assert(Math.abs(cents) < 0.1, `${cents} cents`);
  }
});

Deno.test("periodicNoise() is periodic and has an RMS of 1", () => {
  const noise = periodicNoise(4410, [100, 1000], 44100, new Random(1));
  const power = noise.reduce((sum, value) => sum + value ** 2, 0) / 4410;
  assert(Math.abs(power - 1) < 1e-9);
  const steps = noise.map((value, i) => Math.abs(value - noise.at(i - 1)!));
  assert(steps[0]! <= steps.slice(1).reduce((a, b) => Math.max(a, b)));
});
