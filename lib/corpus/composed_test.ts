import assert from "node:assert/strict";
import { join } from "@std/path";
import { STARTER_FOLDER } from "../base/base.ts";
import { composedCount, composedPieces, DEFAULT_COMPOSED } from "./composed.ts";
import { loadCorpus } from "./folder.ts";
import { hashOf, type Manifest } from "./format.ts";
import { preprocess } from "./preprocess.ts";
import { readSequences } from "./sequences.ts";

const withFolder = async (test: (folder: string) => Promise<void>) => {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** Names and hashes of composed pieces. */
async function compose(folder: string, count: number): Promise<string[]> {
  const pieces = await Array.fromAsync(composedPieces(folder, count));
  return pieces.map(({ file, bytes }) => `${file} ${hashOf(bytes)}`);
}

Deno.test("composedCount() is for the starter folder alone", async () => {
  assert.equal(
    await composedCount(STARTER_FOLDER, "auto"),
    DEFAULT_COMPOSED,
  );
  assert.equal(await composedCount(join(STARTER_FOLDER, "../starter/"), 7), 7);
  assert.equal(await composedCount(STARTER_FOLDER, 0), 0);
  await withFolder(async (folder) => {
    assert.equal(await composedCount(folder, "auto"), 0);
    assert.equal(await composedCount(folder, 0), 0);
    await assert.rejects(composedCount(folder, 5), {
      name: "RangeError",
      message: /only .*starter has a script .* current number is 5\./,
    });
  });
  await assert.rejects(composedCount(STARTER_FOLDER, -1), /value is -1\.$/);
});

Deno.test("composedPieces() gives the same pieces whatever was there before", () =>
  withFolder(async (folder) => {
    const four = await compose(folder, 4);
    assert.match(
      four[0]!,
      /^composed\/0163-mixolydian-6-8-f\.mid [0-9a-f]{64}$/,
    );
    // Read again, some of them, more of them.
    assert.deepEqual(await compose(folder, 4), four);
    assert.deepEqual(await compose(folder, 2), four.slice(0, 2));
    const six = await compose(folder, 6);
    assert.deepEqual(six.slice(0, 4), four);
    assert.equal(new Set(six).size, 6);
    // A list of another script, or a file that has gone, counts for nothing.
    const list = join(folder, "composed", "list.json");
    const { names } = JSON.parse(await Deno.readTextFile(list));
    for (const name of names) {
      await Deno.writeTextFile(join(folder, "composed", name), "old");
    }
    await Deno.writeTextFile(list, JSON.stringify({ script: "", names }));
    assert.deepEqual(await compose(folder, 4), four);
    assert.equal([...Deno.readDirSync(join(folder, "composed"))].length, 4 + 1);
    await Deno.remove(join(folder, "composed", names[1]));
    assert.deepEqual(await compose(folder, 4), four);
  }));

Deno.test("preprocess() adds composed pieces to those to learn from, and to no others", () =>
  withFolder(async (outFolder) => {
    const options = { midiFolder: STARTER_FOLDER, outFolder };
    const alone = await preprocess({ ...options, compose: 0 });
    const more = await preprocess({ ...options, compose: 6 });
    const heldOut = ({ pieces }: Manifest) =>
      pieces.filter(({ split }) => split !== "train")
        .map(({ file, split }) => `${file} ${split}`);
    assert.equal(heldOut(alone).length, 32);
    assert.deepEqual(heldOut(more), heldOut(alone));
    assert.deepEqual([alone.composed, alone.files, alone.kept], [0, 162, 162]);
    assert.deepEqual([more.composed, more.files, more.kept], [6, 168, 168]);
    assert.equal(more.splits.train.pieces, 136);
    const composed = more.pieces.filter(({ composed }) => composed);
    assert.equal(composed.length, 6);
    assert.deepEqual(more.pieces.slice(-6), composed);
    assert.ok(composed.every(({ file }) => file.startsWith("composed/0")));

    const sequences = [...readSequences(options, more)];
    assert.deepEqual(
      sequences.map(({ notes }) => notes.length),
      more.pieces.map(({ description }) => description!.notes),
    );
    const { pieces, hash, heldOutHash } = await loadCorpus(outFolder);
    assert.equal(pieces.filter(({ composed }) => composed).length, 6);

    const parsed: string[] = [];
    const again = await preprocess({
      ...options,
      compose: 6,
      onProgress: (at) => at.parsed && parsed.push(at.file),
    });
    assert.deepEqual(again, more);
    assert.deepEqual(parsed, []);

    // The seventh composed piece has no new token.
    await preprocess({ ...options, compose: 7 });
    const other = await loadCorpus(outFolder);
    assert.notEqual(other.hash, hash);
    assert.equal(other.heldOutHash, heldOutHash);
    await preprocess({ ...options, compose: 7, seed: 2 });
    assert.notEqual((await loadCorpus(outFolder)).heldOutHash, heldOutHash);
  }));
