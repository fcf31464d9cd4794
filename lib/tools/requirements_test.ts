import assert from "node:assert/strict";

const LISTS = [
  "../kernel/requirements.txt",
  "../kernel/requirements-share.txt",
  "../cluster/requirements.txt",
  "../cluster/requirements-checks.txt",
];

Deno.test("requirements of Python are pinned to a version and to hashes", async () => {
  for (const list of LISTS) {
    const text = await Deno.readTextFile(new URL(list, import.meta.url));
    const entries = text.replaceAll("\\\n", " ").split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.ok(entries.length >= 5, list);
    for (const entry of entries) {
      assert.match(entry, /^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/, list);
    }
  }
});
