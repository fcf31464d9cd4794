import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { drumOf } from "./drums.ts";
import { instrumentOf } from "./instruments.ts";
import { buildSoundBank, instrumentSamples } from "./sound_bank.ts";
import { periodicNoise, pitchHz, renderTone } from "./tones.ts";
import { vinylNoise } from "./vinyl.ts";

const INSTRUMENTS = new Set(
  Array.from({ length: 128 }, (_, program) => instrumentOf(program)),
);

/** How sharply a wave bends at a frame, taken to go round from `start`. */
function bendAt(samples: Float32Array, start: number, frame: number): number {
  const length = samples.length - start;
  const at = (i: number) => samples[start + ((i % length) + length) % length];
  return Math.abs(at(frame + 1) - 2 * at(frame) + at(frame - 1));
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
      // The seam bends no more than the wave does elsewhere, nor the way in.
      for (const frame of [-1, 0]) {
        const bend = bendAt(samples, start, frame);
        assert(bend <= 1.02 * most, `${bend} against ${most} at ${pitch}`);
      }
      const step = Math.abs(samples[start] - samples[start - 1]);
      const round = Math.abs(samples[start] - samples[samples.length - 1]);
      assert(Math.abs(step - round) < 0.02, `${step}, ${round} at ${pitch}`);
    }
  });
}

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

Deno.test("periodicNoise() closes on itself and has an RMS of 1", () => {
  const noise = periodicNoise(4410, [100, 1000], 44100, new Random(1));
  const power = noise.reduce((sum, value) => sum + value ** 2, 0) / 4410;
  assert(Math.abs(power - 1) < 1e-9);
  const steps = noise.map((value, i) => Math.abs(value - noise.at(i - 1)!));
  assert(steps[0] <= steps.slice(1).reduce((a, b) => Math.max(a, b)));
});

Deno.test("vinylNoise() is as long as asked and leads back into itself", () => {
  const { left, right } = vinylNoise(44100, 44100, new Random(1));
  assert.equal(left.length, 44100);
  assert.notDeepEqual(left, right);
  assert(Math.abs(left[0] - left[44099]) < 0.005);
});

Deno.test("instrumentOf() has an instrument for every program of the families", () => {
  const names = [0, 4, 11, 12, 24, 33, 48, 52, 73, 80, 88, 105, 127].map(
    (program) => instrumentOf(program).name,
  );
  assert.deepEqual(names, [
    "Felt piano",
    "Electric piano",
    "Vibraphone",
    "Mallets",
    "Nylon guitar",
    "Soft bass",
    "Strings",
    "Warm pad",
    "Soft flute",
    "Soft flute",
    "Warm pad",
    "Nylon guitar",
    "Warm pad",
  ]);
  for (const program of [-1, 128, 1.5, NaN]) {
    assert.throws(() => instrumentOf(program), {
      name: "RangeError",
      message: new RegExp(`current value is ${program}\\.$`),
    });
  }
});

Deno.test("drumOf() knows the drums of a kit, and answers for every key", () => {
  const names = [35, 36, 38, 42, 46, 51, 49, 41, 70].map((key) =>
    drumOf(key).name
  );
  assert.deepEqual(names, [
    "Kick",
    "Kick",
    "Brushed snare",
    "Closed hi-hat",
    "Open hi-hat",
    "Ride",
    "Cymbal swell",
    "Tom",
    "Shaker",
  ]);
  assert.equal(drumOf(0).name, "Side stick");
});

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
