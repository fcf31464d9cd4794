import assert from "node:assert/strict";
import { instrumentOf } from "./instruments.ts";
import { buildSoundBank, instrumentSamples } from "./sound_bank.ts";

const INSTRUMENTS = new Set(
  Array.from({ length: 128 }, (_, program) => instrumentOf(program)),
);

/** How sharply a wave bends at a frame, taken to go round from `start`. */
function bendAt(samples: Float32Array, start: number, frame: number): number {
  const length = samples.length - start;
  const at = (i: number) => samples[start + ((i % length) + length) % length];
  return Math.abs(at(frame + 1)! - 2 * at(frame)! + at(frame - 1)!);
}

for (const instrument of INSTRUMENTS) {
  Deno.test(`instrumentSamples() of the ${instrument.name} loop without a click`, () => {
    for (const [pitch, sample] of instrumentSamples(instrument)) {
      const { samples, loopStart } = sample;
      assert(samples.every(Number.isFinite));
      const start = loopStart!;
      let most = 0;
      for (let i = 1; i < samples.length - start - 1; i++) {
        most = Math.max(most, bendAt(samples, start, i));
      }
      // Neither seam bends more than the wave does elsewhere.
      for (const frame of [-1, 0]) {
        const bend = bendAt(samples, start, frame);
        assert(bend <= 1.02 * most, `${bend} against ${most} at ${pitch}`);
      }
      const step = Math.abs(samples[start]! - samples[start - 1]!);
      const round = Math.abs(samples[start]! - samples[samples.length - 1]!);
      assert(Math.abs(step - round) < 0.02, `${step}, ${round} at ${pitch}`);
    }
  });
}

Deno.test("buildSoundBank() covers the keyboard and shares instruments", () => {
  const bank = buildSoundBank([32, 33, 32], true);
  assert.deepEqual(
    bank.presets.map(({ program, isGMGSDrum }) => [program, isGMGSDrum]),
    [[32, false], [33, false], [0, true]],
  );
  assert.equal(bank.instruments.length, 2);
  for (const preset of bank.presets) {
    for (let key = 0; key < 128; key++) {
      assert.equal(preset.getVoiceParameters(key, 64).length, 1);
    }
  }
});
