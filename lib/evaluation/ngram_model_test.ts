import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { NgramModel, SMOOTHINGS } from "./ngram_model.ts";

// deno-fmt-ignore
const TRAIN = [
  [0, 1, 2, 0, 1, 3, 0, 1, 2], [2, 2, 0, 1, 2, 0, 4], [0, 1, 2, 0, 1, 3, 3, 1],
];
const TEST = [[0, 1, 2, 2, 0, 1, 3, 4], [4, 0, 1, 5]];

// Expected numbers: both definitions implemented with dictionaries in Python.
Deno.test("NgramModel gives the losses of a direct implementation", async () => {
  const { tokens, nats } = await (await NgramModel.of(TRAIN, 6, 4)).score(TEST);
  assert.equal(tokens, 12);
  const expected = {
    "witten-bell": [21.839911173, 18.848154281, 21.569144413, 22.67071957],
    "kneser-ney": [22.956545841, 18.633489712, 18.993798983, 19.764333634],
  };
  for (const smoothing of SMOOTHINGS) {
    nats[smoothing].forEach((n, k) =>
      assert.ok(Math.abs(n - expected[smoothing][k]!) < 1e-8, `${n} at ${k}`)
    );
  }
});

Deno.test("NgramModel gives each order the same loss whatever the highest order", async () => {
  const low = (await (await NgramModel.of(TRAIN, 6, 2)).score(TEST)).nats;
  const high = (await (await NgramModel.of(TRAIN, 6, 6)).score(TEST)).nats;
  for (const smoothing of SMOOTHINGS) {
    assert.deepEqual([...low[smoothing]], [...high[smoothing].slice(0, 2)]);
  }
});

Deno.test("NgramModel.surprises() are those that add up to the score", async () => {
  const model = await NgramModel.of(TRAIN, 6, 4);
  const { nats } = await model.score(TEST, 1);
  for (const smoothing of SMOOTHINGS) {
    for (const order of [1, 3]) {
      const sum = TEST.flatMap((ids) => [
        ...model.surprises(ids, order, smoothing).subarray(1),
      ]).reduce((a, b) => a + b);
      assert.ok(Math.abs(sum - nats[smoothing][order - 1]!) < 1e-9);
    }
  }
  const second = model.surprises([0, 1], 2, "kneser-ney")[1]!;
  const p = model.distribution([0], 2, "kneser-ney")[1]!;
  assert.ok(Math.abs(second + Math.log(p)) < 1e-12);
});

Deno.test("NgramModel.distribution() sums to 1 in any context, seen or not", async () => {
  const random = new Random(3);
  const draw = (length: number) =>
    Int32Array.from({ length }, () => Math.min(random.int(12), random.int(12)));
  const model = await NgramModel.of(
    Array.from({ length: 20 }, () => draw(40)),
    15,
  );
  for (let trial = 0; trial < 100; trial++) {
    const history = draw(random.int(9));
    const order = 1 + random.int(6);
    const p = model.distribution(history, order, random.pick(SMOOTHINGS));
    assert.ok(p.every((x) => x > 0));
    assert.ok(Math.abs(p.reduce((a, b) => a + b) - 1) < 1e-12);
  }
});

Deno.test("NgramModel.distribution() learns how pieces begin", async () => {
  const model = await NgramModel.of([[3, 0, 1], [3, 1, 0], [3, 0, 0]], 4, 3);
  assert.ok(model.distribution([], 2, "witten-bell")[3]! > 0.6);
  assert.ok(model.distribution([0], 2, "witten-bell")[3]! < 0.2);
});
