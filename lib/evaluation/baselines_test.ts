import assert from "node:assert/strict";
import { bestNgram, lossPerNote } from "./baselines.ts";

Deno.test("bestNgram() chooses on the validation pieces, not on the test pieces", async () => {
  const train = [[0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]];
  const valid = [[3, 3, 0, 0, 3]];
  const report = await bestNgram(
    { train, valid, test: [[0, 1, 2, 3, 0, 1, 2, 3]] },
    4,
  );
  const lowestValid = Math.min(...report.rows.map((row) => row.validLoss));
  const lowestTest = Math.min(...report.rows.map((row) => row.testLoss));
  assert.equal(report.rows.length, 12);
  assert.equal(report.best.validLoss, lowestValid);
  assert.ok(report.best.testLoss > lowestTest);
});

Deno.test("bestNgram() gives uniform and add-one unigram losses", async () => {
  const report = await bestNgram(
    { train: [[0, 0, 1]], valid: [[0]], test: [[0, 2]] },
    3,
    { maxOrder: 1 },
  );
  assert.equal(report.uniformLoss, Math.log(3));
  // Counts plus one: 3, 2, 1 of 6.
  const expected = (Math.log(6 / 3) + Math.log(6 / 1)) / 2;
  assert.ok(Math.abs(report.unigramLoss - expected) < 1e-15);
});

Deno.test("bestNgram() leaves out the tokens it is told to skip", async () => {
  const pieces = [[4, 0, 1, 0, 1], [4, 0, 1]];
  const report = await bestNgram(
    { train: pieces, valid: pieces, test: pieces },
    5,
    {
      skip: 1,
    },
  );
  assert.equal(report.testTokens, 6);
  await assert.rejects(
    () =>
      bestNgram({ train: pieces, valid: pieces, test: [[4]] }, 5, { skip: 1 }),
    /^RangeError: Cannot choose an n-gram model: the test pieces hold no token/,
  );
});

Deno.test("bestNgram() refuses ids outside the vocabulary and names the place", async () => {
  await assert.rejects(
    () => bestNgram({ train: [[0, 1]], valid: [[0]], test: [[0, 2]] }, 2),
    /current value is 2 at token 1 of piece 0/,
  );
  await assert.rejects(
    () => bestNgram({ train: [[]], valid: [[0]], test: [[0]] }, 2),
    /hold no token/,
  );
});

Deno.test("lossPerNote() shares the nats of all tokens among the notes", () => {
  assert.equal(lossPerNote(0.5, 100, 20), 2.5);
  assert.throws(() => lossPerNote(0.5, 100, 0), RangeError);
});
