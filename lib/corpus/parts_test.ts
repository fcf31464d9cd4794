import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadParts, namesOfPart } from "./parts.ts";

/** What `part.json` has, of the first of two parts without files. */
const PART = {
  ...{ format: "immersic-part", version: 1, part: 1, of: 2, files: 0 },
  ...{ pathsHash: "a", choices: {}, compose: 0, records: [] },
};

/** Loads parts from folders with these contents of `part.json`; none if undefined. */
async function load(...contents: (object | undefined)[]) {
  const root = await Deno.makeTempDir();
  try {
    const folders = contents.map((_, i) => join(root, `${i}`));
    for (const [i, folder] of folders.entries()) {
      await Deno.mkdir(folder);
      if (contents[i] === undefined) continue;
      const text = JSON.stringify(contents[i]);
      await Deno.writeTextFile(join(folder, "part.json"), text);
    }
    return await loadParts(folders);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("namesOfPart() shares all names out, and refuses a part that is not there", () => {
  const names = ["a", "b", "c", "d", "e"];
  const parts = [1, 2].map((part) => [...namesOfPart(names, { part, of: 2 })]);
  assert.deepEqual(parts, [["a", "c", "e"], ["b", "d"]]);
  for (const [part, of] of [[0, 2], [3, 2], [1.5, 2], [1, NaN]]) {
    assert.throws(
      () => namesOfPart(names, { part: part!, of: of! }),
      /Cannot read a part: .* current value is/,
    );
  }
});

Deno.test("loadParts() gives parts in order, whatever the order of their folders", async () => {
  const parts = await load({ ...PART, part: 2 }, PART);
  assert.deepEqual(parts.map(({ part }) => part), [1, 2]);
});

Deno.test("loadParts() refuses parts that are missing, doubled, of others or of other versions", async () => {
  await assert.rejects(load(), /no folder of one was given/);
  await assert.rejects(load(PART, undefined), /no whole part in .*--shard/);
  await assert.rejects(load(PART), /1 of 2 are missing, with --shard 2\/2\.$/);
  await assert.rejects(
    load({ ...PART, of: 20 }),
    /19 of 20 are missing, with --shard 2\/20, .*9\/20, …\.$/,
  );
  await assert.rejects(load(PART, PART), /are both part 1 of 2/);
  const other = { ...PART, part: 2, pathsHash: "b" };
  await assert.rejects(load(PART, other), /made of other files, or with other/);
  const newer = { ...PART, version: 2 };
  await assert.rejects(load(newer), /must be .* version 1, current .* and 2/);
});
