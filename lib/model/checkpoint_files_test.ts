import assert from "node:assert/strict";
import { join } from "@std/path";
import { Random } from "../base/base.ts";
import { sizeOf, weightsOf } from "../lstm/lstm.ts";
import { type Checkpoint, networkOf } from "./checkpoint.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint_files.ts";
import { inFolder, smallCheckpoint } from "./checkpoint_testing.ts";

const readJson = async (folder: string) =>
  JSON.parse(await Deno.readTextFile(join(folder, "checkpoint.json")));

Deno.test("loadCheckpoint() gives back what saveCheckpoint() wrote", () =>
  inFolder(async (folder) => {
    const between = smallCheckpoint(2);
    const within: Checkpoint = {
      ...between,
      progress: { steps: 7, lossSum: 0.1, count: 3, correct: 1 },
      training: { ...between.training!, states: Float32Array.of(1, 2, 3) },
    };
    const { training: _, ...toGenerate } = { ...between, epoch: 3 };
    const table: [Checkpoint, string][] = [
      [between, "epoch-0002"],
      [within, "epoch-0002-step-7"],
      [toGenerate, "epoch-0003"],
    ];
    for (const [checkpoint, name] of table) {
      const place = await saveCheckpoint(folder, checkpoint);
      assert.equal(place, join(folder, name));
      const loaded = await loadCheckpoint(place);
      assert.deepEqual(
        { ...loaded, vocabulary: loaded.vocabulary.toJSON() },
        { ...checkpoint, vocabulary: checkpoint.vocabulary.toJSON() },
      );
    }
    const names = Array.from(Deno.readDirSync(folder), (entry) => entry.name);
    assert.deepEqual(names.sort(), table.map(([, name]) => name));
  }));

Deno.test("loadCheckpoint() gives back weights bit for bit, whatever the network and the numbers", () =>
  inFolder(async (folder) => {
    const random = new Random(1);
    // Any bits: also of no number, of infinity and of what is below the least.
    const floats = (length: number) =>
      new Float32Array(
        Uint32Array.from({ length }, () => random.int(2 ** 32)).buffer,
      );
    const bitsOf = ({ weights, training }: Checkpoint) => {
      const { slots, average, states } = training!;
      return [weights, training!.weights, ...slots, average]
        .flatMap((one) => [...one.values()])
        .concat(states ?? [])
        .map((values) => [...new Uint32Array(values.buffer)]);
    };
    for (let epoch = 1; epoch <= 12; epoch++) {
      const first = smallCheckpoint(epoch);
      const config = {
        ...first.config,
        input: random.pick(["onehot", "scalar", "attributes"] as const),
        objective: random.pick(["every", "last"] as const),
        lstmUnits: 1 + random.int(5),
        denseUnits: 1 + random.int(5),
      };
      const spec = networkOf({ ...first, config });
      const weights = () =>
        new Map(
          weightsOf(spec).map(({ name, shape }) => [
            name,
            floats(sizeOf(shape)),
          ]),
        );
      const training = {
        weights: weights(),
        slots: [weights(), weights()] as const,
        average: weights(),
        ...random.next() < 0.5 && { states: floats(1 + random.int(50)) },
      };
      const checkpoint = { ...first, config, weights: weights(), training };
      const place = await saveCheckpoint(folder, checkpoint);
      const loaded = await loadCheckpoint(place);
      assert.deepEqual(bitsOf(loaded), bitsOf(checkpoint));
      assert.deepEqual(loaded.config, config);
    }
  }));

Deno.test("checkpoint.json has the profiles as the last key of its corpus, named heads", () =>
  inFolder(async (folder) => {
    const checkpoint = smallCheckpoint();
    const profiles = [{
      attributes: { Key: "D" as const },
      constraints: {
        bars: 8,
        qpm: 70,
        meter: "4/4" as const,
        programs: [4],
        kits: [],
        ranges: {},
      },
      density: 2,
    }];
    const corpus = { profiles, ...checkpoint.corpus };
    const place = await saveCheckpoint(folder, { ...checkpoint, corpus });
    const json = await readJson(place);
    assert.deepEqual(Object.keys(json.corpus), ["tokenizer", "hash", "heads"]);
    assert.deepEqual(json.corpus.heads, profiles);
    assert.deepEqual((await loadCheckpoint(place)).corpus, corpus);
  }));

Deno.test("loadCheckpoint() refuses damaged files and other kinds, and says which", () =>
  inFolder(async (folder) => {
    const place = await saveCheckpoint(folder, smallCheckpoint());
    const weights = join(place, "weights.bin");
    const bytes = await Deno.readFile(weights);
    bytes[5]! ^= 1;
    await Deno.writeFile(weights, bytes);
    await assert.rejects(loadCheckpoint(place), /its weights.bin is damaged/);
    await Deno.remove(weights);
    await assert.rejects(loadCheckpoint(place), /its weights.bin is missing/);
    const json = join(place, "checkpoint.json");
    const description = await readJson(place);
    await Deno.writeTextFile(
      json,
      JSON.stringify({ ...description, version: 9 }),
    );
    await assert.rejects(
      loadCheckpoint(place),
      /version must be 3 at most, current value is 9/,
    );
    await Deno.writeTextFile(json, "{}");
    await assert.rejects(loadCheckpoint(place), /magic must be/);
    await Deno.writeTextFile(json, "{");
    await assert.rejects(loadCheckpoint(place), /checkpoint.json is damaged/);
    await assert.rejects(
      loadCheckpoint(join(folder, "none")),
      /no checkpoint.json/,
    );
  }));

