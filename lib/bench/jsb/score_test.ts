import assert from "node:assert/strict";
import { KEYS, readFrames } from "./frames.ts";
import { meanNll } from "./score.ts";

const roll = (frames: number[][]) =>
  readFrames({ train: [], valid: [], test: [frames] }).test[0]!;

/** Logits of frames, by the probabilities of some keys; all others are near 0. */
function logitsOf(...frames: Record<number, number>[]): Float32Array {
  const logits = new Float32Array(frames.length * KEYS).fill(-100);
  frames.forEach((frame, t) => {
    for (const [pitch, p] of Object.entries(frame)) {
      logits[t * KEYS + Number(pitch) - 21] = Math.log(p / (1 - p));
    }
  });
  return logits;
}

const near = (got: number, want: number) =>
  assert.ok(Math.abs(got - want) < 1e-5, `${got} is not ${want}`);

Deno.test("meanNll() sums over keys, and takes the mean over all frames but the first", () => {
  const long = roll([[60], [60, 64], [62], []]), short = roll([[70], [71]]);
  const scored = [
    {
      roll: long,
      logits: logitsOf({ 60: 0.5, 64: 0.25 }, { 62: 0.5, 64: 0.5 }, {
        64: 0.2,
      }),
    },
    { roll: short, logits: logitsOf({ 71: 0.1 }) },
  ];
  // −ln of the probability given to each key's state, frame by frame.
  const first = [
    -Math.log(0.5 * 0.25),
    -Math.log(0.5 * 0.5),
    -Math.log(0.8),
  ].reduce((a, b) => a + b);
  const second = -Math.log(0.1);
  const { frames, pieces } = meanNll(scored);
  near(frames, (first + second) / 4);
  near(pieces, (first / 3 + second) / 2);
});

Deno.test("meanNll() counts sounding keys that were predicted silent", () => {
  const piece = { roll: roll([[60], [60]]) };
  near(meanNll([{ ...piece, logits: logitsOf({}) }]).frames, 100);
});

Deno.test("meanNll() leaves out pieces of one frame, and says when none is left", () => {
  const one = roll([[60]]), two = roll([[60], [60]]);
  const alone = { roll: one, logits: new Float32Array(0) };
  const { frames, pieces } = meanNll([
    alone,
    { roll: two, logits: new Float32Array(KEYS) },
  ]);
  near(frames, KEYS * Math.log(2));
  near(pieces, frames);
  assert.throws(() => meanNll([alone]), /none has a second frame/);
  assert.throws(
    () => meanNll([{ roll: two, logits: new Float32Array(3) }]),
    /needs 88 logits, 3 were given/,
  );
});
