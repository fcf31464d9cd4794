import assert from "node:assert/strict";
import { Random } from "./random.ts";

Deno.test("Random.order() is the order in which shuffle() puts elements", () => {
  assert.deepEqual([...new Random(7).order(6)], [1, 4, 2, 3, 5, 0]);
  assert.equal(new Random(7).shuffle([..."abcdef"]).join(""), "becdfa");
  assert.deepEqual([...new Random(7).order(0)], []);
});
