import assert from "node:assert/strict";
import { integratedLoudness } from "./testing.ts";
import type { Audio } from "./sound.ts";

/** A 1 kHz sine in both channels: dB under full scale and seconds, in turn. */
function sine(
  levels: readonly (readonly [db: number, seconds: number])[],
  sampleRate: number,
): Audio {
  const values: number[] = [];
  for (const [db, seconds] of levels) {
    const end = values.length + Math.round(seconds * sampleRate);
    while (values.length < end) {
      const angle = 2 * Math.PI * 1000 * values.length / sampleRate;
      values.push(10 ** (db / 20) * Math.sin(angle));
    }
  }
  const left = Float32Array.from(values);
  return { left, right: left, sampleRate };
}

// The cases of EBU Tech 3341 for integrated loudness, shortened in proportion.
const CASES: [string, [number, number][], number][] = [
  ["a steady tone", [[-23, 5]], -23],
  ["a softer one", [[-33, 5]], -33],
  ["soft parts under the relative gate", [[-36, 2], [-23, 12], [-36, 2]], -23],
  [
    "silence under the absolute gate",
    [[-72, 2], [-36, 2], [-23, 12], [-36, 2], [-72, 2]],
    -23,
  ],
  ["parts above the gates", [[-26, 4], [-20, 4.02], [-26, 4]], -23],
];

for (const sampleRate of [44100, 48000]) {
  for (const [name, levels, lufs] of CASES) {
    Deno.test(`LoudnessMeter measures ${name} at ${sampleRate} Hz`, () => {
      const measured = integratedLoudness(sine(levels, sampleRate));
      assert(Math.abs(measured - lufs) <= 0.1, `${measured} LUFS`);
    });
  }
}

Deno.test("LoudnessMeter weighs low tones less and high ones more", () => {
  const loudness = (hz: number) => {
    const left = Float32Array.from(
      { length: 96000 },
      (_, i) => Math.sin(2 * Math.PI * hz * i / 48000),
    );
    return integratedLoudness({ left, right: left, sampleRate: 48000 });
  };
  // The K curve: about −1 dB at 100 Hz and +4 dB far up, less 0.69 dB.
  assert(Math.abs(loudness(100) + 1.8) < 0.3, `${loudness(100)}`);
  assert(Math.abs(loudness(10000) - 3.3) < 0.3, `${loudness(10000)}`);
});

Deno.test("LoudnessMeter is −∞ for silence, and finite for a short sound", () => {
  const silence = new Float32Array(44100);
  assert.equal(
    integratedLoudness({ left: silence, right: silence, sampleRate: 44100 }),
    -Infinity,
  );
  // A quarter of a block, so a quarter of the power.
  const lufs = integratedLoudness(sine([[-10, 0.1]], 44100));
  assert(Math.abs(lufs + 16) < 0.2, `${lufs} LUFS`);
});
