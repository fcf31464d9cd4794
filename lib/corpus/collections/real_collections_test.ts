import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../../base/base.ts";
import { unpack } from "../archive.ts";
import type { Manifest } from "../format.ts";
import { preprocess } from "../preprocess.ts";
import { rowsOf } from "./table.ts";

const SHARED = join(PROJECT_FOLDER, "..", "shared", "data");

/** Tests with a file of the shared folder, where it is. */
function testWith(
  file: string,
  name: string,
  test: (manifest: Manifest, path: string) => Promise<void> | void,
) {
  const path = join(SHARED, file);
  let isHere = true;
  try {
    Deno.statSync(path);
  } catch {
    isHere = false;
  }
  Deno.test({
    name: isHere ? name : `skipped: ${path} is not here; ${name}`,
    ignore: !isHere,
    async fn() {
      const outFolder = await Deno.makeTempDir();
      try {
        await test(await preprocess({ midiFolder: path, outFolder }), path);
      } finally {
        await Deno.remove(outFolder, { recursive: true });
      }
    },
  });
}

/** Pieces in each split: train, valid, test. */
const splitsOf = ({ splits: { train, valid, test } }: Manifest) => [
  ...[train.pieces, valid.pieces, test.pieces],
];
const notesOf = ({ pieces }: Manifest) =>
  pieces.reduce((sum, { description }) => sum + description!.notes, 0);

testWith(
  "groove.zip",
  "gmd: the archive has its published split",
  (manifest) => {
    // Published: 897, 124 and 129; two performances of the first are the same.
    assert.deepEqual(splitsOf(manifest), [896, 124, 129]);
    assert.equal(manifest.ownSplits, 1149);
    assert.equal(manifest.duplicates.length, 1);
    assert.deepEqual(manifest.rejections, {});
    assert.equal(notesOf(manifest), 445_949);
  },
);

testWith(
  "classical-csv.zip",
  "classical-csv: every key pressed is a note",
  async (manifest, path) => {
    assert.equal(manifest.kept, 32);
    assert.deepEqual(manifest.rejections, {});
    let pressed = 0;
    for (const { bytes } of await unpack(await Deno.readFile(path))) {
      pressed += rowsOf(bytes).filter(({ type, velocity }) =>
        type === "note_on" && Number(velocity) > 0
      ).length;
    }
    assert.equal(notesOf(manifest), pressed);
  },
);

testWith(
  "jsb-chorales-quarter.json",
  "jsb-chorales: the file has its published split",
  (manifest) => {
    assert.deepEqual(splitsOf(manifest), [229, 76, 77]);
    assert.deepEqual(manifest.rejections, {});
  },
);
