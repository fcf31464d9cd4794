import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { basename, join } from "@std/path";
import { Random, STARTER_FOLDER } from "../../base/base.ts";
import { loadCorpus, openCorpus, preprocess } from "../../corpus/corpus.ts";
import { loadCheckpoint } from "../../model/model.ts";
import { recipeFor, Training, trainingData } from "../../training/training.ts";
import { mutateSaved } from "./saved_files.ts";

/** Mutants of each kind of file; the figures in docs are of 10,000. */
const COUNT = Number(Deno.env.get("IMMERSIC_MUTANTS") ?? 10);

/** Whether both are JSON with the same values. */
function isSameJson(a: Uint8Array, b: Uint8Array): boolean {
  const valueOf = (bytes: Uint8Array) =>
    JSON.parse(new TextDecoder().decode(bytes));
  try {
    return isDeepStrictEqual(valueOf(a), valueOf(b));
  } catch {
    return false;
  }
}

/**
 * Loads mutants of a file: each must be refused in a sentence, or change nothing. Of a
 * JSON file that can only be one with other white space.
 *
 * @param load Loads what the file belongs to; what it gives is compared.
 * @returns How many were loaded, and equal though their bytes or values are not.
 */
async function loadMutants(
  path: string,
  load: () => Promise<unknown>,
): Promise<number> {
  const original = await load();
  const bytes = await Deno.readFile(path);
  let equal = 0;
  for (let number = 0; number < COUNT; number++) {
    const mutant = mutateSaved(path, bytes, new Random(number));
    if (Buffer.compare(mutant, bytes) === 0) continue;
    await Deno.writeFile(path, mutant);
    const what = `mutant ${number} of ${basename(path)}`;
    const loaded = await load().catch((error) => {
      const told = `${what}: ${error.stack}`;
      assert.match(error.name, /^(?:Corpus|Checkpoint|File)Error$/, told);
      assert.match(error.message, /^Cannot [^\n]+[.?]$/, told);
    });
    if (loaded === undefined) continue;
    assert.deepEqual(loaded, original, what);
    if (!isSameJson(mutant, bytes)) equal++;
  }
  await Deno.writeFile(path, bytes);
  return equal;
}

/** A corpus as training sees it, which reads tokens from the disk. */
async function opened(folder: string): Promise<unknown> {
  using corpus = await openCorpus(folder);
  const { manifest, vocabulary, hash } = corpus;
  const ids = Array.from(corpus.piecesOf("train"), (piece) => [...piece]);
  return { manifest, tokens: vocabulary.toJSON(), hash, ids };
}

/** A folder with a corpus of five pieces and a checkpoint of two steps. */
async function withSaved(
  test: (options: {
    readonly checkpoint: string;
    readonly corpus: {
      readonly midiFolder: string;
      readonly outFolder: string;
    };
  }) => Promise<void>,
) {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    const midiFolder = join(folder, "midi"), outFolder = join(folder, "corpus");
    await Deno.mkdir(midiFolder);
    const names = Array.from(Deno.readDirSync(STARTER_FOLDER), (e) => e.name);
    for (const name of names.sort().slice(0, 5)) {
      await Deno.copyFile(join(STARTER_FOLDER, name), join(midiFolder, name));
    }
    await preprocess({ midiFolder, outFolder });
    const data = await trainingData(await loadCorpus(outFolder), outFolder);
    using training = await Training.open({
      folder: join(folder, "run"),
      data,
      // A mutant takes as long as its checkpoint is large.
      config: recipeFor(data, {
        ...{ input: "onehot", lstmUnits: 1, denseUnits: 1, epochs: 1 },
      }),
      workers: 1,
    });
    training.stopAfterSteps = 2;
    for await (const _ of training.run()) { /* two steps */ }
    const checkpoint = await training.save();
    await test({ checkpoint, corpus: { midiFolder, outFolder } });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(`${COUNT} mutants of each file of a corpus are refused in a sentence`, () =>
  withSaved(async ({ corpus }) => {
    const { outFolder } = corpus;
    for (const name of ["manifest.json", "tokens.bin", "vocabulary.json"]) {
      const path = join(outFolder, name);
      const equal = await loadMutants(path, () => loadCorpus(outFolder)) +
        await loadMutants(path, () => opened(outFolder));
      assert.equal(equal, 0, name);
    }
  }));

Deno.test(`${COUNT} mutants of each file of a checkpoint are refused in a sentence`, () =>
  withSaved(async ({ checkpoint }) => {
    for (const { name } of Deno.readDirSync(checkpoint)) {
      const path = join(checkpoint, name);
      const equal = await loadMutants(path, () => loadCheckpoint(checkpoint));
      // It is for TensorFlow.js, and nothing of ours reads it.
      if (name !== "model.json") assert.equal(equal, 0, name);
    }
  }));

Deno.test(`what ${COUNT} mutants of readings damage is read again`, () =>
  withSaved(async ({ corpus }) => {
    const { outFolder } = corpus;
    await loadMutants(join(outFolder, "readings.bin"), async () => {
      await preprocess(corpus);
      return await loadCorpus(outFolder);
    });
  }));
