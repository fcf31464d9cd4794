import assert from "node:assert/strict";
import { bestCache, type PredictedPiece } from "./cached_loss.ts";

/** A piece over four tokens for which a model predicts the uniform distribution. */
const unknown = (ids: readonly number[]): PredictedPiece => ({
  ids,
  surprises: new Float64Array(ids.length).fill(Math.log(4)),
});
const THEME = [0, 1, 2, 3];

Deno.test("bestCache() takes the strength that is best for validation, not for test", async () => {
  const repeats = unknown(Array(6).fill(THEME).flat());
  // Every pair of neighbours occurs once.
  const never = unknown([0, 0, 1, 0, 2, 0, 3, 1, 1, 2, 1, 3, 2, 2, 3, 3, 0]);
  const liked = await bestCache([repeats], [never], 4, 1);
  assert.equal(liked.strength, 4);
  assert.ok(liked.validLoss < 0.5 * Math.log(4));
  assert.ok(liked.testLoss > Math.log(4));
  const disliked = await bestCache([never], [repeats], 4, 1);
  assert.equal(disliked.strength, 256);
  assert.ok(disliked.testLoss > liked.validLoss);
});

Deno.test("bestCache() gives losses per token, exact where no token repeats", async () => {
  const { validLoss, testLoss } = await bestCache(
    [unknown(THEME)],
    [{ ids: THEME, surprises: Float64Array.of(9, 1, 2, 3) }],
    4,
    1,
  );
  assert.ok(Math.abs(validLoss - Math.log(4)) < 1e-12);
  assert.ok(Math.abs(testLoss - 2) < 1e-12);
});

Deno.test("bestCache() empties the cache before each piece", async () => {
  const one = await bestCache([unknown(THEME)], [unknown(THEME)], 4, 1);
  const two = await bestCache(
    [unknown(THEME)],
    [unknown(THEME), unknown(THEME)],
    4,
    1,
  );
  assert.ok(Math.abs(one.testLoss - two.testLoss) < 1e-12);
});
