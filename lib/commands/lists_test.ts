import assert from "node:assert/strict";
import { firstOf, wrapList } from "./lists.ts";

Deno.test("wrapList() keeps a short list on one line and wraps a long one, whole", () => {
  assert.deepEqual(wrapList("rejected", ["a.mid", "b.mid"]), [
    "  rejected: a.mid, b.mid",
  ]);
  const names = Array.from({ length: 60 }, (_, i) => `song ${i}.mid`);
  names[7] = "x".repeat(200);
  const [heading, ...lines] = wrapList("rejected", names);
  assert.equal(heading, "  rejected:");
  assert.ok(lines.every((line) => line.length <= 100 || /x{200}/.test(line)));
  assert.deepEqual(lines.join("").trim().split(/,\s+/), names);
});

Deno.test("firstOf() shows five and counts the others", () => {
  assert.deepEqual(firstOf(["a", "b"]), ["a", "b"]);
  assert.deepEqual(firstOf([..."abcdefg"]), [..."abcde", "and 2 more"]);
});
