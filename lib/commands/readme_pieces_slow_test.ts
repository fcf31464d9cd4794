import assert from "node:assert/strict";
import { join } from "@std/path";
import { runFolder } from "../base/base.ts";
import { compose } from "../composition/composition.ts";
import { Generator } from "../generation/generation.ts";
import { writeMidi } from "../midi/midi.ts";
import { loadBest } from "../model/model.ts";
import { PIECES_FOLDER, README_PIECES } from "./readme_pieces.ts";

Deno.test("README_PIECES: prompt and seed make the files of the README again", async () => {
  using generator = await Generator.open(await loadBest(runFolder("starter")));
  for (const { name, prompt, randomSeed } of README_PIECES) {
    const { sequence } = await compose(generator, prompt, { randomSeed });
    const file = await Deno.readFile(join(PIECES_FOLDER, `${name}.mid`));
    assert.deepEqual(writeMidi(sequence), file, name);
  }
});

Deno.test("README_PIECES: the page beside them has every prompt and seed", async () => {
  const page = await Deno.readTextFile(join(PIECES_FOLDER, "README.md"));
  const words = page.replaceAll(/ \\\n\s*|\s+/g, " ");
  for (const { name, prompt, randomSeed } of README_PIECES) {
    assert.ok(words.includes(`outputs/${name}.mid`));
    assert.ok(words.includes(`--prompt "${prompt}"`), prompt);
    assert.ok(words.includes(`--random-seed ${randomSeed}`));
  }
  let bytes = 0;
  for (const { name, isFile } of Deno.readDirSync(PIECES_FOLDER)) {
    if (!isFile) continue;
    const { size } = await Deno.stat(join(PIECES_FOLDER, name));
    assert.ok(size <= 300_000, name);
    bytes += size;
  }
  assert.ok(bytes <= 1_000_000, `${bytes}`);
});
