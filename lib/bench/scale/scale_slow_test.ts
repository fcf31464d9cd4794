import assert from "node:assert/strict";
import { measureScale } from "./scale.ts";

Deno.test("measureScale() finds the same corpus after kills and from parts", async () => {
  const size = { count: 300, kills: 2, parts: 2 };
  const form = async (name: string) => {
    const { figures, hashes } = await measureScale(name, size, () => {});
    assert.ok(figures.same_after_kills, name);
    assert.ok(figures.same_from_parts, name);
    assert.ok(figures.peak_mb > 0, name);
    assert.ok(figures.train_first_step_seconds > 0, name);
    assert.ok(figures.train_peak_mb > 0, name);
    return hashes;
  };
  assert.deepEqual(await form("files"), await form("files.tar.gz"));
});
