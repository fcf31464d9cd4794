import assert from "node:assert/strict";
import { run, withPlace } from "./testing.ts";

Deno.test("data lists the sets and takes one from a local place", async () => {
  await withPlace(async (folder) => {
    const list = await run("data", "--out", folder, "--json");
    assert.equal(list.status, 0);
    const { datasets } = JSON.parse(list.out);
    assert.deepEqual(
      datasets.map(({ name }: { name: string }) => name),
      ["starter", "lofi-samples", "jsb-chorales"],
    );
    const { status, err } = await run(
      ...["data", "jsb-chorales", "--out", folder, "--from", folder],
    );
    assert.equal(status, 1);
    assert.match(err, /0 files where 1 should be\.$/);
  });
});
