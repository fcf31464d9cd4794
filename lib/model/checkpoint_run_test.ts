import assert from "node:assert/strict";
import { join } from "@std/path";
import { CheckpointError } from "./checkpoint.ts";
import { saveCheckpoint } from "./checkpoint_files.ts";
import {
  listCheckpoints,
  loadBest,
  loadLatest,
  pruneCheckpoints,
  removeRun,
} from "./checkpoint_run.ts";
import { inFolder, smallCheckpoint } from "./checkpoint_testing.ts";

async function saveEpochs(folder: string, epochs: number): Promise<void> {
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await saveCheckpoint(folder, smallCheckpoint(epoch));
  }
}

const damage = (folder: string, epoch: number) =>
  Deno.truncate(join(folder, `epoch-000${epoch}`, "weights.bin"), 9);

Deno.test("loadLatest() and loadBest() pass over damaged checkpoints and tell so, unless all are damaged", () =>
  inFolder(async (folder) => {
    await saveEpochs(folder, 3);
    // Their losses fall from epoch to epoch.
    const whole = await loadBest(folder);
    assert.equal(whole.epoch, 3);
    assert.deepEqual(whole.damaged, []);
    await damage(folder, 3);
    const places = await listCheckpoints(folder);
    for (const loaded of [await loadLatest(places), await loadBest(folder)]) {
      assert.equal(loaded?.epoch, 2);
      assert.equal(loaded?.damaged.length, 1);
      assert.match(
        loaded!.damaged[0]!,
        /epoch-0003: its weights.bin is damaged.*end of epoch 2 is taken/,
      );
    }
    await damage(folder, 2);
    await damage(folder, 1);
    await assert.rejects(loadLatest(places), /epoch-0003.*is damaged/);
    assert.equal(await loadLatest([]), undefined);
  }));

Deno.test("listCheckpoints() sorts by epoch and step, and leaves out other names", () =>
  inFolder(async (folder) => {
    const checkpoint = smallCheckpoint(2);
    const progress = { steps: 40, lossSum: 1, count: 1, correct: 0 };
    await saveCheckpoint(folder, { ...checkpoint, progress });
    await saveEpochs(folder, 2);
    await Deno.mkdir(join(folder, "epoch-0003.1.tmp"));
    const places = await listCheckpoints(folder);
    assert.deepEqual(
      places.map(({ epoch, steps }) => [epoch, steps]),
      [[1, 0], [2, 0], [2, 40]],
    );
    assert.deepEqual(await listCheckpoints(join(folder, "none")), []);
  }));

Deno.test("pruneCheckpoints() removes what other processes left half written", () =>
  inFolder(async (folder) => {
    await saveEpochs(folder, 4);
    await Deno.mkdir(join(folder, "epoch-0005.1.tmp"));
    await Deno.mkdir(join(folder, `epoch-0005.${Deno.pid}.tmp`));
    await pruneCheckpoints(folder, smallCheckpoint(4));
    const names = Array.from(Deno.readDirSync(folder), (entry) => entry.name);
    assert.deepEqual(names.sort(), [
      "epoch-0003",
      "epoch-0004",
      `epoch-0005.${Deno.pid}.tmp`,
    ]);
  }));

Deno.test("removeRun() removes a run, and does nothing if it does not exist", () =>
  inFolder(async (folder) => {
    await saveEpochs(folder, 2);
    await removeRun(folder);
    assert.deepEqual(await listCheckpoints(folder), []);
    await removeRun(join(folder, "none"));
    await saveEpochs(join(folder, "night"), 1);
    await assert.rejects(
      loadBest(join(folder, "nigth")),
      /it has no checkpoint\. Did you mean night\?$/,
    );
    await assert.rejects(
      loadBest(folder),
      (error) =>
        error instanceof CheckpointError &&
        /it has no checkpoint\. Train it first/.test(error.message),
    );
  }));

Deno.test("loadBest() takes the latest where only the best is damaged, and tells so", () =>
  inFolder(async (folder) => {
    await saveEpochs(folder, 2);
    const third = smallCheckpoint(3);
    const history = third.history.map((one) =>
      one.epoch === 3 ? { ...one, trainLoss: 9 } : one
    );
    await saveCheckpoint(folder, { ...third, history });
    assert.equal((await loadBest(folder)).epoch, 2);
    await damage(folder, 2);
    const { epoch, damaged } = await loadBest(folder);
    assert.equal(epoch, 3);
    assert.match(damaged[0]!, /epoch-0002.*end of epoch 3 is taken/);
  }));

Deno.test("loadBest() tells of a damaged save within an epoch by its step", () =>
  inFolder(async (folder) => {
    const progress = { steps: 40, lossSum: 1, count: 1, correct: 0 };
    await saveCheckpoint(folder, { ...smallCheckpoint(1), progress });
    await saveCheckpoint(folder, smallCheckpoint(2));
    await damage(folder, 2);
    const { damaged } = await loadBest(folder);
    assert.match(damaged[0]!, /The one of step 40 of epoch 2 is taken/);
  }));

Deno.test("loadBest() of a run that is not there names the nearest, or the command", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      loadBest(join(folder, "none", "lofi")),
      /run lofi: it has no checkpoint\. Train it first/,
    );
    await saveEpochs(join(folder, "lofi"), 1);
    await assert.rejects(loadBest(join(folder, "lofy")), /Did you mean lofi\?/);
  }));

Deno.test("pruneCheckpoints() keeps of an epoch that goes on only the latest save", () =>
  inFolder(async (folder) => {
    const at = (steps: number) => ({
      ...smallCheckpoint(1),
      progress: { steps, lossSum: 1, count: 1, correct: 0 },
    });
    await saveEpochs(folder, 1);
    for (const steps of [20, 40]) await saveCheckpoint(folder, at(steps));
    await pruneCheckpoints(folder, at(40));
    const left = (await listCheckpoints(folder)).map(({ epoch, steps }) =>
      [epoch, steps].join("+")
    );
    assert.deepEqual(left, ["1+0", "1+40"]);
  }));

Deno.test("pruneCheckpoints() keeps every keepEvery-th, the best and the last ones", () =>
  inFolder(async (folder) => {
    await saveEpochs(folder, 9);
    const last = smallCheckpoint(9);
    // The second epoch was the best.
    const history = last.history.map((one) =>
      one.epoch === 2 ? { ...one, trainLoss: 0 } : one
    );
    const config = { ...last.config, keepEvery: 4 };
    await pruneCheckpoints(folder, { ...last, history, config });
    const left = await listCheckpoints(folder);
    assert.deepEqual(left.map(({ epoch }) => epoch), [2, 4, 8, 9]);
  }));

Deno.test("loadBest() takes the latest where the best was removed", () =>
  inFolder(async (folder) => {
    const second = smallCheckpoint(2);
    const history = second.history.map((one) =>
      one.epoch === 1 ? { ...one, trainLoss: 0 } : one
    );
    await saveCheckpoint(folder, { ...second, history });
    const { epoch, damaged } = await loadBest(folder);
    assert.deepEqual([epoch, damaged], [2, []]);
  }));
