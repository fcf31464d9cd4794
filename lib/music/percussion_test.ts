import assert from "node:assert/strict";
import { nearestDrum } from "./percussion.ts";

/** Kick, rim, snare, closed hi-hat and ride. */
const KNOWN = [36, 37, 38, 42, 51];

Deno.test("nearestDrum() keeps to the kind of drum", () => {
  const found = (drums: number[]) =>
    drums.map((drum) => nearestDrum(drum, KNOWN)).join(" ");
  assert.equal(found([35, 36]), "36 36", "kicks");
  assert.equal(found([38, 40, 37, 39]), "38 38 37 37", "snares, rim and clap");
  assert.equal(found([42, 44, 46]), "42 42 42", "hi-hats");
  assert.equal(found([49, 57, 51, 59, 53]), "51 51 51 51 51", "cymbals");
  assert.equal(found([41, 45, 50]), "36 36 36", "toms, by the kick");
  assert.equal(found([54, 70]), "42 42", "shakers");
  assert.equal(found([0, 22, 127]), "36 36 51", "unknown keys, by number");
});

Deno.test("nearestDrum() of no drums is undefined", () => {
  assert.equal(nearestDrum(36, []), undefined);
});
