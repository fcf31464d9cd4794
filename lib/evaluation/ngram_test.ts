import assert from "node:assert/strict";
import { Random } from "../random.ts";
import { bestNgram, lossPerNote, NgramModel, SMOOTHINGS } from "./ngram.ts";

// deno-fmt-ignore
const TRAIN = [
  [0, 1, 2, 0, 1, 3, 0, 1, 2], [2, 2, 0, 1, 2, 0, 4], [0, 1, 2, 0, 1, 3, 3, 1],
];
const TEST = [[0, 1, 2, 2, 0, 1, 3, 4], [4, 0, 1, 5]];

// Expected numbers: both definitions written out over dictionaries in Python.
Deno.test("NgramModel gives the losses of the definitions written out", () => {
  const { tokens, nats } = new NgramModel(TRAIN, 6, 4).score(TEST);
  assert.equal(tokens, 12);
  const expected = {
    "witten-bell": [21.839911173, 18.848154281, 21.569144413, 22.67071957],
    "kneser-ney": [22.956545841, 18.633489712, 18.993798983, 19.764333634],
  };
  for (const smoothing of SMOOTHINGS) {
    nats[smoothing].forEach((n, k) =>
      assert.ok(Math.abs(n - expected[smoothing][k]) < 1e-8, `${n} at ${k}`)
    );
  }
});

Deno.test("NgramModel gives each order the same loss whatever the highest order", () => {
  const low = new NgramModel(TRAIN, 6, 2).score(TEST).nats;
  const high = new NgramModel(TRAIN, 6, 6).score(TEST).nats;
  for (const smoothing of SMOOTHINGS) {
    assert.deepEqual([...low[smoothing]], [...high[smoothing].slice(0, 2)]);
  }
});

Deno.test("NgramModel.distribution() sums to 1 in any context, seen or not", () => {
  const random = new Random(3);
  const draw = (length: number) =>
    Int32Array.from({ length }, () => Math.min(random.int(12), random.int(12)));
  const model = new NgramModel(Array.from({ length: 20 }, () => draw(40)), 15);
  for (let trial = 0; trial < 100; trial++) {
    const history = draw(random.int(9));
    const order = 1 + random.int(6);
    const p = model.distribution(history, order, random.pick(SMOOTHINGS));
    assert.ok(p.every((x) => x > 0));
    assert.ok(Math.abs(p.reduce((a, b) => a + b) - 1) < 1e-12);
  }
});

Deno.test("NgramModel.distribution() knows how pieces begin", () => {
  const model = new NgramModel([[3, 0, 1], [3, 1, 0], [3, 0, 0]], 4, 3);
  assert.ok(model.distribution([], 2, "witten-bell")[3] > 0.6);
  assert.ok(model.distribution([0], 2, "witten-bell")[3] < 0.2);
});

Deno.test("bestNgram() chooses on the validation pieces, not on the test pieces", () => {
  const train = [[0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]];
  const valid = [[3, 3, 0, 0, 3]];
  const report = bestNgram(train, valid, [[0, 1, 2, 3, 0, 1, 2, 3]], 4);
  const lowestValid = Math.min(...report.rows.map((row) => row.validLoss));
  const lowestTest = Math.min(...report.rows.map((row) => row.testLoss));
  assert.equal(report.rows.length, 12);
  assert.equal(report.best.validLoss, lowestValid);
  assert.ok(report.best.testLoss > lowestTest);
});

Deno.test("bestNgram() gives uniform and add-one unigram losses", () => {
  const report = bestNgram([[0, 0, 1]], [[0]], [[0, 2]], 3, { maxOrder: 1 });
  assert.equal(report.uniformLoss, Math.log(3));
  // Counts plus one: 3, 2, 1 of 6.
  const expected = (Math.log(6 / 3) + Math.log(6 / 1)) / 2;
  assert.ok(Math.abs(report.unigramLoss - expected) < 1e-15);
});

Deno.test("bestNgram() leaves out the tokens it is told to skip", () => {
  const pieces = [[4, 0, 1, 0, 1], [4, 0, 1]];
  const report = bestNgram(pieces, pieces, pieces, 5, { skip: 1 });
  assert.equal(report.testTokens, 6);
  assert.throws(
    () => bestNgram(pieces, pieces, [[4]], 5, { skip: 1 }),
    /^RangeError: Cannot choose an n-gram model: the test pieces hold no token/,
  );
});

Deno.test("bestNgram() refuses ids outside the vocabulary and names the place", () => {
  assert.throws(
    () => bestNgram([[0, 1]], [[0]], [[0, 2]], 2),
    /current value is 2 at token 1 of piece 0/,
  );
  assert.throws(() => bestNgram([[]], [[0]], [[0]], 2), /hold no token/);
});

Deno.test("lossPerNote() shares the nats of all tokens among the notes", () => {
  assert.equal(lossPerNote(0.5, 100, 20), 2.5);
  assert.throws(() => lossPerNote(0.5, 100, 0), RangeError);
});
