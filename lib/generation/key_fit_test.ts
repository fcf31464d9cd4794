import assert from "node:assert/strict";
import { KeyFit } from "./key_fit.ts";

const C_MINOR = { tonic: 0, mode: "minor" } as const;
/** C and G alone, which are tonic and fifth of C major as well. */
const FIFTHS = Float64Array.of(10, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0);

Deno.test("KeyFit weighs pitches that tell the key from its rival most", () => {
  const fit = new KeyFit(C_MINOR);
  const before = Array.from(fit.weights);
  assert.ok(before[0]! > before[3]!, "the tonic before anything has sounded");
  fit.measure(FIFTHS);
  const [tonic, , , third, majorThird, , , fifth] = fit.weights;
  assert.ok(third! > tonic! && third! > fifth!);
  assert.ok(majorThird! < 0);
});

Deno.test("KeyFit.margin is that of the key finder that is least sure", () => {
  const fit = new KeyFit(C_MINOR);
  assert.equal(fit.margin, 0);
  fit.measure(FIFTHS);
  assert.ok(fit.margin < 0.08);
  fit.measure(Float64Array.of(10, 0, 4, 8, 0, 4, 0, 9, 4, 0, 4, 0));
  assert.ok(fit.margin > 0.08);
  fit.measure(Float64Array.of(8, 0, 4, 0, 9, 6, 0, 8, 0, 5, 0, 3));
  assert.ok(fit.margin < 0);
  fit.reset();
  assert.equal(fit.margin, 0);
});

Deno.test("KeyFit without a key weighs nothing", () => {
  const fit = new KeyFit(undefined);
  fit.measure(FIFTHS);
  assert.equal(fit.margin, 0);
  assert.ok(fit.weights.every((weight) => weight === 0));
});