Deno.test("loadCheckpoint() refuses a checkpoint.json that was altered, and reads version 1", () =>
  inFolder(async (folder) => {
    const place = await saveCheckpoint(folder, smallCheckpoint());
    const json = join(place, "checkpoint.json");
    const description = await readJson(place);
    const write = (changed: object) =>
      Deno.writeTextFile(json, JSON.stringify({ ...description, ...changed }));
    const { config, vocabulary } = description;
    const units = { config: { ...config, lstmUnits: 5 } };
    for (
      const change of [
        units,
        { vocabulary: vocabulary.toReversed() },
        { sha256: {} },
        { sha256: undefined },
      ]
    ) {
      await write(change);
      await assert.rejects(loadCheckpoint(place), /was changed since/);
    }
    // Layout does not matter, for tools may write it anew.
    await Deno.writeTextFile(json, JSON.stringify(description, null, 2));
    await loadCheckpoint(place);
    // What version 1 cannot tell is a change that keeps the size of the weights.
    const { "checkpoint.json": _, ...sha256 } = description.sha256;
    await write({ version: 1, sha256 });
    await loadCheckpoint(place);
    await write({ version: 1, sha256, ...units });
    await assert.rejects(loadCheckpoint(place), /weights.bin must have/);
  }));

Deno.test("saveCheckpoint() of a step that is saved leaves the weights where they are, unless they are damaged", () =>
  inFolder(async (folder) => {
    const first = smallCheckpoint(2);
    const place = await saveCheckpoint(folder, first);
    const weights = join(place, "weights.bin");
    const { ino } = await Deno.stat(weights);
    // As when a training is resumed for more epochs and stopped before its next step.
    const config = { ...first.config, epochs: 9 };
    assert.equal(await saveCheckpoint(folder, { ...first, config }), place);
    assert.equal((await loadCheckpoint(place)).config.epochs, 9);
    assert.equal((await Deno.stat(weights)).ino, ino);
    await Deno.truncate(weights, 9);
    await saveCheckpoint(folder, first);
    assert.equal((await loadCheckpoint(place)).epoch, 2);
    const { training: _, ...toGenerate } = first;
    await saveCheckpoint(folder, toGenerate);
    assert.equal((await loadCheckpoint(place)).training, undefined);
    const files = Array.from(Deno.readDirSync(place), ({ name }) => name);
    assert.equal(files.length, 3);
  }));

Deno.test("saveCheckpoint() and loadCheckpoint() say in a sentence what the disk refuses, and leave nothing", () =>
  inFolder(async (folder) => {
    // A file in the way, as a failing disk would be.
    const run = join(folder, "run");
    await Deno.writeTextFile(run, "");
    await assert.rejects(saveCheckpoint(run, smallCheckpoint()), {
      name: "FileError",
      message:
        /^Cannot save the checkpoint .*epoch-0001: .* is a file, not a folder\.$/,
    });
    await assert.rejects(loadCheckpoint(run), {
      name: "FileError",
      message: /^Cannot read .*checkpoint\.json: .* is a file, not a folder\.$/,
    });
    assert.equal(await Deno.readTextFile(run), "");
    await Deno.remove(run);
    const place = await saveCheckpoint(run, smallCheckpoint());
    await Deno.remove(join(place, "weights.bin"));
    await Deno.mkdir(join(place, "weights.bin"));
    await assert.rejects(loadCheckpoint(place), {
      message: /^Cannot read .*weights\.bin: it is a folder, not a file\.$/,
    });
  }));

Deno.test("loadCheckpoint() of the first versions has carried states by layer, which were by thread", () =>
  inFolder(async (folder) => {
    const first = smallCheckpoint(), workers = 2, units = 6;
    const config = { ...first.config, batchSize: workers, carry: true };
    // Outputs and states of three layers; each thread has one row of the batch.
    const blocks = [0, 1, 2, 3, 4, 5];
    const row = (worker: number, block: number) =>
      Array<number>(units).fill(10 * block + worker);
    const byThread = [0, 1].flatMap((w) => blocks.flatMap((b) => row(w, b)));
    const byLayer = blocks.flatMap((b) => [0, 1].flatMap((w) => row(w, b)));
    const states = Float32Array.from(byThread);
    const training = { ...first.training!, states };
    const checkpoint = { ...first, config, workers, training };
    const place = await saveCheckpoint(folder, checkpoint);
    const { sha256, ...description } = await readJson(place);
    const { "checkpoint.json": _, ...digests } = sha256;
    await Deno.writeTextFile(
      join(place, "checkpoint.json"),
      JSON.stringify({ ...description, version: 1, sha256: digests }),
    );
    const loaded = await loadCheckpoint(place);
    assert.deepEqual([...loaded.training!.states!], byLayer);
  }));
