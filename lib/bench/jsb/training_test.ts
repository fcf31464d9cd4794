import assert from "node:assert/strict";
import { KEYS, readFrames } from "./frames.ts";
import { Random } from "../../base/base.ts";
import { KeyNetwork, type Recipe } from "./network.ts";
import { hearCorpus, trainSeed } from "./training.ts";

const RECIPE: Recipe = {
  projection: 12,
  units: 12,
  dropout: 0,
  epochs: 80,
  batchPieces: 2,
  batchKeys: 14,
  learningRate: 2e-2,
  warmupSteps: 10,
  weightDecay: 0,
  clipNorm: 1,
  averageDecay: 0.9,
};

/** A round of four chords, begun at any of them, in any key. */
const round = (from: number, length: number, up = 0) =>
  Array.from(
    { length },
    (_, t) =>
      [[60, 64], [62, 65], [59, 62], [60]][(from + t) % 4]!
        .map((pitch) => pitch + up),
  );

const heard = hearCorpus(readFrames({
  train: [round(0, 16), round(1, 14), round(2, 15, 2), round(3, 12, 1)],
  valid: [round(1, 16, 1)],
  test: [round(2, 20), round(0, 9, 2)],
}));
const quiet = () => {};

Deno.test("trainSeed() learns a round, and gives the same result for the same seed", async () => {
  const first = await trainSeed(heard, RECIPE, 1, quiet);
  assert.ok(first.valid.frames < 1.5, `valid ${first.valid.frames}`);
  assert.ok(first.test.frames < 1.5, `test ${first.test.frames}`);
  assert.deepEqual(await trainSeed(heard, RECIPE, 1, quiet), first);
  const other = await trainSeed(heard, { ...RECIPE, epochs: 1 }, 1, quiet);
  assert.ok(other.valid.frames > 2 * first.valid.frames);
});

Deno.test("hearCorpus() leaves out pieces with nothing to predict, and says when none is left", () => {
  const one = [[60]];
  const { train, test } = hearCorpus(
    readFrames({ train: [one, round(0, 3)], valid: [], test: [one, []] }),
  );
  assert.deepEqual(train.map(({ piece }) => piece.length), [3]);
  assert.deepEqual(test, []);
  assert.throws(
    () => hearCorpus(readFrames({ train: [one], valid: [], test: [] })),
    /no training piece has two frames/,
  );
});

Deno.test("KeyNetwork.predict() does not depend on the frames that it predicts", async () => {
  const changed = 6;
  const frames = round(0, 12);
  const other = frames.map((frame, t) => t < changed ? frame : [70, 50 + t]);
  const [a, b] = hearCorpus(readFrames({
    train: [round(0, 16)],
    valid: [],
    test: [frames, other],
  })).test;
  using network = await KeyNetwork.create(
    RECIPE,
    heard.train,
    20,
    new Random(1),
  );
  network.trainEpoch();
  const [first, second] = [network.predict(a!), network.predict(b!)];
  // Row t predicts frame t + 1 from the frames up to t.
  const rows = (logits: Float32Array) =>
    Array.from(
      { length: 11 },
      (_, t) => logits.slice(t * KEYS, (t + 1) * KEYS),
    );
  assert.deepEqual(
    rows(second).slice(0, changed),
    rows(first).slice(0, changed),
  );
  assert.notDeepEqual(rows(second)[changed], rows(first)[changed]);
});
