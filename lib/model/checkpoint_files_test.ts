import assert from "node:assert/strict";
import { join } from "@std/path";
import type { Checkpoint } from "./checkpoint.ts";
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
