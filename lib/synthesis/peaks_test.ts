import assert from "node:assert/strict";
import { PeakFinder } from "./peaks.ts";

/** A tone of a quarter of the sample rate, whose samples miss its peaks. */
const LEFT = Float32Array.from(
  { length: 400 },
  (_, i) => Math.sin(Math.PI / 2 * i + Math.PI / 4),
);

function peaksOf(pieceFrames: number): [number, number][] {
  const finder = new PeakFinder(0.5);
  for (let i = 0; i < LEFT.length; i += pieceFrames) {
    const left = LEFT.subarray(i, i + pieceFrames);
    const right = new Float32Array(left.length);
    finder.push({ left, right, sampleRate: 44100 });
  }
  const found: [number, number][] = [];
  finder.finish().forEach(0, LEFT.length, (...peak) => found.push(peak));
  return found;
}

Deno.test("PeakFinder finds the peak between two samples", () => {
  const [frame, magnitude] = peaksOf(400)[200]!;
  assert.equal(frame, 200);
  assert(Math.abs(magnitude - 1) < 0.01, `${magnitude}`);
  assert(Math.abs(LEFT[200]!) < 0.71);
});

Deno.test("PeakFinder finds the same however the sound is cut in pieces", () => {
  for (const frames of [1, 5, 7, 130]) {
    assert.deepEqual(peaksOf(frames), peaksOf(400));
  }
});
